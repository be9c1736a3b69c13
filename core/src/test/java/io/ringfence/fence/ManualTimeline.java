package io.ringfence.fence;

import io.ringfence.internal.timeline.TimelineState;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.DeferredList;

/** A timeline that the test advances as a queue's completion turn does. */
final class ManualTimeline {
    private final TimelineState state = new TimelineState(16);
    private final Timeline timeline;

    ManualTimeline(String name) {
        timeline = new Timeline(name, state);
    }

    PointFence point(long seqno) {
        PointFence fence = new PointFence(timeline);
        fence.claimed(seqno);
        return fence;
    }

    void advance(long through) {
        long from = state.signaledPlain();
        state.signaledVolatile(through);
        DeferredList due = new DeferredList();
        state.sweep(from, through, due);
        Deferred.run(due.take());
    }

    /** Whether anybody waits for a point of this timeline. */
    boolean anyWaiters() {
        var stacks = state.waitersVolatile();
        return stacks != null && stacks.anyVolatile();
    }
}
