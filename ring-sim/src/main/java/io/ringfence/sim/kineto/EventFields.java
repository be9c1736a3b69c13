package io.ringfence.sim.kineto;

import io.ringfence.sim.workload.DecimalText;

import org.jspecify.annotations.Nullable;

/** The parts of one event that the graph needs; one object is filled again for every event. */
final class EventFields {

    /** Stands for a number that is missing or cannot be used. */
    static final long ABSENT = DecimalText.ABSENT;

    private static final String WAIT_RECORD = "Stream Wait Event";
    private static final String RECORD_CALL = "EventRecord";

    /** Whether the event is a complete one, with a start and a duration ({@code "ph":"X"}). */
    boolean complete;

    /** Null until {@code cat} was read. */
    @Nullable
    EventCategory category;

    /** Nanoseconds. */
    long time;

    /** Nanoseconds. */
    long duration;

    long device;
    long stream;
    long correlation;
    long waitOnStream;
    long waitOnRecord;

    final char[] name = new char[NameTable.MAX_LENGTH];
    int nameLength;

    void reset() {
        complete = false;
        category = null;
        time = ABSENT;
        duration = ABSENT;
        device = ABSENT;
        stream = ABSENT;
        correlation = ABSENT;
        waitOnStream = ABSENT;
        waitOnRecord = ABSENT;
        nameLength = 0;
    }

    /** Whether what was read so far shows that the rest of the event does not matter. */
    boolean irrelevant() {
        return category == EventCategory.OTHER;
    }

    void setName(char[] text, int offset, int length) {
        nameLength = Math.min(length, name.length);
        System.arraycopy(text, offset, name, 0, nameLength);
    }

    /** Whether the start can be used. */
    boolean hasTime() {
        return time != ABSENT;
    }

    /** Whether the duration can be used, and the end it leads to. */
    boolean hasEnd() {
        return hasTime() && duration >= 0 && time <= DecimalText.MAX_NANOS - duration;
    }

    /** Whether a synchronisation record makes a stream wait for an event. */
    boolean isStreamWait() {
        return TextMatch.equal(WAIT_RECORD, name, 0, nameLength);
    }

    /** Whether a call records an event: {@code cudaEventRecord}, its variants, and their driver and hip namesakes. */
    boolean isEventRecord() {
        return TextMatch.contains(RECORD_CALL, name, nameLength);
    }
}
