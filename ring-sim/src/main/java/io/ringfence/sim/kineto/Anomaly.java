package io.ringfence.sim.kineto;

/** A kind of irregularity in a recording that the reader survives, and what it then does. */
enum Anomaly {

    /** A job that cannot be placed in time. */
    UNUSABLE_JOB("device operations without a usable ts and dur", "skipped"),

    /** A call that cannot be placed in time. */
    UNUSABLE_CALL("runtime calls without a usable ts", "ignored"),

    /** A call of unknown length. */
    UNUSABLE_CALL_LENGTH("runtime calls without a usable dur", "taken to return at once"),

    /** Several calls with one correlation. */
    REPEATED_CALL("runtime calls that repeat the correlation of another", "the earliest counts"),

    /** A job without a launching call. */
    NO_LAUNCH("device operations without a launching call", "their recorded start stands for the launch"),

    /** A job that starts before its launch. */
    CLOCK_SKEW("device operations that start before their launching call", "kept as recorded"),

    /** A job without a device. */
    NO_DEVICE("device operations without a device", "put on device -1"),

    /** A job without a stream. */
    NO_STREAM("device operations without a stream or on stream -1", "put on queue -1 of their device, in host order"),

    /** A wait that does not say who waits for what, or when. */
    INCOMPLETE_WAIT("stream waits without stream, device, wait_on_stream or time", "no dependency"),

    /** A wait for an event whose record is not in the trace. */
    UNKNOWN_RECORD("stream waits for an event whose record is not in the trace", "no dependency"),

    /** A wait without its call. */
    WAIT_WITHOUT_CALL("stream waits without their runtime call", "placed in host order by their own ts"),

    /** A wait that would make a job depend on a later one. */
    BACKWARD_EDGE("stream waits for an operation launched later than the waiting one", "no dependency"),

    /** A name beyond the bound of the name table. */
    TOO_MANY_NAMES("device operations named beyond " + NameTable.MAX_NAMES + " distinct names",
            "named " + NameTable.OTHER);

    private final String subject;
    private final String consequence;

    Anomaly(String subject, String consequence) {
        this.subject = subject;
        this.consequence = consequence;
    }

    /** Returns the line that tells of so many cases. */
    String describe(long count) {
        return subject + ": " + count + " (" + consequence + ")";
    }
}
