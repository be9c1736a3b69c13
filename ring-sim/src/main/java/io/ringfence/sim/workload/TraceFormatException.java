package io.ringfence.sim.workload;

import java.io.Serial;
import java.nio.file.Path;

/** Says, in one line that names the file, why it cannot be read as a trace. */
public final class TraceFormatException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param file the file that was to be read
     * @param reason what is wrong with it; line breaks and other control characters are replaced by spaces
     */
    public TraceFormatException(Path file, String reason) {
        super(oneLine(file + ": " + reason));
    }

    /**
     * Creates the exception with the failure that revealed the problem.
     *
     * @param file the file that was to be read
     * @param reason what is wrong with it; line breaks and other control characters are replaced by spaces
     * @param cause the failure met while reading
     */
    public TraceFormatException(Path file, String reason, Throwable cause) {
        super(oneLine(file + ": " + reason), cause);
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }
}
