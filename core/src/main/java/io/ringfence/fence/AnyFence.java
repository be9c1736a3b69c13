package io.ringfence.fence;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;

import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.waiting.Waiter;

import org.jspecify.annotations.Nullable;

/**
 * Done when the first of its leaves is, with that one's outcome. With the first waiter it registers with all leaves; when
 * one has come first, the registrations with the others are taken back, so that fences which live long gather nothing.
 */
final class AnyFence extends StateFence {

    private final Fence[] leaves;
    /** What hangs on the leaves; none before the first waiter, none when it is over. */
    private volatile Node @Nullable [] nodes;
    /** The leaf polled last; racing threads may poll one twice. */
    private int polled;

    AnyFence(Fence[] leaves) {
        this.leaves = leaves;
    }

    /** The leaves, in the order in which they were named. */
    Fence[] named() {
        return leaves;
    }

    @Override
    public List<Fence> leaves() {
        return List.of(leaves);
    }

    /** The first leaf, in the order of naming, that is done at the time of asking; -1 if none is. */
    int firstDone() {
        for (int i = 0; i < leaves.length; i++) {
            if (leaves[i].isSeenDone()) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public boolean isDone() {
        if (isSettled()) {
            return true;
        }
        if (!looksDone()) {
            return false;
        }
        settleFound(looksFailed());
        // Not, if there was no room: a leaf before the one found might come yet.
        return isSettled();
    }

    /** The earliest of its leaves' times, as far as they are known. */
    @Override
    public OptionalLong signalTime() {
        return isDone() ? NamedFences.earliest(leaves) : OptionalLong.empty();
    }

    @Override
    boolean looksDone() {
        // Once it watches its leaves, whoever comes first tells; asking thousands each time would not make it earlier.
        return isSettled() || !isArmed() && firstDone() >= 0;
    }

    @Override
    @Nullable
    Failure looksFailed() {
        int first = isSettled() ? -1 : firstDone();
        return first < 0 ? settledFailure() : NamedFences.failureOf(leaves[first]);
    }

    @Override
    Object prepareArming() {
        Node[] made = new Node[leaves.length];
        for (int i = 0; i < made.length; i++) {
            leaves[i].prepareWaiting();
            made[i] = new Node(this, leaves[i]);
        }
        return made;
    }

    @Override
    void armed(Object prepared) {
        Node[] made = (Node[]) prepared;
        nodes = made;
        for (Node node : made) {
            if (isSettled()) {
                return;
            }
            if (!node.leaf.addWaiter(node)) {
                settle(NamedFences.failureOf(node.leaf));
                return;
            }
            node.registered = true;
            // Whoever settles this fence stores that first and looks who is registered then.
            if (isSettled()) {
                node.withdraw();
            }
        }
    }

    @Override
    void sever() {
        Node[] registered = nodes;
        if (registered == null) {
            return;
        }
        nodes = null;
        for (Node node : registered) {
            if (node.registered) {
                node.withdraw();
            }
        }
    }

    private static final class Node extends Waiter {
        private final AnyFence any;
        private final Fence leaf;
        private volatile boolean registered;

        Node(AnyFence any, Fence leaf) {
            this.any = any;
            this.leaf = leaf;
        }

        void withdraw() {
            if (decide()) {
                leaf.removeWaiter(this);
            }
        }

        @Override
        protected @Nullable Deferred fired() {
            return any.settled(NamedFences.failureOf(leaf));
        }
    }

    @Override
    void hintDeadline(long nanoTime, Collection<Fence> others) {
        if (!isSettled()) {
            Collections.addAll(others, leaves);
        }
    }

    @Override
    void poll() {
        // One leaf a time: there may be thousands.
        int next = polled + 1;
        polled = next < leaves.length ? next : 0;
        NamedFences.pollBasic(leaves[polled]);
    }

    @Override
    public String toString() {
        return "any of " + NamedFences.describe(leaves);
    }
}
