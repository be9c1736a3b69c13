package io.ringfence.sim.perfetto;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

import io.ringfence.sim.drm.DrmEvents;
import io.ringfence.sim.workload.Recording;
import io.ringfence.sim.workload.Skipped;
import io.ringfence.sim.workload.TraceFormatException;

/** Reads Perfetto traces with events of drm_sched, or of fences alone. */
public final class PerfettoReader {

    private PerfettoReader() {
    }

    /**
     * Reads a trace as protobuf, in one pass. Memory grows with the number of jobs, and holds one packet.
     *
     * @param file  the file's name, for messages
     * @param input the content
     * @return what was recorded, with what could not be used in its warnings
     * @throws TraceFormatException if it is no such trace, or there is no complete job in it
     * @throws IOException          if the medium fails
     */
    public static Recording readWire(Path file, InputStream input) throws IOException, TraceFormatException {
        DrmEvents events = new DrmEvents();
        WireReader reader = new WireReader(file, input);
        PacketTally tally = new PacketTally(reader::place);
        reader.read(new TraceMessage(events, tally), tally);
        return recording(file, events, tally);
    }

    /**
     * Reads a trace in the text format of protobuf, in one pass.
     *
     * @param file  the file's name, for messages
     * @param input the text
     * @return what was recorded, with what could not be used in its warnings
     * @throws TraceFormatException if it is no such trace, or there is no complete job in it
     * @throws IOException          if the medium fails
     */
    public static Recording readText(Path file, InputStream input) throws IOException, TraceFormatException {
        DrmEvents events = new DrmEvents();
        TextReader reader = new TextReader(file, input);
        PacketTally tally = new PacketTally(reader::place);
        reader.read(new TraceMessage(events, tally));
        return recording(file, events, tally);
    }

    private static Recording recording(Path file, DrmEvents events, PacketTally tally) throws TraceFormatException {
        Recording recording = events.recording(tally.warnings());
        if (recording.jobCount() == 0) {
            long skipped = recording.skipped().stream().mapToLong(Skipped::total).sum();
            String why = tally.warnings().isEmpty() ? "" : "; " + String.join("; ", tally.warnings());
            throw new TraceFormatException(file, "no job in this Perfetto trace that was submitted, run and done: "
                    + events.count() + " events of drm_sched or dma_fence, " + skipped + " incomplete jobs" + why);
        }
        return recording;
    }
}
