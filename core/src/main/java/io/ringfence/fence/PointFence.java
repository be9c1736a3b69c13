package io.ringfence.fence;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.internal.timeline.FailureLog;
import io.ringfence.internal.timeline.TimelineState;
import io.ringfence.internal.waiting.Waiter;

import org.jspecify.annotations.Nullable;

/** The fence of a job: a point on its queue's timeline. */
public final class PointFence extends Fence {

    private static final VarHandle MEMORY;
    private static final Object SETTLED_OK = new Object();

    static {
        try {
            MEMORY = MethodHandles.lookup().findVarHandle(PointFence.class, "memory", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Timeline timeline;
    /** 0 until the seqno is claimed, which reads as pending. */
    private long seqno;
    /**
     * Until somebody has seen the fence settled, the log node that was the newest before the claim; then the outcome: a
     * failure, or {@link #SETTLED_OK}. Racing readers settle it to the same value.
     */
    @SuppressWarnings("UnusedVariable") // read and written through MEMORY
    private Object memory;

    /**
     * Makes the fence of a job that is about to be claimed; for queues only.
     *
     * @param timeline the queue's timeline
     */
    public PointFence(Timeline timeline) {
        this.timeline = timeline;
        this.memory = timeline.failureTail();
    }

    /**
     * Names the claimed seqno; the submitter only, before the fence escapes.
     *
     * @param claimed the seqno
     * @hidden
     */
    public void claimed(long claimed) {
        seqno = claimed;
        VarHandle.storeStoreFence();
    }

    /**
     * The timeline that the job is a point of.
     *
     * @return the queue's timeline
     */
    public Timeline timeline() {
        return timeline;
    }

    /**
     * The job's place on its timeline.
     *
     * @return its seqno, 1 or more
     */
    public long seqno() {
        return seqno;
    }

    @Override
    public boolean isDone() {
        long claimed = seqno;
        return claimed != 0 && timeline.state().signaledAcquire() >= claimed;
    }

    @Override
    public @Nullable Failure failure() {
        Object known = MEMORY.getAcquire(this);
        if (known instanceof FailureLog.Node pin) {
            if (!isDone()) {
                return null;
            }
            Object cause = FailureLog.find(pin, seqno);
            known = cause == null ? SETTLED_OK : cause;
            MEMORY.setRelease(this, known);
        }
        return known == SETTLED_OK ? null : (Failure) known;
    }

    /**
     * What the timeline's own turn has recorded of this point, whether or not it is signalled yet.
     *
     * @return why it failed, or null
     * @hidden
     */
    public @Nullable Failure recordedFailure() {
        Object known = MEMORY.getAcquire(this);
        if (known instanceof FailureLog.Node pin) {
            return (Failure) FailureLog.find(pin, seqno);
        }
        return known == SETTLED_OK ? null : (Failure) known;
    }

    /**
     * Whether this is a point of the given timeline.
     *
     * @param state what a queue advances
     * @return whether it is this point's
     * @hidden
     */
    @SuppressWarnings("exports")
    public boolean isOn(TimelineState state) {
        return timeline.state() == state;
    }

    /** {@inheritDoc} @hidden */
    @Override
    @SuppressWarnings("exports")
    public boolean addWaiter(Waiter waiter) {
        return timeline.state().register(waiter, seqno);
    }

    /** {@inheritDoc} @hidden */
    @Override
    public void prepareWaiting() {
        timeline.state().prepareWaiting();
    }

    @Override
    void removeWaiter(Waiter waiter) {
        timeline.state().unregister(waiter);
    }

    @Override
    void poll() {
        timeline.poll();
    }

    @Override
    public String toString() {
        return timeline + ":" + seqno;
    }
}
