package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.FenceProducer;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues that go away in the middle of something; nobody upstream tests it. */
class GapsKillTest extends QueueTestBase {

    // ---- dropping a queue

    @Test
    @DisplayName("H10: a queue killed with jobs in every state signals each after its predecessor and its inputs")
    void jobsInEveryState() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver, options("dropped").withCapacity(8).withCredits(2));
        FenceIssuer input = issuer("foreign input");
        List<PointFence> onDevice = List.of(queue.submit("1"), queue.submit("2"));
        PointFence forCredits = queue.submit("3");
        PointFence forInput = queue.submit("4", input.fence());
        List<PointFence> behind = new ArrayList<>();
        for (int i = 5; i <= 8; i++) {
            behind.add(queue.submit(String.valueOf(i), forCredits));
        }
        var parked = new AtomicReference<Thread>();
        FutureTask<Void> forRoom = start("for room", () -> {
            parked.set(Thread.currentThread());
            queue.submit("9");
        });
        while (!queue.describe().contains("1 submitters wait for room")) {
            Thread.onSpinWait();
        }
        awaitParked(parked.get());

        Fence end = queue.kill();

        assertThatThrownBy(forRoom::get).hasCauseInstanceOf(QueueClosedException.class);
        assertThat(driver.cancelled).containsExactly(3L);
        assertThat(forCredits.isDone()).as("its predecessors are on the device").isFalse();
        driver.finishThrough(2);
        assertThat(failureOf(forCredits)).isInstanceOf(Failure.Cancelled.class);
        for (PointFence fence : onDevice) {
            assertOk(fence);
        }
        assertThat(forInput.isDone()).as("its input may still write").isFalse();
        assertThat(queue.describe()).contains("waits for foreign input");
        assertThat(runtime.describe()).contains("dropped");
        assertThat(driver.cancelled).containsExactly(3L);

        input.signal();

        assertOk(end);
        assertThat(failureOf(forInput)).isInstanceOf(Failure.Cancelled.class);
        for (PointFence fence : behind) {
            assertThat(failureOf(fence)).isInstanceOf(Failure.Cancelled.class);
        }
        assertThat(driver.payloads).containsExactly("1", "2");
        assertThat(driver.cancelled).containsExactly(3L, 4L, 5L, 6L, 7L, 8L);
        assertThat(driver.closes).hasValue(1);
        assertThat(queue.timeline().signaled()).isEqualTo(8);
    }

    // ---- the last close inside the driver or a callback

    private void endsByItself(ManualDriver driver, Fence job, CountDownLatch closed, List<Integer> closesInside,
            AtomicReference<Fence> end) throws InterruptedException {
        closed.await();
        assertThat(closesInside).as("it was only started").containsExactly(0);
        driver.finishThrough(1);
        assertOk(job);
        assertOk(end.get());
        assertThat(driver.closes).hasValue(1);
        assertThat(runtime.describe()).isEmpty();
        assertThatThrownBy(() -> runtime.openQueue(new InlineDriver(), options("late")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    @DisplayName("H19: the last close of queue and runtime may come from inside run")
    void lastCloseInRun() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        var closesInside = new ArrayList<Integer>();
        var end = new AtomicReference<Fence>();
        var closed = new CountDownLatch(1);
        PointFence job = queue.submit((Work) _ -> {
            queue.close();
            runtime.close();
            end.set(queue.startClose());
            closesInside.add(driver.closes.get());
            closed.countDown();
        });
        assertThat(driver.ran).as("the job that closed its queue is on the device").containsExactly(1L);
        assertThat(queue.trySubmit("late")).isEqualTo(SubmitCode.CLOSED);

        endsByItself(driver, job, closed, closesInside, end);
    }

    @Test
    @DisplayName("H19: a kill from inside run cancels what is behind that job, not the job")
    void killInRun() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        FenceIssuer gate = issuer("gate");
        PointFence killer = queue.submit((Work) _ -> queue.kill(), gate.fence());
        PointFence behind = queue.submit("behind");

        gate.signal();

        assertThat(driver.ran).containsExactly(1L);
        assertThat(driver.cancelled).containsExactly(2L);
        assertThat(killer.isDone()).isFalse();
        driver.finishThrough(1);
        assertOk(killer);
        assertThat(failureOf(behind)).isInstanceOf(Failure.Cancelled.class);
        assertOk(queue.startClose());
    }

    @Test
    @DisplayName("H19: the last close of queue and runtime may come from inside cancel")
    void lastCloseInCancel() throws Exception {
        var closesInside = new ArrayList<Integer>();
        var end = new AtomicReference<Fence>();
        var closed = new CountDownLatch(1);
        var opened = new AtomicReference<JobQueue<Object>>();
        var driver = new ManualDriver() {
            @Override
            void cancelled(long seqno, Object payload) {
                super.cancelled(seqno, payload);
                opened.get().close();
                runtime.close();
                end.set(opened.get().kill());
                closesInside.add(closes.get());
                closed.countDown();
            }
        };
        JobQueue<Object> queue = open(driver);
        opened.set(queue);
        FenceIssuer failed = issuer("failed");
        failed.fail(new IllegalStateException("no"));
        PointFence job = queue.submit("on the device");
        PointFence cancelled = queue.submit("cancelled", failed.fence());

        endsByItself(driver, job, closed, closesInside, end);
        assertThat(failureOf(cancelled)).isInstanceOf(Failure.DependencyFailed.class);
    }

    @Test
    @DisplayName("H19: the last close of queue and runtime may come from the callback of the last job, on a runtime's thread")
    void lastCloseInCallback() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        var end = new AtomicReference<Fence>();
        var names = new ArrayList<String>();
        var closed = new CountDownLatch(1);
        PointFence job = queue.submit("last");
        job.onDone(() -> {
            names.add(Thread.currentThread().getName());
            queue.close();
            runtime.close();
            end.set(queue.startClose());
            closed.countDown();
        });

        driver.finishThrough(1);

        closed.await();
        assertOk(job);
        assertOk(end.get());
        assertThat(names).singleElement().asString().startsWith("ringfence-");
        assertThat(driver.closes).hasValue(1);
    }

    // ---- submitting to a queue that is killed

    @ParameterizedTest(quoteTextArguments = false, name = "still draining: {0}")
    @ValueSource(booleans = {true, false})
    @DisplayName("H19: a killed queue refuses jobs by name in every way to submit, and nothing is lost or told")
    void submitToAKilledQueue(boolean draining) throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver, options("killed"));
        PointFence onDevice = queue.submit("on the device");
        Fence end = queue.kill();
        if (!draining) {
            driver.finishThrough(1);
            assertOk(end);
        }
        var told = new AtomicInteger();
        FenceProducer producer = told::incrementAndGet;
        FenceIssuer input = FenceIssuer.create("input", producer);
        String before = queue.describe();

        assertThatThrownBy(() -> queue.submit("a")).isInstanceOf(QueueClosedException.class)
                .hasMessageContaining("killed");
        assertThatThrownBy(() -> queue.submit("a", onDevice)).isInstanceOf(QueueClosedException.class);
        assertThatThrownBy(() -> queue.submitFor("a", Object::toString)).isInstanceOf(QueueClosedException.class);
        assertThatThrownBy(() -> queue.trySubmitFence("a")).isInstanceOf(QueueClosedException.class);
        assertThatThrownBy(() -> queue.trySubmitFence("a", input.fence())).isInstanceOf(QueueClosedException.class);
        assertThat(queue.trySubmit("a")).isEqualTo(SubmitCode.CLOSED);
        assertThat(queue.trySubmit("a", input.fence())).isEqualTo(SubmitCode.CLOSED);
        assertThat(queue.trySubmit("a", input.fence(), onDevice)).isEqualTo(SubmitCode.CLOSED);

        assertThat(told).as("a refused job waits for nothing").hasValue(0);
        assertThat(queue.describe()).isEqualTo(before);
        input.signal();
        driver.finishThrough(1);
        assertOk(onDevice);
        assertOk(end);
        assertThat(driver.payloads).containsExactly("on the device");
        assertThat(driver.cancelled).isEmpty();
        assertThat(queue.timeline().signaled()).isEqualTo(1);
    }

    @Test
    @DisplayName("A job that waits for room and is refused by a killed queue tells none of the producers it names")
    void refusedSubmissionTellsNobody() {
        JobQueue<Object> queue = open(new InlineDriver());
        queue.kill();
        var told = new AtomicInteger();
        FenceProducer producer = told::incrementAndGet;
        FenceIssuer input = FenceIssuer.create("input", producer);

        assertThatThrownBy(() -> queue.submit("a", input.fence())).isInstanceOf(QueueClosedException.class);

        input.signal();
        assertThat(told).hasValue(0);
    }

    // ---- a producer that goes away

    @ParameterizedTest(quoteTextArguments = false, name = "jobs fail with what they depend on: {0}")
    @ValueSource(booleans = {true, false})
    @DisplayName("H10: a consumer learns when the queue that it waits for is killed, and only when that job has ended")
    void producerKilled(boolean failWithDependency) throws Exception {
        var producing = new ManualDriver();
        var consuming = new ManualDriver();
        JobQueue<Object> producer = open(producing, options("producer").withCredits(1));
        JobQueue<Object> consumer = open(consuming, options("consumer").withFailWithDependency(failWithDependency));
        PointFence onDevice = producer.submit("on the device");
        PointFence waiting = producer.submit("waiting");
        PointFence first = consumer.submit("first", onDevice);
        PointFence second = consumer.submit("second", waiting);

        Fence end = producer.kill();

        assertThat(producing.cancelled).containsExactly(2L);
        assertThat(consuming.ran).as("the producer's device has not let go").isEmpty();
        producing.finishThrough(1);
        assertOk(end);
        assertOk(onDevice);
        Failure cancelled = failureOf(waiting);
        assertThat(cancelled).isInstanceOf(Failure.Cancelled.class);
        consuming.letGo();
        assertOk(first);
        if (failWithDependency) {
            assertThat(failureOf(second)).isEqualTo(new Failure.DependencyFailed(waiting.toString(), cancelled));
            assertThat(consuming.payloads).containsExactly("first");
        } else {
            assertOk(second);
            assertThat(consuming.payloads).containsExactly("first", "second");
        }
        assertOk(consumer.submit("the consumer goes on"));
    }
}
