package io.ringfence.sim;

import io.ringfence.sim.layout.RingLayout;

/**
 * The size of a simulated device. Immutable.
 *
 * @param rings      how many rings it has, 1 to 4096
 * @param slots      command slots a ring, a power of two from 2 to 2^20: what one queue can have in flight
 * @param arenaBytes memory that commands work on, 64 to 2^40
 */
public record FirmwareOptions(int rings, int slots, long arenaBytes) {

    private static final int MAX_SLOTS = 1 << 20;
    private static final long MAX_ARENA = 1L << 40;

    /** Checks every value. */
    public FirmwareOptions {
        if (rings < 1 || rings > RingLayout.MAX_RINGS) {
            throw new IllegalArgumentException("rings " + rings + ": must be 1 to " + RingLayout.MAX_RINGS);
        }
        if (slots < 2 || slots > MAX_SLOTS || Integer.bitCount(slots) != 1) {
            throw new IllegalArgumentException("slots " + slots + ": must be a power of two from 2 to " + MAX_SLOTS);
        }
        if (arenaBytes < 64 || arenaBytes > MAX_ARENA) {
            throw new IllegalArgumentException("arenaBytes " + arenaBytes + ": must be 64 to " + MAX_ARENA);
        }
    }

    /**
     * 16 rings of 1024 slots and 16 MiB of memory.
     *
     * @return the options
     */
    public static FirmwareOptions defaults() {
        return new FirmwareOptions(16, 1024, 16L << 20);
    }

    /**
     * Another number of rings.
     *
     * @param count 1 to 4096
     * @return a copy
     */
    public FirmwareOptions withRings(int count) {
        return new FirmwareOptions(count, slots, arenaBytes);
    }

    /**
     * Another number of slots a ring.
     *
     * @param count a power of two from 2 to 2^20
     * @return a copy
     */
    public FirmwareOptions withSlots(int count) {
        return new FirmwareOptions(rings, count, arenaBytes);
    }

    /**
     * Another size of the arena.
     *
     * @param bytes 64 to 2^40
     * @return a copy
     */
    public FirmwareOptions withArenaBytes(long bytes) {
        return new FirmwareOptions(rings, slots, bytes);
    }
}
