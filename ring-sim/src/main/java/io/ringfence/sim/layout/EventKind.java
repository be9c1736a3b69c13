package io.ringfence.sim.layout;

/** What the firmware tells the host; the code is the number in the event. */
public final class EventKind {

    /** A ring has completed the seqno at which the host wanted an interrupt. */
    public static final int COMPLETION = 1;
    /** A request was dealt with. */
    public static final int REPLY = 2;

    /** Reply: it was done. */
    public static final int DONE = 0;
    /** Reply: it cannot be done to a ring in this state. */
    public static final int REFUSED = 1;
    /** Reply: it was tried and did not work. */
    public static final int FAILED = 2;

    private EventKind() {
    }
}
