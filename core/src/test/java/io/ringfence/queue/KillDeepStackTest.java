package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever ends jobs or queues near the end of the stack is refused before anything has happened, or served whole. */
class KillDeepStackTest extends QueueTestBase {
    private static final int ROUNDS = 10;

    /** Needs next to no stack itself. */
    private static final class Frugal implements Driver<Object> {
        private volatile long done;
        private volatile DriverLink link;

        @Override
        public void open(DriverLink opened) {
            link = opened;
        }

        @Override
        public int maxInFlight() {
            return 64;
        }

        @Override
        public void run(long seqno, Object payload) {
        }

        @Override
        public void abort(long seqno, Object payload) {
            done = seqno;
        }

        @Override
        public long completedSeqno() {
            return done;
        }

        @Override
        public void arm(long seqno) {
        }

        @Override
        public void close() {
        }
    }

    enum Call {
        PUSH_THROUGH, PUSH_SINGLE, PUSH_FAILED, CANCEL, KILL, BAN, CLIENT_KILL
    }

    private final Frugal driver = new Frugal();
    private final CreditBudget budget = CreditBudget.create("shared", 2);

    private void call(Call call, JobQueue<Object> queue, PointFence job, Client client) {
        switch (call) {
            case PUSH_THROUGH -> driver.link.completedThrough(1);
            case PUSH_SINGLE -> driver.link.completed(1);
            case PUSH_FAILED -> driver.link.failed(1, new IllegalStateException("on the device"));
            case CANCEL -> {
                boolean _ = queue.cancel(job);
            }
            case KILL -> {
                Fence _ = queue.kill();
            }
            case BAN -> {
                Fence _ = queue.ban("deep");
            }
            case CLIENT_KILL -> {
                Fence _ = client.kill();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("H7: the job ends, its hook is called once, its credits come back, and the queue is sound")
    void atTheEndOfTheStack(Call call) throws Exception {
        Client client = runtime.openClient("deep");
        var retired = new AtomicInteger();
        JobQueue<Object> queue = client.openQueue(driver, options("deep").withBudget(budget),
                PayloadTraits.plain().withCost(_ -> 2).retiringInline((_, _, _) -> retired.incrementAndGet()));
        PointFence job = queue.submit("on the device");
        var inline = new Frugal();
        JobQueue<Object> other = runtime.openQueue(inline, options("other").withBudget(budget));
        PointFence waits = other.submit("waits for the budget");

        Climber.run(() -> call(call, queue, job, client));

        assertThat(job.await()).isEqualTo(call == Call.PUSH_FAILED ? Outcome.FAILED : Outcome.OK);
        assertOk(queue.startClose());
        assertThat(retired).hasValue(1);
        assertThat(queue.dump()).doesNotContain("own code failed");
        Spin.until(() -> other.status().issued() == 1);
        inline.link.completedThrough(1);
        assertOk(waits);
        assertThat(budget.available()).isEqualTo(2);
    }

    @Test
    @DisplayName("H7: over and over again")
    void overAndOver() throws Exception {
        List<JobQueue<Object>> queues = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            var device = new Frugal();
            JobQueue<Object> queue = runtime.openQueue(device, options("deep"));
            queues.add(queue);
            PointFence job = queue.submit("job");
            PointFence behind = queue.submit("behind");
            Climber.run(() -> {
                boolean _ = queue.cancel(behind);
                Fence _ = queue.kill();
            });
            assertOk(queue.startClose());
            assertThat(job.isDone() && behind.isDone()).isTrue();
        }
        assertThat(queues).noneMatch(queue -> queue.dump().contains("own code failed"));
    }
}
