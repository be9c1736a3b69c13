package io.ringfence.sim.formats;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

import io.ringfence.sim.chakra.ChakraReader;
import io.ringfence.sim.ftrace.FtraceReader;
import io.ringfence.sim.kineto.KinetoReader;
import io.ringfence.sim.perfetto.PerfettoReader;
import io.ringfence.sim.workload.TraceFormatException;
import io.ringfence.sim.workload.TraceInput;
import io.ringfence.sim.workload.Workload;

/** A trace file of any known format, plain or compressed by gzip, whatever its name. */
public final class TraceFile {

    private static final String SAMPLE = "sample.ftrace.txt";
    private static final int PEEKED_BYTES = 1 << 12;
    private static final String BYTE_ORDER_MARK = "\ufeff";
    private static final int ESCAPE = 0x1b;
    /** Comments, then the first packet. */
    private static final Pattern TEXT_PROTO = Pattern.compile("\\A(?:\\s*#[^\\n]*\\n)*\\s*packet\\s*:?\\s*[{<]");

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
        boolean isChakra = TraceInput.read(file, input -> isJson(peek(input)) && ChakraReader.isChakra(input));
        return TraceInput.read(file, input -> isChakra ? ChakraReader.read(file, input) : read(file, input));
    }

    /**
     * A small workload that comes with the program: three clients of one ring and one of another, with dependencies.
     *
     * @return what was recorded
     * @throws TraceFormatException if it is damaged
     * @throws IOException          if it is not there
     */
    public static Workload sample() throws IOException, TraceFormatException {
        try (InputStream input = TraceFile.class.getResourceAsStream(SAMPLE)) {
            if (input == null) {
                throw new FileNotFoundException(SAMPLE);
            }
            return FtraceReader.read(Path.of(SAMPLE), input);
        }
    }

    private static byte[] peek(InputStream input) throws IOException {
        input.mark(PEEKED_BYTES);
        byte[] head = input.readNBytes(PEEKED_BYTES);
        input.reset();
        return head;
    }

    private static String textOf(byte[] head) {
        String text = new String(head, StandardCharsets.UTF_8);
        return (text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text).stripLeading();
    }

    private static boolean isJson(byte[] head) {
        return textOf(head).startsWith("{");
    }

    private static Workload read(Path file, InputStream input) throws IOException, TraceFormatException {
        byte[] head = peek(input);
        String text = textOf(head);
        if (text.isEmpty() || isJson(head) || text.startsWith("[") || text.startsWith("null")) {
            return KinetoReader.read(file, input);
        }
        if (text.startsWith(ScheduleReader.HEADER)) {
            return ScheduleReader.read(file, input);
        }
        if (isBinary(head)) {
            return PerfettoReader.readWire(file, input);
        }
        return TEXT_PROTO.matcher(text).find() ? PerfettoReader.readText(file, input) : FtraceReader.read(file, input);
    }

    /** Whether there are bytes that no text has. */
    private static boolean isBinary(byte[] head) {
        for (byte one : head) {
            if (one >= 0 && one < '\t' || one > '\r' && one < ' ' && one != ESCAPE) {
                return true;
            }
        }
        return false;
    }
}
