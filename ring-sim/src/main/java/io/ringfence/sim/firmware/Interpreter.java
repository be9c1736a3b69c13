package io.ringfence.sim.firmware;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

import io.ringfence.sim.layout.Opcode;

/**
 * Executes commands on the arena. It is given copies of the operands, checks those and uses only those, so nothing the
 * host does to the slot meanwhile can make it touch anything else.
 */
final class Interpreter {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle WORD = LONG.varHandle();

    /** The bit of a stamp that says that whoever was to write it has failed; the others say how far it got. */
    static final long FAILED_STAMP = Long.MIN_VALUE;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final int MAX_DIMENSION = 0xffff;

    private final MemorySegment arena;
    private final long size;

    Interpreter(MemorySegment arena) {
        this.arena = arena;
        this.size = arena.byteSize();
    }

    private boolean outside(long address, long length) {
        return address < 0 || length < 0 || length > size || address > size - length;
    }

    private static boolean misaligned(long address, int bytes) {
        return (address & (bytes - 1)) != 0;
    }

    Status copy(long source, long target, long length) {
        if (outside(source, length) || outside(target, length)) {
            return Status.OUT_OF_ARENA;
        }
        MemorySegment.copy(arena, source, arena, target, length);
        return Status.OK;
    }

    Status fill(long target, long length, long value) {
        if (outside(target, length)) {
            return Status.OUT_OF_ARENA;
        }
        arena.asSlice(target, length).fill((byte) value);
        return Status.OK;
    }

    Status add(long target, long source, long count) {
        if (count < 0 || count > size / Float.BYTES) {
            return Status.OUT_OF_ARENA;
        }
        long length = count * Float.BYTES;
        if (outside(target, length) || outside(source, length)) {
            return Status.OUT_OF_ARENA;
        }
        if (misaligned(target, Float.BYTES) || misaligned(source, Float.BYTES)) {
            return Status.MISALIGNED;
        }
        for (long at = 0; at < length; at += Float.BYTES) {
            arena.set(FLOAT, target + at, arena.get(FLOAT, target + at) + arena.get(FLOAT, source + at));
        }
        return Status.OK;
    }

    Status multiplyAdd(long a, long b, long c, long rows, long columns, long depth) {
        if (wrong(rows) || wrong(columns) || wrong(depth)) {
            return Status.BAD_OPERAND;
        }
        if (outside(a, rows * depth * Float.BYTES) || outside(b, depth * columns * Float.BYTES)
                || outside(c, rows * columns * Float.BYTES)) {
            return Status.OUT_OF_ARENA;
        }
        if (misaligned(a | b | c, Float.BYTES)) {
            return Status.MISALIGNED;
        }
        // Row by row over the inner dimension: each element of c gets its products in ascending order of depth.
        for (long row = 0; row < rows; row++) {
            long cRow = c + row * columns * Float.BYTES;
            for (long inner = 0; inner < depth; inner++) {
                float factor = arena.get(FLOAT, a + (row * depth + inner) * Float.BYTES);
                long bRow = b + inner * columns * Float.BYTES;
                for (long at = 0; at < columns * Float.BYTES; at += Float.BYTES) {
                    float product = factor * arena.get(FLOAT, bRow + at);
                    arena.set(FLOAT, cRow + at, arena.get(FLOAT, cRow + at) + product);
                }
            }
        }
        return Status.OK;
    }

    private static boolean wrong(long dimension) {
        return dimension < 1 || dimension > MAX_DIMENSION;
    }

    Status checksum(long source, long length, long result) {
        if (outside(source, length) || outside(result, Long.BYTES)) {
            return Status.OUT_OF_ARENA;
        }
        if (misaligned(result, Long.BYTES)) {
            return Status.MISALIGNED;
        }
        long hash = FNV_OFFSET;
        for (long at = 0; at < length; at++) {
            hash = (hash ^ arena.get(ValueLayout.JAVA_BYTE, source + at) & 0xff) * FNV_PRIME;
        }
        arena.set(LONG, result, hash);
        return Status.OK;
    }

    Status delay(long nanos, long timestamps) {
        if (nanos < 0) {
            return Status.BAD_OPERAND;
        }
        if (timestamps == -1) {
            return Status.OK;
        }
        if (outside(timestamps, 2 * Long.BYTES)) {
            return Status.OUT_OF_ARENA;
        }
        return misaligned(timestamps, Long.BYTES) ? Status.MISALIGNED : Status.OK;
    }

    /** A word that nobody is ordered by. */
    Status word(long target, long value) {
        Status status = checkWord(target);
        if (status == Status.OK) {
            arena.set(LONG, target, value);
        }
        return status;
    }

    private Status checkWord(long address) {
        if (outside(address, Long.BYTES)) {
            return Status.OUT_OF_ARENA;
        }
        return misaligned(address, Long.BYTES) ? Status.MISALIGNED : Status.OK;
    }

    Status stamp(long target, long value) {
        Status status = checkWord(target);
        if (status == Status.OK) {
            WORD.setRelease(arena, target, value);
        }
        return status;
    }

    /** A stamp that will not be written any more is written as failed, unless it has got further by other commands. */
    void failStamp(long target, long value) {
        if (checkWord(target) != Status.OK || value < 0) {
            return;
        }
        for (;;) {
            long now = (long) WORD.getVolatile(arena, target);
            if (reached(now) >= value || WORD.compareAndSet(arena, target, now, FAILED_STAMP | value)) {
                return;
            }
        }
    }

    private static long reached(long stamp) {
        return stamp & ~FAILED_STAMP;
    }

    Status waiting(long address, long value) {
        return value < 0 ? Status.BAD_OPERAND : checkWord(address);
    }

    Waits.State stampState(long address, long value) {
        long stamp = (long) WORD.getAcquire(arena, address);
        if (reached(stamp) < value) {
            return Waits.State.PENDING;
        }
        return stamp < 0 ? Waits.State.FAILED : Waits.State.OK;
    }

    Status loop(long rounds, long nanos, long progress, long stop) {
        if (rounds < 0 || nanos < 0) {
            return Status.BAD_OPERAND;
        }
        Status status = progress == -1 ? Status.OK : checkWord(progress);
        return status != Status.OK || stop == -1 ? status : checkWord(stop);
    }

    /** Whether the word that ends a loop is there and not 0. */
    boolean isSet(long address) {
        return address != -1 && (long) WORD.getAcquire(arena, address) != 0;
    }

    /** Executes what is done at once. */
    Status execute(Opcode opcode, long a, long b, long c, long d, long e, long f) {
        return switch (opcode) {
            case COPY -> copy(a, b, c);
            case FILL -> fill(a, b, c);
            case ADD -> add(a, b, c);
            case MULTIPLY_ADD -> multiplyAdd(a, b, c, d, e, f);
            case CHECKSUM -> checksum(a, b, c);
            case STAMP -> stamp(a, b);
            case NOP, DELAY, WAIT, LOOP -> Status.OK;
        };
    }
}
