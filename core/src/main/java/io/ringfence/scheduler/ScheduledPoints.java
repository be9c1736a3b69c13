package io.ringfence.scheduler;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Fences;
import io.ringfence.fence.PointFence;
import io.ringfence.fence.Timeline;
import io.ringfence.internal.timeline.Producer;
import io.ringfence.internal.timeline.TimelineState;
import io.ringfence.internal.turn.DeferredList;

/**
 * The points at which jobs of one entity are handed to a device: the kernel's <i>scheduled</i> fences. Advanced by the turn of the
 * entity's home.
 */
final class ScheduledPoints implements Producer {

    private final TimelineState state;
    private final Timeline timeline;
    ScheduledPoints(String name, int capacity) {
        state = new TimelineState(capacity);
        timeline = new Timeline(name + ".scheduled", state);
        state.producer(this);
    }

    Timeline timeline() {
        return timeline;
    }

    /**
     * The fence of a job.
     *
     * @param finished the fence of its end
     * @return a fence that is signalled when the job has been handed to a device, or failed if it never will
     */
    Fence of(PointFence finished) {
        Fence point = at(finished.seqno());
        if (!point.isDone()) {
            return point;
        }
        Failure failure = finished.failure();
        return failure == null ? Fences.signalled() : Fences.failed(point.toString(), failure);
    }

    /** The point of a job; if it is passed already, nobody knows any more whether it failed. */
    Fence at(long seqno) {
        // What fails is recorded and passed one by one: the newest failure is that of this job or of one before it.
        return timeline.failureCursor().fence(seqno);
    }

    long passedVolatile() {
        return state.signaledVolatile();
    }

    /**
     * All jobs up to one were handed over, or never will be.
     *
     * @param through the job
     * @param to      where to append those who have waited
     */
    void advance(long through, DeferredList to) {
        long before = state.signaledVolatile();
        if (through > before) {
            state.recordTime(before, through);
            state.signaledVolatile(through);
            state.sweep(before, through, to);
        }
    }

    /** A job was not handed over; before it is passed. */
    void failed(long seqno, Failure why) {
        state.failures().append(seqno, why);
    }

    // ---- what the timeline asks

    @Override
    public void poll() {
        // Whoever hands over says so by himself.
    }

    @Override
    public long claimed() {
        return Long.MAX_VALUE;
    }

    @Override
    public void enableSignalling() {
        // As for polling.
    }

    @Override
    public void hintDeadline(long seqno, long nanoTime) {
        // The hint for the end of the job says enough.
    }
}
