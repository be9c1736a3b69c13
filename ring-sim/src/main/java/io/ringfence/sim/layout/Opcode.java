package io.ringfence.sim.layout;

import org.jspecify.annotations.Nullable;

/** What the firmware can be told to do. The code is the number in the slot. */
public enum Opcode {
    /** Nothing. */
    NOP(0, 0),
    /** Copies bytes: source, target, length. */
    COPY(1, 3),
    /** Fills bytes: target, length, value. */
    FILL(2, 3),
    /** Adds floats to floats: target, source, count. */
    ADD(3, 3),
    /** Multiplies two tiles of floats and adds the product to a third: a, b, c, rows, columns, depth. */
    MULTIPLY_ADD(4, 6),
    /** Sums up bytes: source, length, where the sum goes. */
    CHECKSUM(5, 3),
    /** Takes time: nanoseconds, where begin and end are written or -1. */
    DELAY(6, 2),
    /** Writes a stamp: address, value. */
    STAMP(7, 2),
    /** Waits for a stamp: address, value it must have reached. */
    WAIT(8, 2),
    /** Goes round and round: rounds, nanoseconds a round, where the round is written or -1, which word ends it or -1. */
    LOOP(9, 4);

    private static final Opcode[] BY_CODE = values();

    private final int code;
    private final int operands;

    Opcode(int code, int operands) {
        this.code = code;
        this.operands = operands;
    }

    /**
     * The number in the slot.
     *
     * @return the code
     */
    public int code() {
        return code;
    }

    /**
     * Whether the last operand is not used: there may stand what the command waits for.
     *
     * @return whether it has fewer operands than a slot
     */
    public boolean hasRoomForWait() {
        return operands < RingLayout.OPERANDS;
    }

    /**
     * How many operands it has.
     *
     * @return 0 to {@link RingLayout#OPERANDS}
     */
    public int operands() {
        return operands;
    }

    /**
     * The opcode with a number.
     *
     * @param code what stood in a slot
     * @return the opcode, or null if there is none
     */
    public static @Nullable Opcode of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
