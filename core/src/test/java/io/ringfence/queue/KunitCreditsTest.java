package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The kernel's {@code drm_sched_basic_credits_tests}. */
class KunitCreditsTest extends MockGpuTestBase {
    @Test
    @DisplayName("CR1: with one credit, the second job is scheduled when the first is finished, not before")
    void creditLimit() throws Exception {
        MockGpu gpu = gpu(QueueOptions.named("mock").withCapacity(64).withCredits(1));
        MockJob first = gpu.submit(0);
        MockJob second = gpu.submit(0);

        assertThat(clock.waitScheduled(first, SECOND)).isTrue();
        assertThat(clock.waitScheduled(second, SECOND)).isFalse();
        assertThat(gpu.advance(1)).isEqualTo(1);
        assertDoneOk(first);
        assertThat(clock.waitScheduled(second, SECOND)).isTrue();
        assertThat(second.scheduledAt()).as("at the moment the credit came back").isEqualTo(clock.micros());
        assertThat(second.fence().isDone()).isFalse();
        assertThat(gpu.advance(1)).isEqualTo(1);
        assertThat(clock.waitFinished(second, SECOND)).isTrue();

        assertDoneOk(second);
        assertThat(clock.now()).as("only the wait in vain took time").isEqualTo(SECOND);
    }
}
