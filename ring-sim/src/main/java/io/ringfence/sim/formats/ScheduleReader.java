package io.ringfence.sim.formats;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import io.ringfence.sim.workload.DecimalText;
import io.ringfence.sim.workload.Recording;
import io.ringfence.sim.workload.RecordingBuilder;
import io.ringfence.sim.workload.RecordingKind;
import io.ringfence.sim.workload.TraceFormatException;
import io.ringfence.sim.workload.TraceLines;

/** Reads the schedules that a replay writes. A wrong line is an error: these files were made by this program. */
final class ScheduleReader {

    /** The first line of such a file. */
    static final String HEADER = "id,queue,submit_us,start_us,end_us,deps";

    private static final int CELLS = 6;

    private final Path file;
    private final TraceLines lines;
    private final RecordingBuilder builder = new RecordingBuilder("schedule", false).of(RecordingKind.SCHEDULE);
    private final Map<String, Integer> queues = new HashMap<>();
    private long lastSubmit = Long.MIN_VALUE;

    private ScheduleReader(Path file, InputStream input) {
        this.file = file;
        lines = new TraceLines(input);
    }

    static Recording read(Path file, InputStream input) throws IOException, TraceFormatException {
        ScheduleReader reader = new ScheduleReader(file, input);
        String header = reader.lines.next();
        if (!HEADER.equals(header)) {
            throw reader.wrong("must be " + HEADER);
        }
        for (String line = reader.lines.next(); line != null; line = reader.lines.next()) {
            if (!line.isBlank()) {
                reader.take(line);
            }
        }
        if (reader.builder.rows() == 0) {
            throw new TraceFormatException(file, "a schedule without jobs");
        }
        return reader.builder.build();
    }

    private TraceFormatException wrong(String what) {
        return new TraceFormatException(file, "line " + lines.number() + ": " + what);
    }

    private void take(String line) throws TraceFormatException {
        String[] cells = line.split(",", -1);
        if (cells.length != CELLS) {
            throw wrong(cells.length + " cells: must be " + CELLS);
        }
        int id = builder.rows();
        if (!cells[0].equals(String.valueOf(id))) {
            throw wrong("id " + cells[0] + ": must be " + id + ", one more than in the line before");
        }
        if (cells[1].isBlank()) {
            throw wrong("queue: must not be empty");
        }
        long submit = micros("submit_us", cells[2]);
        long start = micros("start_us", cells[3]);
        long end = micros("end_us", cells[4]);
        if (submit < lastSubmit) {
            throw wrong("submit_us " + cells[2] + ": must be no earlier than in the line before");
        }
        if (start < submit || end < start) {
            throw wrong("times " + submit + ", " + start + ", " + end + " ns: must be submission, start and end");
        }
        lastSubmit = submit;
        int row = builder.add(queue(cells[1]), id);
        builder.submitted(row, submit, 0);
        builder.run(row, start, 0);
        builder.done(row, end);
        dependencies(row, cells[5]);
    }

    /** What stands before the last colon is shared with other queues. */
    private int queue(String name) {
        return queues.computeIfAbsent(name, _ -> {
            int colon = name.lastIndexOf(':');
            String ring = colon < 0 ? "" : name.substring(0, colon);
            return builder.context(builder.ring(ring), name.substring(colon + 1));
        });
    }

    private long micros(String name, String text) throws TraceFormatException {
        long nanos = DecimalText.toNanos(text.toCharArray(), 0, text.length());
        if (nanos == DecimalText.ABSENT) {
            throw wrong(name + " " + text + ": must be microseconds");
        }
        return nanos;
    }

    private void dependencies(int row, String cell) throws TraceFormatException {
        if (cell.isEmpty()) {
            return;
        }
        for (String word : cell.split(" ", -1)) {
            long source = DecimalText.toLong(word.toCharArray(), 0, word.length());
            if (source < 0 || source >= row) {
                throw wrong("dependency " + word + ": must be the id of a line before");
            }
            builder.depends(row, (int) source);
        }
    }
}
