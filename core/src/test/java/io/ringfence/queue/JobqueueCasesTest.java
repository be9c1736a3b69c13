package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The cases of the Jobqueue's tester: a device that takes a second for a job, a capacity that nobody reaches. */
class JobqueueCasesTest extends MockGpuTestBase {
    private static final long JOB = 1_000_000;
    private static final Duration TWO = SECOND.multipliedBy(2);

    private MockGpu device() {
        return gpu(QueueOptions.named("jobqueue").withCapacity(QueueOptions.MAX_CAPACITY).withCredits(1_000_000));
    }

    @Test
    @DisplayName("Q1: two independent jobs are both done")
    void independent() throws Exception {
        MockGpu device = device();
        MockJob first = device.submit(JOB);
        MockJob second = device.submit(JOB);

        assertThat(clock.waitFinished(first, TWO)).isTrue();
        assertThat(second.fence().isDone()).as("done in order").isFalse();
        assertThat(clock.waitFinished(second, TWO)).isTrue();

        assertDoneOk(first);
        assertDoneOk(second);
        assertThat(clock.now()).isEqualTo(TWO);
    }

    @Test
    @DisplayName("Q2: a job whose dependency is signalled already is done in its time")
    void signalledDependency() throws Exception {
        FenceIssuer input = issuer("input");
        input.signal();
        MockJob job = device().submit(JOB, input.fence());

        assertThat(clock.waitFinished(job, TWO)).isTrue();

        assertDoneOk(job);
        assertThat(clock.now()).isEqualTo(SECOND);
    }

    @Test
    @DisplayName("Q3: a job whose dependency is not signalled is still pending after two seconds")
    void pendingDependency() throws Exception {
        FenceIssuer input = issuer("input");
        MockJob job = device().submit(JOB, input.fence());

        assertThat(clock.waitFinished(job, TWO)).isFalse();

        assertThat(clock.now()).isEqualTo(TWO);
        assertThat(job.isScheduled()).isFalse();
        assertThat(job.fence().isDone()).isFalse();
    }

    @Test
    @DisplayName("Q4: when that dependency is signalled, the job finishes")
    void signalledLater() throws Exception {
        FenceIssuer input = issuer("input");
        MockJob job = device().submit(JOB, input.fence());
        assertThat(clock.waitFinished(job, TWO)).isFalse();

        input.signal();

        assertThat(job.scheduledAt()).as("by the one who signals").isEqualTo(clock.micros());
        assertThat(clock.waitFinished(job, TWO)).isTrue();
        assertDoneOk(job);
        assertThat(clock.now()).isEqualTo(SECOND.multipliedBy(3));
    }

    @Test
    @DisplayName("Q5: a job waits for all of its three dependencies, then it and those behind it are done")
    void threeDependencies() throws Exception {
        MockGpu device = device();
        FenceIssuer one = issuer("one");
        FenceIssuer two = issuer("two");
        FenceIssuer three = issuer("three");
        MockJob first = device.submit(JOB);
        MockJob second = device.submit(JOB);
        MockJob third = device.submit(JOB, one.fence(), two.fence(), three.fence());

        clock.elapse(TWO);
        assertDoneOk(first);
        assertDoneOk(second);
        assertThat(third.isScheduled()).isFalse();
        one.signal();
        three.signal();
        assertThat(clock.waitScheduled(third, TWO)).isFalse();
        assertThat(third.fence().isDone()).isFalse();
        two.signal();
        assertThat(clock.waitFinished(third, TWO)).isTrue();
        assertDoneOk(third);

        MockJob fourth = device.submit(JOB);
        MockJob fifth = device.submit(JOB);
        clock.elapse(TWO);
        assertDoneOk(fourth);
        assertDoneOk(fifth);
    }

    @Test
    @DisplayName("Q6: on a synchronous device jobs are done at once, also those of a second queue that wait for the first's")
    void synchronous() throws Exception {
        var driver = new InlineDriver();
        JobQueue<Object> queue = open(driver);
        PointFence first = queue.submit("first");
        PointFence second = queue.submit("second");
        assertOk(first);
        assertOk(second);

        var other = new InlineDriver();
        JobQueue<Object> next = open(other);
        FenceIssuer input = issuer("input");
        PointFence third = next.submit("third", first);
        PointFence fourth = next.submit("fourth", input.fence());
        assertOk(third);
        next.timeline().poll();
        assertThat(other.runs).hasValue(1);
        assertThat(fourth.isDone()).isFalse();
        input.signal();
        assertOk(fourth);
        assertThat(driver.runs).hasValue(2);
        assertThat(other.runs).hasValue(2);
    }
}
