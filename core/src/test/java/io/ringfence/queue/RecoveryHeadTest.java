package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.ResettableDevice.Ring;

/** Who is meant when a device tells of a fault and names no job, and whom the clock watches. */
class RecoveryHeadTest extends QueueTestBase {

    private static final Duration HOUR = Duration.ofHours(1);

    private final ResettableDevice device = new ResettableDevice();
    private final Ring ring = device.ring();
    private final Ring producer = new ResettableDevice().ring();
    private PointFence input;

    /** What jobs of the ring wait for on their device. */
    @BeforeEach
    void submitInput() throws Exception {
        ring.waits = true;
        input = openPatient(producer, "producer").submit("input");
    }

    private JobQueue<Object> openPatient(Ring opened, String name) {
        return open(opened, options(name).withTimeout(QueueOptions.NO_TIMEOUT));
    }

    @Test
    @DisplayName("H5: a job that the device has completed, and whose inputs are not signalled, does not hide the one behind it that hangs")
    void behindOneThatIsComplete() throws Exception {
        JobQueue<Object> queue = openPatient(ring, "q");
        PointFence waits = queue.submit("waits", input);
        PointFence hangs = queue.submit("hangs");
        ring.finishThrough(1);
        ring.start(2);
        ring.link().fault(0, "page fault");
        // They are looked at in order, and of one epoch only.
        ring.link().fault(2, "nobody cares for a page fault");
        Spin.until(() -> queue.status().recovery().hangs() == 1);
        producer.finishThrough(1);
        assertOk(waits);
        Failure failure = failureOf(hangs);
        assertThat(failure).isInstanceOf(Failure.TimedOut.class);
        assertThat(failure.message()).contains("seqno 2").contains("page fault").doesNotContain("nobody");
        assertThat(ring.ran).containsExactly(1L, 2L);
        assertThat(queue.status().recovery().hangs()).isEqualTo(1);
    }

    @Test
    @DisplayName("H5: what hangs behind a job that is complete and waits for its inputs is noticed by the clock, in its own time")
    void clockLooksBehindOneThatIsComplete() throws Exception {
        JobQueue<Object> queue = open(ring, options("q").withTimeout(HOUR));
        HangClock clock = clockOf(queue);
        PointFence waits = queue.submit("waits", input);
        PointFence fails = queue.submit("fails, and waits behind it", input);
        assertThat(clock.pass(0)).isTrue();
        clock.pass(HOUR.toNanos() / 2);
        assertThat(clock.executedVolatile()).isEqualTo(HOUR.toNanos() / 2);
        ring.finishThrough(1);
        ring.fail(2, new IllegalStateException("by itself"));
        Spin.until(() -> queue.core().completion().headOpaque(2) == 3);
        for (int i = 0; i < 50; i++) {
            assertThat(clock.pass(HOUR.toNanos())).as("jobs that come behind them are seen at once").isTrue();
            assertThat(clock.executedVolatile()).as("nothing is on the device").isZero();
        }
        PointFence hangs = queue.submit("hangs");
        ring.start(3);
        clock.pass(HOUR.toNanos());
        assertThat(clock.executedVolatile()).as("seen for the first time").isZero();
        assertThat(waits.outcome()).isEqualTo(Outcome.PENDING);
        clock.pass(HOUR.toNanos());
        Spin.until(() -> queue.status().recovery().hangs() == 1);
        producer.finishThrough(1);
        assertOk(waits);
        assertThat(failureOf(fails).message()).contains("by itself");
        assertThat(failureOf(hangs)).isInstanceOf(Failure.TimedOut.class);
        assertThat(device.asked).startsWith("verdict on 3");
    }

    /** One that the watchdog does not know. */
    private static HangClock clockOf(JobQueue<Object> queue) {
        HangClock clock = HangClock.of(queue.core(), true, false, () -> true);
        if (clock == null) {
            throw new IllegalStateException(queue + " has no timeout");
        }
        return clock;
    }
}
