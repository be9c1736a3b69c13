package io.ringfence.sim.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonGenerator;

import org.jspecify.annotations.Nullable;

/**
 * All answers of a run, as they stand in a file.
 *
 * @param machine what it ran on
 * @param date    when
 * @param quick   whether it was a quick one
 * @param answers the answers
 */
public record Report(String machine, Instant date, boolean quick, List<Answer> answers) {

    private static final Map<String, String> LIMITS = Map.of("operations", "twelve_operations_ns", "one line",
            "one_line_there_and_back_ns", "two lines", "two_lines_there_and_back_ns", "slot", "slot_stream_ns");

    /**
     * What the machine can do at best; the first that was measured counts.
     *
     * @return nanoseconds, by name
     */
    public Map<String, Double> limits() {
        Map<String, Double> all = new LinkedHashMap<>();
        answers.forEach(answer -> answer.series().forEach((name, series) -> {
            String limit = LIMITS.get(name);
            if (limit != null) {
                var _ = all.putIfAbsent(limit, series.median());
            }
        }));
        return all;
    }

    /**
     * Writes the fields of the object that a file of this kind is.
     *
     * @param json where to
     * @throws IOException if that fails
     */
    public void write(JsonGenerator json) throws IOException {
        json.writeStringField("machine", machine);
        json.writeStringField("date", date.toString());
        json.writeBooleanField("quick", quick);
        json.writeObjectFieldStart("limits");
        for (Map.Entry<String, Double> limit : limits().entrySet()) {
            json.writeNumberField(limit.getKey(), limit.getValue());
        }
        json.writeEndObject();
        json.writeObjectFieldStart("results");
        for (Answer answer : answers) {
            json.writeObjectFieldStart(answer.id());
            write(json, answer);
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Answer answer) throws IOException {
        json.writeStringField("work", answer.work());
        json.writeNumberField("ours", answer.ours());
        json.writeStringField("unit", answer.unit());
        write(json, "peer", answer.peer());
        json.writeStringField("peer_name", answer.peerName());
        write(json, "limit", answer.limit());
        json.writeBooleanField("met", answer.met());
        json.writeArrayFieldStart("parts");
        for (Part part : answer.parts()) {
            json.writeStartObject();
            json.writeStringField("name", part.name());
            json.writeNumberField("ours", part.ours());
            json.writeNumberField("target", part.target());
            json.writeBooleanField("met", part.met());
            json.writeEndObject();
        }
        json.writeEndArray();
        writeRounds(json, "rounds", answer);
    }

    /** All figures of an answer, by name and round, as a field. */
    static void writeRounds(JsonGenerator json, String field, Answer answer) throws IOException {
        json.writeObjectFieldStart(field);
        for (Map.Entry<String, Series> each : answer.series().entrySet()) {
            json.writeArrayFieldStart(each.getKey());
            for (double figure : each.getValue().rounds()) {
                json.writeNumber(figure);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String name, @Nullable Double figure) throws IOException {
        if (figure == null) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, figure);
        }
    }

    /**
     * Reads the rounds of an earlier run.
     *
     * @param file what {@link #write} has written
     * @return the run
     * @throws IOException if it cannot be read, or is something else
     */
    public static Earlier read(Path file) throws IOException {
        Object tree = JsonTree.read(file);
        Map<String, Map<String, Series>> all = new LinkedHashMap<>();
        for (Map.Entry<String, @Nullable Object> result : JsonTree.object(tree, "results").entrySet()) {
            Map<String, Series> rounds = new LinkedHashMap<>();
            for (String name : JsonTree.object(result.getValue(), "rounds").keySet()) {
                List<Double> figures = new ArrayList<>();
                for (Object figure : JsonTree.list(JsonTree.object(result.getValue(), "rounds"), name)) {
                    if (!(figure instanceof Double number)) {
                        throw new IOException(file + ": has '" + figure + "' among the rounds of " + result.getKey()
                                + ", '" + name + "', where a number must be");
                    }
                    figures.add(number);
                }
                if (!figures.isEmpty()) {
                    rounds.put(name, new Series(figures));
                }
            }
            all.put(result.getKey(), rounds);
        }
        if (all.values().stream().allMatch(Map::isEmpty)) {
            throw new IOException(file + ": has no results of ringfence bench");
        }
        return new Earlier(JsonTree.text(tree, "machine"),
                Boolean.TRUE.equals(JsonTree.asObject(tree).get("quick")), all);
    }

    /**
     * A run of which a file tells.
     *
     * @param machine what it ran on
     * @param quick   whether it was a quick one
     * @param results by question and name, what was measured
     */
    public record Earlier(String machine, boolean quick, Map<String, Map<String, Series>> results) {

        /**
         * What has moved since.
         *
         * @param now a later run
         * @return what both have measured
         */
        public List<Move> to(Report now) {
            List<Move> moves = new ArrayList<>();
            for (Answer answer : now.answers()) {
                Map<String, Series> before = results.getOrDefault(answer.id(), Map.of());
                answer.series().forEach((name, series) -> {
                    Series old = before.get(name);
                    if (old != null) {
                        moves.add(new Move(answer.id(), name, old.median(), series.median(),
                                old.isApartFrom(series)));
                    }
                });
            }
            return moves;
        }
    }

    /**
     * One figure of two runs.
     *
     * @param id     the question
     * @param name   what was measured
     * @param before the median of the earlier run
     * @param after  the median of this one
     * @param moved  whether it is beyond the noise: all rounds of the one lie on one side of all rounds of the other
     */
    public record Move(String id, String name, double before, double after, boolean moved) {
    }
}
