package io.ringfence.sim;

/** Who gets a slot of the device when there are fewer than groups that want one. */
public enum GroupPriority {
    /** At once, and is never pushed off while it works. */
    REALTIME(0),
    /** Before {@link #MEDIUM}. */
    HIGH(1),
    /** The usual one. */
    MEDIUM(2),
    /** What the others leave. */
    LOW(3);

    private final int code;

    GroupPriority(int code) {
        this.code = code;
    }

    /** The number in the ring's descriptor. */
    int code() {
        return code;
    }
}
