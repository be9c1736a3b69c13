package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

import io.ringfence.fence.Fence;
import io.ringfence.fence.PointFence;
import io.ringfence.internal.turn.UserCode;
import io.ringfence.queue.RetireTest.Where;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hooks and executors that do harm, and many jobs at a time. */
class RetireHarmTest extends OwnQueuesTestBase {
    private JobQueue<Object> queue;

    @ParameterizedTest
    @EnumSource
    @DisplayName("H7: whatever a hook throws is reported, the hooks of the other jobs are called, and the queue ends")
    void hookThrows(Where where) throws Exception {
        var called = new ConcurrentLinkedQueue<Long>();
        List<Throwable> throwables = List.of(new Exception("checked"), new IllegalStateException("unchecked"),
                new StackOverflowError("overflow"), new OutOfMemoryError("memory"), new AssertionError("error"));
        queue = open(new InlineDriver(), options("throws"), where.traits((payload, seqno, _) -> {
            called.add(seqno);
            throw CheckedDriver.asException((Throwable) payload);
        }));
        try (var log = new LogCapture()) {
            List<PointFence> jobs = new ArrayList<>();
            for (Throwable thrown : throwables) {
                jobs.add(queue.submit(thrown));
            }
            for (PointFence job : jobs) {
                assertOk(job);
            }
            assertOk(queue.startClose());
            assertThat(called).containsExactly(1L, 2L, 3L, 4L, 5L);
            assertThat(log.thrown()).containsAll(throwables);
            assertThat(log.messages()).filteredOn(message -> message.contains("retire hook of"))
                    .hasSize(5).allMatch(message -> message.contains(queue.toString()));
        }
    }

    @Test
    @DisplayName("H7: a hook that really runs out of stack harms nobody")
    void hookOverflows() throws Exception {
        queue = open(new InlineDriver(), options("overflows"), Where.INLINE.traits((_, seqno, _) -> overflow(seqno)));
        try (var log = new LogCapture()) {
            assertOk(queue.submit("1"));
            assertOk(queue.submit("2"));
            assertOk(queue.startClose());
            assertThat(log.thrown()).hasSize(2).allMatch(StackOverflowError.class::isInstance);
        }
    }

    @SuppressWarnings("InfiniteRecursion") // is the point
    private static long overflow(long depth) {
        return overflow(depth + 1) + 1;
    }

    @Test
    @DisplayName("H7: an executor that has run a call and refuses it then: once all the same, and its thread is not left inside")
    void runsAndRefuses() throws Exception {
        var called = new ConcurrentLinkedQueue<Long>();
        Executor doesBoth = call -> {
            call.run();
            throw new RejectedExecutionException("after all");
        };
        queue = open(new PushDriver(0, true), options("both").withCloseTimeout(Duration.ofMillis(20)),
                PayloadTraits.plain().retiringOn(doesBoth, (_, seqno, _) -> called.add(seqno)));
        try (var _ = new LogCapture()) {
            // On a thread of its own: whoever is left inside by mistake is of no use any more.
            FutureTask<Boolean> stillInside = new FutureTask<>(() -> {
                assertThat(queue.trySubmit("1")).isEqualTo(1);
                return UserCode.inside();
            });
            Thread.ofPlatform().daemon().start(stillInside);
            assertThat(stillInside.get()).as("inside, where everything that could park is refused").isFalse();
            assertThat(queue.trySubmit("2")).isEqualTo(2);
            assertOk(queue.startClose());
        }
        assertThat(called).containsExactly(1L, 2L);
    }

    @Test
    @DisplayName("H7: an executor that keeps a call and says that it refused it, as a pool without memory for a thread does")
    void keepsAndRefuses() throws Exception {
        var called = new ConcurrentLinkedQueue<Long>();
        var kept = new ConcurrentLinkedQueue<Runnable>();
        Executor liar = call -> {
            kept.add(call);
            throw new OutOfMemoryError("unable to create native thread");
        };
        queue = open(new PushDriver(0, true), options("liar"),
                PayloadTraits.plain().retiringOn(liar, (_, seqno, _) -> called.add(seqno)));
        try (var _ = new LogCapture()) {
            assertThat(queue.trySubmit("1")).isEqualTo(1);
            assertThat(queue.trySubmit("2")).isEqualTo(2);
            assertThat(called).containsExactly(1L, 2L);
            for (Runnable late : kept) {
                late.run();
            }
            assertThat(called).hasSize(2);
            assertThat(queue.trySubmit("3")).isEqualTo(3);
            assertOk(queue.startClose());
        }
        assertThat(called).containsExactly(1L, 2L, 3L);
    }

    @Test
    @DisplayName("H6: a deferred hook that closes its own queue waits for itself no longer than the bound, and the end comes after it")
    void hookCloses() throws Exception {
        var driver = new ManualDriver();
        var ends = new ConcurrentLinkedQueue<Boolean>();
        queue = open(driver, options("closes").withCloseTimeout(Duration.ofMillis(1)),
                Where.DEFERRED.traits((_, _, _) -> {
                    queue.close();
                    ends.add(queue.startClose().isDone());
                }));
        try (var _ = new LogCapture()) {
            PointFence job = queue.submit("job");
            driver.finishThrough(1);
            assertOk(job);
            Fence end = queue.startClose();
            assertOk(end);
        }
        assertThat(ends).containsExactly(false);
    }

    @Test
    @DisplayName("H6: an inline hook may close its queue and the runtime, and kill others; that only starts it")
    void inlineHookCloses() throws Exception {
        JobQueue<Object> other = open(new InlineDriver(), options("other"), PayloadTraits.plain());
        var ends = new ArrayList<Fence>();
        queue = open(new PushDriver(0, true), options("closes"), Where.INLINE.traits((_, _, _) -> {
            queue.close();
            runtime.close();
            ends.add(other.kill());
            ends.add(queue.startClose());
        }));
        queue.submit("job");
        assertThat(ends).hasSize(2);
        for (Fence end : ends) {
            assertOk(end);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INLINE", "CALLER_RUNS", "REFUSED"})
    @DisplayName("H18: the interrupt status of the thread that completes is taken away around hook and executor, and given back")
    void interruptStatus(Where where) throws Exception {
        var seen = new ArrayList<Boolean>();
        queue = open(new PushDriver(0, true), options("interrupted"), where.traits((_, seqno, _) -> {
            seen.add(Thread.currentThread().isInterrupted());
            if (seqno == 2) {
                Thread.currentThread().interrupt();
            }
        }));
        try (var _ = new LogCapture()) {
            Thread.currentThread().interrupt();
            assertThat(queue.trySubmit("1")).isEqualTo(1);
            assertThat(Thread.interrupted()).as("given back").isTrue();
            assertThat(queue.trySubmit("2")).isEqualTo(2);
            boolean _ = Thread.interrupted();
            assertThat(queue.trySubmit("3")).isEqualTo(3);
        }
        assertThat(seen).containsExactly(false, false, false);
    }

    @Test
    @DisplayName("H2: batches for two tiny queues, of which some have to begin again: each payload comes back exactly once")
    void batches() throws Exception {
        int each = 500;
        var calls = new AtomicIntegerArray(6 * each);
        PayloadTraits<Object> counting = PayloadTraits.plain()
                .retiringInline((payload, _, _) -> calls.incrementAndGet((Integer) payload));
        var onA = new PushDriver(1, true);
        var onB = new PushDriver(1, true);
        onA.mayHaveHoles();
        onB.mayHaveHoles();
        JobQueue<Object> a = open(onA, options("a").withCapacity(4), counting);
        JobQueue<Object> b = open(onB, options("b").withCapacity(4), counting);
        List<FutureTask<Void>> users = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int from = 2 * i * each;
            users.add(start("user", () -> {
                for (int job = from; job < from + 2 * each; job += 2) {
                    Batch batch = Batch.create();
                    boolean even = job % 4 == 0;
                    Batch.Member first = batch.add(even ? a : b, (Object) job);
                    batch.add(even ? b : a, (Object) (job + 1)).after(first);
                    var _ = batch.commit();
                }
            }));
        }
        join(users);
        a.close();
        b.close();
        for (int job = 0; job < 6 * each; job++) {
            assertThat(calls.get(job)).as("calls for %s", job).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("H13: many threads submit to a device that completes out of order; each payload comes back exactly once")
    void stress(Where where) throws Exception {
        int each = 4_000;
        int threads = 4;
        var calls = new AtomicIntegerArray(threads * each);
        var tooEarly = new AtomicInteger();
        var inside = new AtomicInteger();
        var together = new AtomicInteger();
        queue = open(new PushDriver(2, false), options("stress").withCapacity(32), where.traits((payload, seqno, _) -> {
            together.accumulateAndGet(inside.incrementAndGet(), Math::max);
            calls.incrementAndGet((Integer) payload);
            if (!queue.timeline().isDone(seqno)) {
                tooEarly.incrementAndGet();
            }
            inside.decrementAndGet();
            if ((Integer) payload % 1_000 == 7) {
                throw new IllegalStateException("now and then");
            }
        }));
        List<FutureTask<Void>> submitters = new ArrayList<>();
        var random = new SplittableRandom(7);
        try (var _ = new LogCapture()) {
            for (int i = 0; i < threads; i++) {
                int from = i * each;
                var own = random.split();
                submitters.add(start("submitter", () -> {
                    for (int job = from; job < from + each; job++) {
                        PointFence fence = queue.submit(job);
                        if (own.nextInt(8) == 0) {
                            boolean _ = queue.cancel(fence);
                        }
                    }
                }));
            }
            join(submitters);
            Fence end = queue.startClose();
            assertOk(end);
        }
        for (int job = 0; job < threads * each; job++) {
            assertThat(calls.get(job)).as("calls for %s", job).isEqualTo(1);
        }
        assertThat(tooEarly).hasValue(0);
        if (where != Where.INLINE) {
            assertThat(together).as("at a time").hasValue(1);
        }
    }
}
