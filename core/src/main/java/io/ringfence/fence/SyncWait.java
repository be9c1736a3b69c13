package io.ringfence.fence;

import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.UserCode;
import io.ringfence.internal.waiting.Waiter;

import org.jspecify.annotations.Nullable;

/**
 * One wait for one point: until it is submitted, and then, if asked for, until the fence that was found is signalled. Its
 * event is a fence of its own, signalled with the outcome when the wait is over; it is shown to nobody but those who wait.
 */
final class SyncWait extends Waiter {

    private final SyncObject.At at;
    private final boolean untilSignaled;
    private final boolean outcomeMatters;
    private final SignalledFence event;
    private final Waiter second = new Second();
    private SubmitWaiters.@Nullable Place place;
    /** What was found; written by the winner of the decision only. */
    private volatile @Nullable Fence latched;
    private volatile boolean registered;
    private volatile boolean cancelled;

    /**
     * Makes a wait.
     *
     * @param untilSignaled whether it goes on until the fence is signalled
     * @param showsFence    whether the fence found is shown to anybody, so that its outcome matters
     */
    SyncWait(SyncObject.At at, boolean untilSignaled, boolean showsFence) {
        this.at = at;
        this.untilSignaled = untilSignaled;
        outcomeMatters = untilSignaled || showsFence;
        event = new SignalledFence("wait for " + at.object().name() + ":" + at.point(), null);
    }

    Fence event() {
        return event;
    }

    /** The fence that was found, if the point has been submitted. */
    @Nullable
    Fence latched() {
        return latched;
    }

    /** Begins to wait; called once. */
    void start() {
        Fence found = find();
        if (found == null) {
            SubmitWaiters waiters = at.object().waiters();
            place = waiters.add(at.point(), this);
            found = find();
            if (found == null || !decide()) {
                return;
            }
            waiters.remove(place);
        }
        latch(found);
        Deferred.run(fired());
    }

    private @Nullable Fence find() {
        try {
            return outcomeMatters ? at.object().find(at.point()) : at.object().findSubmitted(at.point());
        } catch (IllegalStateException outcomeForgotten) {
            cancel();
            throw outcomeForgotten;
        }
    }

    void latch(Fence found) {
        latched = found;
    }

    @Override
    protected @Nullable Deferred fired() {
        Fence found = latched;
        if (found == null) {
            throw new IllegalStateException(event + " fired with nothing found");
        }
        if (!untilSignaled) {
            return event.settled(null);
        }
        // Registering may bring about more; that comes afterwards, not on top of this.
        int token = UserCode.enter();
        boolean waiting = found.addWaiter(second);
        Deferred arisen = UserCode.exit(token);
        if (!waiting) {
            return Deferred.join(arisen, event.settled(found.failure()));
        }
        registered = true;
        if (cancelled) {
            withdrawSecond(found);
        }
        return arisen;
    }

    private void withdrawSecond(Fence found) {
        if (second.decide()) {
            found.removeWaiter(second);
        }
    }

    private final class Second extends Waiter {
        @Override
        protected @Nullable Deferred fired() {
            Fence found = latched;
            return event.settled(found == null ? null : found.failure());
        }
    }

    /** Ends the wait, if it is not over: its event will not be signalled. */
    void cancel() {
        SubmitWaiters.Place mine = place;
        if (mine != null && decide()) {
            at.object().waiters().remove(mine);
            return;
        }
        // Who registers stores that and then looks whether the wait was ended; here it is the other way round.
        cancelled = true;
        Fence found = latched;
        if (registered && found != null) {
            withdrawSecond(found);
        }
    }

    @Override
    public String toString() {
        return event.toString();
    }
}
