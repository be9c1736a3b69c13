package io.ringfence.fence;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collection;

import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.waiting.Waiter;

import org.jspecify.annotations.Nullable;

/**
 * A point of a sync object: done when its own leaf and all points before it are done, failed if its own leaf failed. The
 * kernel's {@code dma_fence_chain} node, linked forwards instead of backwards.
 */
final class SyncPoint extends StateFence {

    private static final VarHandle NEXT;
    private static final VarHandle WATCHED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            NEXT = lookup.findVarHandle(SyncPoint.class, "next", SyncPoint.class);
            WATCHED = lookup.findVarHandle(SyncPoint.class, "watched", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SyncChain chain;
    private final long seqno;
    private final Fence leaf;
    /** What registers with the leaf; made ahead, so that beginning to wait needs no memory. */
    private final Waiter watcher = new LeafWatcher(this);
    /** The seqno of the point before, and how many points there are up to this one; set before it is linked. */
    private long previous;
    private int ordinal;
    /** The point after it; this point itself once it lies behind the first of the chain and must hold nothing any more. */
    @SuppressWarnings("UnusedVariable") // read and written through NEXT only
    private volatile @Nullable SyncPoint next;
    @SuppressWarnings("UnusedVariable") // written through WATCHED only
    private volatile boolean watched;

    SyncPoint(SyncChain chain, long seqno, Fence leaf) {
        this.chain = chain;
        this.seqno = seqno;
        this.leaf = leaf;
    }

    long seqno() {
        return seqno;
    }

    long previous() {
        return previous;
    }

    int ordinal() {
        return ordinal;
    }

    Fence leaf() {
        return leaf;
    }

    // ---- the chain's business

    void follows(SyncPoint before) {
        previous = before.seqno;
        ordinal = before.ordinal + 1;
    }

    @Nullable
    SyncPoint nextVolatile() {
        return (SyncPoint) NEXT.getVolatile(this);
    }

    boolean appendVolatile(SyncPoint after) {
        return NEXT.compareAndSet(this, (SyncPoint) null, after);
    }

    /** Holds the following points no longer. */
    void passedRelease() {
        NEXT.setRelease(this, this);
    }

    /**
     * Registers with the leaf, once.
     *
     * @return false if the leaf is done and will not tell
     */
    boolean watch() {
        return !WATCHED.compareAndSet(this, false, true) || leaf.addWaiter(watcher);
    }

    private static final class LeafWatcher extends Waiter {
        private final SyncPoint point;

        LeafWatcher(SyncPoint point) {
            this.point = point;
        }

        @Override
        protected @Nullable Deferred fired() {
            return point.chain.advance();
        }
    }

    // ---- the fence

    @Override
    public boolean isDone() {
        if (!isSettled()) {
            Deferred.run(chain.advance());
        }
        return isSettled();
    }

    @Override
    void armed(@Nullable Object prepared) {
        chain.watchThrough(this);
    }

    @Override
    public long timelineId() {
        return chain.id();
    }

    @Override
    public long order() {
        return seqno;
    }

    @Override
    void hintDeadline(long nanoTime, Collection<Fence> others) {
        chain.pendingLeaves(this, others);
    }

    @Override
    void poll() {
        SyncPoint first = chain.firstPending();
        if (first != null) {
            NamedFences.pollBasic(first.leaf);
        }
    }

    @Override
    public String toString() {
        return chain + ":" + seqno;
    }
}
