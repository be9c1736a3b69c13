package io.ringfence.sim.cli;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.core.JsonGenerator;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;

import io.ringfence.sim.schedule.DeviceShares;

import org.HdrHistogram.Histogram;

/** What has become of the clients of {@code ringfence schedule}, as a table and as JSON. */
final class ScheduleReport {

    private static final double MILLI = 1e6;
    private static final double SECOND = 1e9;

    private ScheduleReport() {
    }

    static String table(DeviceShares result) {
        return Tables.print(result.shares(),
                List.of(new Column().header("client").dataAlign(HorizontalAlign.LEFT).<
                        DeviceShares.Share>with(share -> share.client().name()),
                        new Column().header("priority").dataAlign(HorizontalAlign.LEFT)
                                .with(share -> share.client().priority().toString()),
                        new Column().header("jobs").with(share -> String.valueOf(share.jobs())),
                        new Column().header("device ms").with(share -> millis(share.deviceNanos())),
                        new Column().header("share %")
                                .with(share -> String.format(Locale.ROOT, "%.1f", 100 * result.partOf(share))),
                        new Column().header("p50").with(share -> millis(share.waits().getValueAtPercentile(50))),
                        new Column().header("p99").with(share -> millis(share.waits().getValueAtPercentile(99))),
                        new Column().header("worst").with(share -> millis(share.waits().getMaxValue()))));
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / MILLI);
    }

    static String summary(DeviceShares result, String policy, int credits) {
        return String.format(Locale.ROOT, """
                p50, p99, worst: ms from when a job was submitted until the device began with it
                %s, %d %s: %d jobs handed over in %.1f s, device %.1f %% busy""", policy, credits,
                credits == 1 ? "credit" : "credits", result.decisions(), result.nanos() / SECOND, 100 * result.busy());
    }

    static void json(JsonGenerator body, DeviceShares result) throws IOException {
        body.writeNumberField("elapsed_ms", result.nanos() / MILLI);
        body.writeNumberField("decisions", result.decisions());
        body.writeNumberField("busy", result.busy());
        body.writeArrayFieldStart("clients");
        for (DeviceShares.Share share : result.shares()) {
            body.writeStartObject();
            body.writeStringField("name", share.client().name());
            body.writeStringField("priority", share.client().priority().name().toLowerCase(Locale.ROOT));
            body.writeNumberField("jobs", share.jobs());
            body.writeNumberField("failed", share.failed());
            body.writeNumberField("device_ms", share.deviceNanos() / MILLI);
            body.writeNumberField("share", result.partOf(share));
            Histogram waits = share.waits();
            body.writeObjectFieldStart("waited_ms");
            body.writeNumberField("p50", waits.getValueAtPercentile(50) / MILLI);
            body.writeNumberField("p99", waits.getValueAtPercentile(99) / MILLI);
            body.writeNumberField("worst", waits.getMaxValue() / MILLI);
            body.writeEndObject();
            body.writeEndObject();
        }
        body.writeEndArray();
    }
}
