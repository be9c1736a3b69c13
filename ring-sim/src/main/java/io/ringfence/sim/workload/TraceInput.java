package io.ringfence.sim.workload;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Opens trace files, plain or compressed by gzip, whatever their name. */
public final class TraceInput {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int GZIP_MAGIC = 0x1f8b;

    /**
     * Reads what is in a file.
     *
     * @param <T> what comes of it
     */
    @FunctionalInterface
    public interface Body<T> {
        /**
         * Reads.
         *
         * @param input the content, decompressed; supports marks
         * @return what comes of it
         * @throws IOException          if the medium fails
         * @throws TraceFormatException if it is not what was expected
         */
        T read(InputStream input) throws IOException, TraceFormatException;
    }

    private TraceInput() {
    }

    /**
     * Opens a file, has it read and closes it.
     *
     * @param file the file
     * @param body reads it
     * @param <T>  what comes of it
     * @return what the body returned
     * @throws TraceFormatException if the file is missing, a folder, unreadable, truncated or damaged, or the body says so
     * @throws IOException          if the medium fails
     */
    public static <T> T read(Path file, Body<T> body) throws IOException, TraceFormatException {
        if (Files.isDirectory(file)) {
            throw new TraceFormatException(file, "is a directory, not a file");
        }
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
                InputStream input = decompressed(raw)) {
            return body.read(input);
        } catch (NoSuchFileException missing) {
            throw new TraceFormatException(file, "no such file", missing);
        } catch (AccessDeniedException denied) {
            throw new TraceFormatException(file, "permission denied", denied);
        } catch (EOFException cut) {
            throw new TraceFormatException(file, "truncated: the file ends before its content is complete", cut);
        } catch (ZipException damaged) {
            throw new TraceFormatException(file, "damaged gzip data: " + damaged.getMessage(), damaged);
        }
    }

    private static InputStream decompressed(InputStream raw) throws IOException {
        raw.mark(2);
        int magic = raw.read() << 8 | raw.read();
        raw.reset();
        return magic == GZIP_MAGIC
                ? new BufferedInputStream(new GZIPInputStream(raw, BUFFER_BYTES), BUFFER_BYTES)
                : raw;
    }
}
