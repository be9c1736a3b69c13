package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;

import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FullRingTest extends QueueTestBase {
    @Test
    void tryingOnAFullRingAnswersFullUntilAJobIsFinished() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver, options("full").withCapacity(2));
        assertThat(queue.trySubmit("1")).isEqualTo(1);
        assertThat(queue.trySubmit("2")).isEqualTo(2);
        assertThat(queue.trySubmit("3")).isEqualTo(SubmitCode.FULL);

        driver.finishQuietlyThrough(1);

        assertThat(queue.trySubmit("3")).as("a full ring is polled").isEqualTo(3);
        assertThat(queue.trySubmit("4")).isEqualTo(SubmitCode.FULL);
    }

    @Test
    @DisplayName("H21: submitters that wait for room are served in the order in which they came")
    void servedInOrder() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver, options("line").withCapacity(2).withCredits(2));
        queue.submit("a");
        queue.submit("b");
        List<FutureTask<Void>> submitters = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            submitters.add(parkedSubmitter(queue, "waiter " + i).task);
            assertThat(queue.describe()).contains(i + 1 + " submitters wait");
        }

        for (int seqno = 1; seqno <= 6; seqno++) {
            driver.finishThrough(seqno);
            while (driver.ran.size() < Math.min(7, seqno + 2)) {
                Thread.onSpinWait();
            }
        }
        join(submitters);

        assertThat(driver.payloads).containsExactly("a", "b", "waiter 0", "waiter 1", "waiter 2", "waiter 3",
                "waiter 4");
    }

    @Test
    @DisplayName("H21: while one waits, trySubmit answers FULL, also when there is room")
    void fullWhileOneWaits() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver, options("line").withCapacity(2));
        queue.submit("a");
        queue.submit("b");
        Parked first = parkedSubmitter(queue, "first");
        Parked second = parkedSubmitter(queue, "second");

        assertThat(queue.trySubmit("pushy")).isEqualTo(SubmitCode.FULL);
        driver.finishThrough(1);
        first.task.get();
        assertThat(queue.trySubmit("pushy")).isEqualTo(SubmitCode.FULL);
        driver.finishThrough(2);
        second.task.get();
        assertThat(driver.payloads).containsExactly("a", "b", "first", "second");
    }

    @Test
    void aWaitingSubmitterCanBeInterruptedAndTheNextOneGoesOn() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver, options("line").withCapacity(2));
        queue.submit("a");
        queue.submit("b");
        Parked first = parkedSubmitter(queue, "first");
        Parked second = parkedSubmitter(queue, "second");
        Parked third = parkedSubmitter(queue, "third");

        second.thread.get().interrupt();
        assertThatThrownBy(second.task::get).hasCauseInstanceOf(InterruptedException.class);
        first.thread.get().interrupt();
        assertThatThrownBy(first.task::get).hasCauseInstanceOf(InterruptedException.class);
        driver.finishThrough(1);
        third.task.get();

        assertThat(driver.payloads).containsExactly("a", "b", "third");
        assertThat(queue.describe()).doesNotContain("submitters");
    }

    @Test
    @DisplayName("H19: parked submitters wake with closed")
    void closedWhileWaiting() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver, options("line").withCapacity(2));
        queue.submit("a");
        queue.submit("b");
        List<Parked> waiters = List.of(parkedSubmitter(queue, "1"), parkedSubmitter(queue, "2"),
                parkedSubmitter(queue, "3"));

        queue.startClose();

        for (Parked waiter : waiters) {
            assertThatThrownBy(waiter.task::get).hasCauseInstanceOf(QueueClosedException.class);
        }
        assertThat(queue.trySubmit("late")).isEqualTo(SubmitCode.CLOSED);
        assertThat(driver.payloads).containsExactly("a", "b");
    }

    @Test
    @DisplayName("H21: a parked submitter's queue tells what its head waits for")
    void tellsWhatTheHeadWaitsFor() throws Exception {
        JobQueue<Object> queue = open(new ManualDriver(), options("line").withCapacity(2));
        var input = issuer("upload of texture 7");
        queue.submit("a", input.fence());
        queue.submit("b");
        Parked waiter = parkedSubmitter(queue, "c");

        assertThat(queue.describe()).contains("1 submitters wait for room").contains("waits for upload of texture 7");
        queue.kill();
        input.signal();
        assertThatThrownBy(waiter.task::get).hasCauseInstanceOf(QueueClosedException.class);
    }

    @Test
    @DisplayName("H12: a parked submitter is woken by an armed interrupt; nobody polls")
    void parkedSubmitterArms() throws Exception {
        var driver = new ThreadedDriver();
        JobQueue<Object> queue = open(driver, options("tight").withCapacity(2).withCredits(1));
        PointFence last = null;
        for (int i = 0; i < 20_000; i++) {
            last = queue.submit("job");
        }
        assertOk(last);
    }

    @Test
    @DisplayName("H6: a submit that could wait is refused inside a callback and inside run, trySubmit is not")
    void refusedInside() throws Exception {
        JobQueue<Object> queue = open(new InlineDriver());
        JobQueue<Object> other = open(new InlineDriver());
        var refused = new ArrayList<Throwable>();
        var accepted = new ArrayList<Long>();
        Work job = _ -> {
            refused.add(org.assertj.core.api.Assertions.catchThrowable(() -> other.submit("nested")));
            accepted.add(other.trySubmit("nested"));
        };
        PointFence fence = queue.submit(job);
        fence.onDone(() -> {
            refused.add(org.assertj.core.api.Assertions.catchThrowable(() -> other.submit("nested")));
            accepted.add(other.trySubmit("nested"));
        });

        assertOk(fence);
        assertThat(refused).hasSize(2).allSatisfy(thrown -> assertThat(thrown).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(other.name()).hasMessageContaining("trySubmit"));
        assertThat(accepted).containsExactly(1L, 2L);
    }

    private record Parked(FutureTask<Void> task, AtomicReference<Thread> thread) {
    }

    /** A submitter that stands in the line when this returns. */
    private static Parked parkedSubmitter(JobQueue<Object> queue, String payload) {
        var thread = new AtomicReference<Thread>();
        var started = new CountDownLatch(1);
        FutureTask<Void> task = start(payload, () -> {
            thread.set(Thread.currentThread());
            started.countDown();
            queue.submit(payload);
        });
        try {
            started.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        awaitParked(thread.get());
        return new Parked(task, thread);
    }
}
