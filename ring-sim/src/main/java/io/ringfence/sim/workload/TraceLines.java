package io.ringfence.sim.workload;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/** Takes a text apart into lines of bounded length, so that a file without lines costs no memory. One thread's. */
public final class TraceLines {

    /** Longer lines are cut. */
    public static final int MAX_BYTES = 1 << 16;

    private final InputStream input;
    private byte[] line = new byte[256];
    private final byte[] chunk = new byte[1 << 16];
    private int at;
    private int end;
    private long number;

    /**
     * Begins at where a stream is.
     *
     * @param input the text, in UTF-8; the caller closes it
     */
    public TraceLines(InputStream input) {
        this.input = input;
    }

    /**
     * The number of the line that was returned last.
     *
     * @return 1 for the first
     */
    public long number() {
        return number;
    }

    /**
     * Returns the next line without its end.
     *
     * @return the line, cut after {@value #MAX_BYTES} bytes, or null after the last one
     * @throws IOException if the medium fails
     */
    public @Nullable String next() throws IOException {
        int length = 0;
        boolean any = false;
        for (int next = read(); next >= 0; next = read()) {
            any = true;
            if (next == '\n') {
                break;
            }
            if (length < MAX_BYTES) {
                if (length == line.length) {
                    line = Arrays.copyOf(line, 2 * length);
                }
                line[length++] = (byte) next;
            }
        }
        if (!any) {
            return null;
        }
        number++;
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        return new String(line, 0, length, StandardCharsets.UTF_8);
    }

    private int read() throws IOException {
        if (at == end) {
            at = 0;
            end = Math.max(0, input.read(chunk));
            if (end == 0) {
                return -1;
            }
        }
        return chunk[at++] & 0xff;
    }
}
