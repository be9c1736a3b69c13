package io.ringfence.sim.ftrace;

import static io.ringfence.sim.ftrace.Texts.amdgpu;
import static io.ringfence.sim.ftrace.Texts.line;
import static io.ringfence.sim.ftrace.Texts.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.ringfence.sim.workload.Recording;
import io.ringfence.sim.workload.Skipped;
import io.ringfence.sim.workload.TraceFormatException;

import org.junit.jupiter.api.Test;

/** Jobs put together from ftrace text, driver by driver. */
class FtraceReaderTest {

    private static String[] lines(Object... parts) {
        List<String> lines = new ArrayList<>();
        for (Object part : parts) {
            Collections.addAll(lines, part instanceof String[] several ? several : new String[] {(String) part});
        }
        return lines.toArray(String[]::new);
    }

    // ---- amdgpu

    @Test
    void amdgpuJobIsDoneByTheFenceOfItsOwnContext() throws Exception {
        Recording recording = Texts.read(lines("# tracer: nop", "version = 6", "cpus=8", "CPU 0 is empty", "",
                amdgpu(11, 5, 0, 20, 500), amdgpu(21, 5, 100, 510, 900)));
        assertThat(recording.format()).isEqualTo("amdgpu");
        assertThat(recording.jobCount()).isEqualTo(2);
        assertThat(recording.queueName(0)).isEqualTo("gfx:11");
        assertThat(recording.context(0).client()).isEqualTo("game");
        assertThat(recording.seqno(1)).isEqualTo(5);
        assertThat(recording.submitNanos(1)).isEqualTo(100_000);
        assertThat(recording.readyNanos(1)).isEqualTo(100_000);
        assertThat(recording.startNanos(1)).isEqualTo(510_000);
        assertThat(recording.endNanos(1)).isEqualTo(900_000);
        assertThat(recording.warnings()).isEmpty();
        assertThat(recording.skipped()).isEmpty();
    }

    @Test
    void incompleteJobsAreSkippedAndToldByRing() throws Exception {
        String[] whole = amdgpu(11, 5, 0, 20, 500);
        Recording recording = Texts.read(lines(whole, amdgpu(11, 6, 600, 0, 0)[0], amdgpu(11, 7, 700, 710, 0)[0],
                amdgpu(11, 7, 700, 710, 0)[1], amdgpu(11, 8, 0, 800, 0)[1],
                amdgpu(31, 1, 0, 900, 950)[1].replace("gfx,", "sdma0,"),
                amdgpu(31, 1, 0, 900, 950)[4].replace("gfx,", "sdma0,")));
        assertThat(recording.jobCount()).isEqualTo(1);
        assertThat(recording.ringCount()).isEqualTo(1);
        assertThat(recording.skipped()).containsExactly(new Skipped("gfx", 1, 1, 1), new Skipped("sdma0", 0, 0, 1));
    }

    @Test
    void eventsOfAJobMayComeInAnyOrder() throws Exception {
        List<String> lines = new ArrayList<>(List.of(amdgpu(11, 5, 0, 20, 500)));
        // The submission decides that this is amdgpu.
        Collections.reverse(lines.subList(1, lines.size()));
        assertThat(Texts.read(lines.toArray(String[]::new)).jobCount()).isEqualTo(1);
    }

    @Test
    void unknownLinesAreCountedAndBrokenOnesNamed() throws Exception {
        Recording recording = Texts.read(lines(amdgpu(11, 5, 0, 20, 500), "what is this", "and [this]",
                line("x", 1, "sched_switch: prev_comm=a"), line("x", 2, "sched_switch: prev_comm=b"),
                line("x", 3, "drm_vblank_event: crtc=1"),
                line("x", 4, "amdgpu_cs_ioctl: sched_job=1, timeline=gfx, context=11"),
                line("x", 5, "amdgpu_sched_run_job: sched_job=1, context=11, seqno=9"), "CPU:3 [LOST 17 EVENTS]"));
        assertThat(recording.warnings()).containsExactly(
                "lines of other events: 3 (left out; drm_vblank_event 1, sched_switch 2)",
                "places where the kernel lost events: 1 (jobs there are incomplete)",
                "lines that are no events: 2 (left out; the first is line 6)",
                "broken lines: 2 (left out; line 11: amdgpu_cs_ioctl without seqno; "
                        + "line 12: amdgpu_sched_run_job without timeline)");
    }

    @Test
    void clocksThatDisagreeAreTakenAsTheyCanBe() throws Exception {
        Recording recording = Texts.read(amdgpu(11, 5, 100, 90, 80));
        assertThat(recording.submitNanos(0)).isZero();
        assertThat(recording.startNanos(0)).isZero();
        assertThat(recording.endNanos(0)).isZero();
        assertThat(recording.warnings()).hasSize(2);
    }

    @Test
    void traceWithoutAJobSaysWhy() {
        assertThatThrownBy(() -> Texts.read("hello", "world")).isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("trace.txt").hasMessageContaining("not a trace that is known");
        assertThatThrownBy(() -> Texts.read(amdgpu(11, 5, 0, 20, 500)[0])).isInstanceOf(TraceFormatException.class)
                .hasMessageContaining("1 incomplete");
        assertThatThrownBy(() -> Texts.read(line("x", 4, "amdgpu_cs_ioctl: timeline=gfx")))
                .hasMessageContaining("line 1: amdgpu_cs_ioctl without context");
    }

    @Test
    void lineWithoutEndCostsNoMemory() throws Exception {
        String endless = "x".repeat(1 << 20);
        assertThat(Texts.read(lines(endless, amdgpu(11, 5, 0, 20, 500))).warnings())
                .containsExactly("lines that are no events: 1 (left out; the first is line 1)");
    }

    // ---- drm_sched since 6.17

    private static String job(long micros, String event, String fence) {
        return line("app", micros, "drm_sched_job_" + event + ": dev=0000:04:00.0, fence=" + fence
                + ", ring=gfx_0.0.0, job count:0, hw job count:1, client_id:13");
    }

    @Test
    void jobsOfTheStableNamesHaveDependenciesAndExternalFences() throws Exception {
        Recording recording = Texts.read(job(0, "queue", "401:1"), job(5, "run", "401:1"), job(10, "queue", "402:7"),
                line("app", 10, "drm_sched_job_add_dep: fence=402:7 depends on fence=401:1"),
                line("app", 10, "drm_sched_job_add_dep: fence=402:7 depends on fence=9:3"),
                line("app", 10, "drm_sched_job_add_dep: fence=402:7 depends on fence=9:4"),
                line("kworker/1:2", 11, "drm_sched_job_unschedulable: fence=402:7 depends on unsignalled fence=401:1"),
                line("<idle>", 60, "dma_fence_signaled: driver=display timeline=crtc 0 context=9 seqno=3"),
                line("<idle>", 70, "drm_sched_job_done: fence=401:1 signaled"), job(75, "run", "402:7"),
                line("<idle>", 90, "drm_sched_job_done: fence=402:7 signaled"));
        assertThat(recording.format()).isEqualTo("drm_sched");
        assertThat(recording.jobCount()).isEqualTo(2);
        assertThat(recording.queueName(1)).isEqualTo("gfx_0.0.0:402");
        assertThat(recording.dependencyCount()).isEqualTo(1);
        assertThat(recording.dependencies(1)).containsExactly(0);
        assertThat(recording.waitsForEnd(1, 0)).as("on one ring").isFalse();
        assertThat(recording.readyNanos(1)).isEqualTo(60_000);
        assertThat(recording.warnings())
                .containsExactly("waits for fences of which no signal was recorded: 1 (taken as signalled)");
    }

    @Test
    void ringsOfTheSameNameOnTwoDevicesAreTwo() throws Exception {
        List<String> lines = new ArrayList<>();
        for (String device : List.of("0000:04:00.0", "0000:0b:00.0")) {
            String fence = device.startsWith("0000:04") ? "1:1" : "2:1";
            lines.add(job(0, "queue", fence).replace("0000:04:00.0", device));
            lines.add(job(1, "run", fence).replace("0000:04:00.0", device));
            lines.add(line("<idle>", 5, "drm_sched_job_done: fence=" + fence + " signaled"));
        }
        Recording recording = Texts.read(lines.toArray(String[]::new));
        assertThat(recording.ringName(0)).isEqualTo("gfx_0.0.0");
        assertThat(recording.ringName(1)).isEqualTo("0000:0b:00.0/gfx_0.0.0");
    }

    // ---- drm_sched before

    private static String oldJob(long micros, String event, int id, String fence) {
        return line("app", micros, event + ": entity=00000000c0ffee00, id=" + id + ", fence=" + fence
                + ", ring=ring0, job count:0, hw job count:1");
    }

    @Test
    void addressesOfFencesAreUsedAgain() throws Exception {
        Recording recording = Texts.read(oldJob(0, "drm_sched_job", 1, "00000000000000aa"),
                oldJob(5, "drm_run_job", 1, "00000000000000aa"),
                line("<idle>", 20, "drm_sched_process_job: fence=00000000000000aa signaled"),
                oldJob(30, "drm_sched_job", 2, "00000000000000aa"), oldJob(35, "drm_run_job", 2, "00000000000000aa"),
                oldJob(36, "drm_sched_job", 3, "00000000000000bb"), oldJob(37, "drm_run_job", 3, "00000000000000bb"),
                line("kworker", 38, "drm_sched_job_wait_dep: job ring=ring0, id=3, depends fence=00000000000000cc, "
                        + "context=12, seq=4"),
                line("<idle>", 40, "dma_fence_signaled: driver=x timeline=y context=12 seqno=4"),
                line("<idle>", 50, "drm_sched_process_job: fence=00000000000000aa signaled"),
                line("<idle>", 60, "drm_sched_process_job: fence=00000000000000bb signaled"));
        assertThat(recording.jobCount()).isEqualTo(3);
        assertThat(recording.queueCount()).isEqualTo(1);
        assertThat(recording.endNanos(0)).isEqualTo(20_000);
        assertThat(recording.endNanos(1)).isEqualTo(50_000);
        assertThat(recording.endNanos(2)).isEqualTo(60_000);
        assertThat(recording.readyNanos(2)).isEqualTo(40_000);
    }

    // ---- i915

    @Test
    void requestBeginsWithItsFirstStartAndEndsWithTheNextOneOfItsContext() throws Exception {
        Recording recording = Texts.read(request(0, "queue", 20, 1, ", flags=0x0"),
                request(1, "add", 20, 1, ", global=0"), request(3, "submit", 20, 1, ", global=0"),
                request(4, "execute", 20, 1, ", global=7"), request(5, "in", 20, 1, ", prio=1024, global=7, port=0"),
                request(6, "out", 20, 1, ", global=7, completed?=0"),
                request(8, "in", 20, 1, ", prio=0, global=7, port=0"), request(9, "queue", 20, 2, ", flags=0x0"),
                request(9, "submit", 20, 2, ", global=0"), request(9, "in", 20, 2, ", prio=0, global=8, port=0"),
                request(30, "out", 20, 2, ", global=8, completed?=1"), request(40, "queue", 20, 3, ""),
                request(41, "queue", 25, 9, ", flags=0x0").replace("ring=0", "engine=1:0"));
        assertThat(recording.format()).isEqualTo("i915");
        assertThat(recording.jobCount()).isEqualTo(2);
        assertThat(recording.readyNanos(0)).isEqualTo(3_000);
        assertThat(recording.startNanos(0)).isEqualTo(5_000);
        assertThat(recording.endNanos(0)).isEqualTo(30_000);
        assertThat(recording.endNanos(1)).isEqualTo(30_000);
        assertThat(recording.skipped()).containsExactly(new Skipped("0", 1, 0, 0), new Skipped("1:0", 1, 0, 0));
        assertThat(recording.warnings()).containsExactly(
                "requests without an end of their own: 1 (done with the next of their context)",
                "requests preempted: 1 (the first start counts)");
        assertThat(recording.places()).isNotNull();
        assertThat(recording.places().run(0)).isLessThan(recording.places().submit(1));
    }

    // ---- fences alone, and mixtures

    @Test
    void bareFencesAreJobsIfThereIsNothingElse() throws Exception {
        Recording recording = Texts.read(line("x", 0, "dma_fence_init: driver=msm timeline=ring-0 context=1 seqno=5"),
                line("x", 3, "dma_fence_emit: driver=msm timeline=ring-0 context=1 seqno=5"),
                line("x", 9, "dma_fence_signaled: driver=msm timeline=ring-0 context=1 seqno=5"),
                line("x", 1, "dma_fence_init: driver=drm timeline=other context=2 seqno=5"),
                line("x", 8, "dma_fence_signaled: driver=drm timeline=other context=2 seqno=5"));
        assertThat(recording.format()).isEqualTo("dma_fence");
        assertThat(recording.jobCount()).isEqualTo(2);
        assertThat(recording.startNanos(0)).isEqualTo(3_000);
        assertThat(recording.startNanos(1)).as("made is handed over").isEqualTo(1_000);
    }

    @Test
    void eventsOfASecondDriverAreCounted() throws Exception {
        Recording recording = Texts.read(lines(amdgpu(11, 5, 0, 20, 500), job(0, "queue", "401:1"),
                request(1, "queue", 20, 1, ", flags=0x0")));
        assertThat(recording.jobCount()).isEqualTo(1);
        assertThat(recording.warnings()).containsExactly("events of other schedulers or drivers: 2 (left out)");
    }
}
