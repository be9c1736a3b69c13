package io.ringfence.fence;

import java.time.Duration;
import java.util.Objects;

import io.ringfence.internal.seam.Seam;
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
public abstract sealed class Fence permits PointFence, SignalledFence {

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
        awaitNanos(Math.min(saturated(timeout), Long.MAX_VALUE - 1));
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

    private static long saturated(Duration timeout) {
        try {
            return timeout.toNanos();
        } catch (ArithmeticException e) {
            return timeout.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
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
        boolean fired = false;
        try {
            fired = waiter.park(this, nanos);
        } finally {
            if (!fired) {
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
     * uncaught exception handler and touches nobody else.
     *
     * @param callback what to call
     */
    public final void onDone(Runnable callback) {
        StackRoom.require(1);
        Callback waiter = new Callback(Objects.requireNonNull(callback, "callback"));
        if (!addWaiter(waiter)) {
            waiter.runNow();
        }
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
