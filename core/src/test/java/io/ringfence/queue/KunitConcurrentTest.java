package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernel's {@code drm_sched_concurrent_tests}: workers with a queue each, let go together. */
class KunitConcurrentTest extends MockGpuTestBase {
    private static final int CAPACITY = 16;
    private static final int WORKERS = 16;
    private static final long TEST_MICROS = 1_000_000;
    private static final int WINDOW = 8;

    private final CountDownLatch gate = new CountDownLatch(1);
    private final AtomicInteger missed = new AtomicInteger();

    /** For each worker as many jobs as it will submit, made beforehand. */
    private static List<List<MockJob>> jobs(int workers, IntUnaryOperator count, IntToLongFunction micros) {
        List<List<MockJob>> jobs = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            List<MockJob> own = new ArrayList<>();
            for (int i = 0; i < count.applyAsInt(worker); i++) {
                own.add(new MockJob(micros.applyAsLong(worker)));
            }
            jobs.add(own);
        }
        return jobs;
    }

    @ParameterizedTest(quoteTextArguments = false, name = "{0}: {1} workers with {2} jobs each")
    @CsvSource({"C1, 16, 8", "C1b, 16, 4"})
    @DisplayName("C1: workers submit in parallel; every job is scheduled, none finished, until the GPUs advance")
    void parallelSubmit(String id, int workers, int count) throws Exception {
        List<MockGpu> gpus = gpus(workers, CAPACITY);
        List<List<MockJob>> jobs = jobs(workers, _ -> count, _ -> 0);
        List<FutureTask<Void>> threads = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            MockGpu gpu = gpus.get(i);
            List<MockJob> own = jobs.get(i);
            threads.add(start(id, () -> {
                gate.await();
                for (MockJob job : own) {
                    gpu.submit(job);
                }
            }));
        }
        gate.countDown();
        join(threads);

        for (MockJob job : flat(jobs)) {
            assertThat(clock.waitScheduled(job, SECOND)).isTrue();
        }
        clock.elapse(SECOND);
        assertThat(flat(jobs)).noneMatch(job -> job.is(MockJob.DONE) || job.fence().isDone());
        assertThat(gpus.stream().mapToInt(gpu -> gpu.advance(count)).sum()).isEqualTo(workers * count);
        for (MockJob job : flat(jobs)) {
            assertThat(clock.waitFinished(job, SECOND)).isTrue();
            assertDoneOk(job);
        }
        assertThat(clock.now()).as("nothing had to be waited for").isEqualTo(SECOND);
        for (int i = 0; i < workers; i++) {
            assertThat(gpus.get(i).ran).isEqualTo(jobs.get(i));
        }
    }

    private static List<MockJob> flat(List<List<MockJob>> jobs) {
        return jobs.stream().flatMap(List::stream).toList();
    }

    /** Each worker keeps a window of jobs in flight: it waits for one and submits another. */
    private void interleave(List<MockGpu> gpus, List<List<MockJob>> jobs, int window, Duration timeout)
            throws Exception {
        clock.threads(gpus.size());
        List<FutureTask<Void>> threads = new ArrayList<>();
        for (int i = 0; i < gpus.size(); i++) {
            MockGpu gpu = gpus.get(i);
            List<MockJob> own = jobs.get(i);
            threads.add(start("worker", () -> {
                try {
                    gate.await();
                    for (int job = 0; job < Math.min(own.size(), window); job++) {
                        gpu.submit(own.get(job));
                    }
                    for (int job = 0; job < own.size(); job++) {
                        if (!clock.waitFinished(own.get(job), timeout)) {
                            missed.incrementAndGet();
                        }
                        if (job + window < own.size()) {
                            gpu.submit(own.get(job + window));
                        }
                    }
                } finally {
                    clock.leave();
                }
            }));
        }
        gate.countDown();
        join(threads);
        clock.threads(1);
    }

    @Test
    @DisplayName("C2: 16 workers keep 8 jobs each in flight; every job is finished, and no device is ever idle")
    void interleavedSubmit() throws Exception {
        List<MockGpu> gpus = gpus(WORKERS, CAPACITY);
        List<List<MockJob>> jobs = jobs(WORKERS,
                worker -> (int) Math.max(1, TEST_MICROS / WORKERS / (100L * (worker + 1))),
                worker -> 100L * (worker + 1));

        interleave(gpus, jobs, WINDOW, SECOND.multipliedBy(2));

        assertThat(missed).hasValue(0);
        for (int i = 0; i < WORKERS; i++) {
            List<MockJob> own = jobs.get(i);
            long period = own.getFirst().durationMicros;
            for (MockJob job : own) {
                assertThat(clock.waitFinished(job, Duration.ZERO)).isTrue();
                assertDoneOk(job);
            }
            assertThat(gpus.get(i).ran).isEqualTo(own);
            // With always one in flight, each starts where the one before it ends.
            assertThat(own.getLast().finishAt).isEqualTo(own.size() * period);
            assertThat(own.getLast().scheduledAt()).as("the window is open when the eighth before it is finished")
                    .isEqualTo((own.size() - WINDOW) * period);
        }
        assertThat(clock.micros()).isEqualTo(TEST_MICROS / WORKERS);
    }

    @ParameterizedTest(quoteTextArguments = false, name = "{0}: {1} workers with {2} jobs each")
    @CsvSource({"C2b, 32, 1", "C2b, 16, 4"})
    @DisplayName("C2: workers with harmonic periods submit one job at a time; every job is finished")
    void interleavedHarmonic(String id, int workers, int count) throws Exception {
        List<MockGpu> gpus = gpus(workers, CAPACITY);
        List<List<MockJob>> jobs = jobs(workers, _ -> count, worker -> 100L << worker % 10);

        interleave(gpus, jobs, 1, Duration.ofMillis(workers * (100L << 10) * 2 / 1_000));

        assertThat(missed).as(id).hasValue(0);
        for (int i = 0; i < workers; i++) {
            List<MockJob> own = jobs.get(i);
            for (int job = 0; job < count; job++) {
                assertThat(clock.waitFinished(own.get(job), Duration.ZERO)).isTrue();
                assertDoneOk(own.get(job));
                assertThat(own.get(job).scheduledAt()).isEqualTo(job * (100L << i % 10));
            }
        }
        assertThat(clock.micros()).isEqualTo(count * (100L << 9));
    }
}
