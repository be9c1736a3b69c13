package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernel's {@code drm_sched_basic_tests}. */
class KunitBasicTest extends MockGpuTestBase {
    private static final int DEPTH = 100;
    private static final long MILLI = 1_000;

    @Test
    @DisplayName("B1: a job is scheduled at once and finished when the GPU says so, not before")
    void basicSubmit() throws Exception {
        MockGpu gpu = gpu(64);
        MockJob job = gpu.submit(0);

        assertThat(clock.waitScheduled(job, SECOND)).isTrue();
        assertThat(job.scheduledAt()).isZero();
        assertThat(clock.waitFinished(job, SECOND.dividedBy(2))).isFalse();
        assertThat(gpu.advance(1)).isEqualTo(1);
        assertThat(clock.waitFinished(job, SECOND)).isTrue();

        assertDoneOk(job);
        assertThat(clock.now()).as("only the wait in vain took time").isEqualTo(SECOND.dividedBy(2));
        assertThat(gpu.advance(1)).as("nothing is left").isZero();
        gpu.queue().close();
    }

    /** Jobs dealt round-robin over the queues; each names the fence of the one before, if they are a chain. */
    private List<MockJob> submitAll(List<MockGpu> gpus, boolean chain) throws InterruptedException {
        List<MockJob> jobs = new ArrayList<>();
        for (int i = 0; i < DEPTH; i++) {
            Fence[] before = chain && i > 0 ? new Fence[] {jobs.get(i - 1).fence()} : new Fence[0];
            jobs.add(gpus.get(i % gpus.size()).submit(MILLI, before));
        }
        return jobs;
    }

    @ParameterizedTest(quoteTextArguments = false, name = "{0}: {1} queues, dependency chain {2}: {3} ms of work")
    @CsvSource({"B2, 1, false, 100", "B3, 1, true, 100", "B4, 4, false, 25", "B5, 4, true, 100"})
    @DisplayName("B2–B5: 100 jobs of 1 ms, dealt over the queues, are finished in their time")
    void basic(String id, int queues, boolean chain, int millis) throws Exception {
        List<MockGpu> gpus = gpus(queues, 128);
        List<MockJob> jobs = submitAll(gpus, chain);
        assertThat(jobs.stream().filter(MockJob::isScheduled).count()).as(id + ": on a device already")
                .isEqualTo(queues == 1 || !chain ? DEPTH : 1);

        assertThat(clock.waitFinished(jobs.getLast(), SECOND)).isTrue();

        assertThat(clock.now()).isEqualTo(Duration.ofMillis(millis));
        jobs.forEach(MockGpuTestBase::assertDoneOk);
        for (int i = 0; i < DEPTH; i++) {
            assertThat(gpus.get(i % queues).ran.get(i / queues)).isSameAs(jobs.get(i));
            if (chain && queues > 1) {
                assertThat(jobs.get(i).scheduledAt()).isEqualTo(i * MILLI);
            }
        }
        for (MockGpu gpu : gpus) {
            gpu.queue().close();
            assertThat(gpu.closes).hasValue(1);
            assertThat(gpu.runs).hasValue(DEPTH / queues);
            assertThat(gpu.cancels).hasValue(0);
        }
    }

    @Test
    @DisplayName("B6: queues freed in the middle of a chain across them end, and every job is accounted for")
    void entityCleanup() throws Exception {
        List<MockGpu> gpus = gpus(4, 128);
        List<MockJob> jobs = submitAll(gpus, true);
        assertThat(clock.waitFinished(jobs.get(DEPTH / 2), SECOND)).isTrue();
        assertThat(clock.now()).isEqualTo(Duration.ofMillis(51));

        List<Fence> ends = gpus.stream().map(gpu -> gpu.queue().kill()).toList();

        MockJob onDevice = jobs.get(51);
        assertThat(onDevice.fence().isDone()).as("on the device, which has not let go").isFalse();
        assertThat(ends.get(51 % 4).isDone()).isFalse();
        assertThat(clock.waitFinished(onDevice, SECOND)).isTrue();
        assertThat(clock.now()).isEqualTo(Duration.ofMillis(52));
        assertThat(ends).allMatch(Fence::isDone);
        for (int i = 0; i < DEPTH; i++) {
            MockJob job = jobs.get(i);
            if (i <= 51) {
                assertDoneOk(job);
                assertThat(job.is(MockJob.CANCELLED)).isFalse();
            } else {
                assertThat(failureOf(job.fence())).isInstanceOf(Failure.Cancelled.class);
                assertThat(job.is(MockJob.CANCELLED)).isTrue();
                assertThat(job.isScheduled()).isFalse();
            }
        }
        for (MockGpu gpu : gpus) {
            assertThat(gpu.closes).hasValue(1);
            assertThat(gpu.queue().trySubmit(new MockJob(MILLI))).isEqualTo(SubmitCode.CLOSED);
        }
    }
}
