package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serial;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.fence.Failure;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is left when everything but the fences is gone. */
@Timeout(180)
class HeldFencesTest {
    private static final int QUEUES = 100;
    private static final int EACH = 1_000;
    private static final int COLLECTIONS = 100;

    /** How a queue ends: each job of it ends in one of the ways below. */
    private enum End {
        FINISHED, KILLED, LOST
    }

    private static final class JobFailed extends Exception {
        @Serial
        private static final long serialVersionUID = 1L;

        JobFailed(String job) {
            super(job, null, false, false);
        }
    }

    private final List<PointFence> fences = new ArrayList<>();
    private final List<WeakReference<?>> gone = new ArrayList<>();

    private static End end(int queue) {
        return End.values()[queue % End.values().length];
    }

    private static boolean failsInRun(int job) {
        return job % 10 == 3;
    }

    private static boolean namesTheFailed(int job) {
        return job % 10 == 5;
    }

    /** From this job on, those of a queue that is killed have not reached the device. */
    private static boolean isBehindTheGate(int job) {
        return job >= EACH / 2;
    }

    private static Work payload(int queue, int job) {
        // Captures, so that each is an object of its own.
        return _ -> {
            if (failsInRun(job)) {
                throw new JobFailed("job " + queue + "/" + job);
            }
        };
    }

    private void watch(Object object) {
        gone.add(new WeakReference<>(object));
    }

    private JobQueue<Object> submitAndEnd(RingfenceRuntime runtime, int number) throws InterruptedException {
        var driver = new ManualDriver();
        JobQueue<Object> queue = runtime.openQueue(driver,
                QueueOptions.named("engine " + number).withCapacity(1024).withCredits(1024));
        FenceIssuer gate = FenceIssuer.create("gate");
        PointFence failed = null;
        for (int job = 0; job < EACH; job++) {
            Work payload = payload(number, job);
            watch(payload);
            PointFence fence = end(number) == End.KILLED && isBehindTheGate(job) ? queue.submit(payload, gate.fence())
                    : namesTheFailed(job) ? queue.submit(payload, failed) : queue.submit(payload);
            failed = failsInRun(job) ? fence : failed;
            fences.add(fence);
        }
        switch (end(number)) {
            case FINISHED -> assertThat(queue.timeline().signaled()).isLessThan(EACH);
            case KILLED -> queue.kill();
            case LOST -> driver.lose("unplugged " + number);
        }
        gate.signal();
        driver.letGo();
        fences.getLast().await();
        // The driver's link is the core of its queue.
        watch(driver.link());
        watch(driver);
        watch(queue);
        return queue;
    }

    private void submitAndCloseAll() throws InterruptedException {
        RingfenceRuntime runtime = RingfenceRuntime.start();
        List<JobQueue<Object>> held = new ArrayList<>();
        for (int i = 0; i < QUEUES; i++) {
            held.add(submitAndEnd(runtime, i));
        }
        runtime.close();
        assertThat(runtime.describe()).isEmpty();
        // A queue that nobody holds would be closed as forgotten.
        assertThat(held).hasSize(QUEUES);
        watch(runtime);
    }

    private long stillThere() {
        return gone.stream().filter(reference -> reference.get() != null).count();
    }

    private static void assertTells(PointFence fence, int queue, int job, PointFence failed) {
        Failure failure = fence.failure();
        if (failsInRun(job) && !(end(queue) == End.KILLED && isBehindTheGate(job))) {
            assertThat(failure).isInstanceOfSatisfying(Failure.DriverError.class,
                    error -> assertThat(error.thrown()).isInstanceOf(JobFailed.class)
                            .hasMessage("job " + queue + "/" + job));
        } else if (end(queue) == End.KILLED && isBehindTheGate(job)) {
            assertThat(failure).isInstanceOfSatisfying(Failure.Cancelled.class,
                    cancelled -> assertThat(cancelled.reason()).contains("engine " + queue + "#").contains("killed"));
        } else if (namesTheFailed(job)) {
            assertThat(failure).isEqualTo(new Failure.DependencyFailed(failed.toString(), failed.failure()));
        } else if (end(queue) == End.LOST) {
            assertThat(failure).isEqualTo(new Failure.DeviceLost("unplugged " + queue));
        } else {
            assertThat(failure).isNull();
        }
        assertThat(fence.outcome()).isEqualTo(failure == null ? Outcome.OK : Outcome.FAILED);
    }

    @Test
    @DisplayName("H19: 100,000 fences tell name, seqno and outcome when queues, drivers, payloads and runtime are collected")
    void heldFences() throws Exception {
        submitAndCloseAll();
        assertThat(fences).hasSize(QUEUES * EACH);

        long left = stillThere();
        for (int i = 0; i < COLLECTIONS && left != 0; i++) {
            System.gc();
            left = stillThere();
        }
        assertThat(left).as("of queues, their cores, drivers, payloads and the runtime").isZero();

        PointFence failed = null;
        for (int i = 0; i < fences.size(); i++) {
            PointFence fence = fences.get(i);
            int queue = i / EACH;
            int job = i % EACH;
            failed = failsInRun(job) ? fence : failed;
            assertTells(fence, queue, job, failed);
            assertThat(fence.seqno()).isEqualTo(job + 1);
            assertThat(fence.timeline().name()).isEqualTo("engine " + queue);
            assertThat(fence).hasToString("engine " + queue + "#" + fence.timeline().id() + ":" + (job + 1));
        }
    }

    @Test
    @DisplayName("H19: such fences can still be waited for, called back from, named by jobs and polled, and reach nobody")
    void heldFencesAreStillFences() throws Exception {
        submitAndCloseAll();
        var calls = new AtomicInteger();
        PointFence ok = fences.getFirst();
        PointFence failed = fences.get(3);
        for (PointFence fence : List.of(ok, failed)) {
            assertThat(fence.await()).isEqualTo(fence.outcome());
            fence.onDone(calls::incrementAndGet);
            assertThat(fence.onDoneIfPending(calls::incrementAndGet)).isNull();
            fence.enableSignalling();
            fence.hintDeadline(System.nanoTime());
            fence.timeline().poll();
        }
        assertThat(calls).hasValue(2);
        var driver = new InlineDriver();
        try (RingfenceRuntime runtime = RingfenceRuntime.start();
                JobQueue<Object> queue = runtime.openQueue(driver, QueueOptions.named("later"))) {
            assertThat(queue.submit("job", ok).await()).isEqualTo(Outcome.OK);
            PointFence after = queue.submit("job", failed);
            assertThat(after.await()).isEqualTo(Outcome.FAILED);
            assertThat(after.failure()).isEqualTo(new Failure.DependencyFailed(failed.toString(), failed.failure()));
        }
        assertThat(driver.runs).hasValue(1);
    }
}
