package io.ringfence.sim.kineto;

import io.ringfence.sim.workload.LongColumn;
import io.ringfence.sim.workload.IndexSort;

/** Finds runtime calls by their correlation. */
final class CallIndex {

    /** Stands for a call that is not in the trace. */
    static final int NONE = -1;

    private final CallColumns calls;
    private final int[] rows;

    CallIndex(CallColumns calls, AnomalyTally anomalies) {
        this.calls = calls;
        LongColumn correlation = calls.correlation;
        LongColumn time = calls.time;
        this.rows = IndexSort.sort(calls.size(), (a, b) -> {
            int order = Long.compare(correlation.get(a), correlation.get(b));
            return order != 0 ? order : Long.compare(time.get(a), time.get(b));
        });
        for (int i = 1; i < rows.length; i++) {
            if (correlation.get(rows[i - 1]) == correlation.get(rows[i])) {
                anomalies.count(Anomaly.REPEATED_CALL);
            }
        }
    }

    /** Returns the row of the earliest call with a correlation, or {@link #NONE}. */
    int find(long correlation) {
        int place = lowerBound(correlation);
        return hasCorrelation(place, correlation) ? rows[place] : NONE;
    }

    /** Returns the row of the earliest call with a correlation that records an event, or {@link #NONE}. */
    int findEventRecord(long correlation) {
        for (int place = lowerBound(correlation); hasCorrelation(place, correlation); place++) {
            if (calls.isEventRecord(rows[place])) {
                return rows[place];
            }
        }
        return NONE;
    }

    private boolean hasCorrelation(int place, long correlation) {
        return place < rows.length && calls.correlation.get(rows[place]) == correlation;
    }

    private int lowerBound(long correlation) {
        int low = 0;
        int high = rows.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (calls.correlation.get(rows[middle]) < correlation) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
