package io.ringfence.fence;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;

import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.waiting.Waiter;

import org.jspecify.annotations.Nullable;

/**
 * Done when all its leaves are, failed if one of them is. As long as nobody waits, asking looks at the leaves; with the
 * first waiter it registers with all of them at once and counts down.
 */
final class AllFence extends StateFence {

    private static final VarHandle PENDING;
    private static final VarHandle LOOKED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            PENDING = lookup.findVarHandle(AllFence.class, "pending", int.class);
            LOOKED = lookup.findVarHandle(AllFence.class, "looked", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Those whose outcome counts, sorted by timeline and seqno. */
    private final Fence[] leaves;
    /** Those of them that have to be waited for: of each timeline the last. */
    private final Fence[] waits;
    /** Registered leaves that are not done, plus one while registering. */
    @SuppressWarnings("UnusedVariable") // read and written through PENDING only
    private volatile int pending;
    /** All waits before this one were seen done; racing threads may set it back, which costs looks only. */
    @SuppressWarnings("UnusedVariable") // read and written through LOOKED only
    private int looked;

    /** What hangs on the waits; null where there is nothing to take back. */
    private @Nullable Node @Nullable [] nodes;

    AllFence(Fence[] leaves, Fence[] waits) {
        this.leaves = leaves;
        this.waits = waits;
    }

    /** The leaves whose outcome counts. */
    Fence[] named() {
        return leaves;
    }

    /** The leaves that are waited for. */
    Fence[] waits() {
        return waits;
    }

    @Override
    public List<Fence> leaves() {
        return List.of(leaves);
    }

    @Override
    public boolean isDone() {
        if (isSettled()) {
            return true;
        }
        if (firstPending() != null) {
            return false;
        }
        settleFound(firstFailure());
        return true;
    }

    /** The latest of its leaves' times, if all are known. */
    @Override
    public OptionalLong signalTime() {
        return isDone() ? NamedFences.latest(leaves) : OptionalLong.empty();
    }

    @Override
    boolean looksDone() {
        return isSettled() || firstPending() == null;
    }

    @Override
    @Nullable
    Failure looksFailed() {
        return isSettled() ? settledFailure() : firstFailure();
    }

    private @Nullable Fence firstPending() {
        int i = (int) LOOKED.getOpaque(this);
        while (i < waits.length && waits[i].isSeenDone()) {
            i++;
        }
        LOOKED.setOpaque(this, i);
        return i == waits.length ? null : waits[i];
    }

    private @Nullable Failure firstFailure() {
        for (Fence leaf : leaves) {
            Failure failed = NamedFences.failureOf(leaf);
            if (failed != null) {
                return failed;
            }
        }
        return null;
    }

    @Override
    Object prepareArming() {
        Node[] nodes = new Node[waits.length];
        for (int i = 0; i < nodes.length; i++) {
            waits[i].prepareWaiting();
            nodes[i] = new Node(this);
        }
        return nodes;
    }

    @Override
    void armed(Object prepared) {
        @Nullable
        Node[] made = (Node[]) prepared;
        nodes = made;
        PENDING.setVolatile(this, made.length + 1);
        int late = 1;
        for (int i = 0; i < made.length; i++) {
            Node node = made[i];
            if (node != null && !waits[i].addWaiter(node)) {
                made[i] = null;
                late++;
            }
        }
        if ((int) PENDING.getAndAdd(this, -late) == late) {
            settle(firstFailure());
        }
    }

    /** Takes back what was registered when nobody waits any more; the thread that armed this fence only. */
    void withdraw() {
        if (nodes == null) {
            return;
        }
        for (int i = 0; i < nodes.length; i++) {
            Node node = nodes[i];
            if (node != null && node.decide()) {
                waits[i].removeWaiter(node);
            }
        }
    }

    private static final class Node extends Waiter {
        private final AllFence all;

        Node(AllFence all) {
            this.all = all;
        }

        @Override
        protected @Nullable Deferred fired() {
            return (int) PENDING.getAndAdd(all, -1) == 1 ? all.settled(all.firstFailure()) : null;
        }
    }

    @Override
    void hintDeadline(long nanoTime, Collection<Fence> others) {
        if (!isSettled()) {
            Collections.addAll(others, waits);
        }
    }

    @Override
    void poll() {
        Fence waited = firstPending();
        if (waited != null) {
            NamedFences.pollBasic(waited);
        }
    }

    @Override
    public String toString() {
        return "all of " + NamedFences.describe(leaves);
    }
}
