package io.ringfence.sim.ftrace;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

import io.ringfence.sim.drm.DrmEvents;
import io.ringfence.sim.workload.Recording;
import io.ringfence.sim.workload.TraceFormatException;
import io.ringfence.sim.workload.TraceLines;

/** Reads ftrace text with events of amdgpu, drm_sched or i915, line by line. */
public final class FtraceReader {

    private FtraceReader() {
    }

    /**
     * Reads a trace in one pass. Memory grows with the number of jobs, about 60 bytes each.
     *
     * @param file  the file's name, for messages
     * @param input the text
     * @return what was recorded, with what could not be used in its warnings
     * @throws TraceFormatException if there is no complete job in it
     * @throws IOException          if the medium fails
     */
    public static Recording read(Path file, InputStream input) throws IOException, TraceFormatException {
        TraceLines lines = new TraceLines(input);
        DrmEvents events = new DrmEvents();
        FtraceEvents translator = new FtraceEvents(events);
        LineTally tally = new LineTally();
        FtraceLine line = new FtraceLine();
        for (String text = lines.next(); text != null; text = lines.next()) {
            if (line.parse(text)) {
                switch (translator.take(line)) {
                    case TAKEN -> {
                    }
                    case UNKNOWN -> tally.other(line.name());
                    case BROKEN -> tally.broken(lines.number(), line.name() + " without " + translator.missing());
                }
            } else if (LineTally.isLoss(text)) {
                tally.loss();
            } else if (!LineTally.isHeader(text)) {
                tally.noEvent(lines.number());
            }
        }
        Recording recording = events.recording(tally.warnings());
        if (recording.jobCount() == 0) {
            throw new TraceFormatException(file, tally.whyNothing(lines.number(), events.count(), recording));
        }
        return recording;
    }
}
