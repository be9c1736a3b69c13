package io.ringfence.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import io.ringfence.fence.Outcome;
import io.ringfence.queue.JobQueue;
import io.ringfence.sim.firmware.DoorbellIdle;

import org.junit.jupiter.api.Test;

/** Firmware with nothing to do stops burning a processor, and the doorbell wakes it. */
class FirmwareSleepTest extends DeviceTestBase {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void sleepingFirmwareIsWokenByEachSubmission() throws Exception {
        JobQueue<Command> queue = open(device(), "sleepy");
        for (int i = 0; i < 50; i++) {
            awaitSleep();
            assertThat(queue.submit(Command.nop()).await(LONG)).as("round %d", i).isEqualTo(Outcome.OK);
        }
    }

    @Test
    void sleepingFirmwareIsWokenBySubmissionThatDoesNotWait() throws Exception {
        JobQueue<Command> queue = open(device(), "sleepy");
        for (int i = 1; i <= 50; i++) {
            awaitSleep();
            long seqno = queue.trySubmit(Command.nop());
            assertThat(seqno).isEqualTo(i);
            while (!queue.timeline().isDone(seqno)) {
                queue.timeline().poll();
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void queueOpenedWhileTheFirmwareSleepsIsServed() throws Exception {
        SimulatedFirmware device = device();
        for (int i = 0; i < 5; i++) {
            awaitSleep();
            JobQueue<Command> queue = open(device, "late-" + i);
            assertThat(queue.submit(Command.nop()).await(LONG)).isEqualTo(Outcome.OK);
            awaitSleep();
            queue.close();
        }
    }

    @Test
    void firmwareSleepsThroughADelayAndIsWokenForAnotherRing() throws Exception {
        SimulatedFirmware device = device();
        JobQueue<Command> delayed = open(device, "delayed");
        JobQueue<Command> other = open(device, "other");
        var delay = delayed.submit(Command.delay(3_600_000_000_000L));
        for (int i = 0; i < 10; i++) {
            awaitSleep();
            assertThat(other.submit(Command.nop()).await(LONG)).isEqualTo(Outcome.OK);
        }
        assertThat(delay.isDone()).isFalse();
        awaitSleep();
        device.close();
        failureOf(delay);
    }

    @Test
    void firmwareWakesByItselfWhenADelayEnds() throws Exception {
        JobQueue<Command> queue = open(device(), "delayed");
        for (int i = 0; i < 3; i++) {
            assertThat(queue.submit(Command.delay(20_000_000)).await(LONG)).isEqualTo(Outcome.OK);
        }
    }

    /** The longest delay there is must not make the firmware forget a short one on another ring. */
    @Test
    void endlessDelayDoesNotHideAShortOne() throws Exception {
        SimulatedFirmware device = device();
        JobQueue<Command> endless = open(device, "endless");
        JobQueue<Command> other = open(device, "other");
        var never = endless.submit(Command.delay(Long.MAX_VALUE));
        var soon = other.submit(Command.delay(50_000_000));
        Outcome outcome = soon.await(Duration.ofSeconds(3));
        device.close();
        failureOf(never);
        assertThat(outcome).isEqualTo(Outcome.OK);
    }

    @Test
    void sleepingFirmwareEndsWhenClosed() {
        SimulatedFirmware device = device();
        awaitSleep();
        device.close();
        device.close();
        assertThat(threads()).doesNotContain("ringfence-firmware");
    }

    /** Waits until the one firmware of this process is parked in its idle strategy; the test's timeout bounds it. */
    private static void awaitSleep() {
        for (;;) {
            List<Thread> firmware = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("ringfence-firmware")).toList();
            if (firmware.size() == 1) {
                Thread thread = firmware.getFirst();
                Object blocker = LockSupport.getBlocker(thread);
                if (blocker instanceof DoorbellIdle && thread.getState() != Thread.State.RUNNABLE) {
                    return;
                }
            }
            Thread.onSpinWait();
        }
    }
}
