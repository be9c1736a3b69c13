package io.ringfence.fence;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.internal.timeline.FailureLog;
import io.ringfence.internal.timeline.TimelineState;

/**
 * The points of one queue, in order: the kernel's fence context. Seqno {@code n} is done when the timeline's counter
 * has reached {@code n}; seqnos begin with 1. A timeline outlives its queue. All methods may be called by any thread.
 */
public final class Timeline {

    private static final AtomicLong IDS = new AtomicLong();

    private final String name;
    private final long id;
    private final TimelineState state;

    /**
     * Makes the public face of a timeline; for queues only.
     *
     * @param name  the queue's name
     * @param state what the queue advances
     */
    @SuppressWarnings("exports")
    public Timeline(String name, TimelineState state) {
        this.name = Objects.requireNonNull(name, "name");
        this.id = nextId();
        this.state = Objects.requireNonNull(state, "state");
    }

    /** A number that no other timeline of this process has. */
    static long nextId() {
        return IDS.incrementAndGet();
    }

    /**
     * The name of the queue.
     *
     * @return the name, also when the queue is gone
     */
    public String name() {
        return name;
    }

    /**
     * The number of this timeline.
     *
     * @return a number that no other timeline of this process has
     */
    public long id() {
        return id;
    }

    /**
     * The timeline's counter.
     *
     * @return the highest seqno that is done, 0 if none is; everything written before it was signalled is visible
     */
    public long signaled() {
        return state.signaledAcquire();
    }

    /**
     * The last seqno that was claimed.
     *
     * @return the seqno, 0 if none was; all of them are done if the queue is gone
     * @hidden
     */
    public long claimedVolatile() {
        return state.claimedVolatile();
    }

    /**
     * Whether a point is done: finished, whether ok or failed. Costs one acquire read.
     *
     * @param seqno the seqno, as {@code trySubmit} returned it
     * @return true once it is done
     */
    public boolean isDone(long seqno) {
        return state.signaledAcquire() >= seqno;
    }

    /**
     * Lets the queue look whether its device has progressed, unless it has had no job. For those who wait by spinning on
     * {@link #isDone(long)}.
     */
    public void poll() {
        state.poll();
    }

    /**
     * A cursor that tells which of the points submitted from now on failed.
     *
     * @return a new cursor
     */
    public FailureCursor failureCursor() {
        return new FailureCursor(this);
    }

    TimelineState state() {
        return state;
    }

    FailureLog.Node failureTail() {
        return state.failures().tail();
    }

    @Override
    public String toString() {
        return name + "#" + id;
    }
}
