package io.ringfence.sim.perfetto;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Takes the text format of protobuf apart: words, strings, and single characters. One thread's. */
final class TextTokens {

    /** What a token is. */
    enum Kind {
        WORD, STRING, SYMBOL, END
    }

    private static final int MAX_TOKEN = 1 << 16;
    private static final int NONE = -2;

    private final InputStream input;
    private int pushed = NONE;
    private long line = 1;
    private Kind kind = Kind.END;
    private final StringBuilder text = new StringBuilder();

    TextTokens(InputStream input) {
        this.input = input;
    }

    /** The line where the reader is. */
    long line() {
        return line;
    }

    Kind kind() {
        return kind;
    }

    /** The last token; a string without its quotes. */
    String text() {
        return text.toString();
    }

    boolean is(char symbol) {
        return kind == Kind.SYMBOL && text.charAt(0) == symbol;
    }

    /** Goes to the next token. */
    void next() throws IOException {
        text.setLength(0);
        int character = skipSpace();
        if (character < 0) {
            kind = Kind.END;
        } else if (character == '"' || character == '\'') {
            kind = Kind.STRING;
            readString(character);
        } else if (isWord(character)) {
            kind = Kind.WORD;
            readWord(character);
        } else {
            kind = Kind.SYMBOL;
            text.append((char) character);
        }
    }

    private int read() throws IOException {
        int character = pushed;
        pushed = NONE;
        if (character == NONE) {
            character = input.read();
            line += character == '\n' ? 1 : 0;
        }
        return character;
    }

    private int skipSpace() throws IOException {
        int character = read();
        while (character == ' ' || character == '\n' || character == '\t' || character == '\r' || character == '#') {
            if (character == '#') {
                while (character >= 0 && character != '\n') {
                    character = read();
                }
            } else {
                character = read();
            }
        }
        return character;
    }

    private static boolean isWord(int character) {
        return character >= 'a' && character <= 'z' || character >= 'A' && character <= 'Z'
                || character >= '0' && character <= '9' || character == '_' || character == '.' || character == '-'
                || character == '+' || character == '/';
    }

    private void readWord(int first) throws IOException {
        int character = first;
        while (isWord(character)) {
            append(character);
            character = read();
        }
        pushed = character;
    }

    private void append(int character) {
        if (text.length() < MAX_TOKEN) {
            text.append((char) character);
        }
    }

    private void readString(int quote) throws IOException {
        int character = read();
        while (character >= 0 && character != quote && character != '\n') {
            append(character == '\\' ? escaped(read()) : character);
            character = read();
        }
        // What stands there are the bytes of UTF-8, one by one.
        byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        text.setLength(0);
        text.append(new String(bytes, StandardCharsets.UTF_8));
    }

    private static int escaped(int character) {
        return switch (character) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            default -> Math.max(0, character);
        };
    }
}
