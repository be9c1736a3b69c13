package io.ringfence.sim;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The device's arena as the host sees it: memory that commands work on. Addresses are bytes from its beginning.
 *
 * <p>What the host writes before it submits a job is visible to the job's command; what a command wrote is visible to
 * whoever has seen the job's fence done. Beyond that, who may touch which bytes when is the caller's affair, as on any
 * device.
 */
public final class DeviceMemory {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int ALIGNMENT = 64;

    private static final VarHandle WORD = LONG.varHandle();

    private final MemorySegment arena;
    private final Runnable stamped;
    private long free;

    DeviceMemory(MemorySegment arena, Runnable stamped) {
        this.arena = arena;
        this.stamped = stamped;
    }

    /**
     * Sets bytes aside, for as long as the device lives.
     *
     * @param bytes how many
     * @return their address, a multiple of 64
     * @throws IllegalArgumentException if so much is not left
     */
    public synchronized long allocate(long bytes) {
        long left = arena.byteSize() - free;
        if (bytes < 0 || bytes > left) {
            throw new IllegalArgumentException(
                    "bytes " + bytes + ": must be 0 to " + left + ", which is what is left of "
                            + arena.byteSize());
        }
        long address = free;
        free = Math.min(arena.byteSize(), address + (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        return address;
    }

    /**
     * The size of the arena.
     *
     * @return bytes
     */
    public long size() {
        return arena.byteSize();
    }

    /**
     * Writes floats.
     *
     * @param address where, a multiple of 4
     * @param values  what
     * @throws IndexOutOfBoundsException if that reaches outside the arena
     */
    public void writeFloats(long address, float[] values) {
        MemorySegment.copy(values, 0, arena, FLOAT, address, values.length);
    }

    /**
     * Reads floats.
     *
     * @param address where, a multiple of 4
     * @param count   how many
     * @return their values
     * @throws IndexOutOfBoundsException if that reaches outside the arena
     */
    public float[] readFloats(long address, int count) {
        float[] values = new float[count];
        MemorySegment.copy(arena, FLOAT, address, values, 0, count);
        return values;
    }

    /**
     * Reads a word.
     *
     * @param address where, a multiple of 8
     * @return its value
     * @throws IndexOutOfBoundsException if that lies outside the arena
     */
    public long readLong(long address) {
        return arena.get(LONG, address);
    }

    /**
     * Writes a word.
     *
     * @param address where, a multiple of 8
     * @param value   what
     * @throws IndexOutOfBoundsException if that lies outside the arena
     */
    public void writeLong(long address, long value) {
        arena.set(LONG, address, value);
    }

    /**
     * Writes a stamp that commands may {@linkplain Command#waitFor wait for}: with release, and the firmware is told.
     *
     * @param address where, a multiple of 8
     * @param value   0 or more, or negative to tell those who wait that it failed
     * @throws IndexOutOfBoundsException if that lies outside the arena
     */
    public void writeStamp(long address, long value) {
        WORD.setVolatile(arena, address, value);
        stamped.run();
    }

    /**
     * Reads a stamp that a command writes, with acquire.
     *
     * @param address where, a multiple of 8
     * @return its value; negative if a command that was to write it failed
     * @throws IndexOutOfBoundsException if that lies outside the arena
     */
    public long readStamp(long address) {
        return (long) WORD.getAcquire(arena, address);
    }
}
