package io.ringfence.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueClosedException;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Device, queue and runtime may be closed in any order, and nothing is left of them. */
class FirmwareCloseTest extends DeviceTestBase {
    private static final long HOUR = 3_600_000_000_000L;

    @ParameterizedTest
    @ValueSource(strings = {"fqr", "frq", "qfr", "qrf", "rfq", "rqf"})
    void anyOrderIsFineWhenNothingIsRunning(String order) throws Exception {
        SimulatedFirmware firmware = SimulatedFirmware.start();
        RingfenceRuntime runtime = RingfenceRuntime.start();
        JobQueue<Command> queue = runtime.openQueue(firmware.openRing(), QueueOptions.named("idle"));
        assertOk(queue.submit(Command.nop()));
        (order + order).chars().forEach(what -> close(what, firmware, queue, runtime));
        assertThat(threads()).isEmpty();
        assertThatThrownBy(() -> queue.submit(Command.nop())).isInstanceOf(QueueClosedException.class);
        assertThatThrownBy(firmware::openRing).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fqr", "frq"})
    void closedFirmwareLosesWhatItDidNotComplete(String order) throws Exception {
        SimulatedFirmware firmware = SimulatedFirmware.start(FirmwareOptions.defaults().withSlots(4));
        RingfenceRuntime runtime = RingfenceRuntime.start();
        JobQueue<Command> queue =
                runtime.openQueue(firmware.openRing(), QueueOptions.named("lost").withCapacity(8).withCredits(4));
        PointFence done = queue.submit(Command.nop());
        List<PointFence> lost = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            lost.add(queue.submit(i == 0 ? Command.delay(HOUR) : Command.nop()));
        }
        assertOk(done);
        order.chars().forEach(what -> close(what, firmware, queue, runtime));
        assertOk(done);
        for (PointFence fence : lost) {
            assertThat(failureOf(fence)).isInstanceOf(Failure.DeviceLost.class);
        }
        assertThat(threads()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"qrf", "rqf", "qfr", "rfq"})
    void jobThatTheDeviceHoldsIsGivenUpWhenItsQueueWasToEndInTime(String order) throws Exception {
        SimulatedFirmware firmware = SimulatedFirmware.start();
        RingfenceRuntime runtime = RingfenceRuntime.start();
        JobQueue<Command> queue = runtime.openQueue(firmware.openRing(),
                QueueOptions.named("held").withCloseTimeout(Duration.ofMillis(20)));
        PointFence held = queue.submit(Command.delay(HOUR));
        order.chars().forEach(what -> close(what, firmware, queue, runtime));
        assertThat(failureOf(held)).isInstanceOfSatisfying(Failure.DriverError.class,
                error -> assertThat(error.thrown()).hasMessageContaining("given up"));
        while (!threads().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void jobThatIsBeingExecutedOrWaitsInTheRingCanBeCancelled() throws Exception {
        SimulatedFirmware firmware = device(FirmwareOptions.defaults());
        JobQueue<Command> queue = open(firmware, QueueOptions.named("cancel"));
        PointFence running = queue.submit(Command.delay(HOUR));
        PointFence before = queue.submit(Command.nop());
        PointFence waiting = queue.submit(Command.delay(HOUR));
        PointFence after = queue.submit(Command.nop());
        assertThat(queue.cancel(waiting)).isTrue();
        assertThat(queue.cancel(running)).isTrue();
        assertOk(before);
        assertOk(after);
        for (PointFence given : List.of(running, waiting)) {
            assertThat(failureOf(given).message()).contains("given up");
        }
        assertThat(queue.cancel(after)).isFalse();
    }

    private static void close(int what, SimulatedFirmware firmware, JobQueue<Command> queue,
            RingfenceRuntime runtime) {
        switch (what) {
            case 'f' -> firmware.close();
            case 'q' -> queue.close();
            default -> runtime.close();
        }
    }

    @Test
    void everythingWaitingIsReleasedByTheLossOfTheDevice() throws Exception {
        SimulatedFirmware firmware = device(FirmwareOptions.defaults().withSlots(2));
        JobQueue<Command> queue = open(firmware, QueueOptions.named("full").withCapacity(2).withCredits(2));
        JobQueue<Command> other = open(firmware, QueueOptions.named("other").withCapacity(2).withCredits(2));
        PointFence held = queue.submit(Command.delay(HOUR));
        queue.submit(Command.nop());
        PointFence dependent = other.submit(Command.nop(), held);
        CountDownLatch called = new CountDownLatch(2);
        held.onDone(called::countDown);
        dependent.onDone(called::countDown);
        FutureTask<PointFence> submitter = new FutureTask<>(() -> queue.submit(Command.nop()));
        Thread thread = new Thread(submitter, "submitter");
        thread.start();
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        firmware.close();

        assertThat(failureOf(submitter.get())).isInstanceOf(Failure.DeviceLost.class);
        assertThat(failureOf(held).root()).isInstanceOf(Failure.DeviceLost.class);
        assertThat(failureOf(dependent).root()).isInstanceOf(Failure.DeviceLost.class);
        called.await();
        thread.join();
    }

    @Test
    void jobsSubmittedAfterTheCloseAreLostWithTheDevice() throws Exception {
        for (int i = 0; i < 300; i++) {
            SimulatedFirmware firmware = device(FirmwareOptions.defaults().withRings(1).withArenaBytes(64));
            JobQueue<Command> queue = open(firmware, "late-" + i);
            assertOk(queue.submit(Command.nop()));
            firmware.close();
            assertThat(failureOf(queue.submit(Command.nop()))).as("try %d", i)
                    .isInstanceOf(Failure.DeviceLost.class);
            queue.close();
        }
    }

    @Test
    void jobsOfAQueueOpenedAfterTheCloseAreLostWithTheDevice() throws Exception {
        SimulatedFirmware firmware = device();
        var driver = firmware.openRing();
        firmware.close();
        JobQueue<Command> queue = runtime().openQueue(driver, QueueOptions.named("late"));
        assertThat(failureOf(queue.submit(Command.nop()))).isInstanceOf(Failure.DeviceLost.class);
        assertThat(failureOf(queue.submit(Command.nop()))).isInstanceOf(Failure.DeviceLost.class);
    }

    /** Each job either completed or was lost; no other failure, none undecided. */
    @Test
    void closeInTheMiddleOfTrafficDecidesEveryJob() throws Exception {
        for (int round = 0; round < 20; round++) {
            SimulatedFirmware firmware = device(FirmwareOptions.defaults().withSlots(16));
            JobQueue<Command> queue = open(firmware, "traffic-" + round);
            CountDownLatch started = new CountDownLatch(1);
            List<PointFence> fences = new ArrayList<>();
            FutureTask<Void> producer = new FutureTask<>(() -> {
                for (int i = 0; i < 20_000; i++) {
                    fences.add(queue.submit(Command.nop()));
                    if (i == 100) {
                        started.countDown();
                    }
                }
                return null;
            });
            Thread thread = new Thread(producer, "producer");
            thread.start();
            started.await();
            firmware.close();
            producer.get();
            thread.join();
            boolean lost = false;
            for (Fence fence : fences) {
                if (fence.await() == Outcome.FAILED) {
                    assertThat(fence.failure()).isInstanceOf(Failure.DeviceLost.class);
                    lost = true;
                } else {
                    assertThat(lost).as("a job completed after a lost one").isFalse();
                }
            }
            queue.close();
        }
    }

    /** An interrupt of the closing thread is kept, and the firmware has ended all the same. */
    @RepeatedTest(30)
    void interruptedThreadClosesTheFirmware() {
        SimulatedFirmware firmware = device();
        Thread.currentThread().interrupt();
        firmware.close();
        boolean kept = Thread.interrupted();
        List<String> left = threads();
        assertThat(kept).as("interrupt kept").isTrue();
        assertThat(left).doesNotContain("ringfence-firmware");
    }
}
