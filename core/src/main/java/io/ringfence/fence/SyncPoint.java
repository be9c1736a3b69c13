package io.ringfence.fence;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collection;

import io.ringfence.internal.seam.Site;
import io.ringfence.internal.seam.Seam;
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

    private final SyncChain.Identity identity;
    private final long seqno;
    /** Where it hangs and what it stands for; let go when it is done. */
    private volatile @Nullable SyncChain chain;
    private volatile @Nullable Fence leaf;
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
        identity = chain.identity();
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

    /** What it stands for; null once it is done. */
    @Nullable
    Fence leaf() {
        return leaf;
    }

    @Override
    void sever() {
        chain = null;
        leaf = null;
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
        Seam.at(Site.SYNC);
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
        Seam.at(Site.SYNC);
        if (!WATCHED.compareAndSet(this, false, true)) {
            return true;
        }
        Fence watchedLeaf = leaf;
        return watchedLeaf != null && watchedLeaf.addWaiter(watcher);
    }

    private static final class LeafWatcher extends Waiter {
        private final SyncPoint point;

        LeafWatcher(SyncPoint point) {
            this.point = point;
        }

        @Override
        protected @Nullable Deferred fired() {
            SyncChain chain = point.chain;
            return chain == null ? null : chain.advance();
        }
    }

    // ---- the fence

    @Override
    boolean isTimed() {
        return true;
    }

    @Override
    public boolean isDone() {
        SyncChain known = chain;
        if (known != null && !isSettled()) {
            known.advanceFound();
        }
        return isSettled();
    }

    @Override
    @Nullable
    Object prepareArming() {
        return chain;
    }

    @Override
    void armed(Object prepared) {
        SyncChain known = chain;
        if (known != null) {
            known.watchThrough(this);
        }
    }

    /** {@inheritDoc} @hidden */
    @Override
    public boolean isAfterAllOf(long timeline) {
        // One step deep: a point may stand for a point, in any number.
        return leaf instanceof SignalledFence basic && basic.isAfterAllOf(timeline);
    }

    @Override
    public long timelineId() {
        return identity.id();
    }

    @Override
    public long order() {
        return seqno;
    }

    @Override
    void hintDeadline(long nanoTime, Collection<Fence> others) {
        SyncChain known = chain;
        if (known != null) {
            known.pendingLeaves(this, others);
        }
    }

    @Override
    void poll() {
        SyncChain known = chain;
        SyncPoint first = known == null ? null : known.firstPending();
        Fence pending = first == null ? null : first.leaf;
        if (pending != null) {
            NamedFences.pollBasic(pending);
        }
    }

    @Override
    public String toString() {
        return identity.name() + ":" + seqno;
    }
}
