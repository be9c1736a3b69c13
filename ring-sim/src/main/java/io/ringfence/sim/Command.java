package io.ringfence.sim;

import io.ringfence.sim.layout.Opcode;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

/**
 * A command for the firmware: the payload of a job. Immutable. Addresses are bytes from the beginning of the device's
 * arena; the firmware checks them when it executes the command, and a command with a wrong one fails its job only.
 */
public final class Command {

    private static final Command NOP = new Command(Opcode.NOP, 0, 0, 0, 0, 0, 0);

    private final Opcode opcode;
    private final long a;
    private final long b;
    private final long c;
    private final long d;
    private final long e;
    private final long f;

    private Command(Opcode opcode, long a, long b, long c, long d, long e, long f) {
        this.opcode = opcode;
        this.a = a;
        this.b = b;
        this.c = c;
        this.d = d;
        this.e = e;
        this.f = f;
    }

    /**
     * Does nothing; a round trip.
     *
     * @return always the same command
     */
    public static Command nop() {
        return NOP;
    }

    /**
     * Copies bytes that do not overlap.
     *
     * @param source address
     * @param target address
     * @param length bytes, 0 or more
     * @return the command
     */
    public static Command copy(long source, long target, long length) {
        return new Command(Opcode.COPY, source, target, length, 0, 0, 0);
    }

    /**
     * Fills bytes.
     *
     * @param target address
     * @param length bytes, 0 or more
     * @param value  the byte
     * @return the command
     */
    public static Command fill(long target, long length, byte value) {
        return new Command(Opcode.FILL, target, length, value, 0, 0, 0);
    }

    /**
     * Adds {@code count} floats at {@code source} to those at {@code target}, each sum rounded once.
     *
     * @param target address, a multiple of 4
     * @param source address, a multiple of 4
     * @param count  floats, 0 or more
     * @return the command
     */
    public static Command add(long target, long source, long count) {
        return new Command(Opcode.ADD, target, source, count, 0, 0, 0);
    }

    /**
     * {@code c += a · b} over row-major tiles of floats: for each element the products are added one by one, in the
     * order of the inner dimension, each product and each sum rounded by itself (no fused multiply-add).
     *
     * @param a       address of an {@code rows × depth} tile, a multiple of 4
     * @param b       address of a {@code depth × columns} tile, a multiple of 4
     * @param c       address of a {@code rows × columns} tile, a multiple of 4
     * @param rows    1 to 65535
     * @param columns 1 to 65535
     * @param depth   1 to 65535
     * @return the command
     * @throws IllegalArgumentException if a dimension is out of range
     */
    public static Command multiplyAdd(long a, long b, long c, int rows, int columns, int depth) {
        return new Command(Opcode.MULTIPLY_ADD, a, b, c, dimension("rows", rows), dimension("columns", columns),
                dimension("depth", depth));
    }

    private static int dimension(String name, int value) {
        if (value < 1 || value > 0xffff) {
            throw new IllegalArgumentException(name + " " + value + ": must be 1 to 65535");
        }
        return value;
    }

    /**
     * Writes the 64-bit FNV-1a hash of bytes.
     *
     * @param source address
     * @param length bytes, 0 or more
     * @param result address of 8 bytes, a multiple of 8
     * @return the command
     */
    public static Command checksum(long source, long length, long result) {
        return new Command(Opcode.CHECKSUM, source, length, result, 0, 0, 0);
    }

    /**
     * Takes time, as a kernel of that length would, without keeping other rings from running.
     *
     * @param nanos nanoseconds, 0 or more
     * @return the command
     */
    public static Command delay(long nanos) {
        return new Command(Opcode.DELAY, nanos, -1, 0, 0, 0, 0);
    }

    /**
     * As {@link #delay(long)}, and writes when it began and ended, by the firmware's clock in nanoseconds.
     *
     * @param nanos      nanoseconds, 0 or more
     * @param timestamps address of 16 bytes, a multiple of 8
     * @return the command
     */
    public static Command delay(long nanos, long timestamps) {
        return new Command(Opcode.DELAY, nanos, timestamps, 0, 0, 0, 0);
    }

    /**
     * Writes a stamp, that is a word with release. If the command is not executed, because it was given up, or what it waited for
     * failed, or its ring was reset or banned, the firmware writes the stamp as failed: with the highest bit set.
     *
     * @param target address, a multiple of 8
     * @param value  the word; 0 or more if commands {@linkplain #waitFor wait} for it
     * @return the command
     */
    public static Command stamp(long target, long value) {
        return new Command(Opcode.STAMP, target, value, 0, 0, 0, 0);
    }

    /**
     * Waits until a stamp has reached a value, without keeping other rings from running; fails if the stamp that has reached it was
     * written as failed.
     *
     * @param address address of the stamp, a multiple of 8
     * @param value   0 or more
     * @return the command
     * @throws IllegalArgumentException if the value is negative
     */
    public static Command waitFor(long address, long value) {
        if (value < 0) {
            throw new IllegalArgumentException("value " + value + ": must be 0 or more");
        }
        return new Command(Opcode.WAIT, address, value, 0, 0, 0, 0);
    }

    /**
     * Goes round and round, as a kernel does that works through what it finds. Its group can leave the device between two rounds.
     *
     * @param rounds   how many rounds at most, 0 or more
     * @param nanos    how long a round takes, 0 or more
     * @param progress address of 8 bytes where the number of the last round is written, a multiple of 8, or -1
     * @param stop     address of a word that ends the loop when it is not 0, a multiple of 8, or -1
     * @return the command
     */
    public static Command loop(long rounds, long nanos, long progress, long stop) {
        return new Command(Opcode.LOOP, rounds, nanos, progress, stop, 0, 0);
    }

    /**
     * Whether the command has the same effect if it is executed again after having been executed in part or whole, as long as nobody
     * has changed what it reads.
     *
     * @return true for all but those that add to what they find
     */
    public boolean isRepeatable() {
        return switch (opcode) {
            case NOP, COPY, FILL, CHECKSUM, DELAY, STAMP, WAIT, LOOP -> true;
            case ADD, MULTIPLY_ADD -> false;
        };
    }

    /** Whether its last operand is free for what it waits for. */
    boolean hasRoomForWait() {
        return opcode.hasRoomForWait();
    }

    /**
     * Writes everything but the stamp into a slot.
     *
     * @param waits how many commands of other rings it waits for; what they are stands elsewhere
     */
    void encode(SharedMemory memory, long slot, int waits) {
        encodeOpcode(memory, slot, waits << RingLayout.WAITS_SHIFT);
        if (opcode != Opcode.NOP) {
            encodeOperands(memory, slot, f);
        }
    }

    /**
     * The same for one that {@linkplain #hasRoomForWait has room} and waits for one command.
     *
     * @param ring the ring that it waits for
     * @param word what that ring's completion word must have reached
     */
    void encodeAfter(SharedMemory memory, long slot, int ring, long word) {
        encodeOpcode(memory, slot,
                RingLayout.WAIT_IN_SLOT << RingLayout.WAITS_SHIFT | ring << RingLayout.WAIT_IN_SLOT_SHIFT);
        if (opcode == Opcode.NOP) {
            memory.longPlain(slot + RingLayout.WAIT_IN_SLOT_OFFSET, word);
        } else {
            encodeOperands(memory, slot, word);
        }
    }

    private void encodeOpcode(SharedMemory memory, long slot, int waits) {
        memory.longPlain(slot + RingLayout.OPCODE_OFFSET, opcode.code() | waits);
    }

    private void encodeOperands(SharedMemory memory, long slot, long last) {
        long operands = slot + RingLayout.OPERANDS_OFFSET;
        memory.longPlain(operands, a);
        memory.longPlain(operands + 8, b);
        memory.longPlain(operands + 16, c);
        memory.longPlain(operands + 24, d);
        memory.longPlain(operands + 32, e);
        memory.longPlain(slot + RingLayout.WAIT_IN_SLOT_OFFSET, last);
    }

    @Override
    public String toString() {
        return opcode + "(" + a + ", " + b + ", " + c + ", " + d + ", " + e + ", " + f + ")";
    }
}
