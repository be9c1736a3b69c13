package io.ringfence.sim.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import io.ringfence.sim.ftrace.FtraceGenerator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Large traces are a stream: what they take follows from their jobs, not from their size. */
class ReplayLargeTraceTest {

    @TempDir
    Path folder = Path.of(".");

    @Test
    @Timeout(110)
    void twoHundredThousandEventsFitIntoFortyEightMegabytes() throws Exception {
        replayInOwnJvm(50_000, "-Xmx48m");
    }

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void tenMillionEventsFitIntoOneGibibyte() throws Exception {
        assumeTrue(Boolean.getBoolean("ringfence.big"), "takes minutes; run it with -Dringfence.big=true");
        replayInOwnJvm(2_500_000, "-Xmx1g");
    }

    private void replayInOwnJvm(int jobs, String heap) throws Exception {
        Path trace = folder.resolve("large.txt.gz");
        Path json = folder.resolve("result.json");
        Path log = folder.resolve("log");
        new FtraceGenerator(jobs, 3).write(trace);
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), heap,
                "-XX:+UseSerialGC", "-Dringfence.seam=true", "--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), Main.class.getName(), "replay", trace.toString(),
                "--credits", "2", "--json", json.toString())
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            assertThat(process.waitFor(14, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        assertThat(Cli.json(json)).containsEntry("jobs", String.valueOf(jobs))
                .containsEntry("decisions.matched", String.valueOf(jobs))
                .containsEntry("completed", String.valueOf(jobs));
    }
}
