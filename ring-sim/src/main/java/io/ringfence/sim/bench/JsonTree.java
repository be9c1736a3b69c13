package io.ringfence.sim.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import org.jspecify.annotations.Nullable;

/** A small file of JSON as maps, lists, strings, doubles and booleans. */
final class JsonTree {

    private JsonTree() {
    }

    static @Nullable Object read(Path file) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(Files.readAllBytes(file))) {
            return value(parser, parser.nextToken());
        }
    }

    private static @Nullable Object value(JsonParser parser, @Nullable JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    fields.put(name, value(parser, parser.nextToken()));
                }
                yield fields;
            }
            case START_ARRAY -> {
                List<@Nullable Object> all = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    all.add(value(parser, next));
                }
                yield all;
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
            case VALUE_NULL -> null;
            case VALUE_STRING -> parser.getText();
            case null, default -> throw new IOException("no JSON at " + parser.currentLocation().offsetDescription());
        };
    }

    /** The field of an object, an empty object if there is none. */
    static Map<String, @Nullable Object> object(@Nullable Object parent, String name) {
        return asObject(asObject(parent).get(name));
    }

    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> asObject(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
    }

    static List<?> list(@Nullable Object parent, String name) {
        return asObject(parent).get(name) instanceof List<?> found ? found : List.of();
    }

    static String text(@Nullable Object parent, String name) {
        return asObject(parent).get(name) instanceof String found ? found : "";
    }

    /** The field of an object, NaN if it is no number. */
    static double number(@Nullable Object parent, String name) {
        return asObject(parent).get(name) instanceof Double found ? found : Double.NaN;
    }
}
