package io.ringfence.fence;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.StackRoom;
import io.ringfence.internal.waiting.Waiter;
import io.ringfence.internal.waiting.WaiterStacks;

import org.jspecify.annotations.Nullable;

/**
 * The consumer's side of a fence that other code signals.
 *
 * <p>Its waiters hang in a stack of their own; the state word goes from pending to a terminal value once. The handshake
 * is that of a timeline: push, then look at the word; settle the word, then take the stack.
 */
final class SignalledFence extends Fence {

    private static final VarHandle STATE;
    private static final Object OK = new Object();

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(SignalledFence.class, "state", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String name;
    private final WaiterStacks waiters = new WaiterStacks(1);
    /** Null while pending, then {@link #OK} or a failure. */
    private volatile @Nullable Object state;

    SignalledFence(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /**
     * Settles the fence.
     *
     * @param failure why it failed, or null for ok
     * @return true for the first caller, who has then fired the waiters
     */
    boolean settle(@Nullable Failure failure) {
        StackRoom.require(1);
        Object terminal = failure == null ? OK : failure;
        Seam.at(Site.SETTLE);
        if (!STATE.compareAndSet(this, null, terminal)) {
            return false;
        }
        if (waiters.anyVolatile()) {
            Deferred.run(waiters.sweep(0, 0));
        }
        return true;
    }

    @Override
    public boolean isDone() {
        return state != null;
    }

    @Override
    public @Nullable Failure failure() {
        return state instanceof Failure failed ? failed : null;
    }

    @Override
    @SuppressWarnings("exports")
    public boolean addWaiter(Waiter waiter) {
        if (state != null) {
            return false;
        }
        boolean deep = waiters.push(waiter, 0);
        Seam.at(Site.WAITER_LOOK);
        if (deep && state == null) {
            // Out of sight for a moment: whoever settles the fence meanwhile is caught by the look below.
            Deferred.run(waiters.sweep(0, -1));
        }
        if (state == null) {
            return true;
        }
        boolean mine = waiter.decide();
        Deferred.run(waiters.sweep(0, 0));
        return !mine;
    }

    @Override
    void removeWaiter(Waiter waiter) {
        waiters.unlink(waiter);
    }

    @Override
    public String toString() {
        return name;
    }
}
