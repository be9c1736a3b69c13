package io.ringfence.sim.kineto;

import io.ringfence.sim.workload.DecimalText;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Reads one event; its keys may come in any order, and what the graph does not need is skipped unread. */
final class EventParser {

    private final JsonParser json;
    private final EventFields fields;

    EventParser(JsonParser json, EventFields fields) {
        this.json = json;
        this.fields = fields;
    }

    /** Fills the fields from the object that the parser stands at, and leaves the parser at its end. */
    void parse() throws IOException {
        fields.reset();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            JsonToken value = json.nextToken();
            if (fields.irrelevant()) {
                json.skipChildren();
            } else if (value == JsonToken.START_OBJECT && key.equals("args")) {
                parseArguments();
            } else if (value.isScalarValue()) {
                take(key);
            } else {
                json.skipChildren();
            }
        }
    }

    private void take(String key) throws IOException {
        switch (key) {
            case "ph" -> fields.complete = TextMatch.equal("X", text(), offset(), length());
            case "cat" -> fields.category = EventCategory.of(text(), offset(), length());
            case "name" -> fields.setName(text(), offset(), length());
            case "ts" -> fields.time = DecimalText.toNanos(text(), offset(), length());
            case "dur" -> fields.duration = DecimalText.toNanos(text(), offset(), length());
            default -> {
                // Left unread: the parser passes over a value that nobody asks for.
            }
        }
    }

    private void parseArguments() throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            if (json.nextToken().isScalarValue()) {
                takeArgument(key);
            } else {
                json.skipChildren();
            }
        }
    }

    private void takeArgument(String key) throws IOException {
        switch (key) {
            case "device" -> fields.device = integer();
            case "stream" -> fields.stream = integer();
            case "correlation" -> fields.correlation = integer();
            case "wait_on_stream" -> fields.waitOnStream = integer();
            case "wait_on_cuda_event_record_corr_id" -> fields.waitOnRecord = integer();
            default -> {
                // Left unread: the parser passes over a value that nobody asks for.
            }
        }
    }

    private long integer() throws IOException {
        return DecimalText.toLong(text(), offset(), length());
    }

    private char[] text() throws IOException {
        return json.getTextCharacters();
    }

    private int offset() throws IOException {
        return json.getTextOffset();
    }

    private int length() throws IOException {
        return json.getTextLength();
    }
}
