package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetireTest extends OwnQueuesTestBase {

    /** Where the hook is called. */
    enum Where {
        DEFERRED, INLINE, OWN_EXECUTOR, CALLER_RUNS, REFUSED;

        PayloadTraits<Object> traits(RetireHook<Object> hook) {
            PayloadTraits<Object> plain = PayloadTraits.plain();
            return switch (this) {
                case DEFERRED -> plain.retiring(hook);
                case INLINE -> plain.retiringInline(hook);
                case OWN_EXECUTOR -> plain.retiringOn(Thread::startVirtualThread, hook);
                case CALLER_RUNS -> plain.retiringOn(Runnable::run, hook);
                case REFUSED -> plain.retiringOn(_ -> {
                    throw new java.util.concurrent.RejectedExecutionException("shut down");
                }, hook);
            };
        }
    }

    private record Retired(Object payload, long seqno, Failure failure) {
    }

    private final ConcurrentLinkedQueue<Retired> retired = new ConcurrentLinkedQueue<>();
    private final AtomicInteger tooEarly = new AtomicInteger();
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger together = new AtomicInteger();
    private final ManualDriver driver = new ManualDriver();
    /** An executor that refuses is reported. */
    private final LogCapture log = new LogCapture();
    private JobQueue<Object> queue;

    @AfterEach
    void closeLog() {
        log.close();
    }

    /** Notes each call, whether the job was finished then, and how many calls there were at a time. */
    private void note(Object payload, long seqno, Failure failure) {
        together.accumulateAndGet(inside.incrementAndGet(), Math::max);
        if (!queue.timeline().isDone(seqno)) {
            tooEarly.incrementAndGet();
        }
        retired.add(new Retired(payload, seqno, failure));
        inside.decrementAndGet();
    }

    private void openNoting(CheckedDriver on, QueueOptions options, Where where) {
        queue = open(on, options, where.traits(this::note));
    }

    private List<Long> seqnos() {
        return retired.stream().map(Retired::seqno).toList();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("D9: the hook is called once for each job, after its fence: ok, failed in run and on the device, cancelled, dependent")
    void onceForEachOutcome(Where where) throws Exception {
        openNoting(driver, options("outcomes"), where);
        var broken = new IllegalStateException("broken");
        FenceIssuer gate = issuer("gate");
        Work throwing = _ -> {
            throw broken;
        };
        PointFence ok = queue.submit("ok");
        PointFence onDevice = queue.submit("fails on the device");
        PointFence inRun = queue.submit(throwing);
        PointFence dependent = queue.submit("depends", inRun);
        PointFence cancelled = queue.submit("cancelled", gate.fence());
        queue.submitFor("throws when read", _ -> {
            throw broken;
        });
        assertThat(queue.cancel(cancelled)).isTrue();
        gate.signal();
        assertThat(retired).as("still the queue's").isEmpty();
        driver.fail(2, broken);
        driver.finishThrough(6);

        assertOk(queue.startClose());
        assertThat(retired).containsExactly(new Retired("ok", 1, null),
                new Retired("fails on the device", 2, onDevice.failure()), new Retired(throwing, 3, inRun.failure()),
                new Retired("depends", 4, dependent.failure()), new Retired("cancelled", 5, cancelled.failure()),
                new Retired("throws when read", 6, new Failure.DriverError(broken)));
        assertThat(tooEarly).hasValue(0);
        assertOk(ok);
        assertThat(cancelled.failure()).isInstanceOf(Failure.Cancelled.class);
        assertThat(dependent.failure()).isInstanceOf(Failure.DependencyFailed.class);
    }

    @Test
    @DisplayName("D9: a payload that was refused, or that a batch gave up, is not retired; nor is one that is still pending")
    void notRetired() throws Exception {
        openNoting(driver, options("small").withCapacity(2), Where.INLINE);
        JobQueue<Object> full = open(new ManualDriver(), options("full").withCapacity(2), PayloadTraits.plain());
        full.submit("1");
        full.submit("2");
        PointFence pending = queue.submit("pending");
        Batch batch = Batch.create();
        batch.add(queue, "given up");
        batch.add(full, "no room");
        assertThat(batch.tryCommit()).isNull();
        assertThat(queue.trySubmitAll(new Object[] {"1", "2", "3"}).count()).isEqualTo(1);
        assertThat(queue.trySubmit("full")).isEqualTo(SubmitCode.FULL);
        assertThat(retired).isEmpty();

        driver.finishQuietlyThrough(2);
        queue.close();
        assertThat(queue.trySubmit("closed")).isEqualTo(SubmitCode.CLOSED);
        assertOk(pending);
        assertThat(retired).extracting(Retired::payload).containsExactly("pending", "1");
    }

    @Test
    @DisplayName("D9: the holes of a batch that was overtaken are not retired, and its jobs are, once")
    void holes() throws Exception {
        openNoting(driver, options("ring"), Where.INLINE);
        long hole = queue.core().claim().claim(1);
        Submitter.publishHoles(queue.core().slots(), hole, 1);
        PointFence job = queue.submit("job");
        driver.finishThrough(2);
        assertOk(job);
        queue.close();
        assertThat(seqnos()).containsExactly(2L);
        assertThat(driver.violations()).as("nor is the driver shown it").singleElement().asString()
                .contains("run of 2 after 0");
        driver.violations.clear();
    }

    @Test
    @DisplayName("D8: a killed queue retires what it held, once each")
    void killed() throws Exception {
        openNoting(driver, options("killed").withCredits(2), Where.DEFERRED);
        for (int i = 0; i < 6; i++) {
            queue.submit("job");
        }
        Fence end = queue.kill();
        assertThat(retired).isEmpty();
        driver.finishThrough(2);
        assertOk(end);
        assertThat(seqnos()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(retired.stream().map(Retired::failure).filter(Objects::nonNull)).hasSize(4);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("D9: jobs found complete together are retired in the order of their seqnos, after what hangs on their fences")
    void togetherInOrder(Where where) throws Exception {
        openNoting(driver, options("order"), where);
        var callbacks = new ArrayList<Integer>();
        List<Long> expected = new ArrayList<>();
        for (long i = 1; i <= 50; i++) {
            PointFence job = queue.submit("job");
            var _ = job.onDone(() -> callbacks.add(where == Where.INLINE ? retired.size() : 0));
            expected.add(i);
        }
        driver.finishQuietlyThrough(50);
        queue.timeline().poll();
        assertThat(callbacks).hasSize(50).containsOnly(0);
        assertOk(queue.startClose());
        assertThat(seqnos()).isEqualTo(expected);
        assertThat(together).as("at a time").hasValue(1);
        assertThat(log.has("executor of the retire hook")).isEqualTo(where == Where.REFUSED);
    }

    @Test
    @DisplayName("D9: a deferred hook may park; the jobs behind are finished meanwhile, their hooks wait, and the end does")
    void deferredMayPark() throws Exception {
        FenceIssuer gate = issuer("gate");
        queue = open(driver, options("parks"), Where.DEFERRED.traits((payload, seqno, failure) -> {
            gate.fence().await();
            note(payload, seqno, failure);
        }));
        List<PointFence> jobs = List.of(queue.submit("1"), queue.submit("2"), queue.submit("3"));
        driver.finishThrough(3);
        for (PointFence job : jobs) {
            assertOk(job);
        }
        Fence end = queue.startClose();
        Spin.until(() -> driver.closes.get() == 1);
        assertThat(retired).isEmpty();
        assertThat(end.isDone()).isFalse();
        assertThat(queue.dump()).contains("3 finished jobs wait for their retire hook");
        assertThat(runtime.describe()).contains("parks");

        gate.signal();
        assertOk(end);
        assertThat(seqnos()).containsExactly(1L, 2L, 3L);
        assertThat(together).hasValue(1);
        assertThat(runtime.describe()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"INLINE", "CALLER_RUNS", "REFUSED"})
    @DisplayName("H6: on the thread that completes, a hook is refused what could park, and may try to submit")
    void parkingRefused(Where where) throws Exception {
        var refusals = new ConcurrentLinkedQueue<Throwable>();
        FenceIssuer never = issuer("never");
        queue = open(new InlineDriver(), options("inline"), where.traits((payload, seqno, failure) -> {
            for (Body parks : List.<Body>of(() -> queue.submit("no"), () -> queue.submit("no", Duration.ZERO),
                    () -> Batch.create().commit(), () -> never.fence().await())) {
                assertThatThrownBy(parks::run).isInstanceOf(IllegalStateException.class)
                        .satisfies(refusals::add);
            }
            note(payload, seqno, failure);
            if (seqno < 10) {
                assertThat(queue.trySubmit("next")).isEqualTo(seqno + 1);
            }
        }));
        assertOk(queue.submit("first"));
        Spin.until(() -> retired.size() == 10 || isPolledFor(11));
        assertThat(seqnos()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
        assertThat(refusals).hasSize(40);
        queue.close();
        never.signal();
    }

    private boolean isPolledFor(int seqno) {
        queue.timeline().poll();
        return queue.timeline().isDone(seqno);
    }

    @Test
    @DisplayName("H6: a hook that submits the next job, a hundred thousand times over, uses constant stack")
    void chain() throws Exception {
        int jobs = 100_000;
        var done = new CountDownLatch(1);
        var device = new PushDriver(0, true);
        queue = open(device, options("chain"), Where.INLINE.traits((_, seqno, _) -> {
            if (seqno == jobs) {
                done.countDown();
            } else {
                assertThat(queue.trySubmit("next")).isEqualTo(seqno + 1);
            }
        }));
        queue.submit("first");
        done.await();
        assertThat(device.runs).hasValue(jobs);
    }
}
