package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.FutureTask;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.Test;

/** The mock GPU works as the kernel's does. */
class MockGpuTest extends MockGpuTestBase {
    private static final Duration MILLI = Duration.ofMillis(1);

    @Test
    void aJobWithoutDurationHoldsThoseBehindItUntilTheGpuIsAdvanced() throws Exception {
        MockGpu gpu = gpu(64);
        MockJob timed = gpu.submit(1_000);
        MockJob untimed = gpu.submit(0);
        MockJob behind = gpu.submit(2_000);
        assertThat(behind.finishAt).as("counted from now, as the one before ends at no known time").isEqualTo(2_000);

        clock.elapse(MILLI.multipliedBy(10));
        assertDoneOk(timed);
        assertThat(untimed.is(MockJob.DONE)).isFalse();
        assertThat(behind.is(MockJob.DONE)).isFalse();
        assertThat(gpu.advance(1)).as("counted from the last job that was completed").isEqualTo(1);
        assertDoneOk(untimed);
        assertThat(behind.is(MockJob.DONE)).isFalse();
        assertThat(clock.waitFinished(behind, MILLI)).isTrue();
        assertThat(clock.now()).as("it was due long ago").isEqualTo(MILLI.multipliedBy(10));
    }

    @Test
    void advancingCompletesWhatIsThereAndTellsHowMuchThatWas() throws Exception {
        MockGpu gpu = gpu(64);
        gpu.submit(0);
        MockJob second = gpu.submit(5_000);
        assertThat(gpu.advance(4)).isEqualTo(2);
        assertDoneOk(second);

        MockJob third = gpu.submit(0);
        clock.elapse(SECOND);
        assertThat(third.fence().isDone()).as("passed before it came").isFalse();
        assertThat(gpu.advance(0)).isEqualTo(1);
        assertDoneOk(third);
    }

    @Test
    void whatACompletionBringsAboutBeginsAtItsMomentAndAWaitEndsAtItsOwn() throws Exception {
        MockGpu first = gpu(64);
        MockGpu second = gpu(64);
        MockJob produced = first.submit(700);
        MockJob consumed = second.submit(400, produced.fence());

        assertThat(clock.waitFinished(consumed.fence(), MILLI)).isFalse();
        assertThat(clock.now()).isEqualTo(MILLI);
        assertThat(consumed.scheduledAt()).isEqualTo(700);
        assertThat(clock.waitFinished(consumed, MILLI)).isTrue();
        assertThat(clock.micros()).isEqualTo(1_100);
        assertThat(clock.waitScheduled(consumed, Duration.ZERO)).isTrue();
    }

    @Test
    void theClockStandsStillUntilAllItsThreadsWait() throws Exception {
        MockGpu gpu = gpu(64);
        FenceIssuer early = issuer("early");
        PointFence job = gpu.submit(3_000).fence();
        clock.threads(2);
        FutureTask<Void> other = start("other", () -> {
            try {
                assertThat(clock.waitFinished(early.fence(), MILLI)).isFalse();
                assertThat(clock.now()).isEqualTo(MILLI);
                assertThat(clock.waitFinished(job, SECOND)).isTrue();
                assertThat(clock.micros()).isEqualTo(3_000);
            } finally {
                clock.leave();
            }
        });
        assertThat(clock.micros()).as("this thread does not wait yet").isZero();
        clock.elapse(MILLI.multipliedBy(2));
        assertThat(clock.now()).isEqualTo(MILLI.multipliedBy(2));
        assertThat(job.isDone()).isFalse();
        clock.elapse(MILLI.multipliedBy(2));
        other.get();
        assertThat(clock.now()).isEqualTo(MILLI.multipliedBy(4));
    }
}
