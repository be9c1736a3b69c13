package io.ringfence.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;

import io.ringfence.fence.Fence;
import io.ringfence.fence.Reservation;
import io.ringfence.fence.ReservationLocks;
import io.ringfence.fence.Usage;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.sim.device.Finding;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands without fences, and the fence that makes them leave the device. */
class LongRunningRingTest extends DeviceTestBase {
    private static final long ROUND = 10_000;
    private static final long PROGRESS = 0;
    private static final long STOP = 8;

    private static Command endless() {
        return Command.loop(Long.MAX_VALUE, ROUND, PROGRESS, STOP);
    }

    private static long progress(SimulatedFirmware device) {
        return device.memory().readStamp(PROGRESS);
    }

    private static void awaitProgress(SimulatedFirmware device, long beyond) {
        while (progress(device) <= beyond) {
            Thread.onSpinWait();
        }
    }

    @Test
    void preemptFenceTakesItOffAndResumeGoesOnWhereItWas() throws Exception {
        SimulatedFirmware device = device();
        try (LongRunningRing ring = device.openLongRunningRing(RingOptions.defaults())) {
            assertThat(ring.trySubmit(endless())).isTrue();
            awaitProgress(device, 3);
            for (int i = 0; i < 20; i++) {
                Fence off = ring.preemptFence("memory is wanted");
                assertThat(off.isDone()).as("nothing happens until somebody waits").isFalse();
                assertOk(off);
                assertThat(ring.status().isSuspended()).isTrue();
                long stopped = progress(device);
                var _ = ring.resume().await();
                awaitProgress(device, stopped);
            }
        }
    }

    @Test
    void reservationIsFreeWhenTheRingHasLeft() throws Exception {
        SimulatedFirmware device = device();
        try (LongRunningRing ring = device.openLongRunningRing(RingOptions.defaults())) {
            assertThat(ring.trySubmit(endless())).isTrue();
            Reservation memory = Reservation.create("memory");
            try (ReservationLocks locks = ReservationLocks.lock(memory)) {
                locks.reserve(memory, 1);
                locks.add(memory, ring.preemptFence("eviction"), Usage.BOOKKEEP);
            }
            for (Fence fence : memory.fences(Usage.BOOKKEEP)) {
                assertOk(fence);
            }
            assertThat(ring.status().isSuspended()).isTrue();
        }
    }

    /** Rings with fences and without take turns; neither keeps the other away for ever. */
    @Test
    void queuesGetOnBesideIt() throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withTimeSlice(Duration.ofMillis(1)));
        JobQueue<Command> queue = runtime().openQueue(device.openRing(), QueueOptions.named("queue").withCredits(4));
        try (LongRunningRing ring = device.openLongRunningRing(RingOptions.defaults())) {
            assertThat(ring.trySubmit(endless())).isTrue();
            awaitProgress(device, 0);
            long before = progress(device);
            for (int i = 0; i < 20; i++) {
                assertOk(queue.submit(Command.nop()));
            }
            awaitProgress(device, before);
        }
    }

    @Test
    void fullRingRefusesUntilACommandIsOver() {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withSlots(2));
        try (LongRunningRing ring = device.openLongRunningRing(RingOptions.defaults())) {
            assertThat(ring.trySubmit(endless())).isTrue();
            assertThat(ring.trySubmit(Command.stamp(16, 5))).isTrue();
            assertThat(ring.trySubmit(Command.nop())).isFalse();
            device.memory().writeStamp(STOP, 1);
            while (device.memory().readStamp(16) != 5) {
                Thread.onSpinWait();
            }
            while (!ring.trySubmit(Command.stamp(24, 6))) {
                Thread.onSpinWait();
            }
            while (device.memory().readStamp(24) != 6) {
                Thread.onSpinWait();
            }
            while (ring.status().standing().completed() != 3) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void closedRingGivesItsSlotAndNumberBack() throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withRings(1));
        for (int i = 0; i < 10; i++) {
            try (LongRunningRing ring = device.openLongRunningRing(RingOptions.defaults())) {
                assertThat(ring.trySubmit(endless())).isTrue();
                assertOk(ring.preemptFence("once more"));
            }
        }
        JobQueue<Command> queue = runtime().openQueue(device.openRing(), QueueOptions.named("queue").withCredits(4));
        assertOk(queue.submit(Command.nop()));
    }

    /** Whatever was asked and is not answered yet, the firmware forgets the ring: the only slot is free for another one. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closeEndsWhatRunsAlsoWhileSomethingIsAsked(boolean suspending) throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withRings(1).withGroupSlots(1));
        for (int i = 0; i < 20; i++) {
            LongRunningRing ring = device.openLongRunningRing(RingOptions.defaults().withMinRun(Duration.ofHours(1)));
            assertThat(ring.trySubmit(endless())).isTrue();
            if (suspending) {
                var _ = ring.suspend();
            }
            ring.close();
            FirmwareRing next = device.openRing();
            JobQueue<Command> queue = runtime().openQueue(next, QueueOptions.named("next").withCredits(4));
            assertOk(queue.submit(Command.nop()));
            queue.close();
        }
    }

    @Test
    void closedRingIsNotWrittenToAnyMore() {
        SimulatedFirmware device = device();
        LongRunningRing ring = device.openLongRunningRing(RingOptions.defaults());
        ring.close();
        assertThatThrownBy(() -> ring.trySubmit(Command.nop())).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ring 0 was closed");
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
        try (LongRunningRing ring = device.openLongRunningRing(RingOptions.defaults())) {
            assertThat(ring.trySubmit(Command.loop(Long.MAX_VALUE, 5_000_000_000L, PROGRESS, STOP))).isTrue();
            while (!ring.status().standing().isNextStarted()) {
                Thread.onSpinWait();
            }
            long end = System.nanoTime() + Duration.ofMillis(50).toNanos();
            while (System.nanoTime() - end < 0) {
                assertThat(device.diagnose()).noneMatch(finding -> finding.kind() == Finding.Kind.HANG);
            }
        }
    }
}
