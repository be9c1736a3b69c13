package io.ringfence.fence;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;

import io.ringfence.internal.seam.Loop;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.turn.StackRoom;
import io.ringfence.internal.waiting.Crowd;

import org.jspecify.annotations.Nullable;

/**
 * A fence that says: this queue has left the device. Nothing happens until somebody waits for it; then the queue is asked to
 * leave; putting the fence into a container inside another container counts as waiting. The kernel's preempt fence, which memory managers wait for instead of jobs that may run for days.
 *
 * <p>Made in two steps: {@link #allocate} may fail for lack of memory, {@link #arm} cannot, so that a queue which is about to
 * resume always has a fence to put into its {@link Reservation reservations}, as {@link Usage#BOOKKEEP}. All methods may be
 * called by any thread and none waits.
 */
public final class PreemptIssuer {

    /** How long the queue has to leave the device. */
    public static final Duration BOUND = Duration.ofSeconds(5);

    private final Request request;

    /**
     * What the fence knows of its queue. It can settle the fence by itself, so an issuer that is forgotten after arming leaves
     * nobody waiting for ever, and the fence never says that the device was left before it was.
     */
    private static final class Request implements FenceProducer {
        private final SignalledFence fence;
        private final Duration bound;
        /** Ends as soon as it has nothing left to do. */
        private final Loop worker = new Loop("ringfence-preempt", Loop.Role.ALL_TURNS, this::preempt);
        private volatile @Nullable Preemptible target;

        Request(String name, Duration bound) {
            this.bound = bound;
            fence = new SignalledFence(name, this);
            worker.stop();
        }

        @Override
        public void enableSignalling() {
            try {
                worker.start();
            } catch (OutOfMemoryError noThread) {
                target = null;
                fence.settle(new Failure.DriverError(noThread));
            }
        }

        private boolean preempt() {
            Preemptible queue = target;
            target = null;
            if (queue == null) {
                return false;
            }
            Failure failure;
            try {
                failure = fence.isSettled() ? null : suspend(queue);
            } catch (InterruptedException | RuntimeException | Error thrown) {
                failure = new Failure.DriverError(thrown);
            }
            fence.settle(failure);
            queue.suspended();
            return true;
        }

        private @Nullable Failure suspend(Preemptible queue) throws InterruptedException {
            long free = Seam.nanoTime() + Math.max(0, queue.nanosToRun());
            for (long wait = free - Seam.nanoTime(); wait > 0; wait = free - Seam.nanoTime()) {
                Seam.parkNanos(this, wait);
            }
            if (fence.isSettled()) {
                return null;
            }
            FenceIssuer left = FenceIssuer.create("suspension for " + fence.name());
            queue.suspend(left);
            Outcome outcome = left.fence().await(bound);
            if (outcome != Outcome.PENDING) {
                return left.fence().failure();
            }
            Failure late = new Failure.DriverError(
                    new TimeoutException(fence.name() + ": the queue did not leave the device within " + bound));
            // Settled, so that it does not count as forgotten.
            left.fail(late);
            return late;
        }

        @Override
        public String toString() {
            return "preemption for " + fence.name();
        }
    }

    private PreemptIssuer(Request request) {
        this.request = request;
    }

    /**
     * Makes an issuer whose queue has {@link #BOUND} to leave the device.
     *
     * @param name what the fence is called in messages
     * @return an issuer to be armed
     */
    public static PreemptIssuer allocate(String name) {
        return allocate(name, BOUND);
    }

    /**
     * Makes an issuer.
     *
     * @param name  what the fence is called in messages
     * @param bound how long the queue has to leave the device when it is asked to; more than zero
     * @return an issuer to be armed
     * @throws IllegalArgumentException unless {@code bound} is more than zero
     */
    public static PreemptIssuer allocate(String name, Duration bound) {
        if (!bound.isPositive()) {
            throw new IllegalArgumentException("bound " + bound + " of " + name + ": must be more than zero");
        }
        StackRoom.prepare();
        Crowd.prepare();
        return new PreemptIssuer(new Request(Objects.requireNonNull(name, "name"), bound));
    }

    /**
     * Names the queue; allocates nothing. Once.
     *
     * @param queue who is to leave the device when somebody waits for the fence
     * @return the fence, to be put where others look for what the memory is in use by
     * @throws IllegalStateException if it was armed or signalled before
     */
    public Fence arm(Preemptible queue) {
        if (request.target != null || request.fence.isSettled() || request.fence.isArmed()) {
            throw new IllegalStateException(
                    request.fence.name() + " was armed or signalled before: each issuer serves once");
        }
        request.target = Objects.requireNonNull(queue, "queue");
        return request.fence;
    }

    /**
     * As {@link #arm(Preemptible)}, for jobs of a queue of this library: the queue then refuses jobs that name its own preempt
     * fence, which would wait for themselves.
     *
     * @param queue who is to leave the device when somebody waits for the fence
     * @param jobs  the timeline of its jobs
     * @return the fence
     * @throws IllegalStateException if it was armed or signalled before
     */
    public Fence arm(Preemptible queue, Timeline jobs) {
        Objects.requireNonNull(jobs, "jobs");
        Fence armed = arm(queue);
        request.fence.isAfterAllOf(jobs);
        return armed;
    }

    /**
     * Signals the fence ok without anybody being asked: the queue is off the device anyway, or gone. Who waits goes on at once.
     * Not needed otherwise: an armed fence is settled by asking its queue.
     *
     * @return true if that settled it, false if it was settled before
     */
    public boolean signal() {
        StackRoom.require(1);
        return request.fence.settle(null);
    }

    @Override
    public String toString() {
        return "issuer of " + request.fence;
    }
}
