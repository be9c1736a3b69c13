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
    /** The last seqno whose outcome was told; of those before it, failures may have been let go. */
    private long asked;

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
        requireAscending(seqno);
        asked = seqno;
        pin = FailureLog.forward(pin, seqno);
        return (Failure) FailureLog.find(pin, seqno);
    }

    /**
     * A point as a fence, for those who need one after all. Costs one small object; does not move this cursor.
     *
     * @param seqno a seqno submitted after this cursor was made, not lower than the last one asked for
     * @return its fence; as long as it is kept, the failures since then are
     * @throws IllegalArgumentException unless {@code seqno} was submitted: what does not exist yet cannot be named
     */
    public PointFence fence(long seqno) {
        requireSubmitted(seqno);
        requireAscending(seqno);
        return new LoggedPoint(timeline, seqno, FailureLog.forward(pin, seqno));
    }

    /**
     * Whether a point is done and ok. Costs one acquire read, and a look at the failures if there were any; does not move this
     * cursor.
     *
     * @param seqno a seqno submitted after this cursor was made, not lower than the last one asked for
     * @return false if it is pending or failed
     * @throws IllegalArgumentException unless {@code seqno} was submitted
     */
    public boolean isOk(long seqno) {
        if (seqno < 1 || !timeline.isDone(seqno)) {
            requireSubmitted(seqno);
            return false;
        }
        requireAscending(seqno);
        return FailureLog.find(pin, seqno) == null;
    }

    private void requireAscending(long seqno) {
        if (seqno < asked) {
            throw new IllegalArgumentException("point " + seqno + " of " + timeline + ": must be " + asked
                    + " or more, the last one that this cursor was asked for");
        }
    }

    private void requireSubmitted(long seqno) {
        long last = timeline.state().claimedVolatile();
        if (seqno < 1 || seqno > last) {
            throw new IllegalArgumentException("point " + seqno + " of " + timeline + ": must be 1 to " + last
                    + ", the last one submitted");
        }
    }

    /**
     * The timeline whose points this cursor knows.
     *
     * @return the timeline
     */
    public Timeline timeline() {
        return timeline;
    }
}
