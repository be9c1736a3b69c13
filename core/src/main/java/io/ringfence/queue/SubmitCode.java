package io.ringfence.queue;

/** What {@code trySubmit} answers instead of a seqno: each reason has its own negative number. */
public final class SubmitCode {

    /** There is no room now, or others wait for room already. Nothing was submitted; try again later. */
    public static final long FULL = -1;
    /** The queue is closed. Nothing was submitted, and nothing will be. */
    public static final long CLOSED = -2;

    /** The queue is closed because it, or its client, was banned. Nothing was submitted, and nothing will be. */
    public static final long BANNED = -3;

    private SubmitCode() {
    }

    /**
     * A code in words.
     *
     * @param answer what {@code trySubmit} returned
     * @return the name of the code, or the seqno
     */
    public static String describe(long answer) {
        if (answer == FULL) {
            return "FULL";
        }
        if (answer == BANNED) {
            return "BANNED";
        }
        return answer == CLOSED ? "CLOSED" : "seqno " + answer;
    }
}
