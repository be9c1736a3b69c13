package io.ringfence.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceFailedException;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.sim.device.Finding;
import io.ringfence.sim.device.RingStatus.Residence;
import io.ringfence.sim.device.Standing;
import io.ringfence.sim.faults.Fault;
import io.ringfence.sim.faults.FaultKind;
import io.ringfence.sim.faults.FaultPlan;
import io.ringfence.sim.layout.RingLayout;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a host can ask of the firmware for a ring, while a queue uses it. */
class FirmwareRingTest extends DeviceTestBase {
    private static final long FOREVER = Duration.ofHours(1).toNanos();

    private JobQueue<Command> queue(FirmwareRing ring) {
        return runtime().openQueue(ring, QueueOptions.named("queue").withCredits(8));
    }

    private static void awaitStart(FirmwareRing ring, long seqno) {
        while (ring.status().standing().started() < seqno) {
            Thread.onSpinWait();
        }
    }

    @Test
    void suspendedRingExecutesNothingUntilItIsResumed() throws Exception {
        FirmwareRing ring = device().openRing();
        JobQueue<Command> queue = queue(ring);
        assertOk(queue.submit(Command.nop()));
        assertThat(ring.suspend().await()).isEqualTo(new Standing(1, 1));
        assertThat(ring.status().isSuspended()).isTrue();
        PointFence later = queue.submit(Command.nop());
        // The firmware has made rounds since: it has answered.
        assertThat(ring.applyProperties(ring.options()).await()).isEqualTo(new Standing(1, 1));
        assertThat(later.isDone()).isFalse();
        var _ = ring.resume().await();
        assertOk(later);
    }

    @Test
    void quiesceTellsWhereTheRingStands() throws Exception {
        FirmwareRing ring = device().openRing();
        JobQueue<Command> queue = queue(ring);
        assertOk(queue.submit(Command.nop()));
        assertThat(ring.quiesce().await()).isEqualTo(new Standing(1, 1)).matches(standing -> !standing.isNextStarted());
        var _ = ring.resume().await();
        PointFence delayed = queue.submit(Command.delay(FOREVER));
        awaitStart(ring, 2);
        assertThat(ring.quiesce().await()).isEqualTo(new Standing(1, 2)).matches(Standing::isNextStarted);
        assertThat(ring.status().isQuiesced()).isTrue();
        var _ = ring.resume().await();
        assertThat(queue.cancel(delayed)).isTrue();
        assertThat(delayed.await()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void bannedRingLosesItsQueueTheDevice() throws Exception {
        FirmwareRing ring = device().openRing();
        JobQueue<Command> queue = queue(ring);
        PointFence running = queue.submit(Command.delay(FOREVER));
        var _ = ring.ban().await();
        assertThat(ring.status().isBanned()).isTrue();
        assertThat(failureOf(running)).isInstanceOfSatisfying(Failure.DeviceLost.class,
                lost -> assertThat(lost.reason()).contains("ring " + ring.number()));
    }

    @Test
    void firmwareSaysNoToWhatCannotBe() throws Exception {
        FirmwareRing ring = device().openRing();
        var _ = ring.ban().await();
        assertThatThrownBy(() -> ring.reset().await()).isInstanceOf(FenceFailedException.class)
                .hasMessageContaining("reset of ring 0").hasMessageContaining("refused");
        ring.close();
        assertThatThrownBy(() -> ring.suspend().await()).isInstanceOf(FenceFailedException.class)
                .hasMessageContaining("the ring was closed");
    }

    @Test
    void resetOfAnIdleRingGoesOnWithANewEpoch() throws Exception {
        FirmwareRing ring = device(FirmwareOptions.defaults().withSlots(4)).openRing();
        JobQueue<Command> queue = runtime().openQueue(ring, QueueOptions.named("queue").withCredits(4));
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 3; i++) {
                assertOk(queue.submit(Command.stamp(0, 10L * round + i)));
            }
            assertThat(ring.quiesce().await().isNextStarted()).isFalse();
            var _ = ring.reset().await();
        }
        assertOk(queue.submit(Command.nop()));
    }

    @Test
    void groupOfAnotherDeviceIsRefused() {
        SimulatedFirmware one = device();
        SimulatedFirmware other = device();
        FirmwareGroup group = one.openGroup(GroupPriority.HIGH);
        assertThatThrownBy(() -> other.openRing(RingOptions.defaults().withGroup(group)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("another device");
        FirmwareRing ring = one.openRing(RingOptions.defaults().withGroup(group));
        assertThatThrownBy(() -> ring.applyProperties(RingOptions.defaults()))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("cannot change");
        ring.close();
    }

    @ParameterizedTest
    @EnumSource(GroupPriority.class)
    void ringsOfOneGroupAndEveryPriorityRun(GroupPriority priority) throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withGroupSlots(1));
        FirmwareGroup group = device.openGroup(priority);
        List<Fence> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            FirmwareRing ring = device.openRing(RingOptions.defaults().withGroup(group).withPriority(i * 5));
            JobQueue<Command> queue = queue(ring);
            for (int job = 0; job < 50; job++) {
                all.add(queue.submit(Command.nop()));
            }
        }
        JobQueue<Command> other = queue(device.openRing(RingOptions.defaults().withGroupPriority(priority)));
        all.add(other.submit(Command.nop()));
        for (Fence fence : all) {
            assertOk(fence);
        }
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        RingOptions options = RingOptions.defaults();
        assertThatThrownBy(() -> options.withPriority(16)).hasMessageContaining("priority 16: must be 0 to 15");
        assertThatThrownBy(() -> options.withPriority(-1)).hasMessageContaining("priority -1");
        assertThatThrownBy(() -> options.withMinRun(Duration.ofNanos(-1))).hasMessageContaining("minRun");
        assertThatThrownBy(() -> options.withPreemptTimeout(Duration.ZERO)).hasMessageContaining("1 ns");
        assertThatThrownBy(() -> options.withPreemptTimeout(Duration.ofHours(2))).hasMessageContaining("PT1H");
    }

    /** A delay is no border: whoever needs the slot ends it after the preemption timeout. */
    @Test
    void commandThatKeepsItsSlotForTooLongIsEnded() throws Exception {
        SimulatedFirmware device = device(
                FirmwareOptions.defaults().withGroupSlots(1).withTimeSlice(Duration.ofMillis(1)));
        FirmwareRing first = device.openRing(RingOptions.defaults().withPreemptTimeout(Duration.ofMillis(5)));
        JobQueue<Command> greedy = queue(first);
        JobQueue<Command> other = queue(device.openRing());
        PointFence endless = greedy.submit(Command.delay(FOREVER));
        PointFence next = greedy.submit(Command.nop());
        // Otherwise the other may be on the slot first, and nobody wants it from who comes after.
        awaitStart(first, 1);
        assertOk(other.submit(Command.nop()));
        assertThat(failureOf(endless)).isInstanceOfSatisfying(Failure.DriverError.class,
                error -> assertThat(error.thrown()).hasMessageContaining("leave the device in time"));
        assertOk(next);
    }

    @Test
    void firmwareThatSleepsBesideACommandIsAtWork() throws Exception {
        SimulatedFirmware device = device();
        FirmwareRing ring = device.openRing();
        JobQueue<Command> queue = runtime().openQueue(ring,
                QueueOptions.named("queue").withCredits(8).withTimeout(QueueOptions.NO_TIMEOUT));
        PointFence endless = queue.submit(Command.delay(FOREVER));
        awaitStart(ring, 1);
        for (int look = 0; look < 10; look++) {
            while (device.host().memory().longVolatile(RingLayout.ASLEEP_OFFSET) == 0) {
                Thread.onSpinWait();
            }
            assertThat(ring.isExecuting()).as("look %d", look).isTrue();
        }
        assertThat(queue.cancel(endless)).isTrue();
    }

    @Test
    void deviceStandsStillWhileItIsQuiesced() throws Exception {
        SimulatedFirmware device = device();
        FirmwareRing ring = device.openRing();
        JobQueue<Command> queue = queue(ring);
        assertOk(queue.submit(Command.nop()));
        var _ = device.quiesce().await();
        PointFence later = queue.submit(Command.nop());
        assertThat(ring.status().isQuiesced()).isTrue();
        assertThat(later.isDone()).isFalse();
        var _ = device.resume().await();
        assertOk(later);
    }

    @Test
    void answerThatDoesNotComeIsGivenUpAndTheNextRequestIsMade() throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults()
                .withFaults(FaultPlan.of(1, Fault.of(FaultKind.LOST_REPLY).onRequest("suspend"))));
        device.diagnoseAfter(Duration.ofMillis(10));
        FirmwareRing ring = device.openRing();
        Fence lost = ring.suspend().fence();
        Fence resumed = ring.resume().fence();
        List<Finding> found = new ArrayList<>();
        while (!lost.isDone()) {
            found.addAll(device.diagnose());
        }
        assertThat(failureOf(lost)).isInstanceOf(Failure.DriverError.class);
        assertOk(resumed);
        found.addAll(device.diagnose());
        assertThat(found).extracting(Finding::kind).containsExactly(Finding.Kind.LOST_REPLY);
        ring.close();
    }

    @Test
    void closedFirmwareAnswersEverybody() throws Exception {
        SimulatedFirmware device = device();
        FirmwareRing ring = device.openRing();
        JobQueue<Command> queue = queue(ring);
        assertOk(queue.submit(Command.nop()));
        device.close();
        assertThat(ring.suspend().fence().await()).isEqualTo(Outcome.FAILED);
        assertThat(device.reset().fence().await()).isEqualTo(Outcome.FAILED);
    }

    /** The host has to ring the doorbell for each of them, and each takes its turn on one of 16 slots. */
    @Test
    void tenThousandRingsShareSixteenSlots() throws Exception {
        int rings = 10_000;
        SimulatedFirmware device = device(
                FirmwareOptions.defaults().withRings(rings).withSlots(2).withArenaBytes(8L * rings));
        List<JobQueue<Command>> queues = new ArrayList<>();
        for (int i = 0; i < rings; i++) {
            queues.add(runtime().openQueue(device.openRing(),
                    QueueOptions.named("queue-" + i).withCapacity(2).withCredits(2)));
        }
        for (int round = 1; round <= 3; round++) {
            List<Fence> all = new ArrayList<>();
            for (int i = 0; i < rings; i++) {
                all.add(queues.get(i).submit(Command.stamp(8L * i, round)));
            }
            for (Fence fence : all) {
                assertOk(fence);
            }
        }
        for (int i = 0; i < rings; i++) {
            assertThat(device.memory().readLong(8L * i)).isEqualTo(3);
        }
    }

    @Test
    void ringThatHasNothingToDoKeepsItsSlotWhileNobodyWantsIt() throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withGroupSlots(1));
        FirmwareRing first = device.openRing();
        FirmwareRing second = device.openRing();
        JobQueue<Command> queue = queue(first);
        assertOk(queue.submit(Command.nop()));
        assertThat(first.status().residence()).isEqualTo(Residence.ON_SLOT);
        JobQueue<Command> other = queue(second);
        assertOk(other.submit(Command.nop()));
        assertThat(second.status().residence()).isEqualTo(Residence.ON_SLOT);
        assertThat(first.status().residence()).isEqualTo(Residence.AWAY);
        assertOk(queue.submit(Command.nop()));
    }
}
