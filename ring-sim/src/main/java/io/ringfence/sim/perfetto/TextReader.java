package io.ringfence.sim.perfetto;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

import io.ringfence.sim.workload.TraceFormatException;

import org.jspecify.annotations.Nullable;

/** Reads a trace in the text format of protobuf. */
final class TextReader {

    private static final int MAX_DEPTH = 200;

    private final Path file;
    private final TextTokens tokens;

    TextReader(Path file, InputStream input) {
        this.file = file;
        tokens = new TextTokens(input);
    }

    String place() {
        return "line " + tokens.line();
    }

    void read(Message trace) throws IOException, TraceFormatException {
        tokens.next();
        fields(trace, 0);
        if (tokens.kind() != TextTokens.Kind.END) {
            throw broken("a closing bracket too many");
        }
        trace.end();
    }

    private TraceFormatException broken(String what) {
        return new TraceFormatException(file, "not the text of a Perfetto trace: line " + tokens.line() + ": " + what);
    }

    /** Reads fields up to the bracket that ends them, or to the end of the file. */
    private void fields(@Nullable Message into, int depth) throws IOException, TraceFormatException {
        while (tokens.kind() != TextTokens.Kind.END && !tokens.is('}') && !tokens.is('>')) {
            if (tokens.is(',') || tokens.is(';')) {
                tokens.next();
                continue;
            }
            String name = name();
            if (tokens.is(':')) {
                tokens.next();
            }
            value(into, name, depth);
        }
    }

    private void requireDepth(int depth) throws TraceFormatException {
        if (depth > MAX_DEPTH) {
            throw broken("more than " + MAX_DEPTH + " messages in each other");
        }
    }

    private String name() throws IOException, TraceFormatException {
        boolean isExtension = tokens.is('[');
        if (isExtension) {
            tokens.next();
        }
        if (tokens.kind() != TextTokens.Kind.WORD) {
            throw broken("a field's name is missing before '" + tokens.text() + "'");
        }
        String name = tokens.text();
        tokens.next();
        if (isExtension) {
            if (!tokens.is(']')) {
                throw broken("']' is missing after " + name);
            }
            tokens.next();
        }
        return name;
    }

    private void value(@Nullable Message into, String name, int depth) throws IOException, TraceFormatException {
        requireDepth(depth);
        if (tokens.is('{') || tokens.is('<')) {
            message(into, name, depth);
        } else if (tokens.is('[')) {
            tokens.next();
            while (!tokens.is(']')) {
                value(into, name, depth + 1);
                if (tokens.is(',')) {
                    tokens.next();
                }
            }
            tokens.next();
        } else if (tokens.kind() == TextTokens.Kind.STRING) {
            StringBuilder text = new StringBuilder();
            while (tokens.kind() == TextTokens.Kind.STRING) {
                text.append(tokens.text());
                tokens.next();
            }
            if (into != null) {
                into.text(name, text.toString());
            }
        } else if (tokens.kind() == TextTokens.Kind.WORD) {
            number(into, name, tokens.text());
            tokens.next();
        } else {
            throw broken("the value of " + name + " is missing");
        }
    }

    private void message(@Nullable Message into, String name, int depth) throws IOException, TraceFormatException {
        char closing = tokens.is('{') ? '}' : '>';
        Message inner = into == null ? null : into.message(name);
        tokens.next();
        fields(inner, depth + 1);
        if (!tokens.is(closing)) {
            throw broken("'" + closing + "' is missing at the end of " + name);
        }
        if (inner != null) {
            inner.end();
        }
        tokens.next();
    }

    /** Names of enumerations and broken numbers are nobody's. */
    private static void number(@Nullable Message into, String name, String text) {
        if (into == null) {
            return;
        }
        try {
            long value = text.startsWith("0x")
                    ? Long.parseUnsignedLong(text.substring(2), 16)
                    : text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
            into.number(name, value);
        } catch (NumberFormatException _) {
            // Whoever needs it says that it is missing.
        }
    }
}
