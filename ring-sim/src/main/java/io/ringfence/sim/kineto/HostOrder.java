package io.ringfence.sim.kineto;

import io.ringfence.sim.workload.IndexSort;

import java.util.Arrays;

/** Joins jobs to their launching calls and numbers them in host order. */
final class HostOrder {

    private final JobColumns jobs;
    private final CallColumns calls;
    private final CallIndex index;
    private final AnomalyTally anomalies;
    private final int[] launches;

    HostOrder(JobColumns jobs, CallColumns calls, CallIndex index, AnomalyTally anomalies) {
        this.jobs = jobs;
        this.calls = calls;
        this.index = index;
        this.anomalies = anomalies;
        this.launches = launches();
    }

    /** Returns the jobs in host order; there is at least one. */
    OrderedJobs jobs() {
        int[] rows = sortedRows();
        long origin = submit(rows[0]);
        OrderedJobs ordered = new OrderedJobs(rows.length, origin);
        int[] queueRanks = jobs.queues.ranks();
        int[] latest = new int[queueRanks.length];
        Arrays.fill(latest, -1);
        for (int id = 0; id < rows.length; id++) {
            int row = rows[id];
            int queue = queueRanks[jobs.queue.get(row)];
            ordered.queue[id] = queue;
            ordered.name[id] = jobs.name(row);
            ordered.kind[id] = jobs.kind(row);
            ordered.correlation[id] = jobs.correlation.get(row);
            ordered.submit[id] = submit(row) - origin;
            ordered.launchEnd[id] = launchEnd(row) - origin;
            ordered.start[id] = jobs.start.get(row) - origin;
            ordered.end[id] = ordered.start[id] + jobs.duration.get(row);
            ordered.previous[id] = latest[queue];
            latest[queue] = id;
        }
        return ordered;
    }

    private int[] launches() {
        int[] found = new int[jobs.size()];
        for (int row = 0; row < found.length; row++) {
            found[row] = index.find(jobs.correlation.get(row));
            if (found[row] == CallIndex.NONE) {
                anomalies.count(Anomaly.NO_LAUNCH);
            } else if (jobs.start.get(row) < calls.time.get(found[row])) {
                anomalies.count(Anomaly.CLOCK_SKEW);
            }
        }
        return found;
    }

    private int[] sortedRows() {
        return IndexSort.sort(jobs.size(), (a, b) -> {
            int order = Long.compare(submit(a), submit(b));
            if (order == 0) {
                order = Long.compare(jobs.correlation.get(a), jobs.correlation.get(b));
            }
            return order != 0 ? order : Long.compare(jobs.start.get(a), jobs.start.get(b));
        });
    }

    private long submit(int row) {
        int call = launches[row];
        return call == CallIndex.NONE ? jobs.start.get(row) : calls.time.get(call);
    }

    private long launchEnd(int row) {
        int call = launches[row];
        return call == CallIndex.NONE ? jobs.start.get(row) : calls.time.get(call) + calls.duration(call);
    }
}
