package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.driver.Completions;
import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.fence.Failure;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompletionStylesTest extends OwnQueuesTestBase {
    private final IllegalStateException broken = new IllegalStateException("on the device");

    enum Style {
        PUSH_INSIDE_RUN, PUSH_SINGLE_INSIDE_RUN, PUSH, PUSH_OUT_OF_ORDER, POLL, POLL_OUT_OF_ORDER, COMPARE;

        private Driver<Object> driver() {
            return switch (this) {
                case PUSH_INSIDE_RUN -> new PushDriver(0, true);
                case PUSH_SINGLE_INSIDE_RUN -> new PushDriver(0, false);
                case PUSH -> new PushDriver(1, true);
                case PUSH_OUT_OF_ORDER -> new PushDriver(3, false);
                case POLL -> new PollDriver(true);
                case POLL_OUT_OF_ORDER -> new PollDriver(false);
                case COMPARE -> new CompareDriver();
            };
        }
    }

    private JobQueue<Object> open(Style style, QueueOptions options) {
        Driver<Object> driver = style.driver();
        return driver instanceof CheckedDriver checked ? open(checked, options)
                : hold(runtime.openQueue(driver, options));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("H12: each style finishes everything through a small ring, in order, with failures in between")
    void finishesEverything(Style style) throws Exception {
        JobQueue<Object> queue = open(style, options(style.name()).withCapacity(16).withCredits(8));
        var order = new ConcurrentLinkedQueue<Long>();
        List<PointFence> fences = new ArrayList<>();
        int jobs = 5_000;
        var called = new CountDownLatch(jobs);
        for (int i = 1; i <= jobs; i++) {
            PointFence fence = queue.submit(i % 7 == 0 ? broken : "job");
            var _ = fence.onDone(() -> {
                order.add(fence.seqno());
                called.countDown();
            });
            fences.add(fence);
            if (i % 97 == 0) {
                assertThat(fence.await()).isNotEqualTo(Outcome.PENDING);
            }
        }
        called.await();
        for (int i = 1; i <= jobs; i++) {
            PointFence fence = fences.get(i - 1);
            assertThat(fence.seqno()).isEqualTo(i);
            assertThat(fence.failure()).as(fence.toString())
                    .isEqualTo(i % 7 == 0 ? new Failure.DriverError(broken) : null);
        }
        assertThat(order).hasSize(jobs).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("H13: each style beside four submitters that depend on each other's jobs; nothing is lost, the end is reached")
    void manySubmitters(Style style) throws Exception {
        JobQueue<Object> queue = open(style, options(style.name()).withCapacity(32).withCredits(3));
        var ok = new AtomicLong();
        var failed = new AtomicLong();
        List<FutureTask<Void>> submitters = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            submitters.add(start("submitter", () -> {
                PointFence before = queue.submit("first");
                for (int job = 1; job < 1_500; job++) {
                    boolean fails = job % 100 == 50;
                    PointFence fence = queue.submit(fails ? broken : "job", before);
                    if (job % 100 == 99) {
                        (fence.await() == Outcome.OK ? ok : failed).incrementAndGet();
                        before = queue.submit("again");
                    } else {
                        before = fence;
                    }
                }
            }));
        }
        join(submitters);
        queue.close();
        assertThat(ok).as("each fifty-first job failed, and so did those behind it").hasValue(0);
        assertThat(failed).hasValue(4 * 15);
        assertThat(queue.status().finished()).isEqualTo(queue.status().claimed());
    }

    // ---- pushing

    @Test
    @DisplayName("H12: a push signals fences on the thread that pushes, though nobody polls and nobody waits")
    void signalsAtOnce() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        List<PointFence> jobs = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            jobs.add(queue.submit("job"));
        }
        DriverLink link = driver.link();
        assertThat(link.queueName()).isEqualTo(queue.name());
        link.completedThrough(2);
        assertThat(jobs).extracting(PointFence::isDone).containsExactly(true, true, false, false, false);
        link.completed(4);
        assertThat(jobs.get(3).isDone()).as("its predecessor is on the device").isFalse();
        link.failed(3, broken);
        assertThat(jobs.get(3).outcome()).isEqualTo(Outcome.OK);
        assertThat(jobs.get(2).failure()).isEqualTo(new Failure.DriverError(broken));
        link.completedThrough(1);
        assertThat(jobs.get(4).isDone()).as("a lower one than before changes nothing").isFalse();
        link.completedThrough(5);
        assertThat(jobs.get(4).outcome()).isEqualTo(Outcome.OK);
        assertThat(driver.armings).isEmpty();
    }

    @Test
    @DisplayName("H3: a failure that is told before the job is passed stays, in whatever order the two arrive at the turn")
    void failedBeforeThrough() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        PointFence first = queue.submit("1");
        PointFence second = queue.submit("2");
        PointFence third = queue.submit("3");
        driver.link().failed(2, broken);
        driver.link().completedThrough(3);
        assertOk(first);
        assertThat(failureOf(second)).isEqualTo(new Failure.DriverError(broken));
        assertOk(third);
    }

    @Test
    @DisplayName("H3: of two reports of one job the first counts; reports of finished and of refused jobs change nothing")
    void reportedAgain() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        PointFence first = queue.submit("1");
        PointFence second = queue.submit("2");
        PointFence thrown = queue.submit((Work) _ -> {
            throw broken;
        });
        DriverLink link = driver.link();
        link.completed(2);
        link.failed(2, new IllegalStateException("too late"));
        link.completed(3);
        link.failed(1, broken);
        link.completed(1);
        link.failed(1, new IllegalStateException("too late"));
        link.completed(0);
        link.completedThrough(-1);
        link.failed(Long.MIN_VALUE, broken);

        assertThat(first.failure()).isEqualTo(new Failure.DriverError(broken));
        assertOk(second);
        assertThat(thrown.failure()).isEqualTo(new Failure.DriverError(broken));
        assertThat(queue.trySubmit("next")).isEqualTo(4);
        assertThat(driver.ran).containsExactly(1L, 2L, 4L);
    }

    @Test
    @DisplayName("H19: pushes, and interrupts, after the queue has ended reach nobody")
    void afterTheEnd() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        PointFence job = queue.submit("job");
        driver.link().completedThrough(1);
        queue.close();
        long polls = driver.polls.get();

        driver.link().completed(1);
        driver.link().failed(1, broken);
        driver.link().completedThrough(1L << 40);
        driver.link().interrupt();
        runtime.close();

        assertOk(job);
        assertThat(driver.polls).hasValue(polls);
        assertThat(queue.describe()).doesNotContain("stopped");
    }

    @Test
    @DisplayName("H24: a device that tells of a seqno which nobody submitted is lost, by name, in whatever way it tells")
    void neverSubmitted() throws Exception {
        for (int way = 0; way < 3; way++) {
            var driver = new ManualDriver();
            JobQueue<Object> queue = open(driver);
            PointFence job = queue.submit("job");
            switch (way) {
                case 0 -> driver.link().completedThrough(2);
                case 1 -> driver.link().completed(2);
                default -> driver.link().failed(2, broken);
            }
            assertThat(failureOf(job)).isEqualTo(
                    new Failure.DeviceLost("it reported seqno 2, which was never submitted"));
            assertThat(failureOf(queue.submit("later"))).isInstanceOf(Failure.DeviceLost.class);
        }
    }

    @Test
    @DisplayName("H24: a device that stores nonsense where it is compared is lost, too")
    void comparedNonsense() throws Exception {
        var driver = new CompareDriver();
        JobQueue<Object> queue = hold(runtime.openQueue(driver, options("compare")));
        assertOk(queue.submit("job"));
        driver.complete(Long.MAX_VALUE);
        assertThat(failureOf(queue.submit("later"))).isInstanceOf(Failure.DeviceLost.class);
        queue.close();
        assertThat(driver.closes).hasValue(1);
    }

    @Test
    @DisplayName("H3: a device that tells of something while it is opened is not called before that has returned")
    void pushedWhileOpened() throws Exception {
        var early = new AtomicLong();
        var driver = new CompareDriver() {
            private volatile boolean opened;

            @Override
            public void open(DriverLink link) {
                super.open(link);
                link.interrupt();
                link.completedThrough(0);
                link.completed(0);
                opened = true;
            }

            @Override
            public long completedSeqno() {
                if (!opened) {
                    early.incrementAndGet();
                }
                return super.completedSeqno();
            }
        };
        JobQueue<Object> queue = hold(runtime.openQueue(driver, options("opened")));
        assertThat(early).as("polls inside open").hasValue(0);
        assertOk(queue.submit("job"));
    }

    // ---- before issued has moved

    @Test
    @DisplayName("H3: what is pushed while run is still inside, by another thread, waits for run and is not lost")
    void pushedBesideRun() throws Exception {
        for (int way = 0; way < 3; way++) {
            var driver = new ManualDriver();
            JobQueue<Object> queue = open(driver);
            var inside = new CountDownLatch(1);
            var release = new CountDownLatch(1);
            var job = new PointFence[1];
            FutureTask<Void> submitter = start("submitter", () -> job[0] = queue.submit((Work) _ -> {
                inside.countDown();
                release.await();
            }));
            inside.await();
            switch (way) {
                case 0 -> driver.link().completedThrough(1);
                case 1 -> driver.link().completed(1);
                default -> driver.link().failed(1, broken);
            }
            assertThat(queue.timeline().signaled()).isZero();
            release.countDown();
            submitter.get();
            assertThat(job[0].outcome()).as("nobody polled").isEqualTo(way == 2 ? Outcome.FAILED : Outcome.OK);
        }
    }

    @Test
    @DisplayName("H3: a failure told before issued has moved is not lost though the job is passed when it has; polled")
    void failedBesideRunThenPassed() throws Exception {
        var inside = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var queues = new ArrayList<JobQueue<Object>>();
        var driver = new ManualDriver() {
            @Override
            void report(Completions completions) {
                if (inside.getCount() == 0) {
                    boolean _ = completions.failed(1, broken);
                    release.countDown();
                    // Issued moves between the two reports, as it may at any time.
                    Spin.until(() -> queues.getFirst().status().issued() == 1);
                    completions.completedThrough(1);
                }
            }
        };
        JobQueue<Object> queue = open(driver);
        queues.add(queue);
        FutureTask<PointFence> submitter = new FutureTask<>(() -> queue.submit((Work) _ -> {
            inside.countDown();
            release.await();
        }));
        Thread.ofPlatform().daemon().start(submitter);
        inside.await();
        queue.timeline().poll();

        assertThat(failureOf(submitter.get())).isEqualTo(new Failure.DriverError(broken));
    }

    @Test
    @DisplayName("H3: a failure pushed inside run and passed at once is not lost while others poll")
    void failedInsideRunThenPassed() throws Exception {
        var driver = new PushDriver(0, true);
        JobQueue<Object> queue = open(driver, options("inside run").withCapacity(64));
        FutureTask<Void> poller = start("poller", () -> {
            while (!queue.status().closed()) {
                queue.timeline().poll();
            }
        });
        for (int i = 0; i < 30_000; i++) {
            PointFence fence = queue.submit(broken);
            Spin.until(fence::isDone);
            assertThat(fence.failure()).as(fence.toString()).isEqualTo(new Failure.DriverError(broken));
        }
        queue.close();
        poller.get();
    }
}
