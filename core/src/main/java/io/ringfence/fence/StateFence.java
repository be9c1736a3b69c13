package io.ringfence.fence;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.OptionalLong;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.SpareThread;
import io.ringfence.internal.turn.StackRoom;
import io.ringfence.internal.waiting.Waiter;
import io.ringfence.internal.waiting.WaiterChain;

import org.jspecify.annotations.Nullable;

/**
 * A fence with a state of its own: one word that is null or the waiter pushed last as long as the fence is pending, and
 * then, for ever, what became of it. Whoever settles the fence takes the waiters in the same step, so none can come
 * between.
 */
abstract sealed class StateFence extends Fence permits SignalledFence, AllFence, AnyFence, SyncPoint {

    private static final VarHandle STATE;
    private static final VarHandle ARMED;
    private static final VarHandle TIME;

    private static final Object OK = new Object();
    private static final Object TOO_LATE = new Object();
    /** A moment that no clock shows. */
    private static final long UNKNOWN = Long.MIN_VALUE;
    /** Stands for a moment that nobody remembers. */
    static final long FORGOTTEN = Long.MIN_VALUE + 1;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(StateFence.class, "state", Object.class);
            ARMED = lookup.findVarHandle(StateFence.class, "armed", boolean.class);
            TIME = lookup.findVarHandle(StateFence.class, "signalTime", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Null or a {@link Waiter} while pending, then {@link #OK} or a {@link Failure}. */
    private volatile @Nullable Object state;
    /** When it was settled, if that is noted; stored after the state by whoever comes first, the settler or one who asks. */
    private volatile long signalTime = UNKNOWN;
    /** Whether what this fence waits for itself has been told to signal. */
    private volatile boolean armed;

    StateFence() {
    }

    private static boolean isTerminal(@Nullable Object content) {
        return content != null && !(content instanceof Waiter);
    }

    // ---- reading

    final boolean isSettled() {
        return isTerminal(state);
    }

    @Override
    public boolean isDone() {
        return isSettled();
    }

    @Override
    final boolean isSeenDone() {
        return isSettled();
    }

    @Override
    boolean looksDone() {
        return isSettled();
    }

    @Override
    public final @Nullable Failure failure() {
        return isDone() ? looksFailed() : null;
    }

    @Override
    @Nullable
    Failure looksFailed() {
        return settledFailure();
    }

    /** Why it failed, if it is settled and has. */
    final @Nullable Failure settledFailure() {
        return state instanceof Failure failed ? failed : null;
    }

    @Override
    public OptionalLong signalTime() {
        if (!isDone()) {
            return OptionalLong.empty();
        }
        stamp(UNKNOWN);
        return signalTime == FORGOTTEN ? OptionalLong.empty() : OptionalLong.of(signalTime);
    }

    /** Sets the time of a fence that is settled, once; of racing threads one comes first, and all read its value. */
    private void stamp(long known) {
        if (signalTime == UNKNOWN) {
            TIME.compareAndSet(this, UNKNOWN, known != UNKNOWN ? known : isTimed() ? Seam.nanoTime() : FORGOTTEN);
        }
    }

    /** Whether the moment of settling is to be noted. */
    boolean isTimed() {
        return false;
    }

    // ---- settling

    /**
     * Settles the fence and fires its waiters: now, or when the calling thread has left what it is inside of. Whoever was
     * called from outside has asked for room on the stack before.
     *
     * @param failure why it failed, or null for ok
     * @return true for the one who settled it
     */
    final boolean settle(@Nullable Failure failure) {
        Object taken = seize(failure, UNKNOWN);
        if (taken == TOO_LATE) {
            return false;
        }
        Deferred.run(WaiterChain.takeAll((Waiter) taken));
        return true;
    }

    /**
     * Settles a fence that was found done by asking it, if there is room on the stack; if not, somebody else will.
     *
     * @param failure why it failed, or null for ok
     */
    final void settleFound(@Nullable Failure failure) {
        try {
            StackRoom.require(1);
        } catch (StackOverflowError noRoom) {
            return;
        }
        settle(failure);
    }

    /** As {@link #settle}, for a fence that nobody knows yet and that was signalled before. */
    final void settleBefore(@Nullable Failure failure, long nanoTime) {
        seize(failure, nanoTime);
    }

    /**
     * Settles the fence on behalf of something that is itself being fired.
     *
     * @param failure why it failed, or null for ok
     * @return the waiters to fire, or null if there are none or it was settled before
     */
    final @Nullable Deferred settled(@Nullable Failure failure) {
        Object taken = seize(failure, UNKNOWN);
        return taken == TOO_LATE ? null : WaiterChain.takeAll((Waiter) taken);
    }

    /**
     * Settles the fence and has its waiters fired by a thread that belongs to nobody.
     *
     * @param failure why it failed
     * @param first   what to do before
     */
    final void settleElsewhere(Failure failure, Deferred first) {
        Object taken = seize(failure, UNKNOWN);
        if (taken != TOO_LATE) {
            first.next(WaiterChain.takeAll((Waiter) taken));
            SpareThread.run(first);
        }
    }

    private @Nullable Object seize(@Nullable Failure failure, long nanoTime) {
        Object terminal = failure == null ? OK : failure;
        for (;;) {
            Object known = state;
            if (isTerminal(known)) {
                return TOO_LATE;
            }
            Seam.at(Site.SETTLE);
            if (STATE.compareAndSet(this, known, terminal)) {
                if (nanoTime != UNKNOWN || isTimed()) {
                    stamp(nanoTime);
                }
                sever();
                return known;
            }
        }
    }

    /** Lets go of what only a pending fence needs; called once, by whoever settled it, before its waiters fire. */
    void sever() {
    }

    // ---- waiting

    /** {@inheritDoc} @hidden */
    @Override
    @SuppressWarnings("exports")
    public final boolean addWaiter(Waiter waiter) {
        Object prepared = armed ? null : prepareArming();
        for (;;) {
            Object known = state;
            if (isTerminal(known)) {
                return false;
            }
            WaiterChain.link(waiter, (Waiter) known);
            Seam.at(Site.WAITER_PUSH);
            if (STATE.compareAndSet(this, known, waiter)) {
                break;
            }
        }
        if (WaiterChain.overgrown(waiter)) {
            replaceTop(waiter, WaiterChain.thinned(waiter));
        }
        arm(prepared);
        return true;
    }

    private void replaceTop(Waiter top, @Nullable Waiter kept) {
        if (kept != top && state == top) {
            STATE.compareAndSet(this, top, kept);
        }
    }

    @Override
    final void removeWaiter(Waiter waiter) {
        if (state == waiter) {
            replaceTop(waiter, WaiterChain.undecided(waiter));
        }
    }

    // ---- being told to signal

    /** {@inheritDoc} @hidden */
    @Override
    public final void arm() {
        if (!armed && !isSettled()) {
            arm(prepareArming());
        }
    }

    /** {@inheritDoc} @hidden */
    @Override
    public boolean hasToBeArmed() {
        return !armed;
    }

    private void arm(@Nullable Object prepared) {
        if (prepared != null && !armed && ARMED.compareAndSet(this, false, true)) {
            armed(prepared);
        }
    }

    /** Whether {@link #armed(Object)} was or is being called. */
    final boolean isArmed() {
        return armed;
    }

    /**
     * Allocates what {@link #armed(Object)} needs; may be called several times, its result may be thrown away.
     *
     * @return something for {@code armed}; null if there is nobody to be told, and so nothing to arm
     */
    abstract @Nullable Object prepareArming();

    /**
     * Registers with whatever this fence waits for; called once, after its first waiter was pushed.
     *
     * @param prepared what {@link #prepareArming()} made
     */
    abstract void armed(Object prepared);
}
