package io.ringfence.fence;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collection;
import java.util.OptionalLong;

import io.ringfence.internal.timeline.Producer;
import io.ringfence.internal.timeline.TimelineState;
import io.ringfence.internal.waiting.Waiter;

import org.jspecify.annotations.Nullable;

/** The fence of a job: a point on its queue's timeline. */
public sealed class PointFence extends Fence permits ResultPoint, LoggedPoint {

    private static final VarHandle FAILURE;

    static {
        try {
            FAILURE = MethodHandles.lookup().findVarHandle(PointFence.class, "failure", Failure.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Timeline timeline;
    /** 0 until the seqno is claimed, which reads as pending. */
    private long seqno;
    /** Stored by the queue before its timeline passes the seqno; the fence itself then needs nothing of the queue. */
    @SuppressWarnings("UnusedVariable") // read and written through FAILURE
    private @Nullable Failure failure;

    /**
     * Makes the fence of a job that is about to be claimed; for queues only.
     *
     * @param timeline the queue's timeline
     */
    public PointFence(Timeline timeline) {
        this.timeline = timeline;
    }

    /**
     * Names the claimed seqno; the submitter only, before the fence escapes.
     *
     * @param claimed the seqno
     * @hidden
     */
    public final void claimed(long claimed) {
        seqno = claimed;
        VarHandle.storeStoreFence();
    }

    /**
     * Records that the job failed; the queue only, before its timeline passes the seqno.
     *
     * @param cause why
     * @hidden
     */
    public final void failed(Failure cause) {
        FAILURE.setRelease(this, cause);
    }

    /**
     * Does what has to be done with a job that the device has completed; the queue only, before its timeline passes the
     * seqno.
     *
     * @param payload the job
     * @return why the job fails after all, or null
     * @hidden
     */
    public @Nullable Failure complete(@Nullable Object payload) {
        return null;
    }

    /**
     * Whether {@link #complete} has anything to do; for queues only.
     *
     * @return false if the fence need not be told of a job that is ok
     * @hidden
     */
    public boolean isTold() {
        return false;
    }

    /**
     * The timeline that the job is a point of.
     *
     * @return the queue's timeline
     */
    public final Timeline timeline() {
        return timeline;
    }

    /**
     * The job's place on its timeline.
     *
     * @return its seqno, 1 or more
     */
    public final long seqno() {
        return seqno;
    }

    @Override
    public final boolean isDone() {
        long claimed = seqno;
        return claimed != 0 && timeline.state().signaledAcquire() >= claimed;
    }

    @Override
    public final @Nullable Failure failure() {
        return isDone() ? recordedFailure() : null;
    }

    /**
     * What the queue has recorded of this point, whether or not it is signalled yet.
     *
     * @return why it failed, or null
     * @hidden
     */
    public @Nullable Failure recordedFailure() {
        return (Failure) FAILURE.getAcquire(this);
    }

    @Override
    public final OptionalLong signalTime() {
        return isDone() ? timeline.state().signalTime(seqno) : OptionalLong.empty();
    }

    /**
     * Whether this is a point of the given timeline.
     *
     * @param state what a queue advances
     * @return whether it is this point's
     * @hidden
     */
    @SuppressWarnings("exports")
    public final boolean isOn(TimelineState state) {
        return timeline.state() == state;
    }

    /**
     * Who signals the point.
     *
     * @return the queue, or null if it has finished
     * @hidden
     */
    @SuppressWarnings("exports")
    public final @Nullable Producer producer() {
        return timeline.state().producerVolatile();
    }

    /** {@inheritDoc} @hidden */
    @Override
    public final long timelineId() {
        return timeline.id();
    }

    /** {@inheritDoc} @hidden */
    @Override
    public final long order() {
        return seqno;
    }

    /** {@inheritDoc} @hidden */
    @Override
    public final void arm() {
        if (!isDone()) {
            timeline.state().want(seqno);
        }
    }

    @Override
    final void hintDeadline(long nanoTime, Collection<Fence> others) {
        timeline.state().hintDeadline(seqno, nanoTime);
    }

    /** {@inheritDoc} @hidden */
    @Override
    @SuppressWarnings("exports")
    public final boolean addWaiter(Waiter waiter) {
        return timeline.state().register(waiter, seqno);
    }

    /** {@inheritDoc} @hidden */
    @Override
    public final void prepareWaiting() {
        timeline.state().prepareWaiting();
    }

    @Override
    final void removeWaiter(Waiter waiter) {
        timeline.state().unregister(waiter);
    }

    @Override
    final void poll() {
        timeline.poll();
    }

    @Override
    public final String toString() {
        return timeline + ":" + seqno;
    }
}
