package io.ringfence.sim;

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * How a ring is scheduled by the firmware. Immutable; each {@code with} method gives a copy.
 *
 * @param group          the group it belongs to, or null for one of its own
 * @param groupPriority  the priority of a group of its own
 * @param priority       inside the group, 0 to 15; rings of higher priority are looked at first
 * @param minRun         how long a long-running ring is left alone once it is on the device, 0 to 1 hour
 * @param preemptTimeout how long a command may keep a slot that its group has to leave before it is ended, 1 ns to 1 hour
 */
public record RingOptions(@Nullable FirmwareGroup group, GroupPriority groupPriority, int priority, Duration minRun,
        Duration preemptTimeout) {

    private static final int MAX_PRIORITY = 15;
    private static final Duration LONGEST = Duration.ofHours(1);

    /** Checks every value. */
    public RingOptions {
        Objects.requireNonNull(groupPriority, "groupPriority");
        if (priority < 0 || priority > MAX_PRIORITY) {
            throw new IllegalArgumentException("priority " + priority + ": must be 0 to " + MAX_PRIORITY);
        }
        if (minRun.isNegative() || minRun.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("minRun " + minRun + ": must be 0 to " + LONGEST);
        }
        if (!preemptTimeout.isPositive() || preemptTimeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("preemptTimeout " + preemptTimeout + ": must be 1 ns to " + LONGEST);
        }
    }

    /**
     * A group of its own of medium priority, no minimum run period, 640 ms to let the group leave.
     *
     * @return the options
     */
    public static RingOptions defaults() {
        return new RingOptions(null, GroupPriority.MEDIUM, 0, Duration.ZERO, Duration.ofMillis(640));
    }

    /**
     * In a group with others.
     *
     * @param shared the group
     * @return a copy
     */
    public RingOptions withGroup(FirmwareGroup shared) {
        return new RingOptions(Objects.requireNonNull(shared, "shared"), groupPriority, priority, minRun,
                preemptTimeout);
    }

    /**
     * In a group of its own of another priority.
     *
     * @param ofGroup the priority of the group
     * @return a copy
     */
    public RingOptions withGroupPriority(GroupPriority ofGroup) {
        return new RingOptions(null, ofGroup, priority, minRun, preemptTimeout);
    }

    /**
     * With another priority inside its group.
     *
     * @param inGroup 0 to 15
     * @return a copy
     */
    public RingOptions withPriority(int inGroup) {
        return new RingOptions(group, groupPriority, inGroup, minRun, preemptTimeout);
    }

    /**
     * With another minimum run period.
     *
     * @param period 0 to 1 hour
     * @return a copy
     */
    public RingOptions withMinRun(Duration period) {
        return new RingOptions(group, groupPriority, priority, period, preemptTimeout);
    }

    /**
     * With another time to let the group leave.
     *
     * @param bound 1 ns to 1 hour
     * @return a copy
     */
    public RingOptions withPreemptTimeout(Duration bound) {
        return new RingOptions(group, groupPriority, priority, minRun, bound);
    }
}
