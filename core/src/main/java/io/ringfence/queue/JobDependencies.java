package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.PointFence;
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

    private static final VarHandle PENDING;

    static {
        try {
            PENDING = MethodHandles.lookup().findVarHandle(JobDependencies.class, "pending", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Fence[] named;
    private final TimelineState own;
    /** One for each named fence that was pending elsewhere at submission, else null. */
    private final @Nullable Node[] nodes;
    /** How many of the registered fences are not signalled, plus one while registering. Only ever wakes. */
    @SuppressWarnings("UnusedVariable") // read and written through PENDING only
    private volatile int pending;
    private boolean registered;
    /** The first named fence found failed. */
    private @Nullable Fence failed;

    private JobDependencies(Fence[] named, TimelineState own, boolean elides, Turn issue) {
        this.named = named;
        this.own = own;
        this.nodes = new Node[named.length];
        for (int i = 0; i < named.length; i++) {
            if (!(elides && isOwn(named[i])) && !named[i].isDone()) {
                named[i].prepareWaiting();
                nodes[i] = new Node(this, issue);
            }
        }
    }

    /**
     * Keeps what a job that is about to be submitted names.
     *
     * @param elides whether the device's own order makes waiting for earlier jobs of the queue needless
     * @return null if nothing has to be kept: all are signalled ok
     */
    static @Nullable JobDependencies of(Fence[] fences, TimelineState own, boolean elides, Turn issue) {
        int kept = 0;
        for (Fence fence : fences) {
            if (!settledOk(fence)) {
                kept++;
            }
        }
        if (kept == 0) {
            return null;
        }
        Fence[] named = new Fence[kept];
        int i = 0;
        for (Fence fence : fences) {
            // A fence may be signalled between the two looks; then the array stays shorter than it could be.
            if (i < kept && !settledOk(fence)) {
                named[i++] = fence;
            }
        }
        return new JobDependencies(i == kept ? named : Arrays.copyOf(named, i), own, elides, issue);
    }

    static boolean settledOk(Fence fence) {
        return fence.isDone() && fence.failure() == null;
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
    }
}
