package io.ringfence.queue;

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * How a queue is set up. Immutable; each {@code with…} method gives a copy.
 *
 * @param name               what the queue is called in messages and fences
 * @param capacity           jobs that can be live at a time, waiting and on the device: a power of two, 2 to 2^20
 * @param credits            what the jobs on the device may cost together: 1 to {@code capacity}, and no more than
 *                           {@link io.ringfence.driver.Driver#maxInFlight()}
 * @param failWithDependency whether a job fails when a fence it names has failed; if not, it runs as it would in the kernel
 * @param closeTimeout       how long {@code close} waits for the jobs to finish before it cancels those that wait, and
 *                           then once more for those on the device; zero or more
 * @param signalTimes        whether the queue notes when its last {@code capacity} jobs were signalled, for
 *                           {@link io.ringfence.fence.Fence#signalTime()}; costs a look at the clock for each look at the
 *                           device that found jobs complete
 * @param budget             what the queue shares with others in credits, or null for nothing
 * @param timeout            how long the first job on the device may make no progress before it is taken to hang; null for
 *                           {@link #DEFAULT_TIMEOUT} if the driver has a {@link io.ringfence.driver.FailureDomain}, and none if not
 * @param hangLimit          how many guilty jobs the queue is forgiven: with the next one it is banned; zero or more
 */
public record QueueOptions(String name, int capacity, int credits, boolean failWithDependency, Duration closeTimeout,
        boolean signalTimes, @Nullable CreditBudget budget, @Nullable Duration timeout, int hangLimit) {

    /** How long a job may make no progress, unless something else is said. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    /** No timeout: what {@link #withTimeout} takes for a queue whose jobs may run for ever. */
    public static final Duration NO_TIMEOUT = Duration.ofSeconds(Long.MAX_VALUE);

    private static final int DEFAULT_HANG_LIMIT = 2;

    /** The largest capacity. */
    public static final int MAX_CAPACITY = 1 << 20;

    /** Checks every value. */
    public QueueOptions {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(closeTimeout, "closeTimeout");
        if (name.isBlank()) {
            throw new IllegalArgumentException("name is blank");
        }
        if (capacity < 2 || capacity > MAX_CAPACITY || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException(
                    "capacity " + capacity + " of queue " + name + ": must be a power of two from 2 to "
                            + MAX_CAPACITY);
        }
        if (credits < 1 || credits > capacity) {
            throw new IllegalArgumentException(
                    "credits " + credits + " of queue " + name + ": must be 1 to its capacity, " + capacity);
        }
        if (timeout != null && timeout.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("timeout " + timeout + " of queue " + name + ": must be 1 ms or more");
        }
        if (hangLimit < 0) {
            throw new IllegalArgumentException("hangLimit " + hangLimit + " of queue " + name + ": must be 0 or more");
        }
        if (closeTimeout.isNegative()) {
            throw new IllegalArgumentException(
                    "closeTimeout " + closeTimeout + " of queue " + name + ": must be zero or more");
        }
    }

    /**
     * The defaults: capacity 1024, 256 credits, jobs fail with what they depend on, close waits 10 seconds, times of
     * signalling are not kept, two hangs are forgiven.
     *
     * @param name the queue's name
     * @return the options
     */
    public static QueueOptions named(String name) {
        return new QueueOptions(name, 1024, 256, true, Duration.ofSeconds(10), false, null, null,
                DEFAULT_HANG_LIMIT);
    }

    /**
     * Another capacity.
     *
     * @param jobs a power of two, 2 to 2^20; credits are lowered to it if they are higher
     * @return a copy
     */
    public QueueOptions withCapacity(int jobs) {
        return new QueueOptions(name, jobs, Math.max(1, Math.min(credits, jobs)), failWithDependency, closeTimeout,
                signalTimes, budget, timeout, hangLimit);
    }

    /**
     * Another credit limit.
     *
     * @param limit 1 to the capacity
     * @return a copy
     */
    public QueueOptions withCredits(int limit) {
        return new QueueOptions(name, capacity, limit, failWithDependency, closeTimeout, signalTimes, budget, timeout,
                hangLimit);
    }

    /**
     * Whether jobs fail with what they depend on.
     *
     * @param fail false to run them all the same
     * @return a copy
     */
    public QueueOptions withFailWithDependency(boolean fail) {
        return new QueueOptions(name, capacity, credits, fail, closeTimeout, signalTimes, budget, timeout, hangLimit);
    }

    /**
     * Another bound for close.
     *
     * @param timeout zero or more
     * @return a copy
     */
    public QueueOptions withCloseTimeout(Duration timeout) {
        return new QueueOptions(name, capacity, credits, failWithDependency, timeout, signalTimes,
                budget, this.timeout, hangLimit);
    }

    /**
     * Whether the queue notes when jobs were signalled.
     *
     * @param keep whether it does; it does not unless told
     * @return a copy
     */
    public QueueOptions withSignalTimes(boolean keep) {
        return new QueueOptions(name, capacity, credits, failWithDependency, closeTimeout, keep, budget,
                timeout, hangLimit);
    }

    /**
     * With a budget that is shared with other queues, in addition to the queue's own credit limit.
     *
     * @param shared the budget
     * @return a copy
     */
    public QueueOptions withBudget(CreditBudget shared) {
        return new QueueOptions(name, capacity, credits, failWithDependency, closeTimeout, signalTimes,
                Objects.requireNonNull(shared, "shared"), timeout, hangLimit);
    }

    /**
     * With another timeout.
     *
     * @param longest how long the first job on the device may make no progress, 1 ms or more, or {@link #NO_TIMEOUT}
     * @return a copy
     */
    public QueueOptions withTimeout(Duration longest) {
        return new QueueOptions(name, capacity, credits, failWithDependency, closeTimeout, signalTimes, budget,
                Objects.requireNonNull(longest, "longest"), hangLimit);
    }

    /**
     * With another number of guilty jobs that are forgiven.
     *
     * @param forgiven zero or more; 2 if this is not called
     * @return a copy
     */
    public QueueOptions withHangLimit(int forgiven) {
        return new QueueOptions(name, capacity, credits, failWithDependency, closeTimeout, signalTimes, budget, timeout,
                forgiven);
    }

    /** The most that one job may cost. */
    int mostCredits() {
        return budget == null ? credits : Math.min(credits, budget.limit());
    }
}
