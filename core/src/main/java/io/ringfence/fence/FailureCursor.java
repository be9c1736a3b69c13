package io.ringfence.fence;

import io.ringfence.internal.timeline.FailureLog;

import org.jspecify.annotations.Nullable;

/**
 * Reads the outcome of points for those who submit without making fences. A point alone says done, never ok: failures
 * are kept only as long as somebody can ask for them, and this cursor is who can, for all points submitted after it was
 * made.
 *
 * <p>Owned by one thread at a time, usually the submitter. Ask in ascending order of seqnos: what lies behind is let
 * go.
 */
public final class FailureCursor {

    private final Timeline timeline;
    private FailureLog.Node pin;

    FailureCursor(Timeline timeline) {
        this.timeline = timeline;
        this.pin = timeline.failureTail();
    }

    /**
     * The outcome of a point.
     *
     * @param seqno a seqno submitted after this cursor was made, not lower than the last one asked for
     * @return its outcome, {@link Outcome#PENDING} until it is done
     */
    public Outcome outcome(long seqno) {
        if (!timeline.isDone(seqno)) {
            return Outcome.PENDING;
        }
        return failure(seqno) == null ? Outcome.OK : Outcome.FAILED;
    }

    /**
     * Why a point failed.
     *
     * @param seqno a seqno submitted after this cursor was made, not lower than the last one asked for
     * @return the cause, or null if it is pending or ok
     */
    public @Nullable Failure failure(long seqno) {
        if (!timeline.isDone(seqno)) {
            return null;
        }
        pin = FailureLog.forward(pin, seqno);
        return (Failure) FailureLog.find(pin, seqno);
    }
}
