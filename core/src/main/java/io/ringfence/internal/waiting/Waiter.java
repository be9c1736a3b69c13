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
 *
 * <p>A waiter hangs in a stack: a word that points to the waiter pushed last, and from there downwards
 * {@link WaiterChain the links}. It is pushed once in its life and into one stack.
 */
public abstract class Waiter extends Deferred {

    private static final VarHandle DECIDED;
    private static final VarHandle BELOW;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            DECIDED = lookup.findVarHandle(Waiter.class, "decided", boolean.class);
            BELOW = lookup.findVarHandle(Waiter.class, "below", Waiter.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile boolean decided;
    /** What was pushed before it; later perhaps something deeper, when all between has been decided. */
    @SuppressWarnings("UnusedVariable") // read and written through BELOW only
    private @Nullable Waiter below;
    /** The seqno it waits for; set once, before it becomes visible to a signaller. */
    private long seqno;
    /** Pushes on its stack since that was last thinned, and at how many it is to be thinned again; both are hints. */
    private int pushes;
    private int limit;

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

    /** A waiter gets into a chain of work when the signaller has decided it. */
    @Override
    protected final @Nullable Deferred perform() {
        return fired();
    }

    final @Nullable Waiter belowOpaque() {
        return (Waiter) BELOW.getOpaque(this);
    }

    final void belowOpaque(@Nullable Waiter deeper) {
        BELOW.setOpaque(this, deeper);
    }

    final long seqno() {
        return seqno;
    }

    final void seqno(long waited) {
        seqno = waited;
    }

    final int pushes() {
        return pushes;
    }

    final int limit() {
        return limit;
    }

    final void growth(int pushedSince, int thinAt) {
        pushes = pushedSince;
        limit = thinAt;
    }
}
