package io.ringfence.sim.kineto;

import io.ringfence.sim.workload.LongColumn;

/** The runtime calls that name a correlation, column by column in the order of the file. */
final class CallColumns {

    final LongColumn correlation = new LongColumn();
    final LongColumn time = new LongColumn();

    /** The duration shifted left by one, with the lowest bit set if the call records an event. */
    private final LongColumn durationAndRole = new LongColumn();

    /** Takes an event that is a call; drops it if no job, record or wait can refer to it. */
    void add(EventFields event, AnomalyTally anomalies) {
        if (Normal.correlation(event.correlation) == Normal.NONE) {
            return;
        }
        if (!event.hasTime()) {
            anomalies.count(Anomaly.UNUSABLE_CALL);
            return;
        }
        long duration = event.duration;
        if (!event.hasEnd()) {
            anomalies.count(Anomaly.UNUSABLE_CALL_LENGTH);
            duration = 0;
        }
        correlation.add(event.correlation);
        time.add(event.time);
        durationAndRole.add(duration << 1 | (event.isEventRecord() ? 1 : 0));
    }

    int size() {
        return time.size();
    }

    long duration(int row) {
        return durationAndRole.get(row) >> 1;
    }

    boolean isEventRecord(int row) {
        return (durationAndRole.get(row) & 1) != 0;
    }
}
