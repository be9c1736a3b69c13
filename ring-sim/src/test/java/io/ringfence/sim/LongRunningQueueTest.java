package io.ringfence.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.fence.Reservation;
import io.ringfence.fence.Usage;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.LongRunningQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.SubmitCode;
import io.ringfence.sim.faults.FaultPlan;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Long-running queues on simulated firmware: an endless loop is taken off the device, comes back, and its memory stays bounded. */
@Timeout(180)
class LongRunningQueueTest extends LongRunningTestBase {
    private static final Duration LONG = Duration.ofHours(1);
    private static final long COUNTER = 64;
    private static final long ONE = 128;
    private static final long LAST = 256;

    private final Reservation memory = Reservation.create("memory");

    private static FutureTask<Void> start(FutureTask<Void> task) {
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    /** One float. */
    private static float counter(SimulatedFirmware device) {
        return Float.intBitsToFloat((int) device.memory().readLong(COUNTER));
    }

    private static Command increment() {
        return Command.add(COUNTER, ONE, 1);
    }

    private static void prepareCounter(SimulatedFirmware device) {
        device.memory().writeLong(ONE, Float.floatToIntBits(1));
        device.memory().writeLong(COUNTER, 0);
    }

    private static Fence awaitNext(LongRunningQueue<Command> queue, Fence before) {
        Fence fence = queue.preemptFence();
        while (fence == before) {
            Thread.onSpinWait();
            fence = queue.preemptFence();
        }
        return fence;
    }

    @Test
    @DisplayName("L3 to L6: an endless loop stands still while its memory is bound again, and then goes on where it was")
    void loopIsPreemptedAndGoesOn() throws Exception {
        SimulatedFirmware device = device();
        LongRunningRing ring = device.openLongRunningRing(RingOptions.defaults());
        var rebinds = new AtomicInteger();
        LongRunningQueue<Command> queue = openLong(ring, "loop", () -> {
            assertThat(ring.status().isSuspended()).isTrue();
            long stopped = progress(device);
            // Others get on meanwhile, which would show it if it did too.
            for (int i = 0; i < 3; i++) {
                assertOk(ring.suspend());
            }
            assertThat(progress(device)).isEqualTo(stopped);
            assertThat(memory.isDone(Usage.BOOKKEEP)).isTrue();
            rebinds.incrementAndGet();
        });
        queue.uses(memory);
        long _ = queue.submit(endless());
        awaitProgress(device, 3);
        for (int i = 1; i <= 20; i++) {
            Fence present = queue.preemptFence();
            assertThat(memory.await(Usage.BOOKKEEP, LONG)).isTrue();
            assertOk(present);
            Fence next = awaitNext(queue, present);
            assertThat(rebinds).hasValue(i);
            assertThat(memory.fences(Usage.BOOKKEEP)).containsExactly(next);
            awaitProgress(device, progress(device));
        }
        assertThat(queue.status().claimed()).isEqualTo(1);
    }

    @Test
    @DisplayName("L4: between coming back and leaving again lies at least the minimum run period")
    void minimumRunPeriod() throws Exception {
        Duration minRun = Duration.ofMillis(5);
        SimulatedFirmware device = device();
        var away = new LinkedBlockingQueue<Long>();
        LongRunningQueue<Command> queue =
                openLong(device.openLongRunningRing(RingOptions.defaults().withMinRun(minRun)), "loop",
                        () -> away.add(System.nanoTime()));
        long _ = queue.submit(endless());
        long before = System.nanoTime() - Duration.ofHours(1).toNanos();
        for (int i = 0; i < 10; i++) {
            Fence present = queue.preemptFence();
            assertOk(present);
            Fence _ = awaitNext(queue, present);
            long now = away.take();
            // It came back after the one and left before the other: however slow a machine is, it is no less.
            assertThat(now - before).isGreaterThanOrEqualTo(minRun.toNanos());
            before = now;
        }
    }

    @Test
    @DisplayName("preempted again and again beside two who submit: every command is executed once")
    void preemptionsBesideSubmissions() throws Exception {
        SimulatedFirmware device = device();
        prepareCounter(device);
        LongRunningQueue<Command> queue = openLong(device.openLongRunningRing(RingOptions.defaults()), "adds");
        queue.uses(memory);
        int each = 20_000;
        List<FutureTask<Void>> users = new ArrayList<>();
        for (int user = 0; user < 2; user++) {
            users.add(start(new FutureTask<>(() -> {
                for (int i = 0; i < each; i++) {
                    long _ = queue.submit(increment());
                }
                return null;
            })));
        }
        for (int i = 0; i < 100; i++) {
            Fence present = queue.preemptFence();
            assertThat(memory.await(Usage.BOOKKEEP, LONG)).isTrue();
            assertOk(present);
            Fence _ = awaitNext(queue, present);
        }
        for (FutureTask<Void> user : users) {
            user.get();
        }
        assertThat(queue.submit(Command.stamp(LAST, 1))).isEqualTo(2 * each + 1);
        awaitStamp(device, LAST, 1);
        assertThat(counter(device)).isEqualTo(2 * each);
        assertThat(queue.status().failed()).isZero();
    }

    @Test
    @DisplayName("a million commands: what is live does not grow")
    void memoryStaysBounded() throws Exception {
        SimulatedFirmware device = device();
        LongRunningQueue<Command> queue = openLong(device.openLongRunningRing(RingOptions.defaults()), "short");
        queue.uses(memory);
        long before = 0;
        for (int i = 1; i <= 1_000_000; i++) {
            long _ = queue.submit(Command.nop());
            if (i % 10_000 == 0) {
                Fence present = queue.preemptFence();
                assertOk(present);
                Fence _ = awaitNext(queue, present);
            }
            if (i == 100_000) {
                before = liveBytes();
            }
        }
        long _ = queue.submit(Command.stamp(LAST, 1));
        awaitStamp(device, LAST, 1);
        // One object of the smallest size for each command would be four times as much.
        assertThat(liveBytes() - before).isLessThan(900_000 * 4L);
        assertThat(memory.fences(Usage.BOOKKEEP)).hasSize(1);
    }

    private static long liveBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    /** What is behind the loop may be executed yet before it is given up too. */
    @Test
    void killWhileItLoops() throws Exception {
        SimulatedFirmware device = device();
        LongRunningQueue<Command> queue = openLong(device.openLongRunningRing(RingOptions.defaults()), "loop");
        long _ = queue.submit(endless());
        long _ = queue.submit(Command.stamp(LAST, 1));
        awaitProgress(device, 3);
        assertOk(queue.kill());
        long stopped = progress(device);
        assertThat(queue.trySubmit(Command.nop())).isEqualTo(SubmitCode.CLOSED);
        assertOk(queue.preemptFence());
        assertThat(queue.status().failed()).isBetween(1L, 2L);
        assertThat(queue.status().live()).isZero();
        assertThat(progress(device)).isEqualTo(stopped);
    }

    @Test
    @DisplayName("killed while it is off the device it ends there: nothing is executed any more")
    void killWhileItIsAway() throws Exception {
        SimulatedFirmware device = device();
        var killed = new CountDownLatch(1);
        LongRunningQueue<Command> queue =
                openLong(device.openLongRunningRing(RingOptions.defaults()), "loop", killed::await);
        queue.uses(memory);
        long _ = queue.submit(endless());
        awaitProgress(device, 3);
        assertOk(queue.preemptFence());
        long stopped = progress(device);
        long _ = queue.submit(Command.stamp(LAST, 1));
        assertOk(queue.kill());
        killed.countDown();
        assertThat(queue.preemptFence().isDone()).isTrue();
        assertThat(memory.isDone(Usage.BOOKKEEP)).isTrue();
        assertThat(progress(device)).isEqualTo(stopped);
        assertThat(device.memory().readStamp(LAST)).as("whoever waits for it is told").isEqualTo(1 | Long.MIN_VALUE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("a reset of the whole device: what is repeatable begins anew, also if the queue is away just then")
    void resetOfTheWholeDevice(boolean away) throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withRings(2).withGroupSlots(2)
                .withTimeSlice(Duration.ofMillis(1)).withWholeResets(true)
                .withFaults(FaultPlan.parse("hang ring=1 seqno=1")));
        prepareCounter(device);
        var bound = new CountDownLatch(away ? 1 : 0);
        LongRunningRing ring = device.openLongRunningRing(RingOptions.defaults());
        LongRunningQueue<Command> loops = openLong(ring, "loop", bound::await);
        assertThat(ring.number()).isZero();
        long _ = loops.submit(increment());
        long _ = loops.submit(endless());
        for (int i = 0; i < 5; i++) {
            long _ = loops.submit(increment());
        }
        awaitProgress(device, 3);
        if (away) {
            assertOk(loops.preemptFence());
        }
        JobQueue<Command> queue = runtime().openQueue(device.openRing(),
                QueueOptions.named("hangs").withCredits(4).withTimeout(Duration.ofMillis(60)));
        PointFence hung = queue.submit(Command.nop());
        assertThat(hung.await()).isEqualTo(Outcome.FAILED);
        assertOk(queue.submit(Command.nop()));
        while (loops.status().recovery().resets() == 0) {
            Thread.onSpinWait();
        }
        bound.countDown();
        device.memory().writeStamp(STOP, 1);
        long _ = loops.submit(Command.stamp(LAST, 1));
        awaitStamp(device, LAST, 1);
        assertThat(counter(device)).as("handed over again, executed once").isEqualTo(6);
        assertThat(loops.status().recovery().resets()).isEqualTo(1);
        assertThat(loops.status().failed()).isZero();
        assertOk(loops.preemptFence());
    }

    @Test
    @DisplayName("preempted beside resets of the whole device it is not banned for what the device refuses meanwhile")
    void preemptionsBesideResets() throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withRings(2).withGroupSlots(2)
                .withTimeSlice(Duration.ofMillis(1)).withWholeResets(true)
                .withFaults(FaultPlan.parse("hang ring=1 every=3")));
        LongRunningQueue<Command> loops = openLong(device.openLongRunningRing(RingOptions.defaults()), "loop");
        long _ = loops.submit(endless());
        var over = new CountDownLatch(1);
        FutureTask<Void> evictor = start(new FutureTask<>(() -> {
            while (over.getCount() != 0) {
                assertOk(loops.preemptFence());
            }
            return null;
        }));
        JobQueue<Command> queue = runtime().openQueue(device.openRing(), QueueOptions.named("hangs").withCredits(4)
                .withTimeout(Duration.ofMillis(60)).withHangLimit(100));
        for (int i = 1; i <= 12; i++) {
            assertThat(queue.submit(Command.nop()).await()).isNotEqualTo(Outcome.PENDING);
        }
        over.countDown();
        evictor.get();
        assertThat(loops.trySubmit(Command.stamp(LAST, 1))).isPositive();
        device.memory().writeStamp(STOP, 1);
        awaitStamp(device, LAST, 1);
    }

    @Test
    void ownPreemptFenceIsRefused() {
        SimulatedFirmware device = device();
        LongRunningRing ring = device.openLongRunningRing(RingOptions.defaults());
        LongRunningQueue<Command> queue = openLong(ring, "loop");
        assertThatThrownBy(() -> queue.submit(Command.nop(), queue.preemptFence()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("wait for itself");
        assertThatThrownBy(() -> runtime().openQueue(device.openLongRunningRing(RingOptions.defaults()),
                QueueOptions.named("fences"))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ring 1 (long-running)");
    }

    @Test
    @DisplayName("a job with a fence waits for the loop to leave: both get on, and nothing waits for ever")
    void jobWaitsForAPreemptFence() throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withTimeSlice(Duration.ofMillis(1)));
        LongRunningQueue<Command> loops = openLong(device.openLongRunningRing(RingOptions.defaults()), "loop");
        JobQueue<Command> queue = runtime().openQueue(device.openRing(), QueueOptions.named("q").withCredits(4));
        long _ = loops.submit(endless());
        awaitProgress(device, 1);
        for (int i = 0; i < 20; i++) {
            assertOk(queue.submit(Command.nop(), loops.preemptFence()));
        }
        awaitProgress(device, progress(device));
    }
}
