package io.ringfence.sim.kineto;

/** The jobs in host order, column by column; times are nanoseconds since the first launch. */
final class OrderedJobs {

    /** The first launch, in nanoseconds as recorded. */
    final long origin;

    final int[] queue;
    final int[] name;
    final byte[] kind;
    final long[] correlation;
    final long[] submit;
    final long[] launchEnd;
    final long[] start;
    final long[] end;

    /** The preceding job of the same queue, or -1. */
    final int[] previous;

    OrderedJobs(int size, long origin) {
        this.origin = origin;
        queue = new int[size];
        name = new int[size];
        kind = new byte[size];
        correlation = new long[size];
        submit = new long[size];
        launchEnd = new long[size];
        start = new long[size];
        end = new long[size];
        previous = new int[size];
    }

    int size() {
        return queue.length;
    }

    int streamEdgeCount() {
        int count = 0;
        for (int job : previous) {
            if (job >= 0) {
                count++;
            }
        }
        return count;
    }
}
