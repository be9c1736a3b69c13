package io.ringfence.sim.kineto;

import io.ringfence.sim.workload.TraceFormatException;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads the outer structure of a trace: one object whose {@code traceEvents} is the array of events.
 *
 * <p>Of the other keys none is needed. In particular {@code baseTimeNanoseconds} shifts every time of the trace alike,
 * and all times leave the reader relative to the first launch.
 */
final class TraceParser {

    private final Path file;
    private final RecordedEvents events = new RecordedEvents();

    TraceParser(Path file) {
        this.file = file;
    }

    /** Reads to the end. */
    RecordedEvents parse(JsonParser json) throws IOException, TraceFormatException {
        JsonToken first = json.nextToken();
        if (first == null) {
            throw new TraceFormatException(file, "the file is empty");
        }
        if (first != JsonToken.START_OBJECT) {
            throw new TraceFormatException(file, "not a Kineto trace: its JSON is not an object");
        }
        if (!parseTopLevel(json)) {
            throw new TraceFormatException(file, "not a Kineto trace: no traceEvents in it");
        }
        // Asking for more also makes a gzip stream check its own end.
        if (json.nextToken() != null) {
            throw new TraceFormatException(file, "not a Kineto trace: more follows after its JSON object");
        }
        return events;
    }

    private boolean parseTopLevel(JsonParser json) throws IOException, TraceFormatException {
        boolean found = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean isEvents = json.currentName().equals("traceEvents");
            JsonToken value = json.nextToken();
            if (!isEvents) {
                json.skipChildren();
            } else if (value == JsonToken.START_ARRAY) {
                parseEvents(json);
                found = true;
            } else {
                throw new TraceFormatException(file, "not a Kineto trace: its traceEvents is not an array");
            }
        }
        return found;
    }

    private void parseEvents(JsonParser json) throws IOException {
        EventFields fields = new EventFields();
        EventParser parser = new EventParser(json, fields);
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            if (token == JsonToken.START_OBJECT) {
                parser.parse();
                events.add(fields);
            } else {
                json.skipChildren();
            }
        }
    }
}
