package io.ringfence.sim.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

/** Writes a result as JSON. */
final class JsonFile {

    /** Writes the fields of the one object in the file. */
    @FunctionalInterface
    interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    private JsonFile() {
    }

    /** Refuses a file that could not be written, before any work is done. */
    static void checkWritable(Path file) throws InputException {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || folder == null || !Files.isDirectory(folder)
                || !Files.isWritable(Files.exists(file) ? file : folder)) {
            throw new InputException(file + ": cannot be written; must be a file in a folder that exists");
        }
    }

    static void write(Path file, Body body) throws InputException {
        try (OutputStream out = Files.newOutputStream(file);
                JsonGenerator json = new JsonFactory().createGenerator(out).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            body.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new InputException(file + ": cannot be written: " + e.getMessage());
        }
    }
}
