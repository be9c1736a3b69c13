package io.ringfence.sim.replay;

import static io.ringfence.sim.ftrace.Texts.amdgpu;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import io.ringfence.scheduler.Policies;
import io.ringfence.scheduler.Priority;
import io.ringfence.sim.formats.TraceFile;
import io.ringfence.sim.ftrace.FtraceGenerator;
import io.ringfence.sim.ftrace.Texts;
import io.ringfence.sim.virtual.VirtualWorld;
import io.ringfence.sim.workload.Recording;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Recorded rings through the scheduler. */
@Timeout(180)
class RingReplayTest {

    @TempDir
    Path folder = Path.of(".");

    private static RingResult replay(Recording recording, String policy, int credits) throws Exception {
        VirtualWorld world = VirtualWorld.install();
        try {
            RingSettings settings = new RingSettings(Policies.named(policy), credits, Map.of(), false);
            return new RingReplay(recording, settings, world, 1).work(_ -> {});
        } finally {
            world.uninstall();
        }
    }

    private static Recording of(String[]... jobs) throws Exception {
        List<String> lines = new ArrayList<>();
        for (String[] job : jobs) {
            Collections.addAll(lines, job);
        }
        return Texts.read(lines.toArray(String[]::new));
    }

    /** Recorded with two jobs at a time. */
    private static Recording two() throws Exception {
        return of(amdgpu(11, 1, 0, 5, 1_000), amdgpu(21, 1, 10, 15, 2_000), amdgpu(11, 2, 20, 1_005, 3_000),
                amdgpu(21, 2, 3_500, 3_505, 3_600));
    }

    @Test
    void creditsDecideWhatIsEarlyAndWhatIsLate() throws Exception {
        RingResult right = replay(two(), "fifo", 2);
        assertThat(right.decisions()).isEqualTo(new Decisions(4, 4, 0, 0, 5_000, 5_000, 5_000));
        assertThat(right.times().isCorrect()).isTrue();
        assertThat(right.contested()).isZero();
        RingResult fewer = replay(two(), "fifo", 1);
        assertThat(fewer.decisions().early()).isEqualTo(2);
        assertThat(fewer.times().startNanos(1)).isEqualTo(1_000_000);
        assertThat(fewer.contested()).isEqualTo(1);
        RingResult more = replay(two(), "fifo", 3);
        assertThat(more.decisions().late()).isEqualTo(1);
        assertThat(replay(two(), "fifo", 0).credits(0)).as("as many as there were").isEqualTo(2);
    }

    /** A fence of nobody in the recording opens when it did; a job on another ring is waited for, one on the same ring is not. */
    @Test
    void dependenciesAndExternalFencesAreKept() throws Exception {
        Recording sample = (Recording) TraceFile.sample();
        RingResult result = replay(sample, "fifo", 0);
        assertThat(result.times().isCorrect()).isTrue();
        assertThat(result.decisions().isAllMatched()).isTrue();
        int across = 0;
        for (int job = 0; job < sample.jobCount(); job++) {
            assertThat(result.times().startNanos(job)).isGreaterThanOrEqualTo(sample.readyNanos(job));
            for (int source : sample.dependencies(job)) {
                boolean waits = sample.waitsForEnd(job, source);
                across += waits ? 1 : 0;
                assertThat(result.times().startNanos(job)).isGreaterThanOrEqualTo(
                        waits ? result.times().endNanos(source) : result.times().startNanos(source));
            }
        }
        assertThat(across).isEqualTo(10);
    }

    /** More jobs wait than a context has room for: they are submitted late, in order, and all are done. */
    @Test
    void contextThatOverflowsIsServedInOrder() throws Exception {
        String[][] jobs = new String[3_000][];
        for (int i = 0; i < jobs.length; i++) {
            // Recorded as if the ring had taken them all at once.
            jobs[i] = amdgpu(11, i + 1, i, i + 1, 1_000_000 + i);
        }
        RingResult result = replay(of(jobs), "fifo", 1);
        assertThat(result.times().isCorrect()).isTrue();
        assertThat(result.lateSubmissions()).isPositive();
        assertThat(result.times().completed()).isEqualTo(3_000);
    }

    /** The generator is a model of its own; both agree on every decision, whatever the contexts. */
    @Test
    void generatedRecordingsMatchDecisionByDecision() throws Exception {
        for (int seed = 0; seed < 5; seed++) {
            Path file = folder.resolve("generated.txt");
            new FtraceGenerator(2_000, seed).write(file);
            Recording recording = (Recording) TraceFile.read(file);
            RingResult result = replay(recording, "fifo", 2);
            assertThat(result.decisions().matched()).isEqualTo(2_000);
            assertThat(result.contested()).isPositive();
            assertThat(replay(recording, "fifo", 1).decisions().early()).isPositive();
            assertThat(replay(recording, "rr", 2).decisions().isAllMatched()).as("the policy counts").isFalse();
        }
    }

    /** Property: a schedule that was exported, replayed, gives itself, whatever made it. */
    @Test
    void exportedSchedulesReproduceThemselves() throws Exception {
        Path trace = folder.resolve("generated.txt");
        Path first = folder.resolve("first.csv");
        Path second = folder.resolve("second.csv");
        for (int seed = 0; seed < 6; seed++) {
            new FtraceGenerator(300, seed).write(trace);
            Recording recording = seed == 5 ? (Recording) TraceFile.sample() : (Recording) TraceFile.read(trace);
            String policy = Policies.names().get(seed % 4);
            ScheduleCsv.write(first, replay(recording, policy, 1 + seed).times());
            VirtualWorld world = VirtualWorld.install();
            try {
                ReplayResult again = new QueueReplay((Recording) TraceFile.read(first), world, 1).work(_ -> {});
                ScheduleCsv.write(second, again);
                assertThat(again.isCorrect()).isTrue();
                assertThat(again.worstStartNanos()).isZero();
            } finally {
                world.uninstall();
            }
            assertThat(second).hasSameBinaryContentAs(first);
        }
    }

    /** A schedule that breaks its own dependency cannot be kept. */
    @Test
    void scheduleAgainstItsOwnDependenciesIsFound() throws Exception {
        Path file = Files.writeString(folder.resolve("wrong.csv"),
                "id,queue,submit_us,start_us,end_us,deps\n0,a:1,0,0,100,\n1,a:2,0,50,60,0\n");
        VirtualWorld world = VirtualWorld.install();
        try {
            ReplayResult result = new QueueReplay((Recording) TraceFile.read(file), world, 1).work(_ -> {});
            assertThat(result.dependencyViolations()).as("the queues keep it").isZero();
            assertThat(result.startNanos(1)).isEqualTo(100_000);
            assertThat(result.worstStartNanos()).isEqualTo(50_000);
        } finally {
            world.uninstall();
        }
    }

    /** In real time: what is on the device is given up, and everything is closed. */
    @Test
    void interruptedReplayEndsThoughItsJobsTakeHours() throws Exception {
        Recording recording = of(amdgpu(11, 1, 0, 5, 3_600_000_000L), amdgpu(11, 2, 10, 15, 3_600_000_001L));
        CountDownLatch submitted = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread worker = new Thread(() -> {
            RingSettings settings = new RingSettings(Policies.named("fifo"), 1, Map.of(), false);
            try {
                var _ = new RingReplay(recording, settings, null, 1).work(_ -> submitted.countDown());
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        worker.start();
        submitted.await();
        worker.interrupt();
        worker.join();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    }

    // ---- what if

    /** Two clients, each with jobs of a millisecond; the second one's come a little later and wait. */
    private static Recording flooded() throws Exception {
        List<String[]> jobs = new ArrayList<>();
        long done = 0;
        for (int i = 0; i < 20; i++) {
            long run = Math.max(10 + i, done);
            done = run + 1_000;
            jobs.add(amdgpu(11, i + 1, i, run, done));
        }
        for (int i = 0; i < 5; i++) {
            long run = done;
            done = run + 1_000;
            jobs.add(amdgpu(21, i + 1, 100 + i, run, done));
        }
        return of(jobs.toArray(String[][]::new));
    }

    @Test
    void priorityIsWhatWouldHaveHelped() throws Exception {
        Recording recording = flooded();
        WhatIf plain = new WhatIf(recording, 1, Map.of());
        Outcome recorded = plain.recorded();
        Outcome fifo = plain.under("fifo", _ -> {});
        assertThat(recorded.clients().get(1).jobs()).isEqualTo(5);
        assertThat(recorded.clients().get(1).waitWorst()).isEqualTo(24_010_000 - 104_000);
        assertThat(fifo.clients().get(1).waitWorst()).isEqualTo(24_000_000 - 104_000);
        assertThat(fifo.makespanNanos()).isEqualTo(25_000_000);
        assertThat(fifo.clients().get(0).share()).as("it is alone when the other one has gone")
                .isBetween(0.99, 1.0);
        Outcome high = new WhatIf(recording, 1, Map.of(1, Priority.HIGH)).under("fifo", _ -> {});
        assertThat(high.clients().get(1).waitWorst()).isEqualTo(5_000_000 - 104_000);
        assertThat(high.clients().get(1).priority()).isEqualTo(Priority.HIGH);
        assertThat(high.makespanNanos()).isEqualTo(25_000_000);
        Outcome turns = plain.under("rr", _ -> {});
        assertThat(turns.clients().get(1).waitWorst()).isBetween(8_000_000L, 10_000_000L);
        assertThat(turns.clients().get(1).share()).isBetween(0.4, 0.6);
    }

    @Test
    void serviceIsTimeOnTheDeviceAndWaitingIsNot() throws Exception {
        RingTimes times = new RingTimes(two());
        assertThat(times.service(0)).isEqualTo(995_000);
        assertThat(times.service(1)).isEqualTo(1_000_000);
        assertThat(times.service(2)).isEqualTo(1_000_000);
        assertThat(times.mostInFlight(0)).isEqualTo(2);
        assertThat(times.backlog(0)).isEqualTo(1);
    }
}
