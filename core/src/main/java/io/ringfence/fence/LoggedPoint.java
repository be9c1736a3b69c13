package io.ringfence.fence;

import io.ringfence.internal.timeline.FailureLog;

import org.jspecify.annotations.Nullable;

/** A point whose job has no fence of its own: what became of it stands in the timeline's log only. */
final class LoggedPoint extends PointFence {

    /** Where to look from; keeps the log from there on for as long as this point is kept. */
    private final FailureLog.Node pin;

    LoggedPoint(Timeline timeline, long seqno, FailureLog.Node pin) {
        super(timeline);
        this.pin = pin;
        claimed(seqno);
    }

    /** {@inheritDoc} @hidden */
    @Override
    public @Nullable Failure recordedFailure() {
        return (Failure) FailureLog.find(pin, seqno());
    }
}
