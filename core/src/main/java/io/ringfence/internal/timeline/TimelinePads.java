package io.ringfence.internal.timeline;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Keeps the counter away from what lies before it. */
@SuppressWarnings("unused") // padding
abstract class TimelinePadBefore {
    long p00, p01, p02, p03, p04, p05, p06, p07, p08, p09, p0a, p0b, p0c, p0d, p0e, p0f;
}

/** The counter: the highest seqno signalled. Written by the completion turn, read by everybody who waits. */
abstract class TimelineCounter extends TimelinePadBefore {

    private static final VarHandle SIGNALED;

    static {
        try {
            SIGNALED = MethodHandles.lookup().findVarHandle(TimelineCounter.class, "signaled", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("UnusedVariable") // read and written through SIGNALED only
    private volatile long signaled;

    /**
     * The counter, as its only writer reads it.
     *
     * @return the highest seqno signalled
     */
    public final long signaledPlain() {
        return (long) SIGNALED.get(this);
    }

    /**
     * The counter, with everything that was written before it was advanced.
     *
     * @return the highest seqno signalled
     */
    public final long signaledAcquire() {
        return (long) SIGNALED.getAcquire(this);
    }

    /**
     * The counter, as the second half of a handshake reads it.
     *
     * @return the highest seqno signalled
     */
    public final long signaledVolatile() {
        return (long) SIGNALED.getVolatile(this);
    }

    /**
     * Advances the counter for those who look at it; no half of a handshake before a full fence.
     *
     * @param seqno the highest seqno signalled from now on
     */
    public final void signaledRelease(long seqno) {
        SIGNALED.setRelease(this, seqno);
    }

    /**
     * Advances the counter; the first half of the handshakes with waiters and with the issue turn.
     *
     * @param seqno the highest seqno signalled from now on
     */
    public final void signaledVolatile(long seqno) {
        SIGNALED.setVolatile(this, seqno);
    }
}

/** Keeps the counter away from what lies behind it. */
@SuppressWarnings("unused") // padding
abstract class TimelinePadAfter extends TimelineCounter {
    long p10, p11, p12, p13, p14, p15, p16, p17, p18, p19, p1a, p1b, p1c, p1d, p1e, p1f;
}
