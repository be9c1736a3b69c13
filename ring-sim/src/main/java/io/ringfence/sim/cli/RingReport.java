package io.ringfence.sim.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.core.JsonGenerator;

import io.ringfence.sim.replay.Decisions;
import io.ringfence.sim.replay.FollowedResult;
import io.ringfence.sim.replay.FollowedRing;
import io.ringfence.sim.replay.RingResult;
import io.ringfence.sim.replay.ScheduleCsv;
import io.ringfence.sim.workload.Recording;
import io.ringfence.sim.workload.Skipped;

/** What is told of recorded rings. */
final class RingReport {

    private RingReport() {
    }

    /** Of a replay through schedulers; in real time only whether all was done in order is judged. */
    static ReplayReport of(RingResult result, String policy, boolean isJudged) {
        Recording recording = result.recording();
        Decisions decisions = result.decisions();
        List<String[]> rows = ReplayFigures.rows(result.times());
        rows.add(ReplayFigures.row("policy", policy));
        for (int ring = 0; ring < recording.ringCount(); ring++) {
            rows.add(ReplayFigures.row("credits of " + recording.ringName(ring), result.credits(ring)));
        }
        addDecisions(rows, decisions);
        rows.add(ReplayFigures.row("contested", result.contested()));
        rows.add(ReplayFigures.row("submitted late", result.lateSubmissions()));
        addSkipped(rows, recording);
        return new ReplayReport(json -> {
            writeFormat(json, recording, policy);
            json.writeArrayFieldStart("credits");
            for (int ring = 0; ring < recording.ringCount(); ring++) {
                json.writeNumber(result.credits(ring));
            }
            json.writeEndArray();
            ReplayFigures.write(json, result.times());
            write(json, "decisions", decisions);
            json.writeObjectFieldStart("contested");
            json.writeNumberField("total", result.contested());
            json.writeEndObject();
            json.writeNumberField("submitted_late", result.lateSubmissions());
            writeSkipped(json, recording);
        }, result.times(), ReplayFigures.text(rows, result.times()),
                result.times().isCorrect() && (!isJudged || decisions.isAllMatched()));
    }

    /** Of a recording that was followed. */
    static ReplayReport of(FollowedResult result, String policy) {
        Recording recording = result.recording();
        List<String[]> rows = new ArrayList<>();
        rows.add(ReplayFigures.row("queues", recording.queueCount()));
        rows.add(ReplayFigures.row("jobs", recording.jobCount()));
        rows.add(ReplayFigures.row("policy", policy));
        rows.add(ReplayFigures.row("contexts on a ring", result.slots()));
        for (FollowedRing ring : result.rings()) {
            rows.add(ReplayFigures.row("contested on ring " + ring.ring(), ring.contested()));
            rows.add(ReplayFigures.row("  chosen as recorded", ring.contestedMatched()));
        }
        addDecisions(rows, result.decisions());
        addSkipped(rows, recording);
        return new ReplayReport(json -> {
            writeFormat(json, recording, policy);
            json.writeNumberField("credits", result.slots());
            json.writeNumberField("jobs", recording.jobCount());
            json.writeNumberField("queues", recording.queueCount());
            json.writeNumberField("makespan_recorded_us",
                    ReplayFigures.micros(result.times().recordedMakespanNanos()));
            ReplayFigures.writeWarnings(json, recording);
            write(json, "decisions", result.decisions());
            writeContested(json, result.contested(), result.contestedMatched());
            json.writeArrayFieldStart("rings");
            for (FollowedRing ring : result.rings()) {
                json.writeStartObject();
                json.writeStringField("ring", ring.ring());
                write(json, "decisions", ring.decisions());
                writeContested(json, ring.contested(), ring.contestedMatched());
                json.writeEndObject();
            }
            json.writeEndArray();
            writeSkipped(json, recording);
        }, result.times(), Tables.figures(rows), result.isExplained());
    }

    private static void writeFormat(JsonGenerator json, Recording recording, String policy) throws IOException {
        json.writeStringField("format", recording.format());
        json.writeStringField("policy", policy);
    }

    private static void writeContested(JsonGenerator json, long total, long matched) throws IOException {
        json.writeObjectFieldStart("contested");
        json.writeNumberField("total", total);
        json.writeNumberField("matched", matched);
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String name, Decisions decisions) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("total", decisions.total());
        json.writeNumberField("matched", decisions.matched());
        json.writeNumberField("early", decisions.early());
        json.writeNumberField("late", decisions.late());
        json.writeNumberField("least_lag_us", ReplayFigures.micros(decisions.leastLag()));
        json.writeNumberField("median_lag_us", ReplayFigures.micros(decisions.medianLag()));
        json.writeNumberField("greatest_lag_us", ReplayFigures.micros(decisions.greatestLag()));
        json.writeEndObject();
    }

    private static void addDecisions(List<String[]> rows, Decisions decisions) {
        rows.add(ReplayFigures.row("decisions", decisions.total()));
        rows.add(ReplayFigures.row("  matched", decisions.matched()));
        rows.add(ReplayFigures.row("  early", decisions.early()));
        rows.add(ReplayFigures.row("  late", decisions.late()));
        rows.add(ReplayFigures.row("lag, least, µs", ScheduleCsv.micros(decisions.leastLag())));
        rows.add(ReplayFigures.row("lag, median, µs", ScheduleCsv.micros(decisions.medianLag())));
        rows.add(ReplayFigures.row("lag, greatest, µs", ScheduleCsv.micros(decisions.greatestLag())));
    }

    private static void addSkipped(List<String[]> rows, Recording recording) {
        for (Skipped skipped : recording.skipped()) {
            rows.add(ReplayFigures.row("skipped on " + skipped.ring(),
                    skipped.total() + ": " + skipped.onlySubmitted() + " only submitted, " + skipped.notDone()
                            + " not done, " + skipped.neverSubmitted() + " never submitted"));
        }
    }

    static void writeSkipped(JsonGenerator json, Recording recording) throws IOException {
        json.writeObjectFieldStart("skipped");
        json.writeNumberField("total", recording.skipped().stream().mapToLong(Skipped::total).sum());
        json.writeArrayFieldStart("rings");
        for (Skipped skipped : recording.skipped()) {
            json.writeStartObject();
            json.writeStringField("ring", skipped.ring());
            json.writeNumberField("total", skipped.total());
            json.writeNumberField("only_submitted", skipped.onlySubmitted());
            json.writeNumberField("not_done", skipped.notDone());
            json.writeNumberField("never_submitted", skipped.neverSubmitted());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
