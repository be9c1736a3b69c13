package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is told when the bound of a close expires. */
class DumpBoundTest extends OwnQueuesTestBase {
    private final ManualDriver driver = new ManualDriver();

    private QueueOptions bounded(String name) {
        return options(name).withCloseTimeout(Duration.ofMillis(1));
    }

    @Test
    @DisplayName("H19: a close whose bound expires logs a dump, cancels what waits, and logs another one if it gives up")
    void closeLogsADump() throws Exception {
        JobQueue<Object> queue = open(driver, bounded("stuck").withCredits(1));
        PointFence onDevice = queue.submit("on the device");
        PointFence waits = queue.submit("waits");
        try (var log = new LogCapture()) {
            queue.close();
            assertThat(log.messages()).hasSize(2);
            assertThat(log.messages().getFirst()).contains("close cancels what still waits after PT0.001S")
                    .contains("queue " + queue).contains("1 on the device").contains("2 waits")
                    .contains("seqno 2 waits for credits");
            assertThat(log.messages().getLast()).contains("close gives up after another PT0.001S")
                    .contains("stopped: cancelled").contains("1 on the device").contains("2 waits, failed");
        }
        driver.finishThrough(1);
        assertOk(onDevice);
        assertThat(failureOf(waits)).isInstanceOfSatisfying(Failure.Cancelled.class,
                cancelled -> assertThat(cancelled.reason()).contains("did not finish within PT0.001S of its close"));
    }

    @Test
    @DisplayName("H19: a runtime that cannot stop its threads tells which queue keeps them, with everything that is known")
    void runtimeLogsADump() throws Exception {
        JobQueue<Object> queue = open(driver, bounded("stuck"));
        queue.submit("on the device");
        try (var log = new LogCapture()) {
            runtime.close();
            assertThat(log.messages()).hasSize(3);
            assertThat(log.messages().getLast()).contains("the runtime's threads go on").contains("queue " + queue)
                    .contains("1 on the device");
        }
        driver.finishThrough(1);
        assertOk(queue.startClose());
    }

    @Test
    void aCloseThatKeepsItsBoundLogsNothing() throws Exception {
        JobQueue<Object> queue = open(driver, options("quick"));
        queue.submit("job");
        driver.finishQuietlyThrough(1);
        try (var log = new LogCapture()) {
            queue.close();
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    @DisplayName("H7: a logger that throws does not keep a close from cancelling what waits")
    void loggerThrows() throws Exception {
        JobQueue<Object> queue = open(driver, bounded("stuck"));
        FenceIssuer input = issuer("input");
        PointFence job = queue.submit("job", input.fence());
        try (var _ = new LogCapture(_ -> {
            throw new IllegalStateException("the disk is full");
        })) {
            assertThat(org.assertj.core.api.Assertions.catchThrowable(queue::close)).isNull();
        }
        assertCancelledAfter(input, queue, job);
    }

    @Test
    @DisplayName("H7: nor does a payload whose description is null")
    void nullDescription() throws Exception {
        JobQueue<Object> queue = open(driver, bounded("stuck"));
        FenceIssuer input = issuer("input");
        PointFence job = queue.submit(new Described(null), input.fence());
        try (var log = new LogCapture()) {
            assertThat(org.assertj.core.api.Assertions.catchThrowable(queue::close)).isNull();
            assertThat(log.has("close cancels what still waits")).isTrue();
        }
        assertCancelledAfter(input, queue, job);
    }

    private void assertCancelledAfter(FenceIssuer input, JobQueue<Object> queue, PointFence job) throws Exception {
        assertThat(job.outcome()).isEqualTo(Outcome.PENDING);
        input.signal();
        driver.finishThrough(1);
        Fence end = queue.startClose();
        assertOk(end);
        assertThat(failureOf(job)).isInstanceOf(Failure.Cancelled.class);
        assertThat(driver.ran).isEmpty();
    }
}
