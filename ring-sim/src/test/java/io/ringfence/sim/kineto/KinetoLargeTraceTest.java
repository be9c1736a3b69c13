package io.ringfence.sim.kineto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonFactory;
import java.io.File;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KinetoLargeTraceTest {

    @TempDir
    Path folder = Path.of(".");

    @Test
    void generatedTraceIsReadBackWithEveryDependency() throws Exception {
        Path file = folder.resolve("generated.json");
        KinetoTraceGenerator.Summary expected = new KinetoTraceGenerator(20_000, 8, 2, 5, 3).write(file);

        KinetoTrace trace = KinetoReader.read(file);

        assertThat(trace.jobCount()).isEqualTo(expected.jobs());
        assertThat(trace.queueCount()).isEqualTo(16);
        assertThat(expected.crossEdges()).isGreaterThan(2_000);
        assertThat(trace.dependencyCount()).isEqualTo(expected.streamEdges() + expected.crossEdges());
        assertThat(trace.warnings()).isEmpty();
        for (int id = 0; id < trace.jobCount(); id++) {
            for (int source : trace.crossDependencies(id)) {
                assertThat(source).isLessThan(id);
                assertThat(trace.endNanos(source)).isLessThanOrEqualTo(trace.startNanos(id));
                assertThat(trace.queue(source)).isNotEqualTo(trace.queue(id));
            }
        }
    }

    @Test
    void generatorRepeatsItself() throws Exception {
        Path first = folder.resolve("first.json");
        Path second = folder.resolve("second.json");
        new KinetoTraceGenerator(500, 3, 2, 4, 9).write(first);
        new KinetoTraceGenerator(500, 3, 2, 4, 9).write(second);

        assertThat(first).hasSameBinaryContentAs(second);
    }

    @Test
    void twoHundredThousandOperationsFitIntoSixtyFourMegabytes() throws Exception {
        readInOwnJvm(200_000, "-Xmx64m", 64L << 20);
    }

    @Test
    void twoMillionOperationsStayUnderOneGibibyte() throws Exception {
        assumeTrue(Boolean.getBoolean("ringfence.big"), "takes about a minute; run it with -Dringfence.big=true");
        readInOwnJvm(2_000_000, "-Xmx1g", 300L << 20);
    }

    private void readInOwnJvm(int operations, String heap, long retainedLimit) throws Exception {
        Path file = folder.resolve("large.json.gz");
        Path findings = folder.resolve("findings");
        Path log = folder.resolve("log");
        KinetoTraceGenerator.Summary expected = new KinetoTraceGenerator(operations, 8, 2, 10, 1).write(file);
        Process process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), heap, "-cp", classPath(),
                KinetoHeapProbe.class.getName(), file.toString(), findings.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }

        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        String[] found = Files.readString(findings).split(" ", -1);
        assertThat(Integer.parseInt(found[0])).isEqualTo(expected.jobs());
        assertThat(Integer.parseInt(found[1])).isEqualTo(expected.streamEdges() + expected.crossEdges());
        assertThat(Long.parseLong(found[2])).isLessThan(retainedLimit);
    }

    /** Where the classes really lie; on the module path {@code java.class.path} does not tell. */
    private static String classPath() throws Exception {
        List<String> roots = List.of(
                rootOf(KinetoReader.class), rootOf(KinetoHeapProbe.class), rootOf(JsonFactory.class));
        return String.join(File.pathSeparator, roots);
    }

    private static String rootOf(Class<?> type) throws Exception {
        String inside = type.getName().replace('.', '/') + ".class";
        URL url = type.getResource("/" + inside);
        if (url == null) {
            throw new IllegalStateException("no class file for " + type);
        }
        URLConnection connection = url.openConnection();
        if (connection instanceof JarURLConnection jar) {
            return Path.of(jar.getJarFileURL().toURI()).toString();
        }
        Path root = Path.of(url.toURI());
        for (int depth = Path.of(inside).getNameCount(); depth > 0; depth--) {
            root = root.resolve("..");
        }
        return root.normalize().toString();
    }
}
