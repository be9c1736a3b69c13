package io.ringfence.scheduler;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

import io.ringfence.queue.QueueOptions;

/**
 * How a scheduler is set up. Immutable; each {@code with} method gives a copy.
 *
 * @param name       what it is called in messages
 * @param credits    what jobs on the device may cost together, 1 or more
 * @param policy     makes the policy that decides whose job goes next
 * @param priorities which priorities entities may have, at least one
 * @param headOfLine what happens when the next job costs more than there is
 * @param timeout    how long the first job on the device may make no progress; {@link QueueOptions#NO_TIMEOUT} for ever
 * @param hangLimit  how many guilty jobs an entity is forgiven: with the next one it is banned; zero or more
 */
public record SchedulerOptions(String name, int credits, Supplier<? extends Policy> policy, Set<Priority> priorities,
        HeadOfLine headOfLine, Duration timeout, int hangLimit) {

    /**
     * Checks.
     *
     * @throws IllegalArgumentException if something is out of range
     */
    public SchedulerOptions {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(headOfLine, "headOfLine");
        if (credits < 1) {
            throw new IllegalArgumentException("credits " + credits + " of scheduler " + name + ": must be 1 or more");
        }
        if (priorities.isEmpty()) {
            throw new IllegalArgumentException(
                    "priorities " + priorities + " of scheduler " + name + ": must be at least one");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException(
                    "timeout " + timeout + " of scheduler " + name + ": must be more than zero");
        }
        if (hangLimit < 0) {
            throw new IllegalArgumentException(
                    "hangLimit " + hangLimit + " of scheduler " + name + ": must be 0 or more");
        }
        priorities = Set.copyOf(priorities);
    }

    /**
     * The fair policy, 64 credits, all priorities, strict order, the timeout of queues, and no hang forgiven.
     *
     * @param name what the scheduler is called in messages
     * @return the options
     */
    public static SchedulerOptions named(String name) {
        return new SchedulerOptions(name, 64, Policies::fair, EnumSet.allOf(Priority.class), HeadOfLine.STRICT,
                QueueOptions.DEFAULT_TIMEOUT, 0);
    }

    /**
     * With another credit limit.
     *
     * @param limit what jobs on the device may cost together
     * @return a copy
     */
    public SchedulerOptions withCredits(int limit) {
        return new SchedulerOptions(name, limit, policy, priorities, headOfLine, timeout, hangLimit);
    }

    /**
     * With another policy.
     *
     * @param made makes it, once for each scheduler
     * @return a copy
     */
    public SchedulerOptions withPolicy(Supplier<? extends Policy> made) {
        return new SchedulerOptions(name, credits, made, priorities, headOfLine, timeout, hangLimit);
    }

    /**
     * With some of the priorities only.
     *
     * @param allowed which
     * @return a copy
     */
    public SchedulerOptions withPriorities(Set<Priority> allowed) {
        return new SchedulerOptions(name, credits, policy, allowed, headOfLine, timeout, hangLimit);
    }

    /**
     * With another way to go on when the next job costs too much.
     *
     * @param rule what happens
     * @return a copy
     */
    public SchedulerOptions withHeadOfLine(HeadOfLine rule) {
        return new SchedulerOptions(name, credits, policy, priorities, rule, timeout, hangLimit);
    }

    /**
     * With another timeout.
     *
     * @param longest how long the first job on the device may make no progress
     * @return a copy
     */
    public SchedulerOptions withTimeout(Duration longest) {
        return new SchedulerOptions(name, credits, policy, priorities, headOfLine, longest, hangLimit);
    }

    /**
     * With another limit of hangs.
     *
     * @param forgiven how many guilty jobs an entity is forgiven
     * @return a copy
     */
    public SchedulerOptions withHangLimit(int forgiven) {
        return new SchedulerOptions(name, credits, policy, priorities, headOfLine, timeout, forgiven);
    }
}
