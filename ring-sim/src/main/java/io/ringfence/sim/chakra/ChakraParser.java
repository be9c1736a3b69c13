package io.ringfence.sim.chakra;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import io.ringfence.sim.workload.DecimalText;

import org.jspecify.annotations.Nullable;

/** Reads nodes from JSON, in either spelling; what a graph does not need is skipped unread. */
final class ChakraParser {

    private static final long ABSENT = DecimalText.ABSENT;

    private final JsonParser json;
    private final ChakraNodes nodes = new ChakraNodes();
    private long id;
    private long duration;
    private long otherDuration;

    ChakraParser(JsonParser json) {
        this.json = json;
    }

    static boolean isNodes(String key) {
        return key.equals("nodes") || key.equals("workload_graph");
    }

    /** Reads the object that the parser stands at; null if it has no array of nodes. */
    @Nullable
    ChakraNodes parse() throws IOException {
        boolean found = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean isNodes = isNodes(json.currentName());
            JsonToken value = json.nextToken();
            if (isNodes && value == JsonToken.START_ARRAY) {
                found = true;
                array();
            } else {
                json.skipChildren();
            }
        }
        return found ? nodes : null;
    }

    private void array() throws IOException {
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            if (token == JsonToken.START_OBJECT) {
                node();
            } else {
                nodes.withoutId++;
                json.skipChildren();
            }
        }
    }

    private void node() throws IOException {
        id = ABSENT;
        duration = ABSENT;
        otherDuration = ABSENT;
        int place = nodes.ids.size();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            JsonToken value = json.nextToken();
            switch (key) {
                case "id", "Id" -> id = integer(value);
                case "duration_micros", "durationMicros" -> duration = micros(value);
                case "runtime" -> otherDuration = micros(value);
                case "data_deps", "dataDeps", "ctrl_deps", "ctrlDeps" -> edges(value, place);
                default -> json.skipChildren();
            }
        }
        duration = duration == ABSENT ? otherDuration : duration;
        if (id == ABSENT) {
            nodes.withoutId++;
        }
        nodes.ids.add(id);
        nodes.durations.add(Math.max(0, duration));
    }

    /** An array of numbers, or one number. */
    private void edges(JsonToken value, int place) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            edge(value, place);
            return;
        }
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            edge(token, place);
        }
    }

    private void edge(JsonToken value, int place) throws IOException {
        if (value == JsonToken.VALUE_NULL) {
            return;
        }
        long source = integer(value);
        if (source == ABSENT) {
            nodes.unusableEdges++;
            return;
        }
        nodes.waiting.add(place);
        nodes.sources.add(source);
    }

    /** A number, perhaps in quotes, as protobuf writes those of 64 bits. */
    private long integer(JsonToken value) throws IOException {
        if (value != JsonToken.VALUE_NUMBER_INT && value != JsonToken.VALUE_STRING) {
            json.skipChildren();
            return ABSENT;
        }
        return DecimalText.toLong(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
    }

    private long micros(JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_NULL) {
            return ABSENT;
        }
        long nanos = ABSENT;
        if (value.isNumeric() || value == JsonToken.VALUE_STRING) {
            nanos = DecimalText.toNanos(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
        } else {
            json.skipChildren();
        }
        if (nanos < 0) {
            nodes.unusableDurations++;
        }
        return nanos;
    }
}
