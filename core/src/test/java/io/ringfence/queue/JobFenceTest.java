package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.FenceProducer;
import io.ringfence.fence.Fences;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.fence.Registration;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the fences of jobs, and the fences that jobs name, tell and are told. */
class JobFenceTest extends QueueTestBase {
    private final HintedDriver driver = new HintedDriver();

    /** Notes the deadlines it is told. */
    private static class HintedDriver extends ManualDriver {
        final List<String> hints = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void hintDeadline(long seqno, long nanoTime) {
            hints.add(seqno + "@" + nanoTime);
        }
    }

    private static final class Recorder implements FenceProducer {
        final AtomicInteger enabled = new AtomicInteger();
        final List<Long> hints = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void enableSignalling() {
            enabled.incrementAndGet();
        }

        @Override
        public void hintDeadline(long nanoTime) {
            hints.add(nanoTime);
        }
    }

    // ---- the time of signalling

    @Test
    void theTimeOfAJobIsKnownUntilCapacityOthersHaveFollowed() throws Exception {
        JobQueue<Object> queue = open(driver, options("q").withCapacity(4).withSignalTimes(true));
        PointFence first = queue.submit("first");
        PointFence second = queue.submit("second");
        assertThat(first.signalTime()).isEmpty();
        driver.finishThrough(2);
        assertOk(second);
        OptionalLong time = first.signalTime();
        assertThat(time).isPresent().isEqualTo(second.signalTime()).isEqualTo(first.signalTime());
        assertThat(time.getAsLong()).isLessThanOrEqualTo(System.nanoTime());

        for (long seqno = 3; seqno <= 4; seqno++) {
            PointFence next = queue.submit("next");
            driver.finishThrough(seqno);
            assertOk(next);
            assertThat(next.signalTime().orElseThrow()).isGreaterThanOrEqualTo(time.getAsLong());
            assertThat(first.signalTime()).isEqualTo(time);
        }
        PointFence fifth = queue.submit("fifth");
        driver.finishThrough(5);
        assertOk(fifth);
        assertThat(first.signalTime()).as("four have followed").isEmpty();
        assertThat(second.signalTime()).isEqualTo(time);
    }

    @Test
    void theTimeOfAJobIsNotKnownIfItIsNotKept() throws Exception {
        JobQueue<Object> queue = open(new InlineDriver(), options("q").withSignalTimes(false));
        PointFence job = queue.submit("job");
        assertOk(job);
        assertThat(job.signalTime()).isEmpty();
        assertThat(Fences.allOf(job, Fences.signalledAt(3)).signalTime()).isEmpty();
    }

    // ---- containers as dependencies

    @Test
    void aJobWaitsForAllOfItsContainer() throws Exception {
        JobQueue<Object> queue = open(driver);
        FenceIssuer a = issuer("a");
        FenceIssuer b = issuer("b");
        PointFence job = queue.submit("job", Fences.allOf(a.fence(), b.fence()));
        a.signal();
        assertThat(driver.ran).isEmpty();
        b.signal();
        assertThat(driver.ran).containsExactly(1L);
        driver.finishThrough(1);
        assertOk(job);
    }

    @Test
    void aJobWaitsForAnyOfItsContainerAndIsNotHarmedByTheLoser() throws Exception {
        JobQueue<Object> queue = open(driver);
        FenceIssuer a = issuer("a");
        FenceIssuer b = issuer("b");
        PointFence job = queue.submit("job", Fences.anyOf(a.fence(), b.fence()));
        assertThat(driver.ran).isEmpty();
        b.signal();
        assertThat(driver.ran).containsExactly(1L);
        a.fail(new IllegalStateException("late"));
        driver.finishThrough(1);
        assertOk(job);
    }

    @Test
    void aJobFailsWithItsContainerByName() throws Exception {
        JobQueue<Object> queue = open(driver);
        FenceIssuer a = issuer("a");
        FenceIssuer b = issuer("b");
        var cause = new Failure.DeviceLost("unplugged");
        PointFence all = queue.submit("all", Fences.allOf(a.fence(), b.fence()));
        PointFence any = queue.submit("any", Fences.anyOf(a.fence(), b.fence()));
        a.fail(cause);
        b.signal();
        assertThat(failureOf(all)).isEqualTo(new Failure.DependencyFailed("a", cause));
        assertThat(failureOf(any)).isInstanceOfSatisfying(Failure.DependencyFailed.class, failed -> {
            assertThat(failed.fence()).contains("any of");
            assertThat(failed.root()).isEqualTo(cause);
        });
        assertThat(driver.ran).isEmpty();
    }

    @Test
    @DisplayName("H1: a job that names a container fails with its earlier point, though only the later one is waited for")
    void earlierPointOfAContainer() throws Exception {
        JobQueue<Object> upload = open(driver);
        var drawDriver = new ManualDriver();
        JobQueue<Object> draw = open(drawDriver);
        PointFence first = upload.submit("first");
        PointFence second = upload.submit("second");
        PointFence job = draw.submit("draw", Fences.allOf(first, second));
        var error = new IllegalStateException("bad upload");
        driver.fail(1, error);
        driver.finishThrough(2);
        assertThat(failureOf(job))
                .isEqualTo(new Failure.DependencyFailed(first.toString(), new Failure.DriverError(error)));
        assertOk(second);
        assertThat(drawDriver.ran).isEmpty();
    }

    @Test
    void containersOfJobsOfSeveralQueues() throws Exception {
        List<JobQueue<Object>> queues = IntStream.range(0, 3)
                .mapToObj(i -> open(new ThreadedDriver(), options("q" + i))).toList();
        Fence last = Fences.signalled();
        for (int round = 0; round < 500; round++) {
            List<Fence> jobs = new ArrayList<>();
            for (JobQueue<Object> queue : queues) {
                jobs.add(queue.submit("job", last));
            }
            last = round % 2 == 0 ? Fences.allOf(jobs) : Fences.allOf(Fences.anyOf(jobs), Fences.allOf(jobs));
        }
        assertOk(last);
        assertThat(queues).allSatisfy(queue -> assertThat(queue.timeline().signaled()).isEqualTo(500));
    }

    @Test
    void awaitAnyAmongJobsAndFences() throws Exception {
        JobQueue<Object> queue = open(driver);
        FenceIssuer a = issuer("a");
        List<Fence> fences = List.of(a.fence(), queue.submit("job"));
        assertThat(Fences.awaitAny(fences, Duration.ofNanos(1))).isEqualTo(-1);
        driver.finishThrough(1);
        assertThat(Fences.awaitAny(fences, Duration.ofHours(1))).isEqualTo(1);
    }

    // ---- producers

    @Test
    @DisplayName("dma_fence F5: submitting a job tells the producers of all it names, though others are ahead of it")
    void namingEnables() throws Exception {
        JobQueue<Object> queue = open(driver);
        FenceIssuer head = issuer("head");
        PointFence first = queue.submit("first", head.fence());
        Recorder direct = new Recorder();
        Recorder inAny = new Recorder();
        Recorder inAll = new Recorder();
        Recorder other = new Recorder();
        List<FenceIssuer> produced = new ArrayList<>();
        for (Recorder each : List.of(direct, inAny, inAll, other)) {
            produced.add(FenceIssuer.create("produced", each));
        }
        Fence any = Fences.anyOf(produced.get(1).fence(), head.fence());
        Fence all = Fences.allOf(produced.get(2).fence(), head.fence());
        assertThat(List.of(inAny, inAll)).allSatisfy(each -> assertThat(each.enabled).hasValue(0));

        PointFence second = queue.submit("second", produced.getFirst().fence(), any, all);

        assertThat(List.of(direct, inAny, inAll)).allSatisfy(each -> assertThat(each.enabled).hasValue(1));
        assertThat(queue.trySubmit("third", produced.get(3).fence())).isEqualTo(3);
        assertThat(other.enabled).hasValue(1);
        assertThat(driver.ran).isEmpty();
        produced.forEach(FenceIssuer::signal);
        head.signal();
        driver.finishThrough(3);
        assertOk(first);
        assertOk(second);
        assertThat(List.of(direct, inAny, inAll, other)).allSatisfy(each -> assertThat(each.enabled).hasValue(1));
    }

    @Test
    void aProducerThatSignalsWhenItsJobIsSubmittedLetsItRun() throws Exception {
        JobQueue<Object> queue = open(driver);
        var made = new ArrayList<FenceIssuer>();
        made.add(FenceIssuer.create("prompt", () -> made.getFirst().signal()));
        PointFence job = queue.submit("job", made.getFirst().fence());
        assertThat(driver.ran).containsExactly(1L);
        driver.finishThrough(1);
        assertOk(job);
    }

    // ---- deadlines

    @Test
    @DisplayName("dma_fence F11: a job's fence passes a deadline on to its driver, earlier ones only, until it is done")
    void hintToDriver() throws Exception {
        JobQueue<Object> queue = open(driver);
        PointFence first = queue.submit("first");
        PointFence second = queue.submit("second");
        long now = System.nanoTime();
        second.hintDeadline(now);
        second.hintDeadline(now + 1);
        first.hintDeadline(now);
        second.hintDeadline(now - 1);
        assertThat(driver.hints).containsExactly("2@" + now, "2@" + (now - 1));
        driver.finishThrough(2);
        assertOk(second);
        first.hintDeadline(now - 2);
        second.hintDeadline(now - 2);
        assertThat(driver.hints).as("done").hasSize(2);
    }

    @Test
    @DisplayName("dma_fence F11: and on to what its job and the jobs before it wait for")
    void hintToDependencies() throws Exception {
        JobQueue<Object> upload = open(driver);
        var drawDriver = new HintedDriver();
        JobQueue<Object> draw = open(drawDriver);
        Recorder recorder = new Recorder();
        Recorder later = new Recorder();
        FenceIssuer asset = FenceIssuer.create("asset", recorder);
        FenceIssuer notWanted = FenceIssuer.create("not wanted", later);
        PointFence copy = upload.submit("copy", asset.fence());
        PointFence ahead = draw.submit("ahead", copy);
        PointFence wanted = draw.submit("wanted");
        PointFence behind = draw.submit("behind", notWanted.fence());
        long now = System.nanoTime();

        Fences.allOf(ahead, wanted).hintDeadline(now);

        assertThat(drawDriver.hints).contains("2@" + now);
        assertThat(driver.hints).containsExactly("1@" + now);
        assertThat(recorder.hints).containsExactly(now);
        assertThat(later.hints).isEmpty();
        assertThat(recorder.enabled).as("by naming it").hasValue(1);

        asset.signal();
        notWanted.signal();
        driver.finishThrough(1);
        assertOk(copy);
        drawDriver.finishThrough(3);
        assertOk(behind);
    }

    @Test
    void aDriverThatThrowsAtAHintIsReportedAndHarmless() throws Exception {
        var broken = new ManualDriver() {
            @Override
            public void hintDeadline(long seqno, long nanoTime) {
                throw new IllegalStateException("hint " + seqno);
            }
        };
        JobQueue<Object> queue = open(broken);
        Recorder recorder = new Recorder();
        FenceIssuer asset = FenceIssuer.create("asset", recorder);
        PointFence job = queue.submit("job", asset.fence());
        job.hintDeadline(7);
        assertThat(recorder.hints).containsExactly(7L);
        asset.signal();
        broken.finishThrough(1);
        assertOk(job);
    }

    // ---- given up

    @Test
    void aJobThatWaitsForAnAbandonedFenceFailsByItsName() throws Exception {
        JobQueue<Object> queue = open(driver);
        FenceIssuer input = issuer("texture");
        PointFence job = queue.submit("job", input.fence());
        PointFence next = queue.submit("next", job);
        input.close();
        var abandoned = new Failure.Abandoned("texture", false, null);
        assertThat(failureOf(job)).isEqualTo(new Failure.DependencyFailed("texture", abandoned));
        assertThat(failureOf(next)).isEqualTo(new Failure.DependencyFailed(job.toString(), abandoned));
        assertThat(driver.cancelled).containsExactly(1L, 2L);
    }

    @Test
    void aJobThatWaitsForAForgottenFenceFailsByItsName() throws Exception {
        JobQueue<Object> queue = open(driver);
        PointFence job = queue.submit("job", forgotten());
        while (!job.isDone()) {
            System.gc();
            Thread.onSpinWait();
        }
        assertThat(job.failure())
                .isEqualTo(new Failure.DependencyFailed("texture", new Failure.Abandoned("texture", true, null)));
    }

    private static Fence forgotten() {
        return FenceIssuer.create("texture").fence();
    }

    // ---- inside

    @Test
    @DisplayName("H6: what could park is refused inside run, cancel and a job's callback, and allowed elsewhere")
    void refusedInsideDriverMethods() throws Exception {
        var thrown = new ArrayList<Throwable>();
        var queues = new ArrayList<JobQueue<Object>>();
        FenceIssuer input = issuer("input");
        Registration registration = input.fence().onDone(() -> {
        });
        Work parks = _ -> {
            thrown.add(catchThrowable(input.fence()::await));
            thrown.add(catchThrowable(() -> queues.getFirst().submit("more")));
            thrown.add(catchThrowable(registration::cancelAndAwait));
            thrown.add(catchThrowable(() -> Fences.awaitAny(List.of(input.fence()), Duration.ofHours(1))));
        };
        var cancelling = new ManualDriver() {
            @Override
            void cancelled(long seqno, Object payload) {
                try {
                    parks.run(seqno);
                } catch (Throwable never) {
                    thrown.add(never);
                }
            }
        };
        queues.add(open(cancelling));
        JobQueue<Object> queue = queues.getFirst();
        PointFence job = queue.submit(parks);
        var told = issuer("told");
        job.onDone(() -> {
            try {
                parks.run(0);
            } catch (Throwable never) {
                thrown.add(never);
            }
            told.signal();
        });
        assertThat(thrown).hasSize(4);
        cancelling.finishThrough(1);
        assertOk(told.fence());
        assertThat(thrown).hasSize(8);

        FenceIssuer gate = issuer("gate");
        queue.submit("cancelled", gate.fence());
        Fence end = queue.kill();
        gate.signal();
        assertOk(end);
        assertThat(thrown).hasSize(12).allSatisfy(refused -> assertThat(refused)
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("could park"));
        assertThat(input.fence().await(Duration.ofNanos(1))).isEqualTo(Outcome.PENDING);
        assertThat(registration.cancelAndAwait()).as("was not taken back").isTrue();
    }
}
