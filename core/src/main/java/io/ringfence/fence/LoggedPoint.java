package io.ringfence.fence;

import io.ringfence.internal.timeline.FailureLog;

import org.jspecify.annotations.Nullable;

/** A point whose job has no fence of its own: what became of it stands in the timeline's log only. */
final class LoggedPoint extends PointFence {

    /** Where to look from; let go when the outcome is known, for it keeps the log from there on. */
    private volatile FailureLog.@Nullable Node pin;
    /** Set before {@link #pin} is let go. */
    private volatile @Nullable Failure found;

    LoggedPoint(Timeline timeline, long seqno, FailureLog.Node pin) {
        super(timeline);
        this.pin = pin;
        claimed(seqno);
    }

    /** {@inheritDoc} @hidden */
    @Override
    public @Nullable Failure recordedFailure() {
        FailureLog.Node from = pin;
        if (from == null) {
            return found;
        }
        // Asked first: what the log does not hold when the point is done, it never will.
        boolean done = isDone();
        Failure recorded = (Failure) FailureLog.find(from, seqno());
        if (done || recorded != null) {
            found = recorded;
            pin = null;
        }
        return recorded;
    }
}
