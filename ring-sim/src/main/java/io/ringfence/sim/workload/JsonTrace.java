package io.ringfence.sim.workload;

import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;

/** Parses traces that are JSON, as profilers write it. */
public final class JsonTrace {

    /** How deep values may nest; each open level costs the parser an object. */
    private static final int MAX_DEPTH = 100_000;

    /** How long a number may be; none that is needed comes near, others are passed over. */
    private static final int MAX_NUMBER_LENGTH = 1_000_000;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .build())
            // Profilers print the bandwidth of an empty copy as NaN, and names as they find them.
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .build();

    /**
     * Makes something of JSON.
     *
     * @param <T> what comes of it
     */
    @FunctionalInterface
    public interface Body<T> {
        /**
         * Parses.
         *
         * @param json a parser that has not moved yet
         * @return what comes of it
         * @throws IOException          if the medium fails, or it is no JSON
         * @throws TraceFormatException if it is not what was expected
         */
        T parse(JsonParser json) throws IOException, TraceFormatException;
    }

    private JsonTrace() {
    }

    /**
     * Parses a stream.
     *
     * @param file  the file's name, for messages
     * @param input the content
     * @param body  makes something of it
     * @param <T>   what comes of it
     * @return what the body returned
     * @throws TraceFormatException if it is truncated, no JSON, or the body says so
     * @throws IOException          if the medium fails
     */
    public static <T> T parse(Path file, InputStream input, Body<T> body) throws IOException, TraceFormatException {
        try (JsonParser json = FACTORY.createParser(input)) {
            return body.parse(json);
        } catch (JsonEOFException cut) {
            throw new TraceFormatException(file, "truncated: the file ends before its content is complete", cut);
        } catch (JsonProcessingException malformed) {
            throw new TraceFormatException(file, "not valid JSON: " + describe(malformed), malformed);
        } catch (CharConversionException malformed) {
            throw new TraceFormatException(file, "not valid JSON: " + malformed.getMessage(), malformed);
        }
    }

    private static String describe(JsonProcessingException malformed) {
        JsonLocation location = malformed.getLocation();
        String message = malformed.getOriginalMessage();
        return location == null
                ? message
                : message + " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
