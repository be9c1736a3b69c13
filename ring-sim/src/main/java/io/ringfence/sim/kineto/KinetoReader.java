package io.ringfence.sim.kineto;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.BufferedInputStream;
import java.io.CharConversionException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads Kineto traces, plain or compressed by gzip, whatever their file name. */
public final class KinetoReader {

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int GZIP_MAGIC = 0x1f8b;

    private KinetoReader() {}

    /**
     * Reads a trace in one pass. Memory grows with the number of device operations, runtime calls and stream waits,
     * about 150 bytes for an operation and its launch at the peak; nothing else of the file is kept.
     *
     * @param file the trace, JSON in UTF-8, perhaps compressed by gzip
     * @return the recorded jobs and their dependencies
     * @throws KinetoFormatException if the file is missing, empty, truncated or damaged, or is not a Kineto trace with
     *     at least one usable device operation
     * @throws IOException if the medium fails while the file is read
     */
    public static KinetoTrace read(Path file) throws IOException, KinetoFormatException {
        if (Files.isDirectory(file)) {
            throw new KinetoFormatException(file, "is a directory, not a file");
        }
        RecordedEvents events;
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
                InputStream input = decompressed(raw)) {
            events = new TraceParser(file).parse(input);
        } catch (NoSuchFileException missing) {
            throw new KinetoFormatException(file, "no such file", missing);
        } catch (AccessDeniedException denied) {
            throw new KinetoFormatException(file, "permission denied", denied);
        } catch (EOFException | JsonEOFException cut) {
            throw new KinetoFormatException(file, "truncated: the file ends before its content is complete", cut);
        } catch (ZipException damaged) {
            throw new KinetoFormatException(file, "damaged gzip data: " + damaged.getMessage(), damaged);
        } catch (JsonProcessingException malformed) {
            throw new KinetoFormatException(file, "not valid JSON: " + describe(malformed), malformed);
        } catch (CharConversionException malformed) {
            throw new KinetoFormatException(file, "not valid JSON: " + malformed.getMessage(), malformed);
        }
        if (events.jobs.size() == 0) {
            throw new KinetoFormatException(file, "not a Kineto trace with usable device operations: "
                    + "no kernel, gpu_memcpy or gpu_memset event with ts and dur in it");
        }
        return JobGraph.of(events);
    }

    private static InputStream decompressed(InputStream raw) throws IOException {
        raw.mark(2);
        int magic = raw.read() << 8 | raw.read();
        raw.reset();
        return magic == GZIP_MAGIC ? new GZIPInputStream(raw, BUFFER_BYTES) : raw;
    }

    private static String describe(JsonProcessingException malformed) {
        JsonLocation location = malformed.getLocation();
        String message = malformed.getOriginalMessage();
        return location == null
                ? message
                : message + " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
