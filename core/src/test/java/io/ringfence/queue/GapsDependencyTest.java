package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.NotSubmittedException;
import io.ringfence.fence.PointFence;
import io.ringfence.fence.SyncObject;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A very long chain of dependencies, and dependencies on what is not submitted yet. */
class GapsDependencyTest extends QueueTestBase {
    private static final int LINKS = 1_000_000;

    private final IllegalStateException broken = new IllegalStateException("broken");

    @Test
    @DisplayName("H6: a chain of 1,000,000 waiting jobs across two queues is let go by one signal, on the default stack")
    void longChain() throws Exception {
        var onA = new InlineDriver();
        var onB = new InlineDriver();
        QueueOptions options = options("long").withCapacity(1 << 19).withCredits(1 << 19);
        List<JobQueue<Object>> queues = List.of(open(onA, options), open(onB, options));
        FenceIssuer gate = issuer("gate");
        FenceIssuer end = issuer("end");
        PointFence before = queues.getFirst().submit("first", gate.fence());
        for (int i = 1; i < LINKS - 1; i++) {
            before = queues.get(i % 2).submit("job", before);
        }
        PointFence last = queues.getLast().submit((Work) _ -> end.signal(), before);
        assertThat(onA.runs.get() + onB.runs.get()).isZero();

        start("default stack", gate::signal).get();

        assertOk(end.fence());
        assertOk(last);
        assertThat(onA.runs).hasValue(LINKS / 2);
        assertThat(onB.runs).hasValue(LINKS / 2);
    }

    // ---- waiting for what was not submitted

    private final ManualDriver producing = new ManualDriver();
    private final ManualDriver consuming = new ManualDriver();

    @Test
    @DisplayName("F53: a consumer that waits for a point to be submitted goes on with its job when a producer has submitted one")
    void waitBeforeSubmit() throws Exception {
        JobQueue<Object> producer = open(producing);
        JobQueue<Object> consumer = open(consuming);
        SyncObject semaphore = SyncObject.create("semaphore");
        assertThatThrownBy(() -> consumer.submit("too early", semaphore.fence(1)))
                .isInstanceOf(NotSubmittedException.class);
        var thread = new AtomicReference<Thread>();
        var started = new CountDownLatch(1);
        var consumed = new AtomicReference<PointFence>();
        FutureTask<Void> waiter = start("consumer", () -> {
            thread.set(Thread.currentThread());
            started.countDown();
            Fence input = semaphore.awaitSubmitted(1, Duration.ofDays(1));
            consumed.set(consumer.submit("consume", input));
        });
        started.await();
        awaitParked(thread.get());

        PointFence produced = producer.submit("produce");
        semaphore.add(1, produced);

        waiter.get();
        assertThat(consuming.ran).as("submitted, not signalled").isEmpty();
        // Whoever has found the fence keeps it.
        semaphore.reset();
        producing.finishThrough(1);
        assertOk(produced);
        consuming.letGo();
        assertOk(consumed.get());
        assertThat(consuming.payloads).containsExactly("consume");
    }

    @Test
    @DisplayName("F53: a callback for a point to come submits the consumer, also across a reset, and the point's failure fails it")
    void callbackBeforeSubmit() throws Exception {
        JobQueue<Object> producer = open(producing);
        JobQueue<Object> consumer = open(consuming);
        SyncObject semaphore = SyncObject.create("semaphore");
        var consumed = new AtomicReference<PointFence>();
        semaphore.on(2, SyncObject.Until.SUBMITTED,
                () -> consumed.set(consumer.trySubmitFence("consume", semaphore.fence(2))));
        PointFence first = producer.submit("first");
        semaphore.add(1, first);
        assertThat(consumed.get()).isNull();
        semaphore.reset();
        assertThat(consumed.get()).isNull();
        PointFence second = producer.submit("second");

        Fence point = semaphore.add(2, second);

        assertThat(consumed.get()).as("by the one who submits the point").isNotNull();
        assertThat(consuming.ran).isEmpty();
        producing.fail(2, broken);
        producing.finishThrough(2);
        assertThat(failureOf(point)).isEqualTo(new Failure.DriverError(broken));
        assertThat(failureOf(consumed.get()))
                .isEqualTo(new Failure.DependencyFailed("semaphore:2", new Failure.DriverError(broken)));
        assertThat(consuming.ran).isEmpty();
        assertThat(consuming.cancelled).containsExactly(1L);
    }
}
