package io.ringfence.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.ringfence.sim.layout.RingLayout;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.ringfence.fence.Failure;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.fence.Result;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.QueueStatus.Recoveries;
import io.ringfence.queue.RingfenceRuntime;
import io.ringfence.sim.device.Finding;
import io.ringfence.sim.device.Standing;
import io.ringfence.sim.faults.FaultPlan;

/** What becomes of queues whose firmware misbehaves. */
@Timeout(180)
class FirmwareRecoveryTest {
    private static final Duration SHORT = Duration.ofMillis(60);
    private static final int JOBS = 7;
    private static final long STAMPS = 4096;

    private RingfenceRuntime runtime;
    private SimulatedFirmware device;

    @BeforeEach
    void start() {
        runtime = RingfenceRuntime.start();
    }

    @AfterEach
    void end() {
        runtime.close();
        if (device != null) {
            device.close();
        }
        assertThat(runtime.describe()).isEmpty();
    }

    private void device(FirmwareOptions options, String plan) {
        device = SimulatedFirmware
                .start(options.withFaults(FaultPlan.parse(plan)).withAnswerBound(Duration.ofMillis(250)));
    }

    private JobQueue<Command> open(String name) {
        return runtime.openQueue(device.openRing(), options(name));
    }

    private static QueueOptions options(String name) {
        return QueueOptions.named(name).withCapacity(32).withCredits(8).withTimeout(SHORT).withHangLimit(3)
                .withCloseTimeout(Duration.ofSeconds(30));
    }

    private static void assertOk(PointFence fence) throws InterruptedException {
        assertThat(fence.await()).as(() -> fence + ": " + fence.failure()).isEqualTo(Outcome.OK);
    }

    private static Failure failureOf(PointFence fence) throws InterruptedException {
        assertThat(fence.await()).as(fence.toString()).isEqualTo(Outcome.FAILED);
        return fence.failure();
    }

    /** The registration is given up, because it is not answered in time; the firmware reads only what was asked for last. */
    @Test
    void ringThatIsFirstUsedWhileTheFirmwareStandsStillIsKnownAfterwards() throws Exception {
        device = SimulatedFirmware.start(FirmwareOptions.defaults().withRings(2)
                .withFaults(FaultPlan.parse("stalled-heartbeat by=400ms ring=0 seqno=1"))
                .withAnswerBound(Duration.ofMillis(5)));
        device.diagnoseAfter(Duration.ofMillis(5));
        QueueOptions options = QueueOptions.named("first").withTimeout(QueueOptions.NO_TIMEOUT);
        PointFence stalls = runtime.openQueue(device.openRing(), options).submit(Command.nop());
        while (device.struckFaults().getFirst().count() == 0) {
            Thread.onSpinWait();
        }
        FirmwareRing ring = device.openRing();
        PointFence late = runtime.openQueue(ring, QueueOptions.named("late").withTimeout(QueueOptions.NO_TIMEOUT))
                .submit(Command.nop());
        while (device.diagnose().stream().noneMatch(finding -> finding.kind() == Finding.Kind.LOST_REPLY)
                && !late.isDone()) {
            Thread.onSpinWait();
        }
        Result<Standing> quiesced = ring.quiesce();
        assertThat(quiesced.fence().await()).as(() -> "" + quiesced.fence().failure()).isEqualTo(Outcome.OK);
        assertThat(ring.resume().fence().await()).isEqualTo(Outcome.OK);
        assertOk(stalls);
        assertOk(late);
    }

    /** Neither that the last user of the ring has gone nor that there is another is read before the recovery's requests. */
    @ParameterizedTest
    @ValueSource(ints = {300, 400, 450, 500})
    void ringThatIsUsedAnewWhileTheFirmwareStandsStillExecutesWhatItSays(int stall) throws Exception {
        device(FirmwareOptions.defaults().withRings(2), "stalled-heartbeat by=" + stall + "ms ring=0 seqno=1");
        FirmwareRing stalling = device.openRing();
        JobQueue<Command> early = open("early");
        for (int i = 0; i < JOBS; i++) {
            assertOk(early.submit(Command.nop()));
        }
        QueueOptions patient = QueueOptions.named("stalls").withTimeout(QueueOptions.NO_TIMEOUT);
        PointFence stalls = runtime.openQueue(stalling, patient).submit(Command.nop());
        while (device.struckFaults().getFirst().count() == 0) {
            Thread.onSpinWait();
        }
        early.close();
        JobQueue<Command> late = open("late");
        List<PointFence> jobs = new ArrayList<>();
        for (int i = 0; i < JOBS; i++) {
            device.memory().writeLong(STAMPS + (long) Long.BYTES * i, 0);
            jobs.add(late.submit(Command.stamp(STAMPS + (long) Long.BYTES * i, 1)));
        }
        for (int i = 0; i < JOBS; i++) {
            // Whether there was a hang, and for whom, is a matter of time; a job that is ok was executed.
            if (jobs.get(i).await() == Outcome.OK) {
                assertThat(device.memory().readLong(STAMPS + (long) Long.BYTES * i)).as(() -> "" + jobs).isEqualTo(1);
            }
        }
        assertOk(stalls);
    }

    /** Where a queue stands when its firmware begins to misbehave. */
    enum State {
        ONE_JOB, MANY_ON_DEVICE, HEAD_WAITS, OUT_OF_CREDITS, CLOSING, KILLED, JOB_CANCELLED
    }

    private static Stream<Arguments> everyFaultInEveryState() {
        List<String> faults = List.of("hang ring=0 seqno=1", "endless-loop ring=0 seqno=1",
                "bad-address ring=0 seqno=1", "bad-opcode ring=0 seqno=1", "late-event by=20ms ring=0 every=1",
                "lost-event ring=0 every=1", "doubled-event ring=0 every=1", "late-completion by=20ms ring=0 every=2",
                "late-completion by=10s ring=0 seqno=1", "unseen-stamp ring=0 seqno=1",
                "unseen-stamp by=100ms ring=0 seqno=1", "hang ring=0 seqno=1; lost-reply request=quiesce",
                "hang ring=0 seqno=1; lost-reply request=reset", "hang ring=0 seqno=1; failing-reset",
                "hang ring=0 seqno=1; failing-reset times=9", "stalled-heartbeat by=100ms seqno=1",
                "slow by=30ms ring=0 every=2", "slow by=100ms ring=0 seqno=1", "death seqno=1 when=before",
                "death seqno=1");
        return faults.stream()
                .flatMap(fault -> Stream.of(State.values()).map(state -> Arguments.of(fault, state)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("everyFaultInEveryState")
    @DisplayName("each fault in every state of a queue: every fence is settled, nobody waits, and the neighbour is left alone")
    void everyFault(String plan, State state) throws Exception {
        device(FirmwareOptions.defaults().withRings(3).withSlots(16), plan);
        JobQueue<Command> queue = open("faulty");
        JobQueue<Command> neighbour = open("neighbour");
        try (FenceIssuer input = FenceIssuer.create("input")) {
            List<PointFence> fences = new ArrayList<>(submit(queue, state, input));
            PointFence beside = neighbour.submit(Command.nop());
            if (state == State.CLOSING) {
                var _ = queue.startClose();
            }
            if (state == State.KILLED) {
                var _ = queue.kill();
            }
            input.signal();
            for (PointFence fence : fences) {
                assertThat(fence.await()).isNotEqualTo(Outcome.PENDING);
            }
            assertThat(beside.await()).isNotEqualTo(Outcome.PENDING);
            if (!plan.startsWith("death")) {
                assertOk(beside);
            }
            if (state != State.CLOSING && state != State.KILLED) {
                PointFence last = queue.submit(Command.nop());
                if (plan.startsWith("death") || plan.contains("failing-reset times")) {
                    assertThat(last.await()).isNotEqualTo(Outcome.PENDING);
                } else {
                    assertOk(last);
                }
            }
        }
        queue.close();
        assertThat(queue.status().live()).isZero();
    }

    private static List<PointFence> submit(JobQueue<Command> queue, State state, FenceIssuer input)
            throws InterruptedException {
        List<PointFence> fences = new ArrayList<>();
        int jobs = switch (state) {
            case ONE_JOB -> 1;
            case OUT_OF_CREDITS -> 12;
            default -> 6;
        };
        for (int i = 0; i < jobs; i++) {
            fences.add(state == State.HEAD_WAITS && i == 1 ? queue.submit(Command.nop(), input.fence())
                    : queue.submit(i % 2 == 0 ? Command.nop() : Command.add(0, 64, 8)));
        }
        if (state == State.JOB_CANCELLED) {
            boolean _ = queue.cancel(fences.get(2));
            boolean _ = queue.cancel(fences.getFirst());
        }
        return fences;
    }

    @Test
    @DisplayName("H4: of the jobs behind a hang those that were not begun run, once, and the memory is as if nothing had happened")
    void innocents() throws Exception {
        device(FirmwareOptions.defaults().withArenaBytes(64), "hang ring=0 seqno=3");
        JobQueue<Command> queue = open("q");
        device.memory().writeFloats(32, new float[] {1});
        List<PointFence> fences = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            fences.add(queue.submit(Command.add(0, 32, 1)));
        }
        for (int i = 0; i < 8; i++) {
            if (i == 2) {
                assertThat(failureOf(fences.get(i))).isInstanceOf(Failure.TimedOut.class);
            } else {
                assertOk(fences.get(i));
            }
        }
        assertThat(device.memory().readFloats(0, 1)).containsExactly(7);
        assertThat(queue.status().recovery()).isEqualTo(new Recoveries(1, 1, 0, 5, 0));
    }

    @Test
    @DisplayName("H10: a job that waits on the device for one of a ring that cannot be reset is let go, and both queues end")
    void lostWhileWaitedFor() throws Exception {
        device(FirmwareOptions.defaults().withRings(2), "hang ring=0 seqno=1; failing-reset times=9");
        JobQueue<Command> lost = open("lost");
        JobQueue<Command> other = open("other");
        PointFence hangs = lost.submit(Command.nop());
        PointFence behind = lost.submit(Command.nop());
        PointFence waits = other.submit(Command.nop(), behind);
        PointFence back = lost.submit(Command.nop(), waits);
        PointFence after = other.submit(Command.nop());
        assertThat(failureOf(hangs)).isInstanceOf(Failure.TimedOut.class);
        assertThat(failureOf(behind)).isNotNull();
        assertThat(failureOf(waits)).isInstanceOf(Failure.DependencyFailed.class);
        assertThat(failureOf(back)).isNotNull();
        assertOk(after);
        lost.close();
        other.close();
    }

    @Test
    @DisplayName("H4: reset as a whole, a job that adds and was begun elsewhere is a victim; one that copies is run again")
    void victims() throws Exception {
        device(FirmwareOptions.defaults().withWholeResets(true), "hang ring=0 seqno=1; slow by=10s ring=1 seqno=1; "
                + "slow by=10s ring=2 seqno=1 times=1");
        JobQueue<Command> hangs = open("hangs");
        JobQueue<Command> adds =
                runtime.openQueue(device.openRing(), options("adds").withTimeout(QueueOptions.NO_TIMEOUT));
        JobQueue<Command> fills = runtime.openQueue(device.openRing(),
                options("fills").withTimeout(QueueOptions.NO_TIMEOUT));
        PointFence added = adds.submit(Command.add(0, 64, 8));
        PointFence filled = fills.submit(Command.fill(128, 8, (byte) 7));
        PointFence behind = adds.submit(Command.nop());
        PointFence guilty = hangs.submit(Command.nop());
        assertThat(failureOf(guilty)).isInstanceOf(Failure.TimedOut.class);
        Failure victim = failureOf(added);
        assertThat(victim).isInstanceOf(Failure.InnocentVictim.class);
        assertThat(victim.message()).contains("queue hangs#");
        assertOk(filled);
        assertOk(behind);
        assertThat(fills.status().recovery().replayed()).isEqualTo(1);
    }

    /** What the ring's former user counted may still stand there, and is taken back when the ring is registered. */
    @Test
    @DisplayName("H3: a ring that nobody had used before the device was reset has its first failure told")
    void firstFailureAfterAReset() throws Exception {
        device(FirmwareOptions.defaults().withWholeResets(true), "hang ring=0 seqno=1");
        JobQueue<Command> hangs = open("hangs");
        FirmwareRing ring = device.openRing();
        JobQueue<Command> idle = runtime.openQueue(ring, options("idle"));
        device.host().memory()
                .longRelease(device.host().geometry().descriptor(ring.number()) + RingLayout.FAULTS_OFFSET, 1);
        assertThat(failureOf(hangs.submit(Command.nop()))).isInstanceOf(Failure.TimedOut.class);
        assertOk(hangs.submit(Command.nop()));
        assertThat(failureOf(idle.submit(Command.delay(-1)))).isInstanceOf(Failure.DriverError.class);
    }

    @Test
    @DisplayName("H11: two queues and a native wait in one failure domain: who waits is not blamed, and runs after the producer was run again")
    void nativeWaitInOneDomain() throws Exception {
        device(FirmwareOptions.defaults().withWholeResets(true), "hang ring=0 seqno=1");
        JobQueue<Command> producer = open("producer");
        JobQueue<Command> consumer = open("consumer");
        PointFence guilty = producer.submit(Command.nop());
        PointFence produced = producer.submit(Command.fill(0, 8, (byte) 5));
        PointFence consumed = consumer.submit(Command.copy(0, 64, 8), produced);
        PointFence fails = consumer.submit(Command.nop(), guilty);
        assertThat(failureOf(guilty)).isInstanceOf(Failure.TimedOut.class);
        assertOk(produced);
        assertOk(consumed);
        assertThat(failureOf(fails).root()).isInstanceOf(Failure.TimedOut.class);
        assertThat(consumer.status().recovery().hangs()).isZero();
        assertThat(device.memory().readLong(64)).isEqualTo(0x0505_0505_0505_0505L);
    }

    @Test
    @DisplayName("H11: whose producer on another ring is reset has failed if it waited on the device; nothing hangs, and nobody else is blamed")
    void nativeWaitAcrossDomains() throws Exception {
        device(FirmwareOptions.defaults(), "hang ring=0 seqno=1");
        JobQueue<Command> producer = open("producer");
        JobQueue<Command> consumer = open("consumer");
        PointFence guilty = producer.submit(Command.nop());
        PointFence produced = producer.submit(Command.nop());
        PointFence fails = consumer.submit(Command.nop(), guilty);
        PointFence waits = consumer.submit(Command.nop(), produced);
        PointFence after = consumer.submit(Command.nop());
        assertThat(failureOf(guilty)).isInstanceOf(Failure.TimedOut.class);
        assertOk(produced);
        assertThat(failureOf(fails).root()).isInstanceOf(Failure.TimedOut.class);
        assertThat(waits.await()).isNotEqualTo(Outcome.PENDING);
        assertOk(after);
        assertThat(consumer.status().recovery().hangs()).isZero();
    }

    @Test
    @DisplayName("a stall of the firmware that ends in time is no hang")
    void stall() throws Exception {
        device(FirmwareOptions.defaults(), "stalled-heartbeat by=200ms seqno=2");
        JobQueue<Command> queue =
                runtime.openQueue(device.openRing(), options("q").withTimeout(Duration.ofSeconds(20)));
        for (int i = 0; i < 4; i++) {
            assertOk(queue.submit(Command.nop()));
        }
        assertThat(queue.status().recovery()).isEqualTo(new Recoveries(0, 0, 0, 0, 0));
    }

    @Test
    @DisplayName("a job that waits for its turn on the device does not time out, however long the others take")
    void waitsForItsTurn() throws Exception {
        device(FirmwareOptions.defaults().withGroupSlots(1).withTimeSlice(Duration.ofSeconds(10)), "");
        JobQueue<Command> first = runtime.openQueue(device.openRing(),
                options("first").withTimeout(QueueOptions.NO_TIMEOUT));
        JobQueue<Command> second = open("second");
        PointFence slow = first.submit(Command.delay(400_000_000));
        PointFence waits = second.submit(Command.nop());
        assertOk(slow);
        assertOk(waits);
        assertThat(second.status().recovery()).isEqualTo(new Recoveries(0, 0, 0, 0, 0));
    }

    @Test
    @DisplayName("a device that was removed takes its jobs with it; one that is plugged in serves new queues of the same client")
    void hotPlug() throws Exception {
        device(FirmwareOptions.defaults(), "endless-loop ring=0 seqno=1");
        try (var client = runtime.openClient("client")) {
            JobQueue<Command> queue = client.openQueue(device.openRing(), options("before")
                    .withTimeout(QueueOptions.NO_TIMEOUT));
            PointFence job = queue.submit(Command.nop());
            PointFence behind = queue.submit(Command.nop());
            device.close();
            assertThat(failureOf(job)).isInstanceOf(Failure.DeviceLost.class);
            assertThat(failureOf(behind)).isInstanceOf(Failure.DeviceLost.class);
            try (SimulatedFirmware plugged = SimulatedFirmware.start()) {
                JobQueue<Command> back = client.openQueue(plugged.openRing(), options("after"));
                assertOk(back.submit(Command.nop()));
                queue.close();
                back.close();
            }
            assertThat(client.usage().failed()).isEqualTo(2);
        }
    }

    @Test
    @DisplayName("a device that is removed in the middle of a recovery ends it")
    void removedMeanwhile() throws Exception {
        device(FirmwareOptions.defaults(), "hang ring=0 seqno=1; lost-reply request=quiesce times=100");
        JobQueue<Command> queue = open("q");
        PointFence job = queue.submit(Command.nop());
        while (!device.isAnswerPending()) {
            Thread.onSpinWait();
        }
        // The registration is answered; what is not is the quiescing.
        while (!queue.dump().contains("standing still")) {
            Thread.onSpinWait();
        }
        device.close();
        assertThat(failureOf(job)).isInstanceOf(Failure.DeviceLost.class);
    }
}
