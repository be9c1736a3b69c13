package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;

import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SubmitTest extends QueueTestBase {
    @Test
    void jobsReachTheDeviceInTheOrderOfSubmission() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        for (int i = 1; i <= 20; i++) {
            if (i % 2 == 0) {
                assertThat(queue.trySubmit("job " + i)).isEqualTo(i);
            } else {
                assertThat(queue.submit("job " + i).seqno()).isEqualTo(i);
            }
        }
        assertThat(driver.ran).isEqualTo(LongStream.rangeClosed(1, 20).boxed().toList());
        assertThat(driver.payloads).startsWith("job 1", "job 2").endsWith("job 20");
    }

    @Test
    void fencesAreSignalledInOrder() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        var calls = new ArrayList<Long>();
        for (int i = 1; i <= 5; i++) {
            PointFence fence = queue.submit("job");
            fence.onDone(() -> calls.add(fence.seqno()));
        }
        driver.finishQuietlyThrough(3);
        queue.timeline().poll();
        assertThat(calls).containsExactly(1L, 2L, 3L);
        driver.finishQuietlyThrough(5);
        queue.timeline().poll();
        assertThat(calls).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void aPointIsDoneWhenTheDeviceHasCompletedItAndSomebodyLooks() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        PointFence fence = queue.submit("job");
        driver.finishQuietlyThrough(1);
        assertThat(fence.isDone()).isFalse();
        queue.timeline().poll();
        assertThat(fence.isDone()).isTrue();
        assertThat(queue.timeline().signaled()).isEqualTo(1);
        assertThat(queue.describe()).contains("finished 1, issued 1, claimed 1");
    }

    @Test
    void aFenceOutlivesQueueAndRuntimeAndTellsNameAndOutcome() throws Exception {
        JobQueue<Object> queue = open(new InlineDriver(), options("gone"));
        PointFence good = queue.submit("job");
        PointFence bad = queue.submit((Work) _ -> {
            throw new IllegalStateException("bad");
        });
        runtime.close();

        assertThat(good.await()).isEqualTo(Outcome.OK);
        assertThat(bad.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(bad.failure().message()).contains("bad");
        assertThat(bad.timeline().name()).isEqualTo("gone");
        assertThat(good.toString()).startsWith("gone#").endsWith(":1");
        var calls = new ArrayList<String>();
        good.onDone(() -> calls.add("late"));
        assertThat(calls).containsExactly("late");
    }

    @Test
    @DisplayName("H12: nobody polls: an armed interrupt wakes a parked waiter")
    void interruptWakes() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        PointFence fence = queue.submit("job");
        var waiter = start("waiter", () -> assertOk(fence));
        while (driver.armed() != 1) {
            Thread.onSpinWait();
        }
        driver.finishThrough(1);
        waiter.get();
    }

    @Test
    @DisplayName("H12: an idle queue without waiters never arms its device nor is polled for every job")
    void noWaiterNoArm() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        for (int i = 0; i < 32; i++) {
            queue.submit("job");
        }
        assertThat(driver.armings).isEmpty();
        assertThat(driver.polls.get()).isLessThan(8);
    }

    @Test
    @DisplayName("H12: looking at a fence polls the device, and beside the holder of the turn it is not counted")
    void awaitPolls() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        PointFence fence = queue.submit("job");
        driver.finishQuietlyThrough(1);
        assertThat(fence.await(Duration.ZERO)).isEqualTo(Outcome.OK);

        var inside = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var slow = new InlineDriver() {
            @Override
            void report(io.ringfence.driver.Completions completions) {
                super.report(completions);
                if (polls.get() == 1) {
                    inside.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            }
        };
        JobQueue<Object> other = open(slow);
        other.submit("job");
        var holder = start("holder", () -> other.timeline().poll());
        inside.await();
        for (int i = 0; i < 1_000; i++) {
            other.timeline().poll();
        }
        release.countDown();
        holder.get();
        assertThat(slow.polls).hasValue(1);
    }

    @Test
    void waitersOfManyJobsAreAllWoken() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        var all = new CountDownLatch(1_000);
        List<Thread> threads = new ArrayList<>();
        List<PointFence> fences = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            fences.add(queue.submit("job"));
        }
        for (int i = 0; i < 1_000; i++) {
            PointFence fence = fences.get(i % 10);
            threads.add(Thread.startVirtualThread(() -> {
                try {
                    fence.await();
                    all.countDown();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (int i = 1; i <= 10; i++) {
            driver.finishThrough(i);
        }
        all.await();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void theDoorbellRingsOnceForABatchThatOneSignalLetsGo() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        var gate = issuer("gate");
        queue.submit("1", gate.fence());
        queue.submit("2");
        queue.submit("3");
        assertThat(driver.doorbells).hasValue(0);
        gate.signal();
        assertThat(driver.ran).hasSize(3);
        assertThat(driver.doorbells).hasValue(1);
    }

    @Test
    void optionsAreChecked() {
        assertThatThrownBy(() -> QueueOptions.named(" ")).isInstanceOf(IllegalArgumentException.class);
        QueueOptions good = QueueOptions.named("x");
        for (int capacity : new int[] {-1, 0, 1, 3, 100, 1 << 21}) {
            assertThatThrownBy(() -> good.withCapacity(capacity)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("capacity " + capacity);
        }
        assertThatThrownBy(() -> good.withCredits(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> good.withCredits(1025)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> good.withCloseTimeout(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(good.withCapacity(16).credits()).isEqualTo(16);
        assertThatThrownBy(() -> RingfenceRuntime.start(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RingfenceRuntime.start(65)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tryingForAFenceGivesItOrNullOrThrowsWhenClosed() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver, options("fence").withCapacity(2));
        var input = issuer("input");
        PointFence first = queue.trySubmitFence("first", input.fence());
        PointFence second = queue.trySubmitFence("second");
        assertThat(queue.trySubmitFence("third")).as("full").isNull();
        assertThat(first.seqno()).isEqualTo(1);
        assertThat(driver.ran).isEmpty();
        input.signal();
        driver.finishThrough(2);
        assertOk(second);
        assertOk(first);
        queue.close();
        assertThatThrownBy(() -> queue.trySubmitFence("late")).isInstanceOf(QueueClosedException.class);
    }

    @Test
    void codesHaveNames() {
        assertThat(SubmitCode.describe(SubmitCode.FULL)).isEqualTo("FULL");
        assertThat(SubmitCode.describe(SubmitCode.CLOSED)).isEqualTo("CLOSED");
        assertThat(SubmitCode.describe(17)).isEqualTo("seqno 17");
    }
}
