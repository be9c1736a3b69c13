package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.timeline.TimelineState;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.Turn;
import io.ringfence.internal.waiting.Waiter;

import org.jspecify.annotations.Nullable;

/**
 * The fences a job names, kept until it is finished, and the countdown that wakes its queue when the last of them is
 * signalled.
 *
 * <p>Waiting on a point of the job's own queue is elided if the device keeps the order; its outcome is asked for all
 * the same. Everything needed to wait is allocated when the job is submitted. Owned like the slot it hangs in; only the
 * countdown is touched by signallers.
 */
final class JobDependencies {

    /** Up to so many fences are compared each with each; more are sorted. */
    private static final int FEW = 8;

    private static final VarHandle PENDING;
    private static final VarHandle SINCE;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            PENDING = lookup.findVarHandle(JobDependencies.class, "pending", int.class);
            SINCE = lookup.findVarHandle(JobDependencies.class, "since", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Fence[] named;
    private final TimelineState own;
    /** One for each named fence that has to be waited for, else null. */
    private final @Nullable Node[] nodes;
    /** How many of the registered fences are not signalled, plus one while registering. Only ever wakes. */
    @SuppressWarnings("UnusedVariable") // read and written through PENDING only
    private volatile int pending;
    private boolean registered;
    /** When the job began to wait, on the scale of the seam's clock; for diagnosis. */
    @SuppressWarnings("UnusedVariable") // read and written through SINCE only
    private long since;
    /** The first named fence found failed. */
    private @Nullable Fence failed;

    private JobDependencies(Fence[] named, TimelineState own, boolean elides, Turn issue) {
        this.named = named;
        this.own = own;
        this.nodes = new Node[named.length];
        for (int i = 0; i < named.length; i++) {
            if (!(elides && isOwn(named[i])) && !isCovered(i) && !named[i].isDone()) {
                named[i].prepareWaiting();
                nodes[i] = new Node(this, issue);
            }
        }
    }

    /** Whether waiting for another fence is waiting for this one too: it is a later point of the same timeline. */
    private boolean isCovered(int index) {
        long timeline = named[index].timelineId();
        if (named.length > FEW) {
            // Sorted.
            return index + 1 < named.length && timeline == named[index + 1].timelineId() && isOrdered(index);
        }
        for (int i = 0; i < named.length; i++) {
            long ahead = named[i].order() - named[index].order();
            if (i != index && named[i].timelineId() == timeline && isOrdered(index)
                    && (ahead > 0 || ahead == 0 && i < index)) {
                return true;
            }
        }
        return false;
    }

    private boolean isOrdered(int index) {
        return named[index].order() != 0;
    }

    /**
     * Keeps what a job that is about to be submitted names.
     *
     * @param core the job's queue; if its device keeps the order, waiting for earlier jobs of it is needless
     * @return null if nothing has to be kept: all are signalled ok
     * @throws IllegalArgumentException if one of them can only be signalled when the job is gone
     */
    static @Nullable JobDependencies of(Fence[] fences, QueueCore<?> core) {
        Fence[] kept = new Fence[fences.length];
        int count = 0;
        for (Fence fence : fences) {
            Objects.requireNonNull(fence, "dependency");
            List<Fence> leaves = fence.isGroupOfAll() ? fence.leaves() : null;
            if (leaves == null) {
                if (!settledOk(fence)) {
                    kept[count++] = possible(fence, core);
                }
                continue;
            }
            kept = Arrays.copyOf(kept, kept.length + leaves.size());
            for (Fence leaf : leaves) {
                if (!settledOk(leaf)) {
                    kept[count++] = possible(leaf, core);
                }
            }
        }
        if (count == 0) {
            return null;
        }
        Fence[] named = count == kept.length ? kept : Arrays.copyOf(kept, count);
        if (count > FEW) {
            Arrays.sort(named, Fence.BY_POINT);
        }
        return new JobDependencies(named, core.timelineState(), core.executesInOrder(), core.issue());
    }

    private static Fence possible(Fence fence, QueueCore<?> core) {
        requirePossible(fence, core);
        return fence;
    }

    /** Refuses what could be signalled only when the job is gone. */
    static void requirePossible(Fence fence, QueueCore<?> core) {
        if (fence.isAfterAllOf(core.timeline().id())) {
            throw new IllegalArgumentException("a job of queue " + core.timeline() + " that depends on " + fence
                    + " would wait for itself: name no fence that is signalled when its own queue leaves the device or ends");
        }
    }

    static boolean settledOk(Fence fence) {
        return fence.outcome() == Outcome.OK;
    }

    /**
     * Tells the producers of what the job waits for that somebody does: all at once, when it is submitted, not one after the
     * other as it comes to wait for each. Points need no telling, their devices work anyway. The submitter, before it claims.
     */
    void enableSignalling() {
        for (int i = 0; i < named.length; i++) {
            if (nodes[i] != null && !(named[i] instanceof PointFence)) {
                named[i].enableSignalling();
            }
        }
    }

    /** Passes a hint on to what the job still waits for. Any thread. */
    void hintDeadline(long nanoTime) {
        for (int i = 0; i < named.length; i++) {
            if (nodes[i] != null && !named[i].isDone()) {
                named[i].hintDeadline(nanoTime);
            }
        }
    }

    private boolean isOwn(Fence fence) {
        return fence instanceof PointFence point && point.isOn(own);
    }

    /**
     * Whether the job may be looked at further, that is all fences it must wait for are signalled; if not, sees to it
     * that the issue turn gets news when they are. The issue turn only.
     */
    boolean ready() {
        for (;;) {
            if (allDone()) {
                return true;
            }
            if (registered) {
                return false;
            }
            registered = true;
            SINCE.setOpaque(this, Seam.nanoTime());
            PENDING.setVolatile(this, named.length + 1);
            int late = 1;
            for (int i = 0; i < named.length; i++) {
                Node node = nodes[i];
                if (node == null || !named[i].addWaiter(node)) {
                    late++;
                }
            }
            if ((int) PENDING.getAndAdd(this, -late) != late) {
                return false;
            }
        }
    }

    private boolean allDone() {
        for (int i = 0; i < named.length; i++) {
            if (nodes[i] != null && !named[i].isDone()) {
                return false;
            }
        }
        return true;
    }

    /** The fence this job waits for at present, for diagnosis; any thread. */
    @Nullable
    Fence waitsFor() {
        for (int i = 0; i < named.length; i++) {
            if (nodes[i] != null && !named[i].isDone()) {
                return named[i];
            }
        }
        return null;
    }

    /** When the job began to wait; any thread. */
    long since() {
        return (long) SINCE.getOpaque(this);
    }

    /** The fences this job waits for at present, for diagnosis; any thread. */
    void forEachPending(Consumer<Fence> reader) {
        for (int i = 0; i < named.length; i++) {
            if (nodes[i] != null && !named[i].isDone()) {
                reader.accept(named[i]);
            }
        }
    }

    /**
     * Looks for a named fence that has failed: before the job is run, and again before it is reported ok. The issue
     * turn, then the completion turn.
     *
     * @param failures knows which earlier jobs of the own queue failed without being signalled yet
     * @return whether there is one
     */
    boolean failed(OwnFailures failures) {
        if (failed != null) {
            return true;
        }
        for (Fence fence : named) {
            boolean bad = isOwn(fence) ? failures.has((PointFence) fence) : fence.failure() != null;
            if (bad) {
                failed = fence;
                return true;
            }
        }
        return false;
    }

    /** Why the job fails; the completion turn only, after {@link #failed} was true. */
    Failure failure() {
        Fence fence = failed;
        if (fence == null) {
            throw new IllegalStateException("no named fence has failed");
        }
        Failure direct = fence instanceof PointFence point ? point.recordedFailure() : fence.failure();
        if (direct == null) {
            throw new IllegalStateException(fence + " has not failed");
        }
        return new Failure.DependencyFailed(fence.toString(), direct.root());
    }

    /** Tells whether an earlier job of the same queue is known to have failed. */
    interface OwnFailures {
        boolean has(PointFence point);
    }

    /** Waits for one fence on behalf of a job. */
    private static final class Node extends Waiter {
        private final JobDependencies job;
        private final Turn issue;

        Node(JobDependencies job, Turn issue) {
            this.job = job;
            this.issue = issue;
        }

        @Override
        protected @Nullable Deferred fired() {
            if ((int) PENDING.getAndAdd(job, -1) != 1) {
                return null;
            }
            return issue.enter() ? issue : null;
        }

        @Override
        public String toString() {
            return "a job of " + issue;
        }
    }
}
