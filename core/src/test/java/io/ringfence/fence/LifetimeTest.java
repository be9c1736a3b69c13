package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serial;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What fences keep alive, and what they still tell when everything else is gone. */
@Timeout(180)
class LifetimeTest {
    private static final int FENCES = 10_000;
    private static final int FAILING = 100_000;

    private static final class JobFailed extends Exception {
        @Serial
        private static final long serialVersionUID = 1L;

        JobFailed(int number) {
            super("job " + number, null, false, false);
        }
    }

    /** What should become garbage. */
    private final List<WeakReference<?>> owners = new ArrayList<>();

    private void watch(Object... objects) {
        for (Object object : objects) {
            owners.add(new WeakReference<>(object));
        }
    }

    private static boolean fails(int number) {
        return number % 10 == 3;
    }

    /** The fences of a queue that has been closed; every tenth job failed. */
    private List<PointFence> fencesOfAClosedQueue() throws Exception {
        List<PointFence> fences = new ArrayList<>();
        TestDevice device = new TestDevice(false);
        RingfenceRuntime runtime = RingfenceRuntime.start();
        JobQueue<Object> queue = runtime.openQueue(device, QueueOptions.named("engine"));
        for (int i = 1; i <= FENCES; i++) {
            PointFence fence = queue.submit(fails(i) ? new JobFailed(i) : "job");
            if (i % 100 == 0) {
                assertThat(fence.await()).isEqualTo(Outcome.OK);
            }
            fences.add(fence);
        }
        runtime.close();
        watch(device, runtime, queue);
        return fences;
    }

    private void assertOwnersCollected() {
        assertThat(owners).isNotEmpty();
        owners.forEach(TestThreads::awaitCollected);
    }

    @Test
    @Tag("slow")
    @DisplayName("Y-3: fences outlive runtime, queue and driver, and still tell name, seqno and outcome")
    void fencesOutliveTheirQueue() throws Exception {
        List<PointFence> fences = fencesOfAClosedQueue();
        assertOwnersCollected();
        for (int i = 1; i <= FENCES; i++) {
            PointFence fence = fences.get(i - 1);
            assertThat(fence.seqno()).isEqualTo(i);
            assertThat(fence.timeline().name()).isEqualTo("engine");
            assertThat(fence).hasToString("engine#" + fence.timeline().id() + ":" + i);
            if (fails(i)) {
                assertThat(fence.failure()).isInstanceOfSatisfying(Failure.DriverError.class,
                        error -> assertThat(error.thrown()).isInstanceOf(JobFailed.class));
                assertThat(fence.failure().message()).endsWith("job " + i);
            } else {
                assertThat(fence.outcome()).isEqualTo(Outcome.OK);
            }
        }
        assertThat(fences.getFirst().await()).isEqualTo(Outcome.OK);
        fences.getFirst().hintDeadline(System.nanoTime());
        fences.getFirst().timeline().poll();
    }

    @Test
    @Tag("slow")
    @DisplayName("Y-3: nor does what holds the fences keep the queue")
    void containersDoNotPinTheQueue() throws Exception {
        List<PointFence> fences = fencesOfAClosedQueue();
        Fence good = fences.getFirst();
        Fence bad = fences.get(2);
        SyncObject object = SyncObject.create("object");
        for (int i = 0; i < FENCES; i++) {
            object.add(i + 1, fences.get(i));
        }
        Fence all = Fences.allOf(fences);
        Fence any = Fences.anyOf(good, bad);
        SyncFile file = SyncFile.of(bad).merge("file", SyncFile.of(good));
        Reservation memory = Reservation.create("memory");
        try (ReservationLocks locks = ReservationLocks.lock(memory)) {
            locks.reserve(memory, 1);
            locks.add(memory, bad, Usage.WRITE);
        }
        fences.clear();

        assertOwnersCollected();
        assertThat(object.query()).isEqualTo(FENCES);
        assertThat(object.fence(FENCES).outcome()).isEqualTo(Outcome.OK);
        assertThat(object.fence(FENCES - 7).failure().message()).endsWith("job " + (FENCES - 7));
        assertThat(all.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(all.failure().root()).isInstanceOf(Failure.DriverError.class);
        assertThat(any.outcome()).isEqualTo(Outcome.OK);
        assertThat(file.status()).isEqualTo(Outcome.FAILED);
        assertThat(memory.isDone(Usage.BOOKKEEP)).isTrue();
    }

    @Test
    @Tag("slow")
    @DisplayName("Y-3: containers that somebody waited for let the queue go, too")
    void waitedContainersDoNotPinTheQueue() throws Exception {
        List<Fence> held = new ArrayList<>();
        TestDevice device = new TestDevice(true);
        submitWaitedFor(device, held);
        watch(device);
        device = null;
        assertOwnersCollected();
        assertThat(held).allSatisfy(fence -> assertThat(fence.outcome()).isEqualTo(Outcome.OK));
    }

    private void submitWaitedFor(TestDevice device, List<Fence> held) throws Exception {
        RingfenceRuntime runtime = RingfenceRuntime.start();
        JobQueue<Object> queue = runtime.openQueue(device, QueueOptions.named("engine"));
        SyncObject object = SyncObject.create("object");
        SignalledFence other = new SignalledFence("other", null);
        var calls = new CountDownLatch(400);
        for (int i = 1; i <= 100; i++) {
            PointFence fence = queue.submit("job");
            List<Fence> made = List.of(fence, object.add(i, fence), Fences.allOf(fence, other),
                    Fences.anyOf(fence, other));
            made.forEach(each -> each.onDone(calls::countDown));
            held.addAll(made);
        }
        device.finishAll();
        assertThat(object.fence().await()).isEqualTo(Outcome.OK);
        other.settle(null);
        runtime.close();
        calls.await();
        watch(runtime, queue);
    }

    @Test
    @Tag("slow")
    @DisplayName("H9: a fence that is held and never looked at pins no failure of the 100,000 jobs after it")
    void heldFencePinsNoFailures() throws Exception {
        List<WeakReference<JobFailed>> failures = new ArrayList<>();
        try (RingfenceRuntime runtime = RingfenceRuntime.start();
                JobQueue<Object> queue = runtime.openQueue(new TestDevice(false), QueueOptions.named("engine"))) {
            PointFence held = queue.submit("held");
            submitFailing(queue, failures);
            // What failed last is known to the timeline, which the next failure would make it forget.
            failures.removeLast();
            // Jobs that have taken the places of the last failed ones.
            for (int i = 0; i < queue.options().capacity(); i++) {
                queue.submit("job");
            }
            assertThat(queue.submit("job").await()).isEqualTo(Outcome.OK);

            failures.forEach(TestThreads::awaitCollected);
            assertThat(held.outcome()).isEqualTo(Outcome.OK);
        }
    }

    private static void submitFailing(JobQueue<Object> queue, List<WeakReference<JobFailed>> failures)
            throws InterruptedException {
        PointFence last = null;
        for (int i = 0; i < FAILING; i++) {
            JobFailed failure = new JobFailed(i);
            failures.add(new WeakReference<>(failure));
            last = queue.submit(failure);
        }
        assertThat(last.await()).isEqualTo(Outcome.FAILED);
        assertThat(last.failure().message()).endsWith("job " + (FAILING - 1));
    }
}
