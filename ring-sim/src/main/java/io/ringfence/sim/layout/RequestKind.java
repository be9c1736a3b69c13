package io.ringfence.sim.layout;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** What the host can ask the firmware to do with a ring; the code is part of the request's word. */
public enum RequestKind {
    /** To look at the ring from now on. */
    REGISTER(1),
    /** To forget it. */
    DEREGISTER(2),
    /** To take it off its slot at the next border between commands and to leave it there. */
    SUSPEND(3),
    /** To go on with a ring that was suspended or quiesced; for the device, with all that were quiesced. */
    RESUME(4),
    /** To read the priorities and times of the descriptor again. */
    PROPERTIES(5),
    /** To stop at once, wherever the ring is, and to tell where that is; for the device, all rings. */
    QUIESCE(6),
    /** To give up what was begun and to go on with the descriptor's epoch at slot 0; for the device, to quiesce and forget all. */
    RESET(7),
    /** To execute nothing of the ring any more. */
    BAN(8);

    private static final RequestKind[] ALL = values();

    private final int code;

    RequestKind(int code) {
        this.code = code;
    }

    /**
     * The number in the request's word.
     *
     * @return the code
     */
    public int code() {
        return code;
    }

    /**
     * The kind with a number.
     *
     * @param code what stood in a request
     * @return the kind, or null if there is none
     */
    public static @Nullable RequestKind of(int code) {
        return code >= 1 && code <= ALL.length ? ALL[code - 1] : null;
    }

    /**
     * What it is called in plans of faults and in messages.
     *
     * @return the name in lower case
     */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
