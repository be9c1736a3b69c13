package io.ringfence.sim.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

import io.ringfence.sim.kineto.GeneratedTraces;
import io.ringfence.sim.virtual.VirtualWorld;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ringfence replay}, checked by its exit code and by what it writes. */
@Timeout(180)
class ReplayCommandTest {

    @TempDir
    Path folder = Path.of(".");

    @AfterEach
    void nothingIsLeft() {
        assertThat(VirtualWorld.installed()).isNull();
        Cli.assertNoThreadIsLeft();
    }

    // ---- recorded traces

    @Test
    void alexnetHonouredStartsWhenItWasRecorded() throws Exception {
        Path recordings = recordings();
        Path json = folder.resolve("result.json");
        Path csv = folder.resolve("schedule.csv");
        Cli cli = Cli.run("replay", recordings.resolve("alexnet-a100.json.gz"), "--virtual", "--honor-submit-times",
                "--json", json, "--schedule", csv);

        cli.assertOk();
        assertThat(Cli.json(json)).containsEntry("jobs", "98").containsEntry("completed", "98")
                .containsEntry("dependencies", "102").containsEntry("dependency_violations", "0")
                .containsEntry("order_violations", "0").containsEntry("starts_matched", "98")
                .containsEntry("makespan_recorded_us", "12920299").containsEntry("makespan_us", "12920234");
        List<Row> rows = schedule(csv);
        assertKept(rows);
        List<String> recorded = Files.readAllLines(recordings.resolve("alexnet-a100.jobs.csv"));
        assertThat(rows).hasSize(98).hasSize(recorded.size() - 1);
        double worst = 0;
        for (Row row : rows) {
            String[] expected = recorded.get(row.id() + 1).split(",", 9);
            assertThat(row.queue()).isEqualTo("0:" + expected[1]);
            assertThat(row.submit()).isEqualTo(Double.parseDouble(expected[4]));
            assertThat(Math.abs(row.start() - Double.parseDouble(expected[5]))).as("start of %d", row.id())
                    .isLessThanOrEqualTo(100);
            worst = Math.max(worst, Math.abs(row.start() - Double.parseDouble(expected[5])));
            assertThat(row.end() - row.start())
                    .isEqualTo(Double.parseDouble(expected[6]) - Double.parseDouble(expected[5]));
            assertThat(row.deps()).isEqualTo(Arrays.stream(expected[7].split(" ", -1)).filter(word -> !word.isEmpty())
                    .map(Integer::valueOf).toList());
        }
        assertThat(worst).isEqualTo(65);
        assertThat(rows.stream().mapToInt(row -> row.deps().size()).sum()).isEqualTo(102);
    }

    @Test
    void alexnetNotHonouredIsAsFastAsItsDependenciesAllow() throws Exception {
        Path json = folder.resolve("result.json");
        Path csv = folder.resolve("schedule.csv");
        Cli.run("replay", recordings().resolve("alexnet-a100.json.gz"), "--virtual", "--json", json, "--schedule", csv)
                .assertOk();
        assertThat(Cli.json(json)).containsEntry("makespan_us", "66069").containsEntry("dependency_violations", "0")
                .containsEntry("order_violations", "0").containsEntry("completed", "98");
        List<Row> rows = schedule(csv);
        assertKept(rows);
        assertEarliest(rows);
    }

    @Test
    void replayRepeatsItselfByteForByte() throws Exception {
        Path trace = recordings().resolve("alexnet-a100.json.gz");
        Path first = folder.resolve("first.csv");
        Path second = folder.resolve("second.csv");
        Cli.run("replay", trace, "--virtual", "--honor-submit-times", "--schedule", first).assertOk();
        Cli.run("replay", trace, "--virtual", "--honor-submit-times", "--schedule", second).assertOk();
        assertThat(first).hasSameBinaryContentAs(second);
    }

    @Test
    void eventSyncHonouredStartsWhenItWasRecorded() throws Exception {
        Path json = folder.resolve("result.json");
        Cli.run("replay", recordings().resolve("event-sync-a100.json.gz"), "--virtual", "--honor-submit-times",
                "--json", json).assertOk();
        assertThat(Cli.json(json)).containsEntry("jobs", "5").containsEntry("completed", "5")
                .containsEntry("dependencies", "4").containsEntry("starts_matched", "5")
                .containsEntry("dependency_violations", "0");
    }

    @Test
    void realTimeKeepsTheSameRules() throws Exception {
        Path json = folder.resolve("result.json");
        Path csv = folder.resolve("schedule.csv");
        Cli.run("replay", recordings().resolve("alexnet-a100.json.gz"), "--json", json, "--schedule", csv).assertOk();
        assertThat(Cli.json(json)).containsEntry("completed", "98").containsEntry("dependency_violations", "0")
                .containsEntry("order_violations", "0");
        assertKept(schedule(csv));
        Cli.run("replay", recordings().resolve("alexnet-a100.json.gz"), "--honor-submit-times", "--speed", 20, "--json",
                json, "--schedule", csv).assertOk();
        assertThat(Cli.json(json)).containsEntry("completed", "98").containsEntry("dependency_violations", "0");
        assertKept(schedule(csv));
    }

    // ---- generated traces

    @ParameterizedTest
    @CsvSource({"20000,8,3,5", "8000,1,1,1000000", "6000,2,1,3", "3000,60,4,7"})
    void generatedTraceIsReplayedWithoutViolation(int operations, int streams, int devices, int waitEvery)
            throws Exception {
        Path trace = folder.resolve("trace.json.gz");
        int dependencies = GeneratedTraces.write(trace, operations, streams, devices, waitEvery, 11);
        for (boolean honoured : new boolean[] {true, false}) {
            Path json = folder.resolve("result.json");
            Path csv = folder.resolve("schedule.csv");
            List<Object> words =
                    new ArrayList<>(List.of("replay", trace, "--virtual", "--json", json, "--schedule", csv));
            if (honoured) {
                words.add("--honor-submit-times");
            }
            Cli.run(words.toArray()).assertOk();
            Map<String, String> result = Cli.json(json);
            assertThat(result).containsEntry("jobs", String.valueOf(operations))
                    .containsEntry("completed", String.valueOf(operations))
                    .containsEntry("dependencies", String.valueOf(dependencies))
                    .containsEntry("dependency_violations", "0").containsEntry("order_violations", "0");
            List<Row> rows = schedule(csv);
            assertThat(rows).hasSize(operations);
            assertKept(rows);
            assertThat(rows.stream().mapToInt(row -> row.deps().size()).sum()).isEqualTo(dependencies);
            if (honoured) {
                assertThat(rows).allMatch(row -> row.start() >= row.submit());
            } else if (operations <= 1000) {
                assertEarliest(rows);
            }
        }
    }

    /** More jobs wait for the device than the ring holds: the replay submits late, and starts are right all the same. */
    @Test
    void streamThatOverflowsItsRingKeepsItsStarts() throws Exception {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            events.add(launch(i, i, 1));
            events.add(kernel(7, i, 100 + 50L * i, 50));
        }
        Path json = folder.resolve("result.json");
        Cli.run("replay", write(events), "--virtual", "--honor-submit-times", "--json", json).assertOk();
        assertThat(Cli.json(json)).containsEntry("completed", "3000").containsEntry("dependency_violations", "0");
    }

    /** What fills the ring waits for the end of its launching call, which only the submitting thread signals. */
    @Test
    void ringFullOfJobsThatWaitForTheirLaunchIsNoDeadlock() throws Exception {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < 2500; i++) {
            events.add(launch(i, i, 1_000_000));
            events.add(kernel(7 + i % 2, i, 2_000_000 + 10L * i, 5));
        }
        Path json = folder.resolve("result.json");
        Path csv = folder.resolve("schedule.csv");
        Cli.run("replay", write(events), "--virtual", "--honor-submit-times", "--json", json, "--schedule", csv)
                .assertOk();
        assertThat(Cli.json(json)).containsEntry("completed", "2500").containsEntry("dependency_violations", "0");
        List<Row> rows = schedule(csv);
        assertKept(rows);
        for (Row row : rows) {
            assertThat(row.start()).isGreaterThanOrEqualTo(1_000_000 + row.id());
        }
    }

    /** One stream waits for the end of another, both longer than a ring. */
    @Test
    void longStreamBehindALongStreamIsNoDeadlock() throws Exception {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            events.add(launch(i, i, 1));
            events.add(kernel(7, i, 10 + 5L * i, 4));
        }
        events.add(call("cudaEventRecord", 5000, 2001, 1));
        events.add(call("cudaStreamWaitEvent", 5001, 2003, 1));
        events.add("{\"ph\": \"X\", \"cat\": \"cuda_sync\", \"name\": \"Stream Wait Event\", \"pid\": 0, \"tid\": 8,"
                + " \"ts\": 2004, \"dur\": 1, \"args\": {\"cuda_sync_kind\": \"Stream Wait Event\", \"stream\": 8,"
                + " \"wait_on_stream\": 7, \"wait_on_cuda_event_record_corr_id\": 5000, \"wait_on_cuda_event_id\": 1,"
                + " \"correlation\": 5001, \"device\": 0}}");
        for (int i = 2000; i < 4000; i++) {
            events.add(launch(i, 10 + i, 1));
            events.add(kernel(8, i, 100_000 + 5L * i, 4));
        }
        Path json = folder.resolve("result.json");
        Path csv = folder.resolve("schedule.csv");
        Path trace = write(events);
        for (String[] mode : new String[][] {{}, {"--honor-submit-times"}}) {
            List<Object> words =
                    new ArrayList<>(List.of("replay", trace, "--virtual", "--json", json, "--schedule", csv));
            words.addAll(List.of((Object[]) mode));
            Cli.run(words.toArray()).assertOk();
            assertThat(Cli.json(json)).containsEntry("completed", "4000").containsEntry("dependencies", "3999")
                    .containsEntry("dependency_violations", "0");
            List<Row> rows = schedule(csv);
            assertKept(rows);
            assertThat(rows.get(2000).deps()).containsExactly(1999);
        }
    }

    @Test
    void streamsOnSeveralDevicesAreQueuesOfTheirOwn() throws Exception {
        Path csv = folder.resolve("schedule.csv");
        Path trace = write(List.of(launch(1, 0, 1), launch(2, 2, 1), launch(3, 4, 1), kernel(7, 1, 10, 100),
                kernel(7, 2, 20, 100).replace("\"device\": 0", "\"device\": 1"), kernel(-1, 3, 30, 100)));
        Cli.run("replay", trace, "--virtual", "--schedule", csv).assertOk();
        assertThat(schedule(csv)).extracting(Row::queue).containsExactly("0:7", "1:7", "0:-1");
        assertThat(schedule(csv)).allMatch(row -> row.start() == 0 && row.end() == 100);
    }

    // ---- refused

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{}", "[]", "not json", "{\"traceEvents\": []}", "{\"traceEvents\": 3}",
        "{\"traceEvents\": [{\"ph\": \"X\", \"cat\": \"kernel\"", "\u0000\u0001\u0002", "null"})
    void whatIsNotATraceIsRefusedInOneLineAndInTheJson(String text) throws Exception {
        Path trace = Files.writeString(folder.resolve("wrong.json"), text);
        assertRefusedWithJson(trace);
    }

    @Test
    void filesThatCannotBeReadAreRefused() throws Exception {
        assertRefusedWithJson(folder.resolve("missing.json"));
        assertRefusedWithJson(folder);
        Path truncated = folder.resolve("truncated.json.gz");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            for (int i = 0; i < 1000; i++) {
                zip.write(launch(i, i * 31L % 1000, i).getBytes(StandardCharsets.UTF_8));
            }
        }
        Files.write(truncated, Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2));
        assertRefusedWithJson(truncated);
        Files.write(truncated, new byte[0]);
        assertRefusedWithJson(truncated);
        Files.writeString(truncated, "{\"traceEvents\": []}");
        assertRefusedWithJson(truncated);
    }

    @Test
    void traceWithMoreStreamsThanRingsIsRefusedWithTheLimit() throws Exception {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < 4097; i++) {
            events.add(launch(i, i, 1));
            events.add(kernel(i, i, 10 + i, 1));
        }
        Path json = folder.resolve("result.json");
        Cli.run("replay", write(events), "--virtual", "--json", json).assertRefused("4097", "1 to 4096");
        assertThat(json).exists();
        assertThat(Cli.json(json)).containsKey("error");
    }

    private void assertRefusedWithJson(Path trace) throws Exception {
        Path json = folder.resolve("result-of-refused.json");
        Files.deleteIfExists(json);
        Cli.run("replay", trace, "--virtual", "--json", json).assertRefused(trace.getFileName().toString());
        assertThat(Cli.json(json)).containsKey("error");
        Cli.run("replay", trace).assertRefused(trace.getFileName().toString());
    }

    @Test
    void virtualClockHasNoSpeed() throws Exception {
        Cli.run("replay", write(List.of(launch(1, 0, 1), kernel(7, 1, 5, 1))), "--virtual", "--speed", 2)
                .assertRefused("--speed", "--virtual");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "0.0009", "1000.1", "NaN", "Infinity"})
    void speedOutOfRangeIsNamedWithItsRange(String speed) throws Exception {
        Cli.run("replay", write(List.of(launch(1, 0, 1), kernel(7, 1, 5, 1))), "--speed", speed)
                .assertRefused("--speed", "0.001 to 1000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fast", "1,5"})
    void speedThatIsNoNumberIsNamedWithItsRange(String speed) throws Exception {
        Cli.run("replay", write(List.of(launch(1, 0, 1), kernel(7, 1, 5, 1))), "--speed", speed)
                .assertRefused("--speed", speed, "0.001 to 1000");
    }

    @Test
    void missingFileAndUnknownOptionAreNamed() {
        Cli.run("replay").assertRefused("FILE");
        Cli.run("replay", "x.json", "--fast").assertRefused("--fast");
        Cli.run("replay", "x.json", "y.json").assertRefused("y.json");
    }

    @Test
    void outputThatCannotBeWrittenIsRefusedBeforeTheWork() throws Exception {
        Path trace = write(List.of(launch(1, 0, 1), kernel(7, 1, 5, 1)));
        Path nowhere = folder.resolve("no-such-folder").resolve("schedule.csv");
        Cli.run("replay", trace, "--virtual", "--schedule", nowhere).assertRefused(nowhere.toString());
        Cli.run("replay", trace, "--virtual", "--json", nowhere).assertRefused(nowhere.toString());
    }

    /** "--json is written before any non-zero exit". */
    @Test
    void jsonIsWrittenEvenIfTheScheduleCannotBe() throws Exception {
        Path trace = write(List.of(launch(1, 0, 1), kernel(7, 1, 5, 1)));
        Path json = folder.resolve("result.json");
        Cli.run("replay", trace, "--virtual", "--schedule", folder, "--json", json).assertRefused(folder.toString());
        assertThat(json).exists();
    }

    @Test
    void helpNamesTheRangeOfTheSpeed() {
        Cli cli = Cli.run("replay", "--help");
        assertThat(cli.code()).isZero();
        assertThat(cli.out().replaceAll("\\s+", " ")).contains("FILE", "--virtual", "--speed", "0.001 to 1000",
                "--honor-submit-times", "--schedule", "--json", "Examples:");
    }

    // ---- the schedule, from the outside

    private record Row(int id, String queue, double submit, double start, double end, List<Integer> deps) {
    }

    private static List<Row> schedule(Path csv) throws Exception {
        List<String> lines = Files.readAllLines(csv);
        assertThat(lines.getFirst()).isEqualTo("id,queue,submit_us,start_us,end_us,deps");
        List<Row> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            assertThat(cells).as(line).hasSize(6);
            List<Integer> deps = Arrays.stream(cells[5].split(" ", -1)).filter(word -> !word.isEmpty())
                    .map(Integer::valueOf).toList();
            rows.add(new Row(Integer.parseInt(cells[0]), cells[1], Double.parseDouble(cells[2]),
                    Double.parseDouble(cells[3]), Double.parseDouble(cells[4]), deps));
            assertThat(rows.getLast().id()).isEqualTo(rows.size() - 1);
        }
        return rows;
    }

    /** Order on each queue, each dependency, each named once and known. */
    private static void assertKept(List<Row> rows) {
        Map<String, Row> latest = new HashMap<>();
        for (Row row : rows) {
            Row before = latest.put(row.queue(), row);
            if (before != null) {
                assertThat(row.deps()).contains(before.id());
            }
            assertThat(row.deps()).doesNotHaveDuplicates().isSorted().allMatch(id -> id < row.id());
            assertThat(row.end()).isGreaterThanOrEqualTo(row.start());
            for (int dependency : row.deps()) {
                if (row.start() < rows.get(dependency).end()) {
                    throw new AssertionError(row + " begins before the end of " + rows.get(dependency));
                }
            }
        }
    }

    /** Nothing bound but dependencies: each job begins the moment the last of them has ended. */
    private static void assertEarliest(List<Row> rows) {
        for (Row row : rows) {
            double earliest = row.deps().stream().mapToDouble(id -> rows.get(id).end()).max().orElse(0);
            assertThat(row.start()).as("start of %d", row.id()).isEqualTo(earliest);
        }
    }

    // ---- traces

    private static String kernel(long stream, long correlation, long ts, long dur) {
        return "{\"ph\": \"X\", \"cat\": \"kernel\", \"name\": \"k\", \"pid\": 0, \"tid\": 7, \"ts\": " + ts
                + ", \"dur\": " + dur + ", \"args\": {\"device\": 0, \"stream\": " + stream + ", \"correlation\": "
                + correlation + "}}";
    }

    private static String launch(long correlation, long ts, long dur) {
        return call("cudaLaunchKernel", correlation, ts, dur);
    }

    private static String call(String name, long correlation, long ts, long dur) {
        return "{\"ph\": \"X\", \"cat\": \"cuda_runtime\", \"name\": \"" + name + "\", \"pid\": 1, \"tid\": 1, \"ts\": "
                + ts + ", \"dur\": " + dur + ", \"args\": {\"cbid\": 211, \"correlation\": " + correlation + "}}";
    }

    private Path write(List<String> events) throws Exception {
        return Files.writeString(folder.resolve("trace.json"),
                "{\"schemaVersion\": 1, \"traceEvents\": [\n" + String.join(",\n", events) + "\n]}\n");
    }

    private static Path recordings() {
        Path folder = Path.of(System.getProperty("ringfence.root", "."), "..", "shared", "traces", "kineto-hta");
        assumeTrue(Files.isDirectory(folder), "skipped: the recorded traces are not there: " + folder.toAbsolutePath());
        return folder;
    }
}
