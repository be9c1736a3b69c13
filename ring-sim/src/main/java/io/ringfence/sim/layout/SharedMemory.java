package io.ringfence.sim.layout;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Memory that host and firmware share, with accessors named by their memory mode. It lives as long as somebody refers
 * to it, so no order of closing things can leave anybody with freed memory.
 */
public final class SharedMemory {

    private static final ValueLayout.OfLong LONG_LAYOUT = ValueLayout.JAVA_LONG
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT_LAYOUT = ValueLayout.JAVA_INT
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = LONG_LAYOUT.varHandle();
    private static final VarHandle INT = INT_LAYOUT.varHandle();

    private final MemorySegment bytes;

    /**
     * Allocates zeroed memory.
     *
     * @param length bytes
     */
    public SharedMemory(long length) {
        bytes = Arena.ofAuto().allocate(length, 4096);
    }

    /**
     * The memory itself.
     *
     * @return the segment
     */
    public MemorySegment segment() {
        return bytes;
    }

    /**
     * A plain read.
     *
     * @param offset bytes from the beginning
     * @return the word
     */
    public long longPlain(long offset) {
        return bytes.get(LONG_LAYOUT, offset);
    }

    /**
     * A plain write.
     *
     * @param offset bytes from the beginning
     * @param value  the word
     */
    public void longPlain(long offset, long value) {
        bytes.set(LONG_LAYOUT, offset, value);
    }

    /**
     * An opaque write.
     *
     * @param offset bytes from the beginning
     * @param value  the word
     */
    public void longOpaque(long offset, long value) {
        LONG.setOpaque(bytes, offset, value);
    }

    /**
     * An acquire read.
     *
     * @param offset bytes from the beginning
     * @return the word
     */
    public long longAcquire(long offset) {
        return (long) LONG.getAcquire(bytes, offset);
    }

    /**
     * A release write.
     *
     * @param offset bytes from the beginning
     * @param value  the word
     */
    public void longRelease(long offset, long value) {
        LONG.setRelease(bytes, offset, value);
    }

    /**
     * A volatile read.
     *
     * @param offset bytes from the beginning
     * @return the word
     */
    public long longVolatile(long offset) {
        return (long) LONG.getVolatile(bytes, offset);
    }

    /**
     * A volatile write.
     *
     * @param offset bytes from the beginning
     * @param value  the word
     */
    public void longVolatile(long offset, long value) {
        LONG.setVolatile(bytes, offset, value);
    }

    /**
     * Sets bits in a word atomically.
     *
     * @param offset bytes from the beginning
     * @param bits   the bits to set
     */
    public void orLong(long offset, long bits) {
        long _ = (long) LONG.getAndBitwiseOr(bytes, offset, bits);
    }

    /**
     * Takes a word away atomically, leaving 0.
     *
     * @param offset bytes from the beginning
     * @return what it was
     */
    public long takeLong(long offset) {
        return (long) LONG.getAndSet(bytes, offset, 0L);
    }

    /**
     * An acquire read.
     *
     * @param offset bytes from the beginning
     * @return the int
     */
    public int intAcquire(long offset) {
        return (int) INT.getAcquire(bytes, offset);
    }

    /**
     * A release write.
     *
     * @param offset bytes from the beginning
     * @param value  the int
     */
    public void intRelease(long offset, int value) {
        INT.setRelease(bytes, offset, value);
    }

    /**
     * Reads an int, volatile.
     *
     * @param offset where
     * @return the value
     */
    public int intVolatile(long offset) {
        return (int) INT.getVolatile(bytes, offset);
    }

    /**
     * Writes an int, volatile.
     *
     * @param offset where
     * @param value  the value
     */
    public void intVolatile(long offset, int value) {
        INT.setVolatile(bytes, offset, value);
    }

    /**
     * A plain read.
     *
     * @param offset bytes from the beginning
     * @return the int
     */
    public int intPlain(long offset) {
        return bytes.get(INT_LAYOUT, offset);
    }

    /**
     * A plain write.
     *
     * @param offset bytes from the beginning
     * @param value  the int
     */
    public void intPlain(long offset, int value) {
        bytes.set(INT_LAYOUT, offset, value);
    }
}
