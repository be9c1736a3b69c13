package io.ringfence.sim.kineto;

import java.util.ArrayList;
import java.util.List;

/** How often each irregularity was met. */
final class AnomalyTally {

    private final long[] counts = new long[Anomaly.values().length];

    @SuppressWarnings("EnumOrdinal") // A plain array index; the order of the constants has no other meaning.
    void count(Anomaly anomaly) {
        counts[anomaly.ordinal()]++;
    }

    /** Returns one line for each irregularity met. */
    List<String> describe() {
        List<String> lines = new ArrayList<>();
        Anomaly[] anomalies = Anomaly.values();
        for (int i = 0; i < anomalies.length; i++) {
            if (counts[i] > 0) {
                lines.add(anomalies[i].describe(counts[i]));
            }
        }
        return lines;
    }
}
