package io.ringfence.sim.cli;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonGenerator;

import io.ringfence.sim.device.Finding;
import io.ringfence.sim.faults.FaultDice;
import io.ringfence.sim.run.DeviceSession;
import io.ringfence.sim.run.RunResult;
import io.ringfence.sim.run.RunSettings;

import org.HdrHistogram.Histogram;

/** The result of a run as JSON. */
final class RunReport {

    private RunReport() {
    }

    static JsonFile.Body json(RunSettings settings, RunResult result) {
        return json -> {
            json.writeBooleanField("verified", result.verified());
            json.writeNumberField("jobs", result.jobs());
            json.writeNumberField("failed", result.failed());
            json.writeNumberField("jobs_per_second", result.jobsPerSecond());
            json.writeNumberField("work_seconds", result.workSeconds());
            Histogram trips = result.roundTrips();
            json.writeObjectFieldStart("round_trip_ns");
            json.writeNumberField("p50", trips.getValueAtPercentile(50));
            json.writeNumberField("p99", trips.getValueAtPercentile(99));
            json.writeNumberField("p999", trips.getValueAtPercentile(99.9));
            json.writeNumberField("max", trips.getMaxValue());
            json.writeNumberField("count", trips.getTotalCount());
            json.writeEndObject();
            json.writeArrayFieldStart("queues");
            for (RunResult.QueueShare share : result.queues()) {
                json.writeStartObject();
                json.writeStringField("name", share.name());
                json.writeNumberField("jobs", share.jobs());
                json.writeNumberField("failed", share.failed());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeObjectFieldStart("settings");
            json.writeNumberField("queues", settings.queues());
            json.writeNumberField("size", settings.size());
            json.writeNumberField("tile", settings.tile());
            json.writeNumberField("repeat", settings.repeat());
            json.writeNumberField("credits", settings.credits());
            json.writeNumberField("seed", settings.seed());
            json.writeEndObject();
        };
    }

    /** What was to go wrong with the device, and what was found to be. */
    static void faults(JsonGenerator json, DeviceSession session) throws IOException {
        json.writeArrayFieldStart("faults");
        for (FaultDice.Struck struck : session.firmware().struckFaults()) {
            json.writeStartObject();
            json.writeStringField("fault", struck.fault().toString());
            json.writeNumberField("struck", struck.count());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("findings");
        for (Finding finding : session.findings()) {
            json.writeStartObject();
            json.writeStringField("kind", finding.kind().text());
            json.writeNumberField("ring", finding.ring());
            json.writeNumberField("seqno", finding.seqno());
            json.writeStringField("text", finding.text());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
