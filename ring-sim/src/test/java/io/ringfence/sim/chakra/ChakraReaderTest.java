package io.ringfence.sim.chakra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

import io.ringfence.sim.workload.Recording;
import io.ringfence.sim.workload.RecordingKind;
import io.ringfence.sim.workload.TraceFormatException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chakra graphs from JSON. */
class ChakraReaderTest {

    private static Recording read(String json) throws Exception {
        return ChakraReader.read(Path.of("graph.json"),
                new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void bothSpellingsAreOneGraph() throws Exception {
        Recording one = read("{\"schema\": \"1\", \"nodes\": [{\"id\": 1, \"name\": \"a\", \"duration_micros\": 5},"
                + " {\"id\": 2, \"name\": \"b\", \"data_deps\": [1], \"ctrl_deps\": [], \"duration_micros\": 7.5},"
                + " {\"id\": 3, \"ctrl_deps\": [2, 1], \"inputs\": {\"x\": [1]}}]}");
        Recording other = read("{\"workload_graph\": [{\"ctrlDeps\": [\"2\", 1], \"Id\": \"3\", \"Name\": \"c\"},"
                + " {\"Id\": 2, \"data_deps\": 1, \"runtime\": \"7.5\"}, {\"Id\": 1, \"runtime\": 5}]}");
        for (Recording recording : List.of(one, other)) {
            assertThat(recording.kind()).isEqualTo(RecordingKind.LANES);
            assertThat(recording.jobCount()).isEqualTo(3);
            assertThat(recording.dependencyCount()).isEqualTo(3);
            assertThat(recording.seqno(2)).isEqualTo(3);
            assertThat(recording.dependencies(2)).containsExactly(0, 1);
            assertThat(recording.startNanos(1)).isEqualTo(5_000);
            assertThat(recording.endNanos(1)).isEqualTo(12_500);
            assertThat(recording.endNanos(2)).isEqualTo(12_500);
            assertThat(recording.queueCount()).isEqualTo(1);
            assertThat(recording.warnings()).isEmpty();
        }
    }

    @Test
    void whatCannotBeUsedIsCounted() throws Exception {
        Recording recording = read("{\"nodes\": [{\"id\": 1, \"duration_micros\": -4}, {\"name\": \"x\"}, 7,"
                + " {\"id\": 1}, {\"id\": 2, \"data_deps\": [1, 9, 8, \"y\", null], \"ctrl_deps\": [1, 9],"
                + " \"duration_micros\": {\"a\": 1}}]}");
        assertThat(recording.jobCount()).isEqualTo(2);
        assertThat(recording.dependencyCount()).isEqualTo(1);
        assertThat(recording.warnings()).containsExactly("nodes without a number: 2 (left out)",
                "nodes with the number of another one: 1 (left out)",
                "durations that are no number of microseconds: 2 (taken as 0)",
                "dependencies that name no number: 1 (left out)",
                "dependencies on nodes that are not in the file: 3 (left out)",
                "dependencies that are named more than once: 1 (counted once)");
    }

    @Test
    void whatProfilersWriteBesidesDoesNoHarm() throws Exception {
        Recording recording = read("{\"x\": " + "[".repeat(5_000) + "]".repeat(5_000) + ", \"nodes\": [{\"id\": 1,"
                + " \"inputs\": [NaN, -Infinity, " + "9".repeat(2_000) + "], \"duration_micros\": NaN}]}");
        assertThat(recording.jobCount()).isEqualTo(1);
        assertThat(recording.warnings())
                .containsExactly("durations that are no number of microseconds: 1 (taken as 0)");
    }

    @Test
    void cyclesAreNamed() {
        assertThatThrownBy(() -> read("{\"nodes\": [{\"id\": 10, \"data_deps\": [30]},"
                + " {\"id\": 20, \"data_deps\": [10]}, {\"id\": 30, \"ctrl_deps\": [20, 40]}, {\"id\": 40}]}"))
                .isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("10 waits for 30 waits for 20 waits for 10");
        assertThatThrownBy(() -> read("{\"nodes\": [{\"id\": 5, \"data_deps\": [5]}]}"))
                .isInstanceOf(TraceFormatException.class).hasMessageContaining("5 waits for 5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"nodes\": []}", "{\"nodes\": 3}", "{\"nodes\": [{\"name\": \"a\"}]}", "{\"nodes\": [",
        "{\"nodes\": [{\"id\": 1}]} x", "{\"nodes\": [{\"id\": 1}]} {}", "{\"nodes\": [{\"id\" 1}]}"})
    void whatIsNoGraphIsRefused(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("graph.json");
    }

    @Test
    void keysDecideWhatJsonIs() throws Exception {
        assertThat(isChakra("{\"a\": {\"nodes\": []}, \"workload_graph\": [")).isTrue();
        assertThat(isChakra("{\"a\": {\"nodes\": []}, \"traceEvents\": [], \"nodes\": []}")).isFalse();
        assertThat(isChakra("[]")).isFalse();
        assertThat(isChakra("{\"a\"")).isFalse();
        assertThat(isChakra("{}")).isFalse();
    }

    private static boolean isChakra(String json) throws Exception {
        return ChakraReader.isChakra(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }

    /** Whatever the order of the file: every node as early as it can be, none before another one of its lane has ended. */
    @Test
    void randomGraphsArePlannedAsEarlyAsTheyAllow() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            int size = 1 + random.nextInt(400);
            Map<Long, Long> ends = new HashMap<>();
            Map<Long, Long> starts = new HashMap<>();
            List<String> nodes = new ArrayList<>();
            long edges = 0;
            for (long id = 0; id < size; id++) {
                TreeSet<Long> sources = new TreeSet<>();
                for (int i = random.nextInt(5); i > 0 && id > 0; i--) {
                    sources.add((long) random.nextInt((int) id));
                }
                edges += sources.size();
                long duration = random.nextInt(50);
                long start = sources.stream().mapToLong(ends::get).max().orElse(0);
                starts.put(id, start);
                ends.put(id, start + duration);
                nodes.add("{\"id\": " + id + ", \"" + (random.nextBoolean() ? "data_deps" : "ctrl_deps") + "\": "
                        + sources + ", \"duration_micros\": " + duration + "}");
            }
            Collections.shuffle(nodes, random);
            Recording recording = read("{\"nodes\": " + nodes + "}");
            assertThat(recording.jobCount()).isEqualTo(size);
            assertThat(recording.dependencyCount()).isEqualTo(edges);
            for (int job = 0; job < size; job++) {
                assertThat(recording.startNanos(job)).isEqualTo(1_000 * starts.get(recording.seqno(job)));
                int previous = recording.previousOnQueue(job);
                assertThat(previous < 0 || recording.endNanos(previous) <= recording.startNanos(job)).isTrue();
            }
        }
    }

    @Test
    void moreNodesThanLanesWaitForOne() throws Exception {
        List<String> nodes = new ArrayList<>();
        for (int id = 0; id < LanePlan.MOST_LANES + 10; id++) {
            nodes.add("{\"id\": " + id + ", \"duration_micros\": 3}");
        }
        Recording recording = read("{\"nodes\": " + nodes + "}");
        assertThat(recording.queueCount()).isEqualTo(LanePlan.MOST_LANES);
        assertThat(recording.endNanos(recording.jobCount() - 1)).isEqualTo(6_000);
        assertThat(recording.warnings()).containsExactly("nodes that wait because 4096 run at once: 10");
    }
}
