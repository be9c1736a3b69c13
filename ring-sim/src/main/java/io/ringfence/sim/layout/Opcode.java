package io.ringfence.sim.layout;

import org.jspecify.annotations.Nullable;

/** What the firmware can be told to do. The code is the number in the slot. */
public enum Opcode {
    /** Nothing. */
    NOP(0),
    /** Copies bytes: source, target, length. */
    COPY(1),
    /** Fills bytes: target, length, value. */
    FILL(2),
    /** Adds floats to floats: target, source, count. */
    ADD(3),
    /** Multiplies two tiles of floats and adds the product to a third: a, b, c, rows and columns, depth and strides. */
    MULTIPLY_ADD(4),
    /** Sums up bytes: source, length, where the sum goes. */
    CHECKSUM(5),
    /** Takes time: nanoseconds, where begin and end are written or -1. */
    DELAY(6),
    /** Writes a stamp: address, value. */
    STAMP(7),
    /** Waits for a stamp: address, value it must have reached. */
    WAIT(8),
    /** Goes round and round: rounds, nanoseconds a round, where the round is written or -1, which word ends it or -1. */
    LOOP(9);

    private static final Opcode[] BY_CODE = values();

    private final int code;

    Opcode(int code) {
        this.code = code;
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
     * The opcode with a number.
     *
     * @param code what stood in a slot
     * @return the opcode, or null if there is none
     */
    public static @Nullable Opcode of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
