package io.ringfence.sim.kineto;

/** The jobs of each queue in host order, and where a moment of the host falls among them. */
final class QueueMembers {

    /** Stands for a job that does not exist. */
    static final int NONE = -1;

    private final OrderedJobs jobs;
    private final int[] firstOf;
    private final int[] members;

    QueueMembers(OrderedJobs jobs, int queues) {
        this.jobs = jobs;
        firstOf = new int[queues + 1];
        for (int queue : jobs.queue) {
            firstOf[queue + 1]++;
        }
        for (int queue = 0; queue < queues; queue++) {
            firstOf[queue + 1] += firstOf[queue];
        }
        int[] next = firstOf.clone();
        members = new int[jobs.size()];
        for (int id = 0; id < members.length; id++) {
            int queue = jobs.queue[id];
            members[next[queue]] = id;
            next[queue]++;
        }
    }

    /** Returns the last job of a queue launched before a moment, or {@link #NONE}. */
    int lastBefore(int queue, long time, long correlation) {
        int place = firstNotBefore(queue, time, correlation) - 1;
        return place >= firstOf[queue] ? members[place] : NONE;
    }

    /** Returns the first job of a queue launched at or after a moment, or {@link #NONE}. */
    int firstFrom(int queue, long time, long correlation) {
        int place = firstNotBefore(queue, time, correlation);
        return place < firstOf[queue + 1] ? members[place] : NONE;
    }

    private int firstNotBefore(int queue, long time, long correlation) {
        int low = firstOf[queue];
        int high = firstOf[queue + 1];
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (isBefore(members[middle], time, correlation)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private boolean isBefore(int id, long time, long correlation) {
        int order = Long.compare(jobs.submit[id], time);
        return order < 0 || (order == 0 && jobs.correlation[id] < correlation);
    }
}
