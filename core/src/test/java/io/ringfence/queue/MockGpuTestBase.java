package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.ringfence.fence.Outcome;

/** Queues with a mock GPU each, all on one clock; where the kernel's tests have an entity, these have a queue. */
abstract class MockGpuTestBase extends QueueTestBase {
    static final Duration SECOND = Duration.ofSeconds(1);

    final MockClock clock = new MockClock();

    /** A GPU whose queue has a ring for so many jobs and may have them all on the device. */
    final MockGpu gpu(int capacity) {
        return gpu(QueueOptions.named("mock").withCapacity(capacity).withCredits(capacity));
    }

    final MockGpu gpu(QueueOptions options) {
        MockGpu gpu = new MockGpu(clock);
        return gpu.attach(open(gpu, options));
    }

    final List<MockGpu> gpus(int count, int capacity) {
        List<MockGpu> gpus = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            gpus.add(gpu(capacity));
        }
        return gpus;
    }

    static void assertDoneOk(MockJob job) {
        assertThat(job.fence().outcome()).as(job.fence().toString()).isEqualTo(Outcome.OK);
        assertThat(job.is(MockJob.DONE)).isTrue();
    }
}
