package io.ringfence.sim.prove;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import io.ringfence.sim.workshop.Workshop;

import org.w3c.dom.Element;

/** What the JVM makes of the code: where fields lie, with both kinds of headers, what is loaded, who is pinned. */
final class JvmTests implements Check {

    private static final String TESTS = "PaddingTest,PinningTest,FlaglessConsumerTest";
    private static final String REPORTS = "core/target/surefire-reports";

    @Override
    public String name() {
        return "jvm";
    }

    @Override
    public Section run(Workshop workshop, boolean quick) throws IOException, InterruptedException {
        long begun = System.currentTimeMillis();
        Workshop.Ended ran = workshop.maven("jvm", "-q", "-pl", "core", "-Dspotless.check.skip=true",
                "-Dtest=" + TESTS, "-Dsurefire.failIfNoSpecifiedTests=false", "test");
        StringBuilder text = new StringBuilder("| tests | JVM | run | failed | skipped |\n|---|---|---:|---:|---:|\n");
        int all = 0;
        for (Path file : reports(workshop.root().resolve(REPORTS), begun)) {
            Element suite = Xml.root(file, "tests");
            int failed = number(suite, "failures") + number(suite, "errors");
            boolean compact = file.toString().contains("compact");
            int count = number(suite, "tests");
            all += count;
            if (count != 0) {
                text.append(String.format(Locale.ROOT, "| `%s` | %s | %d | %d | %d |%n", suite.getAttribute("name"),
                        compact ? "compact object headers" : "as it comes", count, failed, number(suite, "skipped")));
            }
        }
        boolean holds = ran.code() == 0 && all != 0;
        String verdict = holds
                ? all + " tests hold: fields 128 bytes apart with both kinds of headers, sun.misc.Unsafe not loaded, "
                        + "no virtual thread pinned"
                : "tests FAILED, exit code " + ran.code();
        return new Section("The JVM", verdict, holds, holds ? text.toString() : text + Section.printed(ran.tail()));
    }

    /** Those of this run. */
    private static List<Path> reports(Path folder, long since) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".xml") && file.toFile().lastModified() >= since)
                    .sorted().toList();
        }
    }

    private static int number(Element suite, String name) {
        String value = suite.getAttribute(name);
        return value.isEmpty() ? 0 : Integer.parseInt(value);
    }
}
