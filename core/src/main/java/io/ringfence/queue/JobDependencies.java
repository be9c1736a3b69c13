package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import io.ringfence.driver.DeviceWaits;
import io.ringfence.driver.Driver;
import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.timeline.TimelineState;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.StackRoom;
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
    private final Turn issue;
    private final Turn completion;
    /** What the device can wait for by itself, or null. */
    private final @Nullable NativeWaits natives;
    /** The job was handed over although what {@link #natives} names was not done. Written by the issue turn, before it is. */
    private volatile boolean onDevice;
    /**
     * The timeline of what the job waits for, if that is left to the device and the job names nothing else, its seqno there, and whose turn
     * finishes it: all that is asked at the end of such a job. Written by the issue turn, before it is handed over.
     */
    private @Nullable TimelineState only;
    private @Nullable CompletionTurn<?> onlyFinisher;
    private long onlySeqno;
    /** Why the device failed the job, if it waited there; the completion turn's. */
    private @Nullable Object deviceCause;
    /** The producers were asked to look at their devices; the completion turn's. */
    private boolean asked;
    /** One for each named fence that has to be waited for, else null. */
    private final @Nullable Node[] nodes;
    /** One of these fences has to be armed. */
    private final boolean arms;
    /** How many of the registered fences are not signalled, plus one while registering. Only ever wakes. */
    @SuppressWarnings("UnusedVariable") // read and written through PENDING only
    private volatile int pending;
    private boolean registered;
    /** When the job began to wait, on the scale of the seam's clock; for diagnosis. */
    @SuppressWarnings("UnusedVariable") // read and written through SINCE only
    private long since;
    /** All named fences are signalled, and none has failed. */
    private boolean isOk;
    /** The first named fence found failed. */
    private @Nullable Fence failed;

    /** What the job may leave to its device is asked of {@code core}, nothing if that is null. */
    private JobDependencies(Fence[] named, TimelineState own, boolean elides, Turn issue, Turn completion,
            @Nullable QueueCore<?> core) {
        this.named = named;
        this.own = own;
        this.issue = issue;
        this.completion = completion;
        Node[] made = new Node[named.length];
        boolean arms = false;
        for (int i = 0; i < named.length; i++) {
            Fence fence = named[i];
            if (!(elides && isOwn(fence)) && !isCovered(i) && !fence.isDone()) {
                fence.prepareWaiting();
                made[i] = new Node(this);
                arms |= fence.hasToBeArmed();
            }
        }
        nodes = made;
        this.arms = arms;
        natives = core == null ? null : NativeWaits.of(named, made, core);
    }

    /** Whether waiting for another fence is waiting for this one too: it is a later point of the same timeline. */
    private boolean isCovered(int index) {
        Fence fence = named[index];
        long order = fence.order();
        if (order == 0) {
            return false;
        }
        long timeline = fence.timelineId();
        if (named.length > FEW) {
            // Sorted.
            return index + 1 < named.length && timeline == named[index + 1].timelineId();
        }
        for (int i = 0; i < named.length; i++) {
            long ahead = named[i].order() - order;
            if (i != index && named[i].timelineId() == timeline && (ahead > 0 || ahead == 0 && i < index)) {
                return true;
            }
        }
        return false;
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
        return new JobDependencies(named, core.timelineState(), core.executesInOrder(), core.issue(),
                core.completion(), core);
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
     * other as it comes to wait for each. Points need no telling, their devices work anyway. The submitter, after it published.
     */
    void enableSignalling() {
        if (!arms) {
            return;
        }
        // One is through with it when the next begins.
        StackRoom.require(1);
        for (int i = 0; i < named.length; i++) {
            if (nodes[i] != null && named[i].hasToBeArmed()) {
                named[i].arm();
            }
        }
    }

    /** Passes a hint on to what the job still waits for. Any thread. */
    void hintDeadline(long nanoTime) {
        for (int i = 0; i < named.length; i++) {
            if (isPending(i)) {
                named[i].hintDeadline(nanoTime);
            }
        }
    }

    private boolean isOwn(Fence fence) {
        return fence instanceof PointFence point && point.isOn(own);
    }

    /**
     * Whether the job may be looked at further, that is all fences it must wait for are signalled, or the device can wait for those
     * that are not; if not, sees to it that the issue turn gets news when they are. The issue turn only.
     *
     * @param issue that turn
     */
    boolean ready(LaterLook issue) {
        if (natives == null && !registered && !allDone() && !finishAtOnce() && issue.looksLater()) {
            return false;
        }
        for (;;) {
            if (natives == null ? allDone() : natives.take(this)) {
                return true;
            }
            if (registered) {
                return false;
            }
            if (natives != null) {
                natives.watch(this);
            }
            if (!register() && natives == null) {
                return false;
            }
        }
    }

    /**
     * Has queues finish what their devices have completed, and perhaps nobody has noticed: if that is all that is waited for, nobody has to
     * register, nor the device to interrupt. Up to the first input for which that does not help.
     *
     * @return false if one is complete now, but others have to be told first
     */
    private boolean finishAtOnce() {
        for (int i = 0; i < named.length; i++) {
            if (isPending(i)) {
                boolean isKept =
                        named[i] instanceof PointFence point && point.producer() instanceof QueueCore<?> producer
                                && !producer.completion().finishAtOnce();
                if (isPending(i)) {
                    return true;
                }
                if (isKept) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Hangs a waiter on each fence; whether all of them were signalled meanwhile. */
    private boolean register() {
        // Every signaller gets it with the waiter that is pushed after it. First, for nothing is pending where it is 0.
        PENDING.setOpaque(this, named.length + 1);
        registered = true;
        SINCE.setOpaque(this, Seam.nanoTime());
        int late = 1;
        Fence[] fences = named;
        @Nullable
        Node[] waiters = nodes;
        for (int i = 0; i < fences.length; i++) {
            Node node = waiters[i];
            if (node == null || !fences[i].addWaiter(node)) {
                late++;
            }
        }
        return (int) PENDING.getAndAdd(this, -late) == late;
    }

    /** Whether waiting for a fence is left to the device. */
    boolean isPending(int index) {
        return nodes[index] != null && !named[index].isDone();
    }

    // ---- waiting on the device

    /**
     * What the job names, and nothing else, is left to the device; or to the host, if the producer is null. The issue turn, before it is
     * handed over.
     */
    void leaveToDevice(@Nullable QueueCore<?> producer, long seqno) {
        only = producer == null ? null : producer.timelineState();
        onlyFinisher = producer == null ? null : producer.completion();
        onlySeqno = seqno;
    }

    /** What the device has to wait for, or null; the issue turn, after {@link #ready} was true. */
    @Nullable
    DeviceWaits deviceWaits() {
        return natives != null && natives.count() != 0 ? natives : null;
    }

    /** Tells what the job names that is not ok, though it is handed over, each with the device that it is for; the issue turn, while it is. */
    void forEachUnsettled(BiConsumer<PointFence, @Nullable Driver<?>> reader) {
        for (Fence fence : named) {
            if (fence instanceof PointFence point && !settledOk(point)) {
                reader.accept(point, point.producer() instanceof QueueCore<?> producer ? producer.device() : null);
            }
        }
    }

    /** The job is about to be handed over with what {@link #deviceWaits()} gave. */
    void handedOver() {
        onDevice = true;
    }

    /** The device was reset and has forgotten the job: it is the issue turn's again, which looks at what it waits for anew. */
    void leftDevice() {
        onDevice = false;
        asked = false;
    }

    /** Whether the job waits on the device, or did. The completion turn. */
    boolean isOnDevice() {
        return onDevice;
    }

    /** The device has failed the job; perhaps because of what it waited for, which the named fences tell. */
    void failedOnDevice(Object cause) {
        deviceCause = cause;
    }

    @Nullable
    Object deviceCause() {
        return deviceCause;
    }

    /**
     * Whether everything is signalled that the job waits for, on the host or the device: before that, one that will not run must not
     * be signalled, and of one that waited on the device nobody can say how it ended. If not, the turn that owns the slot gets news
     * when it is: the issue turn, and from {@link #handedOver} on the completion turn.
     */
    boolean inputsSettled() {
        return allDone() || !registered && (register() || allDone());
    }

    /**
     * Has the producers look at their devices: this job is complete there, and so is what it waited for. Once.
     *
     * @param waiter finishes this job
     * @return whether any producer does so now or soon
     */
    boolean finishProducers(Settlement<?> waiter) {
        if (asked || natives == null) {
            return false;
        }
        asked = true;
        CompletionTurn<?> finisher = onlyFinisher;
        return finisher != null ? waiter.finishBefore(finisher, onlySeqno) : natives.finish(waiter);
    }

    /** Whether everything is signalled that the job waits for; if not, nobody is told when it is. */
    boolean allDone() {
        TimelineState alone = only;
        if (alone != null) {
            return alone.signaledAcquire() >= onlySeqno;
        }
        if (isCountedDown()) {
            return true;
        }
        for (int i = 0; i < named.length; i++) {
            if (isPending(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether everything is signalled that had to be waited for, known without a look at each; the slot's owner. */
    private boolean isCountedDown() {
        return registered && (int) PENDING.getAcquire(this) == 0;
    }

    /** Who finishes the one thing that is left to the device, if the job names nothing else; else null. */
    @Nullable
    CompletionTurn<?> finisher() {
        return onlyFinisher;
    }

    /** Whether the job names one thing only, for which its device waits, or did. The completion turn, of a job that was run. */
    boolean waitsForOneOnDevice() {
        return only != null;
    }

    /** Whether that is known to be ok, once it is signalled: neither it nor a later one has failed so far. */
    boolean isOneOk() {
        TimelineState alone = only;
        return alone != null && alone.failures().isOkFrom(onlySeqno);
    }

    /** The fence this job waits for at present, for diagnosis; any thread. */
    @Nullable
    Fence waitsFor() {
        for (int i = 0; i < named.length; i++) {
            if (isPending(i)) {
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
            if (isPending(i)) {
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
        if (isOk) {
            return false;
        }
        // First: what is signalled keeps its outcome.
        boolean isFinal = isCountedDown();
        for (Fence fence : named) {
            isFinal &= !isOwn(fence);
            boolean bad = isOwn(fence) ? failures.has((PointFence) fence) : fence.failure() != null;
            if (bad) {
                failed = fence;
                return true;
            }
        }
        isOk = isFinal;
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

    /** Looks at a job once more. */
    interface LaterLook {
        /**
         * Has that done when the turns that the calling thread has kept from others have been performed, and nothing run before.
         *
         * @return false if there is no memory for that
         */
        boolean looksLater();
    }

    /** Tells whether an earlier job of the same queue is known to have failed. */
    interface OwnFailures {
        boolean has(PointFence point);
    }

    /** Waits for one fence on behalf of a job. */
    private static final class Node extends Waiter {
        private final JobDependencies job;

        Node(JobDependencies job) {
            this.job = job;
        }

        @Override
        protected @Nullable Deferred fired() {
            if ((int) PENDING.getAndAdd(job, -1) != 1) {
                return null;
            }
            // A job that is handed over meanwhile is looked at after that, by a turn that finds everything signalled.
            Turn turn = job.onDevice ? job.completion : job.issue;
            return turn.enter() ? turn : null;
        }

        @Override
        public String toString() {
            return "a job of " + job.issue;
        }
    }
}
