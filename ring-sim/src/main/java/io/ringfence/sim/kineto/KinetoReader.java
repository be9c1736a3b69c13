package io.ringfence.sim.kineto;

import io.ringfence.sim.workload.JsonTrace;
import io.ringfence.sim.workload.TraceFormatException;
import io.ringfence.sim.workload.TraceInput;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Reads Kineto traces, plain or compressed by gzip, whatever their file name. */
public final class KinetoReader {

    private KinetoReader() {}

    /**
     * Reads a trace in one pass. Memory grows with the number of device operations, runtime calls and stream waits,
     * about 150 bytes for an operation and its launch at the peak; nothing else of the file is kept.
     *
     * @param file the trace, JSON in UTF-8, perhaps compressed by gzip
     * @return the recorded jobs and their dependencies
     * @throws TraceFormatException if the file is missing, empty, truncated or damaged, or is not a Kineto trace with
     *     at least one usable device operation
     * @throws IOException if the medium fails while the file is read
     */
    public static KinetoTrace read(Path file) throws IOException, TraceFormatException {
        return TraceInput.read(file, input -> read(file, input));
    }

    /**
     * Reads a trace from a stream, as {@link #read(Path)} does from a file.
     *
     * @param file  the file's name, for messages
     * @param input the content
     * @return the recorded jobs and their dependencies
     * @throws TraceFormatException as there
     * @throws IOException          as there
     */
    public static KinetoTrace read(Path file, InputStream input) throws IOException, TraceFormatException {
        RecordedEvents events = JsonTrace.parse(file, input, json -> new TraceParser(file).parse(json));
        if (events.jobs.size() == 0) {
            throw new TraceFormatException(file, "not a Kineto trace with usable device operations: "
                    + "no kernel, gpu_memcpy or gpu_memset event with ts and dur in it");
        }
        return JobGraph.of(events);
    }
}
