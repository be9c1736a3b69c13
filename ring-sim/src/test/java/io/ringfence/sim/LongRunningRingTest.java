package io.ringfence.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.LongRunningQueue;
import io.ringfence.queue.PayloadTraits;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.SubmitCode;
import io.ringfence.sim.device.Finding;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rings for commands without fences, and what the firmware makes of them. */
class LongRunningRingTest extends LongRunningTestBase {

    @Test
    void suspendedRingIsOffAndGoesOnWhereItWas() throws Exception {
        SimulatedFirmware device = device();
        LongRunningRing ring = device.openLongRunningRing(RingOptions.defaults());
        long _ = openLong(ring, "loop").submit(endless());
        awaitProgress(device, 3);
        for (int i = 0; i < 20; i++) {
            assertOk(ring.suspend());
            assertThat(ring.status().isSuspended()).isTrue();
            long stopped = progress(device);
            assertOk(ring.resume());
            awaitProgress(device, stopped);
        }
    }

    /** Rings with fences and without take turns; neither keeps the other away for ever. */
    @Test
    void queuesGetOnBesideIt() throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withTimeSlice(Duration.ofMillis(1)));
        JobQueue<Command> queue = runtime().openQueue(device.openRing(), QueueOptions.named("queue").withCredits(4));
        LongRunningQueue<Command> loops = openLong(device.openLongRunningRing(RingOptions.defaults()), "loop");
        long _ = loops.submit(endless());
        awaitProgress(device, 0);
        long before = progress(device);
        for (int i = 0; i < 20; i++) {
            assertOk(queue.submit(Command.nop()));
        }
        awaitProgress(device, before);
    }

    @Test
    void fullRingRefusesUntilACommandIsOver() throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withSlots(2));
        LongRunningRing ring = device.openLongRunningRing(RingOptions.defaults());
        LongRunningQueue<Command> queue = runtime().openLongRunningQueue(ring,
                QueueOptions.named("loop").withCapacity(2));
        assertThat(queue.submit(endless())).isEqualTo(1);
        assertThat(queue.trySubmit(Command.stamp(16, 5))).isEqualTo(2);
        assertThat(queue.trySubmit(Command.nop())).isEqualTo(SubmitCode.FULL);
        device.memory().writeStamp(STOP, 1);
        assertThat(queue.submit(Command.stamp(24, 6))).as("waits for room, and is told").isEqualTo(3);
        awaitStamp(device, 24, 6);
        assertThat(device.memory().readStamp(16)).isEqualTo(5);
        while (ring.status().standing().completed() != 3) {
            Thread.onSpinWait();
        }
    }

    @Test
    void endedQueueGivesSlotAndNumberBack() throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withRings(1));
        for (int i = 0; i < 10; i++) {
            LongRunningQueue<Command> loops = openLong(device.openLongRunningRing(RingOptions.defaults()), "loop");
            long _ = loops.submit(endless());
            assertOk(loops.preemptFence());
            assertOk(loops.kill());
        }
        JobQueue<Command> queue = runtime().openQueue(device.openRing(), QueueOptions.named("queue").withCredits(4));
        assertOk(queue.submit(Command.nop()));
    }

    /** Whatever was asked and is not answered yet, the firmware forgets the ring: the only slot is free for another one. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void killEndsWhatRunsAlsoWhileSomethingIsAsked(boolean suspending) throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withRings(1).withGroupSlots(1));
        for (int i = 0; i < 20; i++) {
            LongRunningRing ring = device.openLongRunningRing(RingOptions.defaults().withMinRun(Duration.ofHours(1)));
            LongRunningQueue<Command> loops = openLong(ring, "loop");
            long _ = loops.submit(endless());
            // One that has no slot yet is not left alone for its minimum run period: it would be suspended at once.
            while (ring.status().standing().started() < 1) {
                Thread.onSpinWait();
            }
            Fence asked = suspending ? ring.suspend() : null;
            assertOk(loops.kill());
            assertThat(asked == null || asked.await() == Outcome.FAILED).isTrue();
            JobQueue<Command> queue = runtime().openQueue(device.openRing(), QueueOptions.named("next").withCredits(4));
            assertOk(queue.submit(Command.nop()));
            queue.close();
        }
    }

    @Test
    void failedCommandsAreTold() throws Exception {
        SimulatedFirmware device = device();
        var failures = new java.util.concurrent.ConcurrentLinkedQueue<Failure>();
        LongRunningQueue<Command> queue = runtime().openLongRunningQueue(
                device.openLongRunningRing(RingOptions.defaults()), QueueOptions.named("bad").withCredits(8),
                PayloadTraits.<Command>plain().retiringInline((_, seqno, failure) -> {
                    assertThat(failure == null).isEqualTo(seqno != 2);
                    if (failure != null) {
                        failures.add(failure);
                    }
                }), () -> {
                });
        long _ = queue.submit(Command.stamp(0, 1));
        long _ = queue.submit(Command.fill(device.options().arenaBytes(), 8, (byte) 1));
        long _ = queue.submit(Command.stamp(8, 1));
        queue.close();
        assertThat(queue.status().failed()).isEqualTo(1);
        assertThat(failures).singleElement().asString().contains("arena");
        assertThat(device.diagnose()).anyMatch(finding -> finding.kind() == Finding.Kind.BAD_COMMAND);
    }

    @Test
    void closedFirmwareIsADeviceThatIsLost() throws Exception {
        SimulatedFirmware device = device();
        LongRunningQueue<Command> queue = openLong(device.openLongRunningRing(RingOptions.defaults()), "lost");
        long _ = queue.submit(endless());
        awaitProgress(device, 1);
        device.close();
        queue.close();
        assertThat(queue.status().failed()).isEqualTo(1);
        assertOk(queue.preemptFence());
    }

    @Test
    void groupHasRingsOfOneKind() {
        SimulatedFirmware device = device();
        FirmwareGroup group = device.openGroup(GroupPriority.LOW);
        RingOptions options = RingOptions.defaults().withGroup(group);
        device.openLongRunningRing(options).close();
        assertThatThrownBy(() -> device.openRing(options)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("long-running");
    }

    /** A loop is not a hang, however long it takes. */
    @Test
    void loopIsNoFinding() throws Exception {
        SimulatedFirmware device = device();
        device.diagnoseAfter(Duration.ofMillis(1));
        LongRunningRing ring = device.openLongRunningRing(RingOptions.defaults());
        long _ = openLong(ring, "loop").submit(Command.loop(Long.MAX_VALUE, 5_000_000_000L, PROGRESS, STOP));
        while (!ring.status().standing().isNextStarted()) {
            Thread.onSpinWait();
        }
        long end = System.nanoTime() + Duration.ofMillis(50).toNanos();
        while (System.nanoTime() - end < 0) {
            assertThat(device.diagnose()).noneMatch(finding -> finding.kind() == Finding.Kind.HANG);
        }
    }
}
