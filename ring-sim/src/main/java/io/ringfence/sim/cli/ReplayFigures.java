package io.ringfence.sim.cli;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.core.JsonGenerator;

import io.ringfence.sim.replay.ReplayResult;
import io.ringfence.sim.replay.ScheduleCsv;
import io.ringfence.sim.workload.Workload;

/** What is told of every replay, whatever was recorded. */
final class ReplayFigures {

    private ReplayFigures() {
    }

    static ReplayReport report(ReplayResult result) {
        return new ReplayReport(json -> write(json, result), result, text(rows(result), result), result.isCorrect());
    }

    static void write(JsonGenerator json, ReplayResult result) throws IOException {
        Workload trace = result.trace();
        json.writeNumberField("jobs", trace.jobCount());
        json.writeNumberField("completed", result.completed());
        json.writeNumberField("queues", trace.queueCount());
        json.writeNumberField("dependencies", trace.dependencyCount());
        json.writeNumberField("dependency_violations", result.dependencyViolations());
        json.writeNumberField("order_violations", result.orderViolations());
        json.writeNumberField("starts_matched", result.startsMatched());
        json.writeNumberField("worst_start_us", micros(result.worstStartNanos()));
        json.writeNumberField("makespan_recorded_us", micros(result.recordedMakespanNanos()));
        json.writeNumberField("makespan_us", micros(result.makespanNanos()));
        writeWarnings(json, trace);
    }

    static void writeWarnings(JsonGenerator json, Workload trace) throws IOException {
        json.writeArrayFieldStart("warnings");
        for (String warning : trace.warnings()) {
            json.writeString(warning);
        }
        json.writeEndArray();
    }

    static BigDecimal micros(long nanos) {
        return new BigDecimal(ScheduleCsv.micros(nanos));
    }

    static List<String[]> rows(ReplayResult result) {
        Workload trace = result.trace();
        List<String[]> rows = new ArrayList<>();
        rows.add(row("queues", trace.queueCount()));
        rows.add(row("jobs", trace.jobCount()));
        rows.add(row("completed", result.completed()));
        rows.add(row("dependencies", trace.dependencyCount()));
        rows.add(row("dependency violations", result.dependencyViolations()));
        rows.add(row("order violations", result.orderViolations()));
        rows.add(row("starts within 100 µs", result.startsMatched()));
        rows.add(row("worst start, µs", ScheduleCsv.micros(result.worstStartNanos())));
        rows.add(row("makespan recorded, µs", ScheduleCsv.micros(result.recordedMakespanNanos())));
        rows.add(row("makespan, µs", ScheduleCsv.micros(result.makespanNanos())));
        return rows;
    }

    static String[] row(String what, Object figure) {
        return new String[] {what, String.valueOf(figure)};
    }

    /** The figures, and a line for each job that failed, as far as they were kept. */
    static String text(List<String[]> rows, ReplayResult result) {
        StringBuilder text = new StringBuilder(Tables.figures(rows));
        result.failures().forEach(failure -> text.append(System.lineSeparator()).append("failed: ").append(failure));
        return text.toString();
    }
}
