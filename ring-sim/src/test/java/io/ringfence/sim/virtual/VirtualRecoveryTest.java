package io.ringfence.sim.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.ringfence.fence.Failure;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;
import io.ringfence.sim.Command;
import io.ringfence.sim.FirmwareOptions;
import io.ringfence.sim.SimulatedFirmware;
import io.ringfence.sim.faults.FaultPlan;

/** The watchdog on a clock that the test moves: exact times, and a process that stands still. */
@Timeout(180)
class VirtualRecoveryTest {
    private static final long MILLI = 1_000_000;
    private static final Duration TIMEOUT = Duration.ofMillis(80);

    private VirtualWorld world;
    private SimulatedFirmware device;
    private RingfenceRuntime runtime;
    private JobQueue<Command> queue;

    @BeforeEach
    void install() {
        world = VirtualWorld.install();
    }

    @AfterEach
    void uninstall() {
        queue.close();
        runtime.close();
        device.close();
        world.uninstall();
    }

    private void open(String plan) {
        device = SimulatedFirmware
                .start(FirmwareOptions.defaults().withRings(2).withSlots(8).withFaults(FaultPlan.parse(plan)));
        runtime = RingfenceRuntime.start();
        queue = runtime.openQueue(device.openRing(),
                QueueOptions.named("q").withCapacity(8).withCredits(4).withTimeout(TIMEOUT));
    }

    @Test
    @DisplayName("T1: the verdict comes after the timeout, and no later than two passes of the watchdog after it")
    void comesInTime() throws Exception {
        open("hang seqno=1");
        PointFence job = queue.submit(Command.nop());
        PointFence behind = queue.submit(Command.nop());
        world.runUntil(TIMEOUT.toNanos() - 1);
        assertThat(job.isDone()).isFalse();
        world.runUntil(TIMEOUT.plus(TIMEOUT.dividedBy(4)).toNanos() + 1);
        assertThat(job.failure()).isInstanceOf(Failure.TimedOut.class);
        assertThat(behind.failure()).isNull();
        assertThat(behind.isDone()).isTrue();
    }

    @Test
    @DisplayName("T1: each job has the whole of its time: the clock begins anew when the job before it is complete")
    void eachHasItsTime() throws Exception {
        open("");
        PointFence[] jobs = new PointFence[4];
        for (int i = 0; i < jobs.length; i++) {
            jobs[i] = queue.submit(Command.delay(60 * MILLI));
        }
        world.runUntil(250 * MILLI);
        for (PointFence job : jobs) {
            assertThat(job.isDone()).isTrue();
            assertThat(job.failure()).isNull();
        }
        assertThat(queue.status().recovery().resets()).isZero();
    }

    @Test
    @DisplayName("H16: a process that stands still for long, again and again, makes no hang of what it had no time to notice")
    void processStandsStill() throws Exception {
        open("hang seqno=1");
        PointFence job = queue.submit(Command.nop());
        world.runUntil(1);
        for (int stop = 0; stop < 5; stop++) {
            world.standStill(Duration.ofSeconds(100).toNanos());
            world.runUntil(world.nanoTime() + 1);
        }
        assertThat(job.isDone()).as("500 s are gone, in which nobody could do anything").isFalse();
        world.runUntil(world.nanoTime() + 2 * TIMEOUT.toNanos());
        assertThat(job.failure()).isInstanceOf(Failure.TimedOut.class);
    }

    @Test
    @DisplayName("H16: nor does it make a lost device of one that had no time to answer")
    void standsStillInRecovery() throws Exception {
        open("hang seqno=1");
        PointFence job = queue.submit(Command.nop());
        PointFence behind = queue.submit(Command.nop());
        world.runUntil(1);
        while (!queue.dump().contains("standing still")) {
            world.runUntil(world.nanoTime() + MILLI / 8);
            if (job.isDone()) {
                break;
            }
        }
        world.standStill(Duration.ofHours(1).toNanos());
        world.runUntil(world.nanoTime() + TIMEOUT.toNanos());
        assertThat(job.failure()).isInstanceOf(Failure.TimedOut.class);
        assertThat(behind.isDone()).isTrue();
        assertThat(behind.failure()).isNull();
    }

    @Test
    @DisplayName("a job that waits on the device for another ring has no clock running; its producer has")
    void nativeWait() throws Exception {
        open("hang ring=0 seqno=1");
        JobQueue<Command> consumer = runtime.openQueue(device.openRing(),
                QueueOptions.named("consumer").withCapacity(8).withCredits(4).withTimeout(Duration.ofMillis(20)));
        PointFence job = queue.submit(Command.nop());
        PointFence waits = consumer.submit(Command.nop(), job);
        world.runUntil(70 * MILLI);
        assertThat(waits.isDone()).isFalse();
        assertThat(consumer.status().recovery().resets()).isZero();
        world.runUntil(200 * MILLI);
        assertThat(waits.failure().root()).isInstanceOf(Failure.TimedOut.class);
        assertThat(consumer.status().recovery().hangs()).isZero();
        consumer.close();
    }
}
