package io.ringfence.internal.waiting;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.turn.Deferred;

import org.jspecify.annotations.Nullable;

/**
 * Something that waits for one signal and fires at most once, decided by its own compare-and-set: whoever signals,
 * whoever registered too late, and whoever cancels all go through {@link #decide()}, and one of them wins.
 */
public abstract class Waiter extends Deferred {

    private static final VarHandle DECIDED;

    static {
        try {
            DECIDED = MethodHandles.lookup().findVarHandle(Waiter.class, "decided", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile boolean decided;
    /** The seqno it waits for; set once, before it becomes visible to a signaller. */
    private long seqno;
    /** How many nodes lay below it when it was pushed; tells when its stack should be rid of cancelled ones. */
    private int depth;

    /** For subclasses. */
    protected Waiter() {
    }

    /**
     * Decides that this waiter fires, or that it never will.
     *
     * @return true for exactly one caller
     */
    public final boolean decide() {
        Seam.at(Site.WAITER_DECIDE);
        return !decided && DECIDED.compareAndSet(this, false, true);
    }

    /**
     * Whether it has fired or was cancelled.
     *
     * @return true once {@link #decide()} has been won
     */
    public final boolean isDecided() {
        return decided;
    }

    /**
     * What firing does; called by the winner of {@link #decide()} only, on a thread that holds no turn. Throws nothing.
     *
     * @return work that arose, or null
     */
    protected abstract @Nullable Deferred fired();

    @Override
    protected final @Nullable Deferred perform() {
        return decide() ? fired() : null;
    }

    /**
     * Fires it unless it is decided already, and works off what arises.
     */
    public final void fire() {
        if (decide()) {
            run(fired());
        }
    }

    final long seqno() {
        return seqno;
    }

    final void seqno(long waited) {
        seqno = waited;
    }

    final int depth() {
        return depth;
    }

    final void depth(int below) {
        depth = below;
    }
}
