package io.ringfence.sim.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonFactory;
import com.github.freva.asciitable.AsciiTable;

import io.ringfence.queue.JobQueue;
import io.ringfence.sim.kineto.GeneratedTraces;
import io.ringfence.sim.kineto.TraceText;

import org.HdrHistogram.Histogram;
import org.agrona.concurrent.Agent;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jline.terminal.Terminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import me.tongfei.progressbar.ProgressBar;

import picocli.CommandLine;

/** The program in a JVM of its own, on the module path and with the flags of the launcher, is told to end. */
@Timeout(180)
class TerminationTest {
    private static final long EXIT_SECONDS = 15;

    @TempDir
    Path folder = Path.of(".");

    private static List<String> command(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseParallelGC", "--add-exports", "java.base/jdk.internal.misc=org.agrona",
                        "-Dringfence.seam=" + needsSeam(List.of(arguments)), "-p", modulePath(), "-m",
                        "io.ringfence.sim/io.ringfence.sim.cli.Main"));
        command.addAll(List.of(arguments));
        return command;
    }

    private Process start(String... arguments) throws Exception {
        return new ProcessBuilder(command(arguments)).redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile()).start();
    }

    private static boolean needsSeam(List<String> arguments) {
        return arguments.contains("--virtual") || arguments.contains("fairness");
    }

    private static String modulePath() {
        return Stream
                .of(Main.class, JobQueue.class, MessagePassingQueue.class, MpscUnboundedVarHandleArrayQueue.class,
                        Agent.class, CommandLine.class,
                        JsonFactory.class, Histogram.class, ProgressBar.class, AsciiTable.class, Terminal.class,
                        Parser.class, TablesExtension.class)
                .map(type -> {
                    try {
                        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
                    } catch (java.net.URISyntaxException e) {
                        throw new AssertionError(e);
                    }
                }).collect(Collectors.joining(File.pathSeparator));
    }

    private long cpuMillis(Process process) throws Exception {
        Optional<Duration> used = process.info().totalCpuDuration();
        assertThat(used).as("ended by itself: " + told()).isPresent();
        return used.orElseThrow().toMillis();
    }

    private void letRun(Process process, int millis) throws Exception {
        assertThat(process.waitFor(millis, TimeUnit.MILLISECONDS)).as("ended by itself: " + told()).isFalse();
    }

    /** Lets it work for a while, counted in processor time, so that a busy machine makes no difference. */
    private void terminate(Process process, long cpuMillis) throws Exception {
        try {
            while (cpuMillis(process) < cpuMillis) {
                letRun(process, 10);
            }
            terminate(process);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Waits until it does hardly anything any more. */
    private void terminateIdle(Process process) throws Exception {
        try {
            long before;
            do {
                before = cpuMillis(process);
                letRun(process, 300);
            } while (before < 300 || cpuMillis(process) - before > 20);
            terminate(process);
        } finally {
            process.destroyForcibly();
        }
    }

    private void terminate(Process process) throws Exception {
        try {
            assertThat(process.isAlive()).as("lives until it is told to end: " + told()).isTrue();
            process.destroy();
            assertThat(process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)).as("ends within the time").isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(err()).isEmpty();
        assertThat(process.exitValue()).as("128 + SIGTERM: " + told()).isEqualTo(143);
        assertThat(folder.resolve("result.json")).doesNotExist();
    }

    private void awaitOut(Process process, String part) throws Exception {
        boolean there = false;
        try {
            while (!out().contains(part)) {
                letRun(process, 10);
            }
            there = true;
        } finally {
            if (!there) {
                process.destroyForcibly();
            }
        }
    }

    private String told() throws Exception {
        return out() + err();
    }

    private String out() throws Exception {
        return Files.readString(folder.resolve("out"));
    }

    private String err() throws Exception {
        return Files.readString(folder.resolve("err"));
    }

    @Test
    void programRunsToItsEndWithoutAWarning() throws Exception {
        Path json = folder.resolve("result.json");
        Process process = start("run", "--size", "32", "--tile", "8", "--repeat", "1", "--json", json.toString());
        try {
            assertThat(process.waitFor(EXIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(err()).isZero();
        assertThat(err()).isEmpty();
        assertThat(Cli.json(json)).containsEntry("verified", "true");
    }

    @ParameterizedTest
    @ValueSource(longs = {300, 2000})
    void terminatedRunEndsInOrder(long cpuMillis) throws Exception {
        terminate(start("run", "--repeat", "100000", "--json", folder.resolve("result.json").toString()), cpuMillis);
    }

    /** Slowly: the submitting thread waits for room in a ring, or for the next launch. */
    @ParameterizedTest
    @ValueSource(strings = {"--speed=0.001", "--honor-submit-times"})
    void terminatedReplayEndsInOrder(String mode) throws Exception {
        Path trace = folder.resolve("trace.json");
        GeneratedTraces.write(trace, 20_000, 4, 2, 5, 1);
        terminate(
                start("replay", trace.toString(), "--speed=0.001".equals(mode) ? "--schedule=" + folder.resolve("s.csv")
                        : "--speed=0.005", mode, "--json", folder.resolve("result.json").toString()),
                2000);
        assertThat(folder.resolve("s.csv")).doesNotExist();
    }

    /** A launching call that takes a day: its job waits for the call's end, as does the thread that submits. */
    @Test
    void terminatedReplayDoesNotWaitForAMoment() throws Exception {
        String day = "86400000000";
        Path trace = TraceText.write(folder, TraceText.trace(TraceText.call("cudaLaunchKernel", 1, "10", day),
                TraceText.kernel(0, 7, 1, "86400000011", "5")));
        terminateIdle(start("replay", trace.toString(), "--speed=0.001", "--honor-submit-times", "--json",
                folder.resolve("result.json").toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--policy=fair", "--virtual"})
    void terminatedScheduleEndsInOrder(String mode) throws Exception {
        Process process = start("schedule", mode, "--seconds", "86400", "--json",
                folder.resolve("result.json").toString());
        if (mode.equals("--virtual")) {
            terminate(process, 2000);
            assertThat(out()).isEmpty();
        } else {
            awaitOut(process, " decisions");
            terminate(process);
            assertThat(out()).contains("| training ", ", then stopped").doesNotContain("\033");
        }
    }

    @Test
    void terminatedFairnessWritesNothing() throws Exception {
        terminate(start("fairness", folder.resolve("result.json").toString()), 700);
        assertThat(out()).isEmpty();
    }

    @Test
    void terminatedVirtualReplayEndsInOrder() throws Exception {
        Path trace = folder.resolve("trace.json");
        GeneratedTraces.write(trace, 400_000, 16, 4, 5, 1);
        terminate(start("replay", trace.toString(), "--virtual", "--honor-submit-times", "--json",
                folder.resolve("result.json").toString()), 3500);
    }
}
