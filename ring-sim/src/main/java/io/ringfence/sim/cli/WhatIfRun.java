package io.ringfence.sim.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.core.JsonGenerator;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;

import io.ringfence.scheduler.Policies;
import io.ringfence.scheduler.Priority;
import io.ringfence.sim.replay.ClientFigures;
import io.ringfence.sim.replay.Outcome;
import io.ringfence.sim.replay.ReplayResult;
import io.ringfence.sim.replay.ScheduleCsv;
import io.ringfence.sim.replay.WhatIf;
import io.ringfence.sim.workload.Context;
import io.ringfence.sim.workload.Recording;

import org.jspecify.annotations.Nullable;

/** What another policy would have done, as a table and as JSON. */
final class WhatIfRun {

    /** All policies. */
    static final String ALL = "all";

    private static final int NAMED = 10;

    private record Row(Outcome outcome, ClientFigures client) {
    }

    private final Recording recording;

    WhatIfRun(Recording recording) {
        this.recording = recording;
    }

    ReplayReport run(@Nullable String policy, @Nullable Integer credits, Map<String, Priority> byName)
            throws InputException, InterruptedException {
        Map<Integer, Priority> priorities = priorities(byName);
        List<String> policies = policy == null || policy.equals(ALL) ? Policies.names() : List.of(policy);
        WhatIf whatIf = new WhatIf(recording, credits == null ? 0 : credits, priorities);
        List<Outcome> outcomes;
        long jobs = (long) policies.size() * recording.jobCount();
        try (Progress progress = new Progress("what if", jobs)) {
            outcomes = whatIf.outcomes(policies, progress::finished);
        }
        ReplayResult times = whatIf.last().times();
        return new ReplayReport(json -> write(json, outcomes), policies.size() == 1 ? times : null, table(outcomes),
                times.isCorrect());
    }

    private Map<Integer, Priority> priorities(Map<String, Priority> byName) throws InputException {
        Map<Integer, Priority> priorities = new HashMap<>();
        for (Map.Entry<String, Priority> entry : byName.entrySet()) {
            boolean found = false;
            for (int queue = 0; queue < recording.queueCount(); queue++) {
                Context context = recording.context(queue);
                if (List.of(context.name(), context.client(), recording.queueName(queue)).contains(entry.getKey())) {
                    priorities.put(queue, entry.getValue());
                    found = true;
                }
            }
            if (!found) {
                throw new InputException("--priority " + entry.getKey() + "=" + entry.getValue()
                        + ": there is no such context; must be one of " + names());
            }
        }
        return priorities;
    }

    private String names() {
        List<String> names = new ArrayList<>();
        for (int queue = 0; queue < Math.min(NAMED, recording.queueCount()); queue++) {
            names.add(recording.queueName(queue));
        }
        return String.join(", ", names) + (recording.queueCount() > NAMED ? ", ..." : "");
    }

    // ---- for people

    private String table(List<Outcome> outcomes) {
        List<Row> rows = new ArrayList<>();
        outcomes.forEach(outcome -> outcome.clients().forEach(client -> rows.add(new Row(outcome, client))));
        return Tables.print(rows, List.of(
                new Column().header("policy").dataAlign(HorizontalAlign.LEFT).<Row>with(row -> row.outcome().name()),
                new Column().header("client").dataAlign(HorizontalAlign.LEFT).with(row -> client(row.client())),
                new Column().header("priority").dataAlign(HorizontalAlign.LEFT)
                        .with(row -> row.client().priority().name().toLowerCase(Locale.ROOT)),
                new Column().header("jobs").with(row -> String.valueOf(row.client().jobs())),
                new Column().header("share %")
                        .with(row -> String.format(Locale.ROOT, "%.1f", 100 * row.client().share())),
                new Column().header("wait p50, µs").with(row -> ScheduleCsv.micros(row.client().waitP50())),
                new Column().header("p99").with(row -> ScheduleCsv.micros(row.client().waitP99())),
                new Column().header("worst").with(row -> ScheduleCsv.micros(row.client().waitWorst())),
                new Column().header("makespan, µs")
                        .with(row -> ScheduleCsv.micros(row.outcome().makespanNanos()))));
    }

    private String client(ClientFigures client) {
        Context context = recording.context(client.queue());
        return recording.queueName(client.queue())
                + (context.client().isEmpty() ? "" : " (" + context.client() + ")");
    }

    // ---- for programs

    private void write(JsonGenerator json, List<Outcome> outcomes) throws IOException {
        json.writeStringField("format", recording.format());
        json.writeNumberField("jobs", recording.jobCount());
        json.writeNumberField("queues", recording.queueCount());
        json.writeObjectFieldStart("what_if");
        json.writeFieldName("recording");
        write(json, outcomes.getFirst());
        json.writeArrayFieldStart("policies");
        for (Outcome outcome : outcomes.subList(1, outcomes.size())) {
            write(json, outcome);
        }
        json.writeEndArray();
        json.writeEndObject();
        RingReport.writeSkipped(json, recording);
        ReplayFigures.writeWarnings(json, recording);
    }

    private void write(JsonGenerator json, Outcome outcome) throws IOException {
        json.writeStartObject();
        json.writeStringField("policy", outcome.name());
        json.writeNumberField("makespan_us", ReplayFigures.micros(outcome.makespanNanos()));
        json.writeArrayFieldStart("clients");
        for (ClientFigures client : outcome.clients()) {
            json.writeStartObject();
            json.writeStringField("context", recording.queueName(client.queue()));
            json.writeStringField("client", recording.context(client.queue()).client());
            json.writeStringField("priority", client.priority().name());
            json.writeNumberField("jobs", client.jobs());
            json.writeNumberField("share", client.share());
            json.writeObjectFieldStart("wait_us");
            json.writeNumberField("p50", ReplayFigures.micros(client.waitP50()));
            json.writeNumberField("p99", ReplayFigures.micros(client.waitP99()));
            json.writeNumberField("worst", ReplayFigures.micros(client.waitWorst()));
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
