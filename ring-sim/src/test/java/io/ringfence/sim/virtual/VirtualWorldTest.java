package io.ringfence.sim.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.internal.seam.Seam;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;
import io.ringfence.sim.Command;
import io.ringfence.sim.DeviceMemory;
import io.ringfence.sim.FirmwareOptions;
import io.ringfence.sim.SimulatedFirmware;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One thread, one clock that only moves when nothing is left to do. */
@Timeout(180)
class VirtualWorldTest {
    private VirtualWorld world;
    private SimulatedFirmware device;
    private RingfenceRuntime runtime;

    @BeforeEach
    void install() {
        world = VirtualWorld.install();
        device = SimulatedFirmware.start(FirmwareOptions.defaults().withSlots(256));
        runtime = RingfenceRuntime.start();
    }

    @AfterEach
    void uninstall() {
        runtime.close();
        device.close();
        world.uninstall();
        assertThat(VirtualWorld.installed()).isNull();
    }

    private JobQueue<Command> open(String name) {
        return runtime.openQueue(device.openRing(), QueueOptions.named(name).withTimeout(QueueOptions.NO_TIMEOUT));
    }

    private static void assertOk(Fence fence) throws InterruptedException {
        assertThat(fence.await()).as(() -> fence + ": " + fence.failure()).isEqualTo(Outcome.OK);
    }

    @Test
    void noThreadIsStarted() {
        assertThat(Thread.getAllStackTraces().keySet()).noneMatch(thread -> thread.getName().startsWith("ringfence"));
        assertThat(VirtualWorld.installed()).isSameAs(world);
    }

    @Test
    void clockStandsStillWhileThereIsWork() throws Exception {
        JobQueue<Command> queue = open("nops");
        for (int i = 0; i < 5000; i++) {
            queue.submit(Command.nop());
        }
        assertOk(queue.submit(Command.stamp(0, 1)));
        assertThat(Seam.nanoTime()).isZero();
    }

    @Test
    void clockJumpsToTheEndOfADelayAndNotBefore() throws Exception {
        JobQueue<Command> queue = open("delay");
        PointFence fence = queue.submit(Command.delay(86_400_000_000_000L, 0));
        assertThat(Seam.nanoTime()).isZero();
        assertOk(fence);
        assertThat(Seam.nanoTime()).isEqualTo(86_400_000_000_000L);
        assertThat(device.memory().readLong(0)).isZero();
        assertThat(device.memory().readLong(8)).isEqualTo(86_400_000_000_000L);
    }

    @Test
    void delaysOverlapOnDifferentRingsAndFollowEachOtherOnOne() throws Exception {
        JobQueue<Command> first = open("first");
        JobQueue<Command> second = open("second");
        PointFence a = first.submit(Command.delay(1000, 0));
        PointFence b = second.submit(Command.delay(700, 16));
        PointFence c = second.submit(Command.delay(700, 32));
        assertOk(a);
        assertOk(b);
        assertOk(c);
        DeviceMemory memory = device.memory();
        assertThat(new long[] {memory.readLong(0), memory.readLong(8)}).containsExactly(0, 1000);
        assertThat(new long[] {memory.readLong(16), memory.readLong(24)}).containsExactly(0, 700);
        assertThat(new long[] {memory.readLong(32), memory.readLong(40)}).containsExactly(700, 1400);
        assertThat(Seam.nanoTime()).isEqualTo(1400);
    }

    @Test
    void dependentBeginsAtTheVeryEndOfWhatItDependsOn() throws Exception {
        JobQueue<Command> first = open("first");
        JobQueue<Command> second = open("second");
        PointFence a = first.submit(Command.delay(500, 0));
        assertOk(second.submit(Command.delay(300, 16), a));
        assertThat(device.memory().readLong(16)).isEqualTo(500);
        assertThat(device.memory().readLong(24)).isEqualTo(800);
    }

    @Test
    void runUntilDoesWhatIsDueAndNoMore() throws Exception {
        JobQueue<Command> queue = open("delay");
        PointFence early = queue.submit(Command.delay(1000));
        PointFence late = queue.submit(Command.delay(1));
        world.runUntil(999);
        assertThat(Seam.nanoTime()).isEqualTo(999);
        assertThat(early.isDone()).isFalse();
        world.runUntil(1000);
        assertOk(early);
        assertThat(late.isDone()).isFalse();
        world.runUntil(5000);
        assertThat(Seam.nanoTime()).isEqualTo(5000);
        assertOk(late);
        world.runUntil(10);
        assertThat(Seam.nanoTime()).as("time does not run backwards").isEqualTo(5000);
    }

    @Test
    void nothingHappensInAnIdleWorld() {
        while (world.runOnce(Long.MAX_VALUE)) {
            Thread.onSpinWait();
        }
        assertThat(world.runOnce(Long.MAX_VALUE)).isFalse();
        assertThat(Seam.nanoTime()).isZero();
    }

    /** A wait with a bound ends at that bound, not when the next thing happens. */
    @Test
    void timedAwaitEndsAtItsTime() throws Exception {
        PointFence fence = open("delay").submit(Command.delay(1_000_000));
        assertThat(fence.await(Duration.ofNanos(500))).isEqualTo(Outcome.PENDING);
        assertThat(Seam.nanoTime()).isLessThanOrEqualTo(500);
        assertOk(fence);
    }

    /** Only looking takes no time. */
    @Test
    void awaitOfZeroDoesNotMoveTheClock() throws Exception {
        PointFence fence = open("delay").submit(Command.delay(1_000_000));
        world.runUntil(0);
        assertThat(fence.await(Duration.ZERO)).isEqualTo(Outcome.PENDING);
        assertThat(Seam.nanoTime()).isZero();
        assertOk(fence);
    }

    /** Closed firmware completes nothing any more, here as on a thread of its own. */
    @Test
    void closedFirmwareExecutesNothing() throws Exception {
        JobQueue<Command> queue = open("lost");
        PointFence delay = queue.submit(Command.delay(1000, 0));
        PointFence behind = queue.submit(Command.stamp(64, 1));
        world.runUntil(10);
        device.close();
        assertThat(delay.await()).isEqualTo(Outcome.FAILED);
        assertThat(behind.await()).isEqualTo(Outcome.FAILED);
        world.runUntil(1_000_000);
        assertThat(device.memory().readLong(8)).as("end of the lost delay").isZero();
        assertThat(device.memory().readLong(64)).as("what was behind it").isZero();
    }

    @Test
    void sameWorkTwiceGivesTheSameTimes() throws Exception {
        List<Long> first = randomWork();
        uninstall();
        install();
        assertThat(randomWork()).isEqualTo(first).hasSize(4000);
    }

    private List<Long> randomWork() throws InterruptedException {
        Random random = new Random(5);
        List<JobQueue<Command>> queues = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            queues.add(open("q" + i));
        }
        List<PointFence> fences = new ArrayList<>();
        for (int job = 0; job < 2000; job++) {
            Fence[] dependencies = new Fence[job == 0 ? 0 : random.nextInt(3)];
            for (int i = 0; i < dependencies.length; i++) {
                dependencies[i] = fences.get(random.nextInt(job));
            }
            fences.add(queues.get(random.nextInt(6)).submit(Command.delay(random.nextInt(1000), 16L * job),
                    dependencies));
        }
        List<Long> times = new ArrayList<>();
        for (int job = 0; job < 2000; job++) {
            assertOk(fences.get(job));
            times.add(device.memory().readLong(16L * job));
            times.add(device.memory().readLong(16L * job + 8));
        }
        return times;
    }

    @Test
    void realTimeIsBackAfterwards() throws Exception {
        uninstall();
        try (SimulatedFirmware real = SimulatedFirmware.start();
                RingfenceRuntime threads = RingfenceRuntime.start();
                JobQueue<Command> queue = threads.openQueue(real.openRing(), QueueOptions.named("real"))) {
            assertOk(queue.submit(Command.nop()));
            assertThat(Thread.getAllStackTraces().keySet())
                    .anyMatch(thread -> thread.getName().equals("ringfence-firmware"));
            assertThat(Math.abs(System.nanoTime() - Seam.nanoTime())).isLessThan(60_000_000_000L);
        }
        install();
    }
}
