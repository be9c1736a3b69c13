package io.ringfence.sim.formats;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import io.ringfence.sim.ftrace.FtraceReader;
import io.ringfence.sim.kineto.KinetoReader;
import io.ringfence.sim.workload.TraceFormatException;
import io.ringfence.sim.workload.TraceInput;
import io.ringfence.sim.workload.Workload;

/** A trace file of any known format, plain or compressed by gzip, whatever its name. */
public final class TraceFile {

    private static final int PEEKED_BYTES = 1 << 12;

    private TraceFile() {
    }

    /**
     * Finds out what a file is and reads it in one pass.
     *
     * @param file the trace
     * @return what was recorded: a {@link io.ringfence.sim.kineto.KinetoTrace} or a {@link io.ringfence.sim.workload.Recording}
     * @throws TraceFormatException if the file is missing, empty, truncated or damaged, or is no such trace with usable jobs
     * @throws IOException          if the medium fails
     */
    public static Workload read(Path file) throws IOException, TraceFormatException {
        return TraceInput.read(file, input -> read(file, input));
    }

    private static Workload read(Path file, InputStream input) throws IOException, TraceFormatException {
        input.mark(PEEKED_BYTES);
        byte[] head = input.readNBytes(PEEKED_BYTES);
        input.reset();
        String text = new String(head, StandardCharsets.UTF_8).stripLeading();
        if (text.isEmpty() || text.startsWith("{") || text.startsWith("[") || text.startsWith("null")) {
            return KinetoReader.read(file, input);
        }
        return FtraceReader.read(file, input);
    }
}
