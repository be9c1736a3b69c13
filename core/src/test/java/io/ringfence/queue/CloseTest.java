package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloseTest extends QueueTestBase {
    @Test
    void anIdleQueueClosesAtOnceAndItsDriverWithIt() {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);

        queue.close();

        assertThat(driver.closes).hasValue(1);
        assertThat(runtime.describe()).isEmpty();
    }

    @Test
    void closeFinishesWhatIsOnTheDeviceThoughNobodyElseWaits() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        PointFence fence = queue.submit("job");
        driver.finishQuietlyThrough(1);

        queue.close();

        assertThat(fence.outcome()).isEqualTo(Outcome.OK);
        assertThat(driver.closes).hasValue(1);
        assertThat(queue.describe()).doesNotContain("stopped");
    }

    @Test
    void closeIsToldByTheDeviceWhenItsLastJobIsComplete() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        PointFence fence = queue.submit("job");

        Fence end = queue.startClose();
        driver.finishThrough(1);

        assertOk(end);
        assertThat(fence.outcome()).isEqualTo(Outcome.OK);
        assertThat(driver.closes).hasValue(1);
    }

    @Test
    void closeWaitsForJobsBehindADependency() throws Exception {
        JobQueue<Object> queue = open(new InlineDriver());
        FenceIssuer input = issuer("input");
        PointFence fence = queue.submit("job", input.fence());

        Fence end = queue.startClose();
        assertThat(end.isDone()).isFalse();
        input.signal();

        assertOk(end);
        assertOk(fence);
    }

    @Test
    void aClosedQueueRefusesJobs() throws Exception {
        JobQueue<Object> queue = open(new InlineDriver());
        queue.close();

        assertThat(queue.trySubmit("job")).isEqualTo(SubmitCode.CLOSED);
        assertThatThrownBy(() -> queue.submit("job")).isInstanceOf(QueueClosedException.class)
                .hasMessageContaining(queue.name());
    }

    @Test
    @DisplayName("H19: closing twice, and from many threads at once, closes the driver once")
    void manyThreadsClose() throws Exception {
        var driver = new InlineDriver();
        JobQueue<Object> queue = open(driver);
        for (int i = 0; i < 50; i++) {
            queue.submit(i % 3 + 1);
        }
        var go = new CountDownLatch(1);
        List<FutureTask<Void>> closers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            closers.add(start("closer", () -> {
                go.await();
                queue.close();
                assertThat(driver.closes).hasValue(1);
            }));
        }
        go.countDown();
        join(closers);
        queue.close();

        assertThat(driver.closes).hasValue(1);
        assertThat(driver.runs).hasValue(50);
    }

    @Test
    @DisplayName("H19: the runtime may be closed before its queues")
    void runtimeFirst() throws Exception {
        var driver = new InlineDriver();
        JobQueue<Object> queue = open(driver);
        PointFence fence = queue.submit("job");

        runtime.close();

        assertThat(fence.outcome()).isEqualTo(Outcome.OK);
        assertThat(queue.trySubmit("job")).isEqualTo(SubmitCode.CLOSED);
        queue.close();
        runtime.close();
        assertThat(driver.closes).hasValue(1);
        assertThatThrownBy(() -> runtime.openQueue(new InlineDriver(), options("late")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    @DisplayName("H19: close inside a callback only starts it")
    void closeInCallback() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        FenceIssuer outside = issuer("outside");
        var stillOpen = new ArrayList<Integer>();
        PointFence job = queue.submit("job");
        outside.fence().onDone(() -> {
            queue.close();
            runtime.close();
            stillOpen.add(driver.closes.get());
        });

        outside.signal();
        assertThat(stillOpen).containsExactly(0);
        assertThat(queue.trySubmit("late")).isEqualTo(SubmitCode.CLOSED);
        driver.finishQuietlyThrough(1);

        assertOk(job);
        assertOk(queue.startClose());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("a runtime that is closed by a callback when its last queue has ended, or without a queue, ends its threads")
    void closeWhenTheLastQueueHasEnded(boolean hasQueue) throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        RingfenceRuntime own = RingfenceRuntime.start();
        FenceIssuer outside = issuer("outside");
        Fence end = outside.fence();
        if (hasQueue) {
            var driver = new ManualDriver();
            JobQueue<Object> queue = own.openQueue(driver, options("q").withTimeout(Duration.ofMinutes(1)));
            queue.submit("job");
            driver.finishQuietlyThrough(1);
            end = queue.ended();
            outside.fence().onDone(queue::startClose);
        }
        List<Thread> started = Thread.getAllStackTraces().keySet().stream().filter(thread -> !before.contains(thread))
                .filter(thread -> thread.getName().startsWith("ringfence-")).toList();
        assertThat(started).hasSizeGreaterThan(3);
        end.onDone(own::close);
        outside.signal();
        assertOk(end);
        for (Thread thread : started) {
            assertThat(thread.join(Duration.ofMinutes(1))).as(thread.getName()).isTrue();
        }
    }

    @Test
    @DisplayName("H6: callbacks of two queues may close each other")
    void closeEachOther() throws Exception {
        var first = new ManualDriver();
        var second = new ManualDriver();
        JobQueue<Object> a = open(first);
        JobQueue<Object> b = open(second);
        PointFence onA = a.submit("a");
        PointFence onB = b.submit("b");
        onA.onDone(b::close);
        onB.onDone(a::close);

        first.finishThrough(1);
        second.finishThrough(1);

        assertOk(onA);
        assertOk(onB);
        assertOk(a.startClose());
        assertOk(b.startClose());
    }

    @Test
    @DisplayName("H10: close gives up a job whose input never comes, but the job signals only after its input")
    void inputNeverComes() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver, options("stuck").withCloseTimeout(Duration.ofMillis(50)));
        FenceIssuer input = issuer("input that never comes");
        PointFence fence = queue.submit("job", input.fence());

        queue.close();

        assertThat(fence.isDone()).isFalse();
        assertThat(queue.describe()).contains("waits for input that never comes").contains("stopped")
                .contains("closed");
        assertThat(runtime.describe()).contains("stuck");
        input.signal();
        assertOk(queue.startClose());
        assertThat(failureOf(fence)).isInstanceOf(Failure.Cancelled.class);
        assertThat(driver.ran).isEmpty();
        assertThat(driver.cancelled).containsExactly(1L);
        assertThat(runtime.describe()).isEmpty();
    }

    @Test
    void killCancelsWhatHasNotReachedTheDeviceAndWaitsForWhatHas() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver, options("killed").withCredits(1));
        PointFence onDevice = queue.submit("on the device");
        PointFence waiting = queue.submit("waiting");

        Fence end = queue.kill();

        assertThat(waiting.isDone()).as("signals after its predecessor").isFalse();
        assertThat(end.isDone()).isFalse();
        driver.finishThrough(1);
        assertOk(onDevice);
        assertThat(failureOf(waiting)).isInstanceOf(Failure.Cancelled.class);
        assertOk(end);
        assertThat(driver.ran).containsExactly(1L);
        assertThat(driver.cancelled).containsExactly(2L);
    }

    @Test
    void killIsToldByTheDeviceWhenItLetsGo() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        queue.submit("on the device");

        Fence end = queue.kill();
        driver.finishThrough(1);

        assertOk(end);
    }

    @Test
    void aDeviceThatDoesNotLetGoKeepsItsQueueListedUntilItDoes() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver, options("held").withCloseTimeout(Duration.ofMillis(20)));
        PointFence fence = queue.submit("job");

        queue.close();
        assertThat(fence.isDone()).isFalse();
        assertThat(driver.closes).hasValue(0);
        assertThat(runtime.describe()).contains("held");

        driver.finishQuietlyThrough(1);
        driver.link().interrupt();
        assertOk(queue.startClose());
        assertOk(fence);
        assertThat(runtime.describe()).isEmpty();
    }

    @Test
    void anInterruptOfTheCloserIsKept() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        queue.submit("job");
        FutureTask<Void> closer = start("closer", () -> {
            Thread.currentThread().interrupt();
            queue.close();
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        });
        driver.finishThrough(1);
        driver.link().interrupt();
        closer.get();
    }

    @Test
    void nothingIsCalledAfterCloseThoughTheDeviceStillInterrupts() throws Exception {
        var driver = new InlineDriver();
        JobQueue<Object> queue = open(driver);
        PointFence fence = queue.submit("job");
        queue.close();
        long polls = driver.polls.get();

        driver.link().interrupt();
        queue.timeline().poll();
        queue.kill();

        assertThat(fence.await()).isEqualTo(Outcome.OK);
        runtime.close();
        assertThat(driver.polls).hasValue(polls);
        assertThat(driver.violations()).isEmpty();
    }

    @Test
    void theThreadsOfARuntimeAreGoneWhenItIsClosed() throws Exception {
        JobQueue<Object> queue = open(new InlineDriver());
        queue.submit("job");
        String prefix = runtimeThreads().getFirst().getName().replaceAll("^(ringfence-\\d+-).*", "$1");
        assertThat(runtimeThreads()).anyMatch(thread -> thread.getName().startsWith(prefix));

        List<Thread> mine = runtimeThreads();
        runtime.close();

        assertThat(mine).isNotEmpty().noneMatch(thread -> thread.isAlive() && thread.getName().startsWith(prefix));
    }

    /** The newest runtime's threads; other tests have closed theirs. */
    private static List<Thread> runtimeThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("ringfence-\\d+-.*"))
                .sorted((one, other) -> Long.compare(other.threadId(), one.threadId())).limit(3).toList();
    }
}
