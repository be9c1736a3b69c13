package io.ringfence.sim.replay;

import java.util.Arrays;

/** Slots of a ring that hold contexts: when each start would have been possible, if everything before it was as recorded. */
final class SlotModel {

    private static final int NOBODY = -1;

    private final int slots;
    /** When each context leaves: when the last of its jobs that were started is out. */
    private final long[] leaves;
    private int last = NOBODY;
    private long lastStart = Long.MIN_VALUE;

    SlotModel(int contexts, int slots) {
        this.slots = slots;
        leaves = new long[contexts];
        Arrays.fill(leaves, Long.MIN_VALUE);
    }

    /**
     * A job starts as recorded.
     *
     * @param context whose it is
     * @param ready   when it was ready
     * @param start   when it started
     * @param out     when it was out
     * @return when it could have started: it was ready, the one before had started, and there was a slot
     */
    long start(int context, long ready, long start, long out) {
        long possible = possible(context, Math.max(ready, lastStart));
        leaves[context] = Math.max(leaves[context], out);
        last = context;
        lastStart = start;
        return possible;
    }

    private long possible(int context, long from) {
        if (context == last && leaves[context] > from) {
            return from;
        }
        long[] present = Arrays.stream(leaves).filter(time -> time > from).sorted().toArray();
        return present.length < slots ? from : present[present.length - slots];
    }
}
