package io.ringfence.sim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

/**
 * What the program answered.
 *
 * @param code the exit code
 * @param out  standard output
 * @param err  standard error
 */
record Cli(int code, String out, String err) {

    /** Of the program's threads; one that is just ending is waited for. */
    static void assertNoThreadIsLeft() {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("ringfence")) {
                try {
                    thread.join(30_000);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }

    static Cli run(Object... arguments) {
        String[] words = new String[arguments.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = String.valueOf(arguments[i]);
        }
        PrintStream formerOut = System.out;
        PrintStream formerErr = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
            int code = Main.execute(words);
            System.out.flush();
            System.err.flush();
            return new Cli(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(formerOut);
            System.setErr(formerErr);
        }
    }

    List<String> errLines() {
        return err.lines().filter(line -> !line.startsWith("ringfence: warning: ")).toList();
    }

    /** Refused: exit code 2, nothing on standard output, one line on standard error that contains all of this. */
    void assertRefused(String... parts) {
        assertThat(code).as(err).isEqualTo(2);
        assertThat(out).isEmpty();
        assertThat(errLines()).as(err).hasSize(1);
        assertThat(errLines().getFirst()).startsWith("ringfence: ").contains(parts).doesNotContain("Exception");
    }

    void assertOk() {
        assertThat(code).as(out + err).isZero();
        assertThat(errLines()).isEmpty();
    }

    /** The scalar values of a JSON file by their path, with dots; elements of arrays with their index. */
    static Map<String, String> json(Path file) throws IOException {
        Map<String, String> values = new TreeMap<>();
        try (JsonParser parser = new JsonFactory().createParser(file.toFile())) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token.isScalarValue()) {
                    String path = parser.getParsingContext().pathAsPointer().toString().substring(1).replace('/', '.');
                    values.put(path, parser.getText());
                }
            }
        }
        return values;
    }
}
