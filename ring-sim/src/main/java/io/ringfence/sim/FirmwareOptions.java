package io.ringfence.sim;

import java.time.Duration;
import java.util.Objects;

import io.ringfence.sim.faults.FaultPlan;
import io.ringfence.sim.layout.RingLayout;

/**
 * The size of a simulated device, and how it behaves. Immutable; each {@code with} method gives a copy.
 *
 * @param rings      how many rings it has, 1 to 65536
 * @param slots      command slots a ring, a power of two from 2 to 2^20: what one queue can have in flight
 * @param arenaBytes memory that commands work on, 64 to 2^40
 * @param groupSlots how many groups of rings are executed at the same time, 1 to 65536; the others wait for their turn
 * @param timeSlice  how long a group is executed while others of its priority wait, 1 us to 1 hour
 * @param faults     how it is to misbehave
 * @param resetsWhole whether the device can be reset only as a whole, so that all its rings are one
 *                   {@link io.ringfence.driver.FailureDomain}; otherwise each ring is one by itself
 * @param answerBound how long the firmware has to answer a request before that is given up, 1 ms to 1 hour; recovery asks twice, then
 *                   the ring is lost
 */
public record FirmwareOptions(int rings, int slots, long arenaBytes, int groupSlots, Duration timeSlice,
        FaultPlan faults, boolean resetsWhole, Duration answerBound) {

    private static final int MAX_SLOTS = 1 << 20;
    private static final long MAX_ARENA = 1L << 40;
    private static final Duration SHORTEST_SLICE = Duration.ofNanos(1000);
    private static final Duration SHORTEST_BOUND = Duration.ofMillis(1);
    private static final Duration LONGEST_BOUND = Duration.ofHours(1);
    private static final Duration DEFAULT_BOUND = Duration.ofSeconds(5);
    private static final Duration LONGEST_SLICE = Duration.ofHours(1);

    /** Checks every value. */
    public FirmwareOptions {
        requireRange("rings", rings, 1, RingLayout.MAX_RINGS);
        if (slots < 2 || slots > MAX_SLOTS || Integer.bitCount(slots) != 1) {
            throw new IllegalArgumentException("slots " + slots + ": must be a power of two from 2 to " + MAX_SLOTS);
        }
        requireRange("arenaBytes", arenaBytes, 64, MAX_ARENA);
        requireRange("groupSlots", groupSlots, 1, RingLayout.MAX_RINGS);
        if (timeSlice.compareTo(SHORTEST_SLICE) < 0 || timeSlice.compareTo(LONGEST_SLICE) > 0) {
            throw new IllegalArgumentException(
                    "timeSlice " + timeSlice + ": must be " + SHORTEST_SLICE + " to " + LONGEST_SLICE);
        }
        Objects.requireNonNull(faults, "faults");
        if (answerBound.compareTo(SHORTEST_BOUND) < 0 || answerBound.compareTo(LONGEST_BOUND) > 0) {
            throw new IllegalArgumentException(
                    "answerBound " + answerBound + ": must be " + SHORTEST_BOUND + " to " + LONGEST_BOUND);
        }
    }

    private static void requireRange(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " " + value + ": must be " + least + " to " + most);
        }
    }

    /**
     * 16 rings of 1024 slots, all executed at the same time, 16 MiB of memory, a time slice of 10 ms, no faults, rings that can
     * be reset each by itself, and 5 s for answers.
     *
     * @return the options
     */
    public static FirmwareOptions defaults() {
        return new FirmwareOptions(16, 1024, 16L << 20, 16, Duration.ofMillis(10), FaultPlan.none(), false,
                DEFAULT_BOUND);
    }

    /**
     * Another number of rings.
     *
     * @param count 1 to 65536
     * @return a copy
     */
    public FirmwareOptions withRings(int count) {
        return new FirmwareOptions(count, slots, arenaBytes, groupSlots, timeSlice, faults, resetsWhole,
                answerBound);
    }

    /**
     * Another number of slots a ring.
     *
     * @param count a power of two from 2 to 2^20
     * @return a copy
     */
    public FirmwareOptions withSlots(int count) {
        return new FirmwareOptions(rings, count, arenaBytes, groupSlots, timeSlice, faults, resetsWhole,
                answerBound);
    }

    /**
     * Another size of the arena.
     *
     * @param bytes 64 to 2^40
     * @return a copy
     */
    public FirmwareOptions withArenaBytes(long bytes) {
        return new FirmwareOptions(rings, slots, bytes, groupSlots, timeSlice, faults, resetsWhole,
                answerBound);
    }

    /**
     * Another number of groups at a time.
     *
     * @param count 1 to 65536
     * @return a copy
     */
    public FirmwareOptions withGroupSlots(int count) {
        return new FirmwareOptions(rings, slots, arenaBytes, count, timeSlice, faults, resetsWhole,
                answerBound);
    }

    /**
     * Another time slice.
     *
     * @param slice 1 us to 1 hour
     * @return a copy
     */
    public FirmwareOptions withTimeSlice(Duration slice) {
        return new FirmwareOptions(rings, slots, arenaBytes, groupSlots, slice, faults, resetsWhole,
                answerBound);
    }

    /**
     * With firmware that misbehaves.
     *
     * @param plan what is to go wrong
     * @return a copy
     */
    public FirmwareOptions withFaults(FaultPlan plan) {
        return new FirmwareOptions(rings, slots, arenaBytes, groupSlots, timeSlice, plan, resetsWhole,
                answerBound);
    }

    /**
     * With rings that can be reset together only, or each by itself.
     *
     * @param whole whether all rings are one failure domain
     * @return a copy
     */
    public FirmwareOptions withWholeResets(boolean whole) {
        return new FirmwareOptions(rings, slots, arenaBytes, groupSlots, timeSlice, faults, whole,
                answerBound);
    }

    /**
     * Another bound for answers.
     *
     * @param bound 1 ms to 1 hour
     * @return a copy
     */
    public FirmwareOptions withAnswerBound(Duration bound) {
        return new FirmwareOptions(rings, slots, arenaBytes, groupSlots, timeSlice, faults, resetsWhole, bound);
    }
}
