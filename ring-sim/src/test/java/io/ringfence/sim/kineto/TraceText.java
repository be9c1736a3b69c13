package io.ringfence.sim.kineto;

import io.ringfence.sim.workload.TraceFormatException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes small traces, one event a line. */
public final class TraceText {

    private TraceText() {}

    public static String kernel(int device, long stream, long correlation, String ts, String dur) {
        return job("kernel", "k" + correlation, ts, dur,
                "\"device\": " + device + ", \"stream\": " + stream + ", \"correlation\": " + correlation);
    }

    static String job(String category, String name, String ts, String dur, String arguments) {
        return "{\"ph\": \"X\", \"cat\": \"" + category + "\", \"name\": \"" + name + "\", \"pid\": 0, \"tid\": 7"
                + ", \"ts\": " + ts + ", \"dur\": " + dur + ", \"args\": {" + arguments + "}}";
    }

    public static String call(String name, long correlation, String ts, String dur) {
        return job("cuda_runtime", name, ts, dur, "\"cbid\": 211, \"correlation\": " + correlation);
    }

    static String launch(long correlation, String ts) {
        return call("cudaLaunchKernel", correlation, ts, "2");
    }

    static String record(long correlation, String ts) {
        return call("cudaEventRecord", correlation, ts, "1");
    }

    static String waitCall(long correlation, String ts) {
        return call("cudaStreamWaitEvent", correlation, ts, "1");
    }

    static String waitRecord(int device, long stream, long correlation, String ts, long onStream, long onRecord) {
        return job("cuda_sync", "Stream Wait Event", ts, "1",
                "\"cuda_sync_kind\": \"Stream Wait Event\", \"wait_on_stream\": " + onStream
                        + ", \"wait_on_cuda_event_record_corr_id\": " + onRecord + ", \"wait_on_cuda_event_id\": 1"
                        + ", \"stream\": " + stream + ", \"correlation\": " + correlation + ", \"device\": " + device);
    }

    public static String trace(String... events) {
        return "{\"schemaVersion\": 1, \"traceEvents\": [\n" + String.join(",\n", events)
                + "\n], \"traceName\": \"t.json\"}\n";
    }

    public static Path write(Path folder, String text) {
        try {
            return Files.writeString(folder.resolve("trace.json"), text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static KinetoTrace read(Path folder, String... events) throws IOException, TraceFormatException {
        return KinetoReader.read(write(folder, trace(events)));
    }
}
