package io.ringfence.internal.timeline;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * When the last seqnos of a timeline were signalled: one moment for all that were signalled together.
 *
 * <p>Writer: whoever advances the counter, before it does. Readers: any thread, after they saw the counter pass. There are
 * twice as many places as seqnos can be live, so a moment is overwritten only when the counter is {@code slots} further; a store-store
 * fence keeps it so, for a volatile store lets later stores pass.
 */
final class SignalTimes {

    private static final VarHandle TIME = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] times;

    SignalTimes(int slots) {
        times = new long[2 * slots];
    }

    void recordOpaque(long after, long through, long nanoTime) {
        VarHandle.storeStoreFence();
        for (long seqno = after + 1; seqno <= through; seqno++) {
            TIME.setOpaque(times, (int) seqno & (times.length - 1), nanoTime);
        }
    }

    /** The moment; valid if a look at the counter afterwards finds it less than {@code slots} further. */
    long timeOpaque(long seqno) {
        long time = (long) TIME.getOpaque(times, (int) seqno & (times.length - 1));
        VarHandle.loadLoadFence();
        return time;
    }
}
