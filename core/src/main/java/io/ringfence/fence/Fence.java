package io.ringfence.fence;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.StackRoom;
import io.ringfence.internal.turn.UserCode;
import io.ringfence.internal.waiting.Await;
import io.ringfence.internal.waiting.Waiter;

import org.jspecify.annotations.Nullable;

/**
 * Something that will happen once: a job will be finished, or other code will signal. The kernel's {@code dma_fence}.
 *
 * <p>A fence is signalled exactly once, ok or failed, and never changes afterwards. When {@link #isDone()} is read as
 * true, everything written before signalling is visible. A fence outlives the queue, the driver and the device it comes
 * from. All methods may be called by any thread, platform or virtual; only those called {@code await} wait, and they
 * are refused with an {@link IllegalStateException} inside a driver method or a callback.
 */
public abstract sealed class Fence permits PointFence, StateFence {

    /** {@link #timelineId()} of a fence that is ordered with no other. */
    static final long NO_TIMELINE = Long.MAX_VALUE;

    /**
     * By timeline, then by place on it.
     *
     * @hidden
     */
    public static final Comparator<Fence> BY_POINT = Comparator.comparingLong(Fence::timelineId)
            .thenComparingLong(Fence::order);

    /** For the subclasses here. */
    Fence() {
    }

    /**
     * Whether the fence is signalled. Costs one acquire read.
     *
     * @return true once it is
     */
    public abstract boolean isDone();

    /**
     * Why the fence failed.
     *
     * @return the cause, or null as long as it is pending and for ever if it is ok
     */
    public abstract @Nullable Failure failure();

    /**
     * When the fence was signalled.
     *
     * @return the moment on the scale of {@link System#nanoTime()}; empty while the fence is pending, if it was not noted, and
     *         for a job that so many others have followed that its queue does not know any more. Jobs found complete together
     *         share a moment
     */
    public abstract OptionalLong signalTime();

    /**
     * The fences whose outcome makes this one's: those that a container was made of, containers in it dissolved.
     *
     * @return the leaves of a container; else this fence alone
     */
    public List<Fence> leaves() {
        return List.of(this);
    }

    /**
     * What is known of the fence.
     *
     * @return {@link Outcome#PENDING} until it is signalled
     */
    public final Outcome outcome() {
        if (!isDone()) {
            return Outcome.PENDING;
        }
        return failure() == null ? Outcome.OK : Outcome.FAILED;
    }

    /**
     * Waits until the fence is signalled: spins for some microseconds, polling the device, then parks.
     *
     * @return {@link Outcome#OK} or {@link Outcome#FAILED}
     * @throws InterruptedException  if the thread is interrupted first
     * @throws IllegalStateException inside a driver method or a callback
     */
    public final Outcome await() throws InterruptedException {
        awaitNanos(Long.MAX_VALUE);
        return outcome();
    }

    /**
     * As {@link #await()}, for at most the given time.
     *
     * @param timeout the longest wait; zero or less only looks
     * @return {@link Outcome#PENDING} if the time was over first
     * @throws InterruptedException  if the thread is interrupted first
     * @throws IllegalStateException inside a driver method or a callback
     */
    public final Outcome await(Duration timeout) throws InterruptedException {
        awaitNanos(Await.nanos(timeout));
        return outcome();
    }

    /**
     * Waits until the fence is signalled ok.
     *
     * @throws FenceFailedException  if it failed; {@link FenceFailedException#failure()} tells why
     * @throws InterruptedException  if the thread is interrupted first
     * @throws IllegalStateException inside a driver method or a callback
     */
    public final void awaitOk() throws InterruptedException {
        awaitNanos(Long.MAX_VALUE);
        Failure failed = failure();
        if (failed != null) {
            throw new FenceFailedException(this, failed);
        }
    }

    private void awaitNanos(long nanos) throws InterruptedException {
        UserCode.refuseParking("await on", this);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (isDone()) {
            return;
        }
        StackRoom.require(1);
        // Polls before it looks at the clock at all: most waits for a device are shorter than that is worth.
        for (int spins = nanos > 0 ? Await.spins() : 1; spins > 0; spins--) {
            poll();
            if (isDone()) {
                return;
            }
            Seam.spin();
        }
        if (nanos <= 0) {
            return;
        }
        Await waiter = new Await();
        if (!addWaiter(waiter)) {
            return;
        }
        boolean ended = false;
        try {
            ended = waiter.park(this, nanos);
        } finally {
            // Whoever decided it takes it off: the waiting itself if the time was over or the thread interrupted.
            if (!ended && (waiter.isGivenUp() || waiter.decide())) {
                removeWaiter(waiter);
            }
        }
    }

    /**
     * Calls a callback when the fence is signalled; at once, on this thread, if it is already (inside a callback or
     * driver method: when that has returned).
     *
     * <p>The callback runs on the signalling thread after the turn was left, in the order of registration. It must not
     * park; it may submit with {@code trySubmit} and signal other fences. What it throws is reported to the thread's
     * uncaught exception handler and touches nobody else. Costs one small object.
     *
     * @param callback what to call
     * @return the way to take it back
     */
    public final Registration onDone(Runnable callback) {
        return register(new Callback(this, callback, null));
    }

    /**
     * Hands a callback to an executor when the fence is signalled; at once if it is already. Where the callback runs, and
     * whether it may park there, is the executor's business; {@code execute} itself is called as a callback is. If it
     * refuses, the callback is not called and the refusal is reported to the uncaught exception handler.
     *
     * @param callback what to call
     * @param executor who calls it
     * @return the way to take it back
     */
    public final Registration onDone(Runnable callback, Executor executor) {
        return register(new Callback(this, callback, Objects.requireNonNull(executor, "executor")));
    }

    /**
     * Calls a callback on a virtual thread of its own when the fence is signalled. It may do anything there.
     *
     * @param callback what to call
     * @return the way to take it back
     */
    public final Registration onDoneAsync(Runnable callback) {
        return onDone(callback, Seam::startVirtual);
    }

    private Registration register(Callback waiter) {
        StackRoom.require(1);
        if (!addWaiter(waiter)) {
            waiter.runLate();
        }
        return waiter;
    }

    /**
     * As {@link #onDone(Runnable)}, but leaves a callback alone that comes too late.
     *
     * @param callback what to call
     * @return the way to take it back, or null if the fence is signalled, in which case the callback is not called
     */
    public final @Nullable Registration onDoneIfPending(Runnable callback) {
        StackRoom.require(1);
        Callback waiter = new Callback(this, callback, null);
        return addWaiter(waiter) ? waiter : null;
    }

    /**
     * This fence as a future: completed with null when the fence is ok, with a {@link FenceFailedException} when it has
     * failed. The future is completed by a virtual thread, so its dependents run there, never on the thread that signals.
     * Completing or cancelling the future from outside detaches it and does nothing to the fence.
     *
     * @return a new future
     */
    public final CompletableFuture<@Nullable Void> toCompletableFuture() {
        return FutureView.of(this, () -> null);
    }

    /**
     * Asks that the fence be signalled without anybody polling. Waiting and registering do it too, and naming the fence when
     * a job is submitted; this is for those who only look at {@link #isDone()} now and then.
     */
    public final void enableSignalling() {
        StackRoom.require(1);
        arm();
    }

    /**
     * Tells whoever will signal the fence by when it is wanted. Advisory; of several hints the earliest counts. Containers
     * pass it on to their leaves.
     *
     * @param nanoTime the moment, on the scale of {@link System#nanoTime()}
     */
    public final void hintDeadline(long nanoTime) {
        StackRoom.require(1);
        // A producer that passes the hint on does so inside: the chain of hints is worked off in a loop, never in depth.
        Deferred.run(new DeadlineHint(this, nanoTime));
    }

    // ---- what fences and queues ask of each other

    /**
     * Tells the producer of this fence, or names the fences that are to be told instead.
     *
     * @param nanoTime the moment
     * @param others   where to put them
     */
    abstract void hintDeadline(long nanoTime, Collection<Fence> others);

    /**
     * As {@link #enableSignalling()}, for callers that have room on the stack.
     *
     * @hidden
     */
    public abstract void arm();

    /**
     * Whether {@link #arm()} does anything: somebody signals the fence only when told, and perhaps has not been told.
     *
     * @return false for a job's fence, too, for its device works anyway
     * @hidden
     */
    public boolean hasToBeArmed() {
        return false;
    }

    /**
     * Whether the fence is known to be done, without looking through what it is made of.
     *
     * @return false also for a container that nobody has told to watch its leaves
     */
    boolean isSeenDone() {
        return isDone();
    }

    /**
     * Whether the fence would be found done if it were asked; settles nothing and so fires nobody. Asks the leaves of a
     * container, but nothing below those.
     *
     * @return whether it looks done
     */
    boolean looksDone() {
        return isDone();
    }

    /**
     * What {@link #failure()} would say of a fence that {@linkplain #looksDone() looks done}; settles nothing.
     *
     * @return the cause, or null
     */
    @Nullable
    Failure looksFailed() {
        return failure();
    }

    /**
     * Whether this fence stands for all of its {@link #leaves()} and nothing else.
     *
     * @return true for an all-of
     * @hidden
     */
    public final boolean isGroupOfAll() {
        return this instanceof AllFence;
    }

    /**
     * Whether this fence is signalled only when no job of a queue is on the device any more.
     *
     * @param timeline the number of the queue's timeline
     * @return true for the queue's preempt fence and its end
     * @hidden
     */
    public boolean isAfterAllOf(long timeline) {
        return false;
    }

    /**
     * The timeline on which this fence is ordered with others.
     *
     * @return its number, or {@link #NO_TIMELINE}
     * @hidden
     */
    public long timelineId() {
        return NO_TIMELINE;
    }

    /**
     * The place on that timeline: a later one is never done before an earlier one.
     *
     * @return the seqno, 0 without a timeline
     * @hidden
     */
    public long order() {
        return 0;
    }

    /**
     * Registers a waiter.
     *
     * @param waiter a fresh waiter
     * @return true if it will be fired; false if the fence is signalled and it will not be
     * @hidden
     */
    @SuppressWarnings("exports")
    public abstract boolean addWaiter(Waiter waiter);

    /**
     * Allocates what registering a waiter needs.
     *
     * @hidden
     */
    public void prepareWaiting() {
    }

    /**
     * Takes a waiter off that its owner decided.
     *
     * @param waiter the waiter
     */
    abstract void removeWaiter(Waiter waiter);

    /** Lets whoever will signal the fence look whether it can be done now. */
    void poll() {
    }
}
