package io.ringfence.sim.firmware;

/** Why a command failed; the code is the number in the slot. */
public enum Status {
    /** It did not. */
    OK(0, "ok"),
    /** No such opcode. */
    BAD_OPCODE(1, "the firmware knows no such opcode"),
    /** An address or length reaches outside the arena. */
    OUT_OF_ARENA(2, "an address or length reaches outside the arena"),
    /** An address is not a multiple of the size of what is there. */
    MISALIGNED(3, "an address is not aligned"),
    /** A dimension or duration is out of range. */
    BAD_OPERAND(4, "an operand is out of range"),
    /** The host asked for it to be given up. */
    ABORTED(5, "the command was given up"),
    /** What it waited for on the device has failed. */
    WAIT_FAILED(6, "a command or stamp that it waited for on the device failed"),
    /** Its group had to leave the device and it did not come to a border in time. */
    PREEMPT_TIMEOUT(7, "the command did not let its group leave the device in time");

    private static final Status[] ALL = values();

    private final int code;
    private final String text;

    Status(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /**
     * The status with a number.
     *
     * @param number what stood in a slot
     * @return the status, {@link #BAD_OPCODE} for numbers there is none for
     */
    public static Status of(int number) {
        return number >= 0 && number < ALL.length ? ALL[number] : BAD_OPCODE;
    }

    int code() {
        return code;
    }

    /**
     * The status in words.
     *
     * @return half a sentence
     */
    public String text() {
        return text;
    }
}
