package io.ringfence.sim.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.ringfence.sim.ftrace.Texts;
import io.ringfence.sim.virtual.VirtualWorld;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ringfence replay} of rings, graphs and schedules, by its exit code and by what it writes. */
@Timeout(180)
class ReplayRecordingCommandTest {

    private static final String AMDGPU = "amdgpu-gpuvis/amdgpu-steamvr.ftrace.txt";
    private static final String I915 = "i915/h264encode.ftrace.txt";

    @TempDir
    Path folder = Path.of(".");

    @AfterEach
    void nothingIsLeft() {
        assertThat(VirtualWorld.installed()).isNull();
        Cli.assertNoThreadIsLeft();
    }

    private static Path recorded(String name) {
        Path file = Path.of(System.getProperty("ringfence.root", "."), "..", "shared", "traces").resolve(name);
        assumeTrue(Files.isRegularFile(file), "skipped: the recorded trace is not there: " + file.toAbsolutePath());
        return file;
    }

    private Path small() throws Exception {
        List<String> lines = new ArrayList<>();
        lines.addAll(Arrays.asList(Texts.amdgpu(11, 1, 0, 5, 1_000)));
        lines.addAll(Arrays.asList(Texts.amdgpu(21, 1, 10, 15, 2_000)));
        return Files.write(folder.resolve("small.txt"), lines);
    }

    // ---- the oracles

    @ParameterizedTest
    @CsvSource({"1, 426, 0, 213, 213", "2, 0, 0, 639, 0", "3, 0, 213, 426, 0", "4, 0, 213, 426, 0",
        "5, 0, 213, 426, 0"})
    void amdgpuHadTwoJobsOnItsRing(int credits, String early, String late, String matched, String contested)
            throws Exception {
        Path json = folder.resolve("result.json");
        Cli cli = Cli.run("replay", recorded(AMDGPU), "--policy", "fifo", "--credits", credits, "--json", json);
        assertThat(cli.code()).as(cli.err()).isEqualTo(credits == 2 ? 0 : 1);
        assertThat(Cli.json(json)).containsEntry("decisions.total", "639").containsEntry("decisions.early", early)
                .containsEntry("decisions.late", late).containsEntry("decisions.matched", matched)
                .containsEntry("contested.total", contested).containsEntry("jobs", "639")
                .containsEntry("completed", "639").containsEntry("order_violations", "0")
                .containsEntry("skipped.total", "144").containsEntry("skipped.rings.0.ring", "gfx")
                .containsEntry("skipped.rings.0.only_submitted", "90").containsEntry("skipped.rings.0.not_done", "26")
                .containsEntry("skipped.rings.0.never_submitted", "4");
    }

    /** Each start beside the decoded table that comes with the trace. */
    @Test
    void amdgpuScheduleIsTheRecordedOne() throws Exception {
        Path csv = folder.resolve("schedule.csv");
        Cli.run("replay", recorded(AMDGPU), "--schedule", csv).assertOk();
        List<String> rows = Files.readAllLines(csv);
        List<String> table = Files.readAllLines(recorded("amdgpu-gpuvis/amdgpu-steamvr.jobs.csv"));
        assertThat(rows).hasSameSizeAs(table);
        for (int i = 1; i < rows.size(); i++) {
            String[] row = rows.get(i).split(",", -1);
            String[] job = table.get(i).split(",", -1);
            assertThat(row[1]).isEqualTo("gfx:" + job[2]);
            assertThat(Math.round(1_000 * Double.parseDouble(row[2]))).isEqualTo(Long.parseLong(job[6]));
            long lag = Long.parseLong(job[7]) - Math.round(1_000 * Double.parseDouble(row[3]));
            assertThat(lag).as("lag of %s", rows.get(i)).isBetween(4_900L, 76_000L);
            assertThat(Math.round(1_000 * Double.parseDouble(row[4]))).isEqualTo(Long.parseLong(job[8]));
        }
    }

    @ParameterizedTest
    @CsvSource({"ready-fifo, 41, 0", "fifo, 21, 1", "rr, 12, 1"})
    void i915ChoseWhoWasReadyFirst(String policy, String matched, int code) throws Exception {
        Path json = folder.resolve("result.json");
        Cli cli = Cli.run("replay", recorded(I915), "--policy", policy, "--json", json);
        assertThat(cli.code()).as(cli.err()).isEqualTo(code);
        assertThat(Cli.json(json)).containsEntry("contested.total", "41").containsEntry("contested.matched", matched)
                .containsEntry("rings.0.ring", "0").containsEntry("rings.0.decisions.total", "958")
                .containsEntry("rings.0.decisions.early", "0").containsEntry("rings.0.decisions.late", "10")
                .containsEntry("credits", "2").containsEntry("jobs", "1018").containsEntry("skipped.total", "0");
    }

    @ParameterizedTest
    @CsvSource({"1, 71, 9", "3, 0, 37"})
    void i915HadTwoSlots(int slots, String early, String late) throws Exception {
        Path json = folder.resolve("result.json");
        Cli cli = Cli.run("replay", recorded(I915), "--credits", slots, "--json", json);
        assertThat(cli.code()).isEqualTo(slots == 1 ? 1 : 0);
        assertThat(Cli.json(json)).containsEntry("rings.0.decisions.early", early)
                .containsEntry("rings.0.decisions.late", late);
    }

    /** The times that the table gives: queued, ready, on the hardware, off it. */
    @Test
    void i915TimesAreThoseOfTheTable() throws Exception {
        Path csv = folder.resolve("schedule.csv");
        Cli.run("replay", recorded(I915), "--schedule", csv).assertOk();
        List<String> table = new ArrayList<>(Files.readAllLines(recorded("i915/h264encode.jobs.csv")));
        List<String[]> jobs = new ArrayList<>(table.subList(1, table.size()).stream().map(line -> line.split(",", -1))
                .toList());
        jobs.sort((a, b) -> Long.compare(Long.parseLong(a[4]), Long.parseLong(b[4])));
        List<String> rows = Files.readAllLines(csv);
        long origin = Long.parseLong(jobs.getFirst()[4]);
        for (int i = 0; i < jobs.size(); i++) {
            String[] row = rows.get(i + 1).split(",", -1);
            assertThat(row[1]).isEqualTo(jobs.get(i)[0] + ":" + jobs.get(i)[1]);
            assertThat(Long.parseLong(row[2])).isEqualTo(Long.parseLong(jobs.get(i)[4]) - origin);
            assertThat(Long.parseLong(row[4])).isEqualTo(Long.parseLong(jobs.get(i)[8]) - origin);
        }
    }

    @ParameterizedTest
    @CsvSource({"drm_sched.textproto, 4, 2", "drm_sched_617.textproto, 1, 1", "drm_dma_fence.textproto, 3, 2"})
    void perfettoCapturesMatch(String name, String jobs, String queues) throws Exception {
        Path json = folder.resolve("result.json");
        Cli.run("replay", recorded("perfetto-drm/" + name), "--json", json).assertOk();
        assertThat(Cli.json(json)).containsEntry("jobs", jobs).containsEntry("queues", queues)
                .containsEntry("decisions.matched", jobs);
    }

    @ParameterizedTest
    @ValueSource(strings = {AMDGPU, I915, "kineto-hta/alexnet-a100.json.gz", "perfetto-drm/drm_sched.textproto"})
    void schedulesOfRecordedTracesReproduceThemselves(String name) throws Exception {
        Path first = folder.resolve("first.csv");
        Path second = folder.resolve("second.csv");
        Cli.run("replay", recorded(name), "--virtual", "--honor-submit-times", "--schedule", first).assertOk();
        Cli.run("replay", first, "--schedule", second).assertOk();
        assertThat(second).hasSameBinaryContentAs(first);
    }

    /** What recorded i915 did comes out of the scheduler under the policy that explains it. */
    @Test
    void whatIfUnderTheRightPolicyIsTheRecording() throws Exception {
        Path json = folder.resolve("result.json");
        Cli.run("replay", recorded(I915), "--what-if", "--policy", "ready-fifo", "--credits", 2, "--json", json)
                .assertOk();
        Map<String, String> result = Cli.json(json);
        for (int client = 0; client < 9; client++) {
            String path = ".clients." + client;
            assertThat(Double.parseDouble(result.get("what_if.policies.0" + path + ".share")))
                    .isCloseTo(Double.parseDouble(result.get("what_if.recording" + path + ".share")),
                            within(0.002));
            assertThat(Double.parseDouble(result.get("what_if.policies.0" + path + ".wait_us.worst")))
                    .isCloseTo(Double.parseDouble(result.get("what_if.recording" + path + ".wait_us.worst")),
                            within(10.0));
        }
    }

    // ---- the sample, what if

    @Test
    void sampleNeedsNoFile() throws Exception {
        Path json = folder.resolve("result.json");
        Cli.run("replay", "--sample", "--json", json).assertOk();
        assertThat(Cli.json(json)).containsEntry("jobs", "70").containsEntry("decisions.matched", "70")
                .containsEntry("dependencies", "20").containsEntry("dependency_violations", "0");
    }

    @Test
    void whatIfHasARowForEachPolicyAndClient() throws Exception {
        Path json = folder.resolve("result.json");
        Cli cli = Cli.run("replay", "--sample", "--what-if", "--policy", "all", "--priority", "compositor=high",
                "--priority", "gfx:131=low", "--json", json);
        cli.assertOk();
        assertThat(cli.out()).contains("recording", "fair", "fifo", "ready-fifo", "rr", "gfx:111 (compositor)",
                "makespan");
        Map<String, String> result = Cli.json(json);
        assertThat(result).containsEntry("what_if.recording.policy", "recording")
                .containsEntry("what_if.policies.3.policy", "rr")
                .containsEntry("what_if.policies.0.clients.0.priority", "LOW")
                .containsEntry("what_if.policies.0.clients.2.priority", "HIGH")
                .containsEntry("what_if.policies.0.clients.1.priority", "NORMAL")
                .containsEntry("what_if.recording.clients.2.priority", "NORMAL");
        double shares = 0;
        for (int client = 0; client < 3; client++) {
            shares += Double.parseDouble(result.get("what_if.policies.1.clients." + client + ".share"));
        }
        assertThat(shares).isCloseTo(1, within(1e-9));
    }

    @Test
    void whatIfRepeatsItselfByteForByte() throws Exception {
        Path first = folder.resolve("first.csv");
        Path second = folder.resolve("second.csv");
        for (Path csv : List.of(first, second)) {
            Cli.run("replay", "--sample", "--what-if", "--policy", "fair", "--schedule", csv).assertOk();
        }
        assertThat(first).hasSameBinaryContentAs(second);
    }

    // ---- the clock

    @Test
    void ringsRunInRealTimeIfASpeedIsGiven() throws Exception {
        Path json = folder.resolve("result.json");
        Cli.run("replay", "--sample", "--speed", 5, "--json", json).assertOk();
        assertThat(Cli.json(json)).containsEntry("completed", "70").containsEntry("dependency_violations", "0")
                .containsEntry("order_violations", "0");
        Path graph = Files.writeString(folder.resolve("graph.json"),
                "{\"nodes\": [{\"id\": 1, \"duration_micros\": 500}, {\"id\": 2, \"data_deps\": [1]}]}");
        Cli.run("replay", graph, "--speed", 2, "--json", json).assertOk();
        assertThat(Cli.json(json)).containsEntry("completed", "2").containsEntry("dependency_violations", "0");
    }

    @Test
    void graphHasTheFiguresOfATrace() throws Exception {
        Path graph = Files.writeString(folder.resolve("graph.json"),
                "{\"workload_graph\": [{\"Id\": 3, \"ctrlDeps\": [1, 2]}, {\"Id\": 1, \"runtime\": 7},"
                        + " {\"Id\": 2, \"data_deps\": [1, 99], \"runtime\": 2.5}]}");
        Path json = folder.resolve("result.json");
        Cli cli = Cli.run("replay", graph, "--json", json);
        cli.assertOk();
        assertThat(cli.err()).contains("not in the file: 1");
        assertThat(Cli.json(json)).containsEntry("jobs", "3").containsEntry("completed", "3")
                .containsEntry("dependencies", "3").containsEntry("dependency_violations", "0")
                .containsEntry("order_violations", "0").containsEntry("starts_matched", "3")
                .containsEntry("makespan_us", "9.5").containsEntry("makespan_recorded_us", "9.5");
    }

    // ---- refused

    @Test
    void jsonIsWrittenBeforeEveryOtherExitCode() throws Exception {
        Path json = folder.resolve("result.json");
        assertThat(Cli.run("replay", small(), "--credits", 1, "--json", json).code()).isEqualTo(1);
        assertThat(Cli.json(json)).containsEntry("decisions.early", "1");
        Path cycle = Files.writeString(folder.resolve("cycle.json"), "{\"nodes\": [{\"id\": 1, \"data_deps\": [1]}]}");
        Cli.run("replay", cycle, "--json", json).assertRefused("cycle.json", "1 waits for 1");
        assertThat(Cli.json(json)).containsKey("error");
    }

    @Test
    void optionsThatMeanNothingAreRefusedByName() throws Exception {
        Path rings = small();
        Path graph = Files.writeString(folder.resolve("graph.json"), "{\"nodes\": [{\"id\": 1}]}");
        Cli.run("replay").assertRefused("FILE", "--sample");
        Cli.run("replay", rings, "--sample").assertRefused("--sample", "small.txt");
        Cli.run("replay", rings, "--policy", "lifo").assertRefused("--policy lifo", "[fair, fifo, ready-fifo, rr]");
        Cli.run("replay", rings, "--policy", "all").assertRefused("--policy all", "--what-if");
        Cli.run("replay", rings, "--credits", 0).assertRefused("--credits 0", "1 to 1048576");
        Cli.run("replay", rings, "--credits", "x").assertRefused("--credits", "1 to 1048576");
        Cli.run("replay", rings, "--priority", "11=high").assertRefused("--priority", "--what-if");
        Cli.run("replay", rings, "--what-if", "--priority", "12=high").assertRefused("--priority 12", "gfx:11, gfx:21");
        Cli.run("replay", rings, "--what-if", "--priority", "11=urgent").assertRefused("--priority", "urgent");
        Cli.run("replay", rings, "--what-if", "--speed", 2).assertRefused("--speed", "--what-if");
        Cli.run("replay", rings, "--what-if", "--schedule", folder.resolve("a.csv")).assertRefused("--schedule");
        Cli.run("replay", graph, "--policy", "fifo").assertRefused("--policy fifo", "graph.json");
        Cli.run("replay", graph, "--credits", 2).assertRefused("--credits 2", "graph.json");
        Cli.run("replay", graph, "--what-if").assertRefused("--what-if", "graph.json");
    }

    @Test
    void brokenLinesAreWarningsWithTheirNumber() throws Exception {
        Path file = small();
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.add(2, Texts.line("game", 3, "amdgpu_cs_ioctl: timeline=gfx, context=11"));
        Cli cli = Cli.run("replay", Files.write(file, lines));
        cli.assertOk();
        assertThat(cli.err()).contains("warning: broken lines: 1", "line 3: amdgpu_cs_ioctl without seqno");
    }
}
