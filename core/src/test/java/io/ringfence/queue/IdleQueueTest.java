package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;

import io.ringfence.driver.DriverLink;
import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.QueueStatus.Waits;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A queue that has had no job: whoever only looks at it does not make what jobs need, and it ends like any other. */
class IdleQueueTest extends QueueTestBase {

    private final CheckedDriver driver = new InlineDriver();

    private static void assertUnused(JobQueue<Object> queue) {
        assertThat(queue.core().workingsVolatile()).isNull();
    }

    @Test
    void whoOnlyLooksUsesNothing() {
        JobQueue<Object> queue = open(driver, options("idle"));
        assertUnused(queue);

        assertThat(queue.status()).isEqualTo(new QueueStatus("idle", 0, 0, 0, 0, Waits.NOTHING, 0, false,
                new QueueStatus.Recoveries(0, 0, 0, 0, 0)));
        assertThat(queue.describe()).endsWith(": finished 0, issued 0, claimed 0");
        assertThat(queue.dump()).contains("credits: 0 of 64 in use").contains("issue turn: free; completion turn: free")
                .contains("on the device: 0").contains("waiting: 0");
        queue.timeline().poll();
        assertThat(queue.timeline().isDone(1)).isFalse();
        assertThat(queue.timeline().failureCursor()).isNotNull();
        assertThatThrownBy(() -> queue.timeline().failureCursor().fence(1)).hasMessageContaining("point 1 of idle");
        assertThatThrownBy(() -> queue.cancel(1)).hasMessageContaining("seqno 1");
        assertThat(queue.isLost()).isFalse();
        assertThat(queue.core().isOnDevice(1)).isFalse();
        driver.link().interrupt();
        assertThat(runtime.status()).hasSize(1);
        assertThat(runtime.describe()).contains("idle");
        assertThat(runtime.dump()).contains("idle");
        assertUnused(queue);
    }

    @Test
    void clientAndBudgetOnlyLook() {
        CreditBudget budget = CreditBudget.create("shared", 1);
        var busy = new ManualDriver();
        watched(driver);
        watched(busy);
        try (Client client = runtime.openClient("client")) {
            JobQueue<Object> idle = client.openQueue(driver, options("idle").withBudget(budget));
            JobQueue<Object> other = client.openQueue(busy, options("busy").withBudget(budget));
            assertThat(other.trySubmit("one")).isEqualTo(1);
            assertThat(other.trySubmit("waits for the budget")).isEqualTo(2);
            assertThat(runtime.dump()).contains("budget shared");
            assertThat(client.usage().submitted()).isEqualTo(2);
            assertUnused(idle);
            busy.letGo();
        }
    }

    @Test
    void sameRingForAll() {
        JobQueue<Object> queue = open(driver, options("idle"));
        var made = queue.core().workings();
        assertThat(queue.trySubmit("job")).isEqualTo(1);
        assertThat(queue.core().workings()).isSameAs(made);
        assertThat(queue.core().workingsVolatile()).isSameAs(made);
        assertThat(queue.submitter()).isSameAs(queue.submitter());
    }

    @Test
    @DisplayName("H19: a queue that was never used ends once, whoever closes it and however often")
    void endsUnused() throws Exception {
        JobQueue<Object> queue = open(driver, options("idle"));
        Fence end = queue.ended();
        assertThat(end.isDone()).isFalse();
        assertThat(queue.startClose()).isSameAs(end);
        assertThat(end.await()).isEqualTo(Outcome.OK);
        queue.close();
        assertThat(queue.kill()).isSameAs(end);
        assertThat(driver.closes).hasValue(1);
        assertThat(queue.trySubmit("late")).isEqualTo(SubmitCode.CLOSED);
        assertThat(queue.status().closed()).isTrue();
        assertThat(runtime.status()).isEmpty();
    }

    @Test
    void bannedUnused() throws Exception {
        JobQueue<Object> queue = open(driver, options("idle"));
        assertThat(queue.ban("nobody likes it").await()).isEqualTo(Outcome.OK);
        assertThat(queue.trySubmit("late")).isEqualTo(SubmitCode.BANNED);
        assertThatThrownBy(() -> queue.submit("late")).isInstanceOf(QueueClosedException.class)
                .hasMessageContaining("nobody likes it");
    }

    @Test
    void frozenUnused() throws Exception {
        JobQueue<Object> queue = open(driver, options("idle"));
        assertThat(queue.freeze().await()).isEqualTo(Outcome.OK);
        assertThat(queue.trySubmit("job")).isEqualTo(1);
        assertThat(queue.status().issued()).isZero();
        queue.thaw();
        assertThat(queue.status().issued()).isEqualTo(1);
    }

    @Test
    @DisplayName("H10: the first job of a queue whose device was lost meanwhile fails")
    void lostUnused() throws Exception {
        JobQueue<Object> queue = open(driver, options("idle"));
        queue.core().lose(new Failure.DeviceLost("unplugged"));
        assertUnused(queue);
        assertThat(queue.isLost()).isTrue();
        PointFence job = queue.submit("job");
        assertThat(job.await()).isEqualTo(Outcome.FAILED);
        assertThat(job.failure()).isEqualTo(new Failure.DeviceLost("unplugged"));
        assertThat(queue.isLost()).isTrue();
    }

    @Test
    @DisplayName("H5: a fault that is told of before open has returned has the driver asked nothing")
    void faultWhileItIsOpened() throws Exception {
        var early = new InlineDriver() {
            @Override
            void opening(DriverLink opened) {
                opened.fault(0, "too early");
            }
        };
        JobQueue<Object> queue = open(early, options("early"));
        assertUnused(queue);
        assertThat(queue.submit("job").await()).isEqualTo(Outcome.OK);
        assertThat(queue.status().recovery().resets()).isZero();
    }

    @Test
    void runtimeClosesThem() {
        List<JobQueue<Object>> queues =
                List.of(open(driver, options("idle")), open(new PollDriver(true), options("b")));
        runtime.close();
        assertThat(queues).allMatch(queue -> queue.ended().isDone());
    }
}
