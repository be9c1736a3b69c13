package io.ringfence.fence;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.internal.timeline.FailureLog;

import org.jspecify.annotations.Nullable;

/** A point whose job has no fence of its own: what became of it stands in the timeline's log only. */
final class LoggedPoint extends PointFence {

    private static final VarHandle PIN;

    static {
        try {
            PIN = MethodHandles.lookup().findVarHandle(LoggedPoint.class, "pin", FailureLog.Node.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Where to look from; let go when the outcome is known, for it keeps the log from there on. Stored before the fence behind the seqno's. */
    @SuppressWarnings("UnusedVariable") // read through PIN only
    private FailureLog.@Nullable Node pin;
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
        FailureLog.Node from = (FailureLog.Node) PIN.getAcquire(this);
        if (from == null) {
            return found;
        }
        // Asked first: what the log does not hold when the point is done, it never will.
        boolean done = isDone();
        Failure recorded = (Failure) FailureLog.find(from, seqno());
        if (done || recorded != null) {
            found = recorded;
            PIN.setRelease(this, null);
        }
        return recorded;
    }
}
