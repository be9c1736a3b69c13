package io.ringfence.sim.kineto;

import static io.ringfence.sim.kineto.TraceText.call;
import static io.ringfence.sim.kineto.TraceText.job;
import static io.ringfence.sim.kineto.TraceText.kernel;
import static io.ringfence.sim.kineto.TraceText.launch;
import static io.ringfence.sim.kineto.TraceText.read;
import static io.ringfence.sim.kineto.TraceText.trace;
import static io.ringfence.sim.kineto.TraceText.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KinetoRulesTest {

    @TempDir
    Path folder = Path.of(".");

    @Test
    void hostOrderIsLaunchThenCorrelationThenStart() throws Exception {
        KinetoTrace trace = read(folder,
                kernel(0, 7, 4, "90", "1"), kernel(0, 7, 3, "80", "1"), kernel(0, 7, 3, "70", "1"),
                kernel(0, 7, 1, "60", "1"), launch(3, "20"), launch(1, "30"), launch(4, "20"));

        assertThat(correlations(trace)).containsExactly(3, 3, 4, 1);
        assertThat(trace.startNanos(0)).isEqualTo(50_000);
        assertThat(trace.startNanos(1)).isEqualTo(60_000);
    }

    @Test
    void keysOfAnEventMayComeInAnyOrder() throws Exception {
        KinetoTrace trace = read(folder,
                "{\"args\": {\"correlation\": 5, \"x\": [1, {\"stream\": 99}], \"stream\": 7, \"device\": 1},"
                        + " \"dur\": 4, \"name\": \"late\", \"ts\": 30, \"cat\": \"gpu_memset\", \"ph\": \"X\"}",
                "{\"args\": {\"correlation\": 5}, \"ts\": 10, \"dur\": 3, \"name\": \"hipLaunch\","
                        + " \"cat\": \"hip_runtime\", \"ph\": \"X\"}");

        assertThat(trace.name(0)).isEqualTo("late");
        assertThat(trace.kind(0)).isEqualTo(KinetoJobKind.MEMSET);
        assertThat(trace.queueStream(0)).isEqualTo(7);
        assertThat(trace.queueDevice(0)).isEqualTo(1);
        assertThat(trace.launchEndNanos(0)).isEqualTo(3_000);
        assertThat(trace.startNanos(0)).isEqualTo(20_000);
        assertThat(trace.endNanos(0)).isEqualTo(24_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"baseTimeNanoseconds\": 1704067200000000000, \"traceEvents\": [%s]}",
        "{\"traceEvents\": [%s], \"displayTimeUnit\": \"ms\", \"baseTimeNanoseconds\": 1704067200000000000}"
    })
    void timesWithDecimalsKeepTheirNanosecondsWhereverTheBaseTimeStands(String frame) throws Exception {
        String events = launch(1, "7310250123456.001") + "," + kernel(0, 7, 1, "7310250123460.127", "2.5");

        KinetoTrace trace = KinetoReader.read(write(folder, frame.formatted(events)));

        assertThat(trace.submitNanos(0)).isZero();
        assertThat(trace.startNanos(0)).isEqualTo(4_126);
        assertThat(trace.endNanos(0)).isEqualTo(6_626);
    }

    @Test
    void epochTimesWithDecimalsKeepTheirNanoseconds() throws Exception {
        KinetoTrace trace = read(folder,
                launch(1, "1695835542514261.001"), kernel(0, 7, 1, "1695835542514261.127", "0.003"));

        assertThat(trace.startNanos(0)).isEqualTo(126);
        assertThat(trace.endNanos(0)).isEqualTo(129);
    }

    @Test
    void jobsOfOneGraphLaunchShareItAndFollowTheirStart() throws Exception {
        KinetoTrace trace = read(folder,
                call("cudaGraphLaunch", 9, "10", "20"), kernel(0, 7, 9, "60", "5"), kernel(0, 8, 9, "40", "5"),
                kernel(0, 7, 9, "50", "5"), kernel(0, 7, 10, "70", "5"), launch(10, "35"));

        assertThat(trace.jobCount()).isEqualTo(4);
        assertThat(trace.warnings()).isEmpty();
        for (int id = 0; id < 3; id++) {
            assertThat(trace.correlation(id)).isEqualTo(9);
            assertThat(trace.submitNanos(id)).isZero();
            assertThat(trace.launchEndNanos(id)).isEqualTo(20_000);
            assertThat(trace.startNanos(id)).isEqualTo(30_000 + 10_000L * id);
        }
        assertThat(previous(trace)).containsExactly(-1, -1, 1, 2);
    }

    @Test
    void jobWithoutLaunchIsPlacedByItsOwnStart() throws Exception {
        KinetoTrace trace = read(folder,
                kernel(0, 7, 2, "15", "5"), launch(1, "10"), kernel(0, 7, 1, "12", "2"),
                job("gpu_memcpy", "copy", "40", "1", "\"device\": 0, \"stream\": 7"));

        assertThat(correlations(trace)).containsExactly(1, 2, -1);
        assertThat(trace.submitNanos(1)).isEqualTo(5_000);
        assertThat(trace.launchEndNanos(1)).isEqualTo(5_000);
        assertThat(trace.warnings()).containsExactly("device operations without a launching call: 2 "
                + "(their recorded start stands for the launch)");
    }

    @Test
    void driverCallsLaunchToo() throws Exception {
        KinetoTrace trace = read(folder,
                job("cuda_driver", "cuLaunchKernel", "5", "1", "\"correlation\": 1"), kernel(0, 7, 1, "9", "1"));

        assertThat(trace.startNanos(0)).isEqualTo(4_000);
        assertThat(trace.warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "\"device\": 0, \"stream\": -1, \"correlation\": 1",
        "\"device\": 0, \"stream\": 4294967295, \"correlation\": 1",
        "\"device\": 0, \"stream\": 18446744073709551615, \"correlation\": 1",
        "\"device\": 0, \"stream\": null, \"correlation\": 1",
        "\"device\": 0, \"stream\": \"default\", \"correlation\": 1",
        "\"device\": 0, \"correlation\": 1"
    })
    void jobWithoutStreamGoesToQueueMinusOneOfItsDevice(String arguments) throws Exception {
        KinetoTrace trace = read(folder, launch(1, "10"), job("kernel", "k", "12", "2", arguments));

        assertThat(trace.queueDevice(0)).isZero();
        assertThat(trace.queueStream(0)).isEqualTo(-1);
        assertThat(trace.warnings()).singleElement().asString().contains("without a stream or on stream -1: 1");
    }

    @Test
    void jobWithoutDeviceGoesToDeviceMinusOne() throws Exception {
        KinetoTrace trace = read(folder,
                launch(1, "10"), job("kernel", "k", "12", "2", "\"stream\": 7, \"correlation\": 1"));

        assertThat(trace.queueDevice(0)).isEqualTo(-1);
        assertThat(trace.queueStream(0)).isEqualTo(7);
        assertThat(trace.warnings()).singleElement().asString().contains("without a device: 1");
    }

    @Test
    void equalStreamsOfSeveralDevicesAreSeveralQueues() throws Exception {
        KinetoTrace trace = read(folder,
                launch(1, "10"), launch(2, "11"), launch(3, "12"), launch(4, "13"), kernel(1, 7, 1, "20", "1"),
                kernel(0, 20, 2, "21", "1"), kernel(0, 7, 3, "22", "1"), kernel(1, 7, 4, "23", "1"));

        assertThat(trace.queueCount()).isEqualTo(3);
        assertThat(new int[] {trace.queue(0), trace.queue(1), trace.queue(2), trace.queue(3)})
                .containsExactly(2, 1, 0, 2);
        assertThat(trace.queueDevice(2)).isEqualTo(1);
        assertThat(previous(trace)).containsExactly(-1, -1, -1, 0);
        assertThat(trace.dependencyCount()).isEqualTo(1);
    }

    @Test
    void launchesOfSeveralThreadsInterleaveByTime() throws Exception {
        KinetoTrace trace = read(folder,
                launch(1, "10").replace("\"tid\": 7", "\"tid\": 100"), kernel(0, 7, 1, "20", "1"),
                launch(3, "30").replace("\"tid\": 7", "\"tid\": 100"), kernel(0, 7, 3, "40", "1"),
                launch(2, "25").replace("\"tid\": 7", "\"tid\": 200"), kernel(0, 8, 2, "30", "1"));

        assertThat(correlations(trace)).containsExactly(1, 2, 3);
    }

    @Test
    void unusableTimesAreSkippedAndCounted() throws Exception {
        KinetoTrace trace = read(folder,
                launch(1, "10"), kernel(0, 7, 1, "20", "5"), kernel(0, 7, 2, "30", "-1"),
                kernel(0, 7, 3, "\"soon\"", "1"), kernel(0, 7, 4, "1e999999999", "1"), kernel(0, 7, 5, "NaN", "1"),
                kernel(0, 7, 6, "30", "null"), call("cudaLaunchKernel", 7, "{}", "1"),
                call("cudaLaunchKernel", 8, "40", "-2"), kernel(0, 7, 8, "50", "1"));

        assertThat(correlations(trace)).containsExactly(1, 8);
        assertThat(trace.launchEndNanos(1)).isEqualTo(trace.submitNanos(1));
        assertThat(trace.warnings()).containsExactly(
                "device operations without a usable ts and dur: 5 (skipped)",
                "runtime calls without a usable ts: 1 (ignored)",
                "runtime calls without a usable dur: 1 (taken to return at once)");
    }

    @Test
    void jobThatStartsBeforeItsLaunchIsKeptAndCounted() throws Exception {
        KinetoTrace trace = read(folder, launch(1, "10"), kernel(0, 7, 1, "9.5", "5"));

        assertThat(trace.startNanos(0)).isEqualTo(-500);
        assertThat(trace.warnings()).singleElement().asString().contains("before their launching call: 1");
    }

    @Test
    void repeatedCorrelationCountsTheEarliestCall() throws Exception {
        KinetoTrace trace = read(folder, launch(1, "11"), launch(1, "10"), kernel(0, 7, 1, "20", "5"));

        assertThat(trace.startNanos(0)).isEqualTo(10_000);
        assertThat(trace.warnings()).singleElement().asString().contains("repeat the correlation of another: 1");
    }

    @Test
    void hugeAndDeepArgumentsAreSkipped() throws Exception {
        String huge = "\"Call stack\": \"" + "frame;".repeat(5_000_000) + "\"";
        String deep = "\"deep\": " + "[".repeat(50_000) + "]".repeat(50_000);
        String digits = "\"digits\": " + "7".repeat(100_000);
        KinetoTrace trace = read(folder,
                "{\"args\": {" + huge + "}, \"cat\": \"cpu_op\", \"ph\": \"X\", \"name\": \"aten::add\", \"ts\": 1}",
                job("kernel", "k", "20", "1", huge + ", " + deep + ", " + digits
                        + ", \"device\": 0, \"stream\": 7, \"correlation\": 1"),
                launch(1, "10"));

        assertThat(trace.jobCount()).isEqualTo(1);
        assertThat(trace.correlation(0)).isEqualTo(1);
        assertThat(trace.warnings()).isEmpty();
    }

    @Test
    void incompleteEventsOfAJobCategoryAreNoJobs() throws Exception {
        KinetoTrace trace = read(folder,
                launch(1, "10"), kernel(0, 7, 1, "20", "1"), kernel(0, 7, 1, "30", "1").replace("\"X\"", "\"i\""));

        assertThat(trace.jobCount()).isEqualTo(1);
    }

    @Test
    void equalNamesAreOneStringAndLongOnesAreCut() throws Exception {
        String name = "n".repeat(300);
        String arguments = "\"device\": 0, \"stream\": 7, \"correlation\": 1";
        KinetoTrace trace = read(folder, launch(1, "10"),
                job("kernel", name, "20", "1", arguments), job("kernel", name, "30", "1", arguments));

        assertThat(trace.name(0)).isEqualTo("n".repeat(NameTable.MAX_LENGTH)).isSameAs(trace.name(1));
    }

    @Test
    void gzipIsRecognisedByContentAndKeysOutsideTheEventsAreSkipped() throws Exception {
        Path file = folder.resolve("trace.json.gz");
        Files.writeString(file, trace(launch(1, "10"), kernel(0, 7, 1, "20", "1")));

        assertThat(KinetoReader.read(file).jobCount()).isEqualTo(1);
    }

    private static long[] correlations(KinetoTrace trace) {
        long[] all = new long[trace.jobCount()];
        for (int id = 0; id < all.length; id++) {
            all[id] = trace.correlation(id);
        }
        return all;
    }

    private static int[] previous(KinetoTrace trace) {
        int[] all = new int[trace.jobCount()];
        for (int id = 0; id < all.length; id++) {
            all[id] = trace.previousOnQueue(id);
        }
        return all;
    }
}
