package io.ringfence.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.sim.faults.FaultPlan;
import io.ringfence.sim.layout.RingLayout;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A wrong command fails its own job, says why, writes nothing and leaves the ring as it was. */
class CommandFaultTest extends DeviceTestBase {
    private static final int SIZE = 4096;
    private static final String OUTSIDE = "outside the arena";
    private static final String ALIGNMENT = "not aligned";
    private static final String OPERAND = "out of range";

    static Stream<Arguments> wrong() {
        long huge = Long.MAX_VALUE;
        return Stream.of(
                Arguments.of(Command.copy(SIZE - 7, 0, 8), OUTSIDE),
                Arguments.of(Command.copy(0, SIZE - 7, 8), OUTSIDE),
                Arguments.of(Command.copy(-1, 0, 1), OUTSIDE),
                Arguments.of(Command.copy(0, -8, 8), OUTSIDE),
                Arguments.of(Command.copy(0, 64, -1), OUTSIDE),
                Arguments.of(Command.copy(1, 64, huge), OUTSIDE),
                Arguments.of(Command.copy(huge, 64, huge), OUTSIDE),
                Arguments.of(Command.copy(SIZE + 1, 0, 0), OUTSIDE),
                Arguments.of(Command.fill(SIZE - 1, 2, (byte) 1), OUTSIDE),
                Arguments.of(Command.fill(-1, 2, (byte) 1), OUTSIDE),
                Arguments.of(Command.fill(0, -2, (byte) 1), OUTSIDE),
                Arguments.of(Command.fill(0, huge, (byte) 1), OUTSIDE),
                Arguments.of(Command.add(SIZE - 4, 0, 2), OUTSIDE),
                Arguments.of(Command.add(0, SIZE - 4, 2), OUTSIDE),
                Arguments.of(Command.add(0, 64, -1), OUTSIDE),
                Arguments.of(Command.add(0, 64, 1L << 62), OUTSIDE),
                Arguments.of(Command.add(0, 64, huge), OUTSIDE),
                Arguments.of(Command.add(2, 64, 2), ALIGNMENT),
                Arguments.of(Command.add(0, 65, 2), ALIGNMENT),
                Arguments.of(Command.multiplyAdd(SIZE - 4, 0, 64, 2, 2, 2), OUTSIDE),
                Arguments.of(Command.multiplyAdd(0, SIZE - 4, 64, 2, 2, 2), OUTSIDE),
                Arguments.of(Command.multiplyAdd(0, 64, SIZE - 4, 2, 2, 2), OUTSIDE),
                Arguments.of(Command.multiplyAdd(0, 0, 0, 65535, 65535, 65535), OUTSIDE),
                Arguments.of(Command.multiplyAdd(1, 64, 128, 2, 2, 2), ALIGNMENT),
                Arguments.of(Command.multiplyAdd(0, 66, 128, 2, 2, 2), ALIGNMENT),
                Arguments.of(Command.multiplyAdd(0, 64, 131, 2, 2, 2), ALIGNMENT),
                Arguments.of(Command.checksum(0, SIZE + 1, 0), OUTSIDE),
                Arguments.of(Command.checksum(0, -1, 0), OUTSIDE),
                Arguments.of(Command.checksum(0, 8, SIZE - 4), OUTSIDE),
                Arguments.of(Command.checksum(0, 8, -8), OUTSIDE),
                Arguments.of(Command.checksum(0, 8, 4), ALIGNMENT),
                Arguments.of(Command.delay(-1), OPERAND),
                Arguments.of(Command.delay(Long.MIN_VALUE, 0), OPERAND),
                Arguments.of(Command.delay(0, SIZE - 8), OUTSIDE),
                Arguments.of(Command.delay(0, -2), OUTSIDE),
                Arguments.of(Command.delay(0, 4), ALIGNMENT),
                Arguments.of(Command.stamp(SIZE, 1), OUTSIDE),
                Arguments.of(Command.stamp(SIZE - 4, 1), OUTSIDE),
                Arguments.of(Command.stamp(-8, 1), OUTSIDE),
                Arguments.of(Command.stamp(huge, 1), OUTSIDE),
                Arguments.of(Command.stamp(12, 1), ALIGNMENT));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void wrongCommandFailsItsJobOnly(Command wrong, String reason) throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withArenaBytes(SIZE));
        JobQueue<Command> queue = open(device, "faults");
        for (int at = 0; at < SIZE; at += 8) {
            device.memory().writeLong(at, 0x0101010101010101L * (at / 8 & 0x7f));
        }
        byte[] before = bytes(device.memory(), 0, SIZE);

        PointFence first = queue.submit(Command.nop());
        PointFence failed = queue.submit(wrong);
        PointFence last = queue.submit(Command.nop());

        assertThat(failureOf(failed)).isInstanceOfSatisfying(Failure.DriverError.class,
                failure -> assertThat(failure.message()).contains(reason));
        assertOk(first);
        assertOk(last);
        assertThat(bytes(device.memory(), 0, SIZE)).as("the arena").isEqualTo(before);
        assertOk(queue.submit(Command.stamp(8, 99)));
        assertThat(device.memory().readLong(8)).isEqualTo(99);
    }

    @Test
    void whatReachesExactlyToTheEndIsFine() throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withArenaBytes(SIZE));
        JobQueue<Command> queue = open(device, "edges");
        assertOk(queue.submit(Command.copy(0, SIZE - 8, 8)));
        assertOk(queue.submit(Command.copy(SIZE, SIZE, 0)));
        assertOk(queue.submit(Command.fill(0, SIZE, (byte) 1)));
        assertOk(queue.submit(Command.add(SIZE - 4, SIZE - 4, 1)));
        assertOk(queue.submit(Command.multiplyAdd(SIZE - 4, SIZE - 4, SIZE - 4, 1, 1, 1)));
        assertOk(queue.submit(Command.checksum(0, SIZE, SIZE - 8)));
        assertOk(queue.submit(Command.delay(0, SIZE - 16)));
        assertOk(queue.submit(Command.stamp(SIZE - 8, 1)));
    }

    @Test
    void dependentOfFailedCommandIsNotRun() throws Exception {
        SimulatedFirmware device = device();
        JobQueue<Command> first = open(device, "first");
        JobQueue<Command> second = open(device, "second");
        PointFence failed = first.submit(Command.stamp(3, 1));
        PointFence dependent = second.submit(Command.fill(0, 8, (byte) 7), failed);
        PointFence behind = second.submit(Command.stamp(8, 8));

        assertThat(failureOf(dependent)).isInstanceOfSatisfying(Failure.DependencyFailed.class, failure -> {
            assertThat(failure.root()).isInstanceOf(Failure.DriverError.class);
            assertThat(failure.message()).contains("first").contains(ALIGNMENT);
        });
        assertOk(behind);
        assertThat(device.memory().readLong(0)).isZero();
        assertThat(device.memory().readLong(8)).isEqualTo(8);
    }

    @Test
    void eachOfManyFaultsIsReportedForItsOwnJob() throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withSlots(16));
        JobQueue<Command> queue = open(device, "mixed");
        List<PointFence> fences = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            fences.add(queue.submit(isWrong(i) ? Command.stamp(i % 2 == 0 ? 1 : -8, 1) : Command.stamp(0, i)));
        }
        for (int i = 0; i < fences.size(); i++) {
            PointFence fence = fences.get(i);
            assertThat(fence.await()).as("job %d", i).isEqualTo(isWrong(i) ? Outcome.FAILED : Outcome.OK);
            if (isWrong(i)) {
                assertThat(fence.failure().message()).contains(i % 2 == 0 ? ALIGNMENT : OUTSIDE);
            }
        }
    }

    /** Looked for in all slots after each job, it would slow the ring down for ever; here a slot says what a look finds. */
    @Test
    void failureThatWasLostWithAResetIsNotLookedForAfterwards() throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withArenaBytes(SIZE)
                .withFaults(FaultPlan.parse("late-completion by=1000s ring=0 seqno=1")));
        FirmwareRing ring = device.openRing();
        JobQueue<Command> queue =
                runtime().openQueue(ring, QueueOptions.named("reset").withTimeout(Duration.ofMillis(50)));
        assertThat(failureOf(queue.submit(Command.stamp(SIZE, 1)))).isInstanceOf(Failure.TimedOut.class);
        Duration _ = queue.suspendTimeout();
        PointFence fine = queue.submit(Command.waitFor(0, 1));
        while (ring.status().standing().started() < 2) {
            Thread.onSpinWait();
        }
        device.host().memory().intPlain(ring.writer().slot(0) + RingLayout.STATUS_OFFSET, 1);
        device.memory().writeStamp(0, 1);
        assertOk(fine);
    }

    private static boolean isWrong(int job) {
        return job * 2654435761L % 7 < 3;
    }

    /** Slots are cleared ahead of their next command: not before it was read why the last one failed. */
    @Test
    void everyFailureIsToldHoweverOftenSlotsAreUsed() throws Exception {
        JobQueue<Command> queue = open(device(FirmwareOptions.defaults().withSlots(64)), "laps");
        List<PointFence> fences = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            fences.add(queue.submit(i % 3 == 0 ? Command.delay(-1) : Command.nop()));
        }
        for (int i = 0; i < fences.size(); i++) {
            assertThat(fences.get(i).await()).as("job " + i).isEqualTo(i % 3 == 0 ? Outcome.FAILED : Outcome.OK);
        }
    }
}
