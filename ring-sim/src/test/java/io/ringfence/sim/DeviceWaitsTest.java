package io.ringfence.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.Batch;
import io.ringfence.queue.CreditBudget;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.sim.faults.Fault;
import io.ringfence.sim.faults.FaultKind;
import io.ringfence.sim.faults.FaultPlan;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs of two queues of one device wait for each other there; the outcome is the host's affair all the same. */
class DeviceWaitsTest extends DeviceTestBase {
    private static final long FOREVER = Duration.ofHours(1).toNanos();

    private JobQueue<Command> small(SimulatedFirmware device, String name) {
        return open(device, QueueOptions.named(name).withCapacity(64).withCredits(8));
    }

    private static FirmwareRing ring(SimulatedFirmware device) {
        return device.openRing();
    }

    @Test
    void jobIsOnTheDeviceWhileItsInputIs() throws Exception {
        SimulatedFirmware device = device();
        FirmwareRing first = ring(device);
        FirmwareRing second = ring(device);
        JobQueue<Command> producer = runtime().openQueue(first, QueueOptions.named("producer"));
        JobQueue<Command> consumer = runtime().openQueue(second, QueueOptions.named("consumer"));
        PointFence input = producer.submit(Command.waitFor(0, 1));
        PointFence output = consumer.submit(Command.stamp(8, 1), input);
        while (!second.status().isWaiting()) {
            Thread.onSpinWait();
        }
        assertThat(output.isDone()).isFalse();
        assertThat(device.memory().readStamp(8)).isZero();
        device.memory().writeStamp(0, 1);
        assertOk(output);
        assertOk(input);
        assertThat(device.memory().readStamp(8)).isEqualTo(1);
    }

    /** More links than credits: heads must be told when what they wait for is handed over. */
    @ParameterizedTest
    @ValueSource(ints = {2, 5})
    void chainAcrossQueuesRunsInOrder(int queueCount) throws Exception {
        SimulatedFirmware device = device();
        List<JobQueue<Command>> queues = new ArrayList<>();
        for (int i = 0; i < queueCount; i++) {
            queues.add(small(device, "queue-" + i));
        }
        Fence last = queues.getFirst().submit(Command.stamp(0, 4711));
        List<Fence> all = new ArrayList<>(List.of(last));
        for (int i = 1; i < 3000; i++) {
            last = queues.get(i % queueCount).submit(Command.copy(8L * (i - 1), 8L * i, 8), last);
            all.add(last);
        }
        for (Fence fence : all) {
            assertOk(fence);
        }
        assertThat(device.memory().readLong(8 * 2999)).isEqualTo(4711);
    }

    /** One after the other, on queues in turn: commands that leave the last operand to what they wait for, and one that needs it. */
    @Test
    void everyCommandDoesWhatItDoesAfterNothing() throws Exception {
        SimulatedFirmware device = device();
        List<JobQueue<Command>> queues = List.of(small(device, "one"), small(device, "other"));
        DeviceMemory memory = device.memory();
        memory.writeFloats(0, new float[] {2, 3});
        Fence last = queues.getFirst().submit(Command.waitFor(512, 1));
        List<Fence> all = new ArrayList<>(List.of(last));
        List<Command> commands = List.of(Command.multiplyAdd(0, 4, 64, 1, 1, 1), Command.nop(),
                Command.add(64, 0, 1), Command.copy(64, 128, 4), Command.fill(136, 8, (byte) 1),
                Command.stamp(256, 9), Command.waitFor(256, 9), Command.delay(1000, 320),
                Command.loop(3, 0, 384, -1), Command.checksum(128, 16, 448));
        for (int i = 0; i < commands.size(); i++) {
            last = queues.get(i + 1 & 1).submit(commands.get(i), last);
            all.add(last);
        }
        memory.writeStamp(512, 1);
        for (Fence fence : all) {
            assertOk(fence);
        }
        assertThat(memory.readFloats(128, 1)).containsExactly(8);
        assertThat(memory.readLong(136)).isEqualTo(0x0101010101010101L);
        assertThat(memory.readStamp(256)).isEqualTo(9);
        assertThat(memory.readLong(328) - memory.readLong(320)).isGreaterThanOrEqualTo(1000);
        assertThat(memory.readLong(384)).isEqualTo(3);
        assertThat(memory.readLong(448)).isNotZero();
    }

    @Test
    void jobOfAFailedInputFailsForIt() throws Exception {
        SimulatedFirmware device = device();
        JobQueue<Command> producer = small(device, "producer");
        JobQueue<Command> consumer = small(device, "consumer");
        PointFence gate = producer.submit(Command.waitFor(0, 1));
        PointFence input = producer.submit(Command.fill(-1, 8, (byte) 0), gate);
        PointFence output = consumer.submit(Command.stamp(8, 1), input);
        PointFence later = consumer.submit(Command.stamp(16, 1));
        device.memory().writeStamp(0, 1);
        assertThat(failureOf(output)).isInstanceOfSatisfying(Failure.DependencyFailed.class,
                failed -> assertThat(failed.fence()).isEqualTo(input.toString()));
        assertOk(later);
        assertThat(device.memory().readStamp(8)).as("negative: not executed").isNegative();
    }

    @Test
    void cancelledInputFailsTheJob() throws Exception {
        SimulatedFirmware device = device();
        JobQueue<Command> producer = small(device, "producer");
        JobQueue<Command> consumer = small(device, "consumer");
        PointFence input = producer.submit(Command.delay(FOREVER));
        PointFence output = consumer.submit(Command.stamp(8, 1), input);
        assertThat(producer.cancel(input)).isTrue();
        assertThat(failureOf(output)).isInstanceOf(Failure.DependencyFailed.class);
    }

    /** It may not be signalled before its input: who sees it done may use what the input writes. */
    @Test
    void cancelledJobIsSignalledAfterItsInput() throws Exception {
        SimulatedFirmware device = device();
        JobQueue<Command> producer = small(device, "producer");
        JobQueue<Command> consumer = small(device, "consumer");
        PointFence input = producer.submit(Command.waitFor(0, 1));
        PointFence output = consumer.submit(Command.stamp(8, 1), input);
        assertThat(consumer.cancel(output)).isTrue();
        // The device has let go of it.
        while (device.memory().readStamp(8) == 0) {
            Thread.onSpinWait();
        }
        PointFence other = small(device, "other").submit(Command.nop());
        assertOk(other);
        assertThat(output.isDone()).isFalse();
        device.memory().writeStamp(0, 1);
        assertThat(output.await()).isEqualTo(Outcome.FAILED);
        assertThat(input.isDone()).isTrue();
        assertOk(input);
    }

    @Test
    void inputThatIsNotHandedOverIsWaitedForOnTheHost() throws Exception {
        SimulatedFirmware device = device();
        FirmwareRing ring = ring(device);
        JobQueue<Command> producer = small(device, "producer");
        JobQueue<Command> consumer = runtime().openQueue(ring, QueueOptions.named("consumer"));
        FenceIssuer gate = FenceIssuer.create("gate");
        PointFence input = producer.submit(Command.stamp(0, 1), gate.fence());
        PointFence output = consumer.submit(Command.copy(0, 8, 8), input);
        PointFence other = small(device, "other").submit(Command.nop());
        assertOk(other);
        assertThat(ring.status().isRegistered()).as("nothing was handed to it").isFalse();
        gate.signal();
        assertOk(output);
        assertThat(device.memory().readLong(8)).isEqualTo(1);
    }

    @Test
    void inputThatNeverReachesTheDeviceFailsTheJob() throws Exception {
        SimulatedFirmware device = device();
        JobQueue<Command> producer = small(device, "producer");
        JobQueue<Command> consumer = small(device, "consumer");
        FenceIssuer gate = FenceIssuer.create("gate");
        PointFence input = producer.submit(Command.nop(), gate.fence());
        PointFence output = consumer.submit(Command.nop(), input);
        gate.fail(new IllegalStateException("gone"));
        assertThat(failureOf(output)).isInstanceOf(Failure.DependencyFailed.class);
    }

    @Test
    void killOfTheProducersQueueFailsTheJob() throws Exception {
        SimulatedFirmware device = device();
        JobQueue<Command> producer = small(device, "producer");
        JobQueue<Command> consumer = small(device, "consumer");
        PointFence input = producer.submit(Command.delay(FOREVER));
        PointFence output = consumer.submit(Command.stamp(8, 1), input);
        producer.kill();
        assertThat(failureOf(output)).isInstanceOf(Failure.DependencyFailed.class);
    }

    @Test
    void killOfTheConsumersQueueEndsItsWait() throws Exception {
        SimulatedFirmware device = device();
        JobQueue<Command> producer = small(device, "producer");
        JobQueue<Command> consumer = small(device, "consumer");
        PointFence input = producer.submit(Command.waitFor(0, 1));
        PointFence output = consumer.submit(Command.stamp(8, 1), input);
        Fence end = consumer.kill();
        while (device.memory().readStamp(8) == 0) {
            Thread.onSpinWait();
        }
        device.memory().writeStamp(0, 1);
        assertThat(output.await()).isEqualTo(Outcome.FAILED);
        assertOk(end);
        assertOk(input);
    }

    /** Six inputs on six rings are more than the device can make one job wait for. */
    @Test
    void moreInputsThanTheDeviceCanWaitForAreWaitedForOnTheHost() throws Exception {
        SimulatedFirmware device = device();
        JobQueue<Command> consumer = small(device, "consumer");
        List<Fence> inputs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            inputs.add(small(device, "producer-" + i).submit(Command.waitFor(0, 1)));
        }
        PointFence output = consumer.submit(Command.nop(), inputs.toArray(Fence[]::new));
        device.memory().writeStamp(0, 1);
        assertOk(output);
        for (Fence input : inputs) {
            assertOk(input);
        }
    }

    @Test
    void devicesDoNotWaitForEachOther() throws Exception {
        SimulatedFirmware one = device();
        SimulatedFirmware other = device();
        FirmwareRing ring = ring(other);
        JobQueue<Command> producer = small(one, "producer");
        JobQueue<Command> consumer = runtime().openQueue(ring, QueueOptions.named("consumer"));
        PointFence input = producer.submit(Command.waitFor(0, 1));
        PointFence output = consumer.submit(Command.nop(), input);
        assertThat(ring.status().isRegistered()).isFalse();
        one.memory().writeStamp(0, 1);
        assertOk(output);
    }

    /** With fewer slots than groups the waiting ones must make room for those they wait for. */
    @Test
    void waitersGiveWayToProducersThatAreNotOnASlot() throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults().withGroupSlots(1));
        List<JobQueue<Command>> queues = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            queues.add(small(device, "queue-" + i));
        }
        List<Fence> all = new ArrayList<>();
        Fence last = queues.getFirst().submit(Command.waitFor(0, 1));
        for (int i = 1; i < 400; i++) {
            last = queues.get(i * 3 % 8).submit(Command.nop(), last);
            all.add(last);
        }
        device.memory().writeStamp(0, 1);
        for (Fence fence : all) {
            assertOk(fence);
        }
    }

    @Test
    void lostDeviceFailsProducerAndConsumer() throws Exception {
        SimulatedFirmware device = device();
        JobQueue<Command> producer = small(device, "producer");
        JobQueue<Command> consumer = small(device, "consumer");
        PointFence input = producer.submit(Command.delay(FOREVER));
        PointFence output = consumer.submit(Command.nop(), input);
        device.close();
        assertThat(failureOf(input)).isInstanceOf(Failure.DeviceLost.class);
        assertThat(output.await()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void queueThatRunsJobsAnywayDoesNotLeaveItToTheDevice() throws Exception {
        SimulatedFirmware device = device(FirmwareOptions.defaults()
                .withFaults(FaultPlan.of(1, Fault.of(FaultKind.BAD_OPCODE).onRing(0).atSeqno(1))));
        JobQueue<Command> producer = small(device, "producer");
        JobQueue<Command> consumer = open(device,
                QueueOptions.named("consumer").withCredits(8).withFailWithDependency(false));
        PointFence input = producer.submit(Command.waitFor(0, 1));
        PointFence output = consumer.submit(Command.stamp(8, 1), input);
        device.memory().writeStamp(0, 1);
        assertThat(input.await()).isEqualTo(Outcome.FAILED);
        assertOk(output);
        assertThat(device.memory().readStamp(8)).isEqualTo(1);
    }

    /** Of a member of the same batch nobody knows the seqno when it is named; also after a lap with a failed job. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void laterMemberOfABatchWaitsForTheEarlierOne(boolean lapWithAFailure) throws Exception {
        SimulatedFirmware device = device();
        FirmwareRing ring = ring(device);
        JobQueue<Command> producer = small(device, "producer");
        JobQueue<Command> consumer = runtime().openQueue(ring, QueueOptions.named("consumer").withCredits(8));
        for (int i = 1; i < 64; i++) {
            assertOk(producer.submit(Command.nop()));
        }
        FenceIssuer input = FenceIssuer.create("input");
        PointFence last = producer.submit(Command.nop(), input.fence());
        boolean _ = lapWithAFailure ? input.fail(new IllegalStateException("on purpose")) : input.signal();
        assertThat(last.await()).isEqualTo(lapWithAFailure ? Outcome.FAILED : Outcome.OK);
        Batch batch = Batch.create();
        var one = batch.add(producer, Command.waitFor(0, 1));
        var _ = batch.add(consumer, Command.stamp(8, 4711)).after(one);
        List<PointFence> fences = batch.commit().fences();
        while (!ring.status().isWaiting()) {
            assertThat(device.memory().readStamp(8)).isZero();
        }
        device.memory().writeStamp(0, 1);
        for (PointFence fence : fences) {
            assertOk(fence);
        }
        assertThat(device.memory().readStamp(8)).isEqualTo(4711);
    }

    /** A head that will not run must not stand in the line of a budget while it waits for its input to end. */
    @Test
    void cancelledHeadLetsOthersHaveTheBudget() throws Exception {
        SimulatedFirmware device = device();
        CreditBudget budget = CreditBudget.create("budget", 1);
        QueueOptions sharing = QueueOptions.named("sharing").withCredits(1).withBudget(budget);
        JobQueue<Command> holder = open(device, sharing);
        JobQueue<Command> waiter = open(device, sharing);
        JobQueue<Command> other = open(device, sharing);
        JobQueue<Command> producer = small(device, "producer");
        PointFence holds = holder.submit(Command.waitFor(16, 1));
        PointFence input = producer.submit(Command.waitFor(0, 1));
        PointFence waits = waiter.submit(Command.nop(), input);
        while (budget.waiting() == 0) {
            Thread.onSpinWait();
        }
        assertThat(waiter.cancel(waits)).isTrue();
        PointFence free = other.submit(Command.nop());
        device.memory().writeStamp(16, 1);
        assertOk(holds);
        assertOk(free);
        assertThat(waits.isDone()).as("its input has not ended").isFalse();
        device.memory().writeStamp(0, 1);
        assertThat(waits.await()).isEqualTo(Outcome.FAILED);
        assertOk(input);
    }
}
