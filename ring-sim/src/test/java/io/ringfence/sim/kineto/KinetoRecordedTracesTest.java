package io.ringfence.sim.kineto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KinetoRecordedTracesTest {

    @Test
    void alexnetMatchesItsJobListRowForRow() throws Exception {
        Path folder = recordings();
        KinetoTrace trace = KinetoReader.read(folder.resolve("alexnet-a100.json.gz"));
        List<String> expected = Files.readAllLines(folder.resolve("alexnet-a100.jobs.csv"));

        List<String> rows = new ArrayList<>();
        rows.add("id,stream,kind,correlation,submit_us,start_us,end_us,deps");
        for (int id = 0; id < trace.jobCount(); id++) {
            rows.add(row(trace, id));
        }

        assertThat(rows).containsExactlyElementsOf(expected.stream().map(line -> withoutName(line)).toList());
        assertThat(rows).hasSize(99);
    }

    @Test
    void alexnetNamesMatchItsJobList() throws Exception {
        Path folder = recordings();
        KinetoTrace trace = KinetoReader.read(folder.resolve("alexnet-a100.json.gz"));
        List<String> lines = Files.readAllLines(folder.resolve("alexnet-a100.jobs.csv"));

        for (int id = 0; id < trace.jobCount(); id++) {
            String line = lines.get(id + 1);
            String listed = line.substring(withoutName(line).length() + 1);
            assertThat(trace.name(id).replace(',', ';')).startsWith(listed);
        }
    }

    @Test
    void alexnetHas102DependenciesOnTwoStreams() throws Exception {
        KinetoTrace trace = KinetoReader.read(recordings().resolve("alexnet-a100.json.gz"));

        assertThat(trace.dependencyCount()).isEqualTo(96 + 6);
        assertThat(trace.queueCount()).isEqualTo(2);
        assertThat(List.of(trace.queueStream(0), trace.queueStream(1))).containsExactly(7L, 20L);
        assertThat(trace.queueDevice(0)).isZero();
        assertThat(trace.warnings()).isEmpty();
    }

    @Test
    void alexnetRecordingContradictsNoDependency() throws Exception {
        KinetoTrace trace = KinetoReader.read(recordings().resolve("alexnet-a100.json.gz"));

        for (int id = 0; id < trace.jobCount(); id++) {
            for (int source : trace.crossDependencies(id)) {
                assertThat(trace.endNanos(source)).isLessThanOrEqualTo(trace.startNanos(id));
            }
        }
        assertThat(trace.endNanos(trace.jobCount() - 1)).isEqualTo(12_920_299_000L);
    }

    @Test
    void hostSideSynchronisationsMakeNoDependency() throws Exception {
        KinetoTrace trace = KinetoReader.read(recordings().resolve("event-sync-a100.json.gz"));

        assertThat(trace.jobCount()).isEqualTo(5);
        assertThat(trace.queueCount()).isEqualTo(1);
        assertThat(trace.dependencyCount()).isEqualTo(4);
        assertThat(trace.warnings()).isEmpty();
        for (int id = 0; id < 5; id++) {
            assertThat(trace.crossDependencies(id)).isEmpty();
            assertThat(trace.previousOnQueue(id)).isEqualTo(id - 1);
            assertThat(trace.startNanos(id)).isGreaterThanOrEqualTo(trace.submitNanos(id));
        }
        assertThat(trace.launchEndNanos(0)).isEqualTo(36_000);
        assertThat(trace.startNanos(0)).isEqualTo(35_000);
    }

    private static String row(KinetoTrace trace, int id) {
        return id + "," + trace.queueStream(trace.queue(id)) + "," + trace.kind(id).category() + ","
                + trace.correlation(id) + "," + micros(trace.submitNanos(id)) + "," + micros(trace.startNanos(id)) + ","
                + micros(trace.endNanos(id)) + "," + dependencies(trace, id);
    }

    private static String dependencies(KinetoTrace trace, int id) {
        List<Integer> all = new ArrayList<>();
        if (trace.previousOnQueue(id) >= 0) {
            all.add(trace.previousOnQueue(id));
        }
        for (int source : trace.crossDependencies(id)) {
            all.add(source);
        }
        all.sort(null);
        return String.join(" ", all.stream().map(String::valueOf).toList());
    }

    private static String micros(long nanos) {
        assertThat(nanos % 1_000).isZero();
        return String.valueOf(nanos / 1_000);
    }

    private static String withoutName(String line) {
        return line.substring(0, line.lastIndexOf(','));
    }

    private static Path recordings() {
        Path folder = Path.of(System.getProperty("ringfence.root", "."), "..", "shared", "traces", "kineto-hta");
        assumeTrue(Files.isDirectory(folder), "the recorded traces are not there: " + folder.toAbsolutePath());
        return folder;
    }
}
