package io.ringfence.sim.kineto;

import static io.ringfence.sim.kineto.TraceText.kernel;
import static io.ringfence.sim.kineto.TraceText.launch;
import static io.ringfence.sim.kineto.TraceText.read;
import static io.ringfence.sim.kineto.TraceText.record;
import static io.ringfence.sim.kineto.TraceText.waitCall;
import static io.ringfence.sim.kineto.TraceText.waitRecord;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KinetoWaitsTest {

    /** Jobs 0 and 2 on stream 7, jobs 1 and 3 on stream 8, launched at 10, 20, 30 and 40. */
    private static final List<String> FOUR_JOBS = List.of(
            launch(1, "10"), launch(2, "20"), launch(3, "30"), launch(4, "40"),
            kernel(0, 7, 1, "100", "5"), kernel(0, 8, 2, "110", "5"),
            kernel(0, 7, 3, "120", "5"), kernel(0, 8, 4, "130", "5"));

    @TempDir
    Path folder = Path.of(".");

    @Test
    void nextJobDependsOnTheLastOneBeforeTheRecord() throws Exception {
        KinetoTrace trace = four(record(50, "25"), waitCall(51, "26"), waitRecord(0, 8, 51, "27", 7, 50));

        assertThat(trace.crossDependencies(3)).containsExactly(0);
        assertThat(trace.dependencyCount()).isEqualTo(3);
        assertThat(trace.warnings()).isEmpty();
    }

    @Test
    void laterRecordCoversTheLaterJob() throws Exception {
        KinetoTrace trace = four(record(50, "35"), waitCall(51, "36"), waitRecord(0, 8, 51, "37", 7, 50));

        assertThat(trace.crossDependencies(3)).containsExactly(2);
    }

    @Test
    void waitIsPlacedByItsCallNotByItsOwnTime() throws Exception {
        KinetoTrace trace = four(record(50, "12"), waitCall(51, "15"), waitRecord(0, 8, 51, "39", 7, 50));

        assertThat(trace.crossDependencies(1)).containsExactly(0);
        assertThat(trace.crossDependencies(3)).isEmpty();
    }

    @Test
    void waitWithoutItsCallIsPlacedByItsOwnTime() throws Exception {
        KinetoTrace trace = four(record(50, "12"), waitRecord(0, 8, 51, "39", 7, 50));

        assertThat(trace.crossDependencies(3)).containsExactly(0);
        assertThat(trace.warnings()).singleElement().asString().contains("without their runtime call: 1");
    }

    @Test
    void equalTimesAreOrderedByCorrelation() throws Exception {
        KinetoTrace after = four(record(50, "30"), waitCall(51, "30"), waitRecord(0, 8, 51, "30", 7, 50));
        KinetoTrace before = four(record(0, "30"), waitCall(51, "30"), waitRecord(0, 8, 51, "30", 7, 0));

        assertThat(after.crossDependencies(3)).containsExactly(2);
        assertThat(before.crossDependencies(3)).containsExactly(0);
    }

    @Test
    void eventRecordedBeforeAnyJobIsAlreadySignalled() throws Exception {
        KinetoTrace trace = four(record(50, "5"), waitCall(51, "6"), waitRecord(0, 8, 51, "7", 7, 50));

        assertThat(trace.dependencyCount()).isEqualTo(2);
        assertThat(trace.warnings()).isEmpty();
    }

    @Test
    void streamsWithoutJobsNeitherDelayNorWait() throws Exception {
        KinetoTrace trace = four(record(50, "25"), waitCall(51, "26"), waitRecord(0, 8, 51, "27", 21, 50),
                waitCall(52, "28"), waitRecord(0, 22, 52, "29", 7, 50));

        assertThat(trace.dependencyCount()).isEqualTo(2);
        assertThat(trace.queueCount()).isEqualTo(2);
        assertThat(trace.warnings()).isEmpty();
    }

    @Test
    void waitAfterTheLastJobOfItsStreamMakesNoDependency() throws Exception {
        KinetoTrace trace = four(record(50, "45"), waitCall(51, "46"), waitRecord(0, 8, 51, "47", 7, 50));

        assertThat(trace.dependencyCount()).isEqualTo(2);
    }

    @Test
    void repeatedWaitsCountOnceAndSortAscending() throws Exception {
        KinetoTrace trace = read(folder,
                launch(1, "10"), launch(2, "11"), launch(3, "40"), kernel(0, 9, 1, "100", "5"),
                kernel(0, 8, 2, "110", "5"), kernel(0, 7, 3, "120", "5"), record(50, "20"), record(51, "21"),
                waitCall(60, "30"), waitRecord(0, 7, 60, "30", 8, 51), waitCall(61, "31"),
                waitRecord(0, 7, 61, "31", 9, 50), waitCall(62, "32"), waitRecord(0, 7, 62, "32", 8, 51));

        assertThat(trace.crossDependencies(2)).containsExactly(0, 1);
        assertThat(trace.dependencyCount()).isEqualTo(2);
    }

    @Test
    void waitForTheOwnStreamIsStreamOrder() throws Exception {
        KinetoTrace trace = four(record(50, "25"), waitCall(51, "26"), waitRecord(0, 7, 51, "27", 7, 50));

        assertThat(trace.crossDependencies(2)).isEmpty();
        assertThat(trace.dependencyCount()).isEqualTo(2);
    }

    @Test
    void streamNumbersBelongToTheDeviceOfTheWait() throws Exception {
        KinetoTrace trace = four(record(50, "25"), waitCall(51, "26"), waitRecord(1, 8, 51, "27", 7, 50));

        assertThat(trace.dependencyCount()).isEqualTo(2);
    }

    @Test
    void unknownRecordsAndIncompleteWaitsAreCounted() throws Exception {
        KinetoTrace trace = four(record(50, "25"),
                waitCall(51, "26"), waitRecord(0, 8, 51, "27", 7, 999), waitRecord(0, 8, 51, "27", 7, -1),
                waitRecord(0, 8, 51, "27", 7, 3), waitRecord(0, -1, 51, "27", 7, 50),
                waitRecord(0, 8, 51, "27", 4294967295L, 50));

        assertThat(trace.dependencyCount()).isEqualTo(2);
        assertThat(trace.warnings()).containsExactly(
                "stream waits without stream, device, wait_on_stream or time: 2 (no dependency)",
                "stream waits for an event whose record is not in the trace: 3 (no dependency)");
    }

    @Test
    void dependencyOnALaterJobIsDroppedAndCounted() throws Exception {
        KinetoTrace trace = four(record(50, "35"), waitCall(51, "15"), waitRecord(0, 8, 51, "15", 7, 50));

        assertThat(trace.dependencyCount()).isEqualTo(2);
        assertThat(trace.warnings()).singleElement().asString().contains("later than the waiting one: 1");
    }

    @Test
    void hostWaitsMakeNoDependency() throws Exception {
        KinetoTrace trace = four(record(50, "25"), waitCall(51, "26"),
                waitRecord(0, 8, 51, "27", 7, 50).replace("Stream Wait Event", "Event Sync"));

        assertThat(trace.dependencyCount()).isEqualTo(2);
    }

    private KinetoTrace four(String... more) throws Exception {
        List<String> events = new ArrayList<>(FOUR_JOBS);
        events.addAll(Arrays.asList(more));
        return read(folder, events.toArray(new String[0]));
    }
}
