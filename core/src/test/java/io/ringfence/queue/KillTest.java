package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

import io.ringfence.driver.DeviceWaits;
import io.ringfence.driver.Driver;
import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class KillTest extends QueueTestBase {
    private final IOException canceled = new IOException("ECANCELED");
    private final AbortDriver driver = new AbortDriver();

    @Test
    @DisplayName("K1: a job without duration is on the device; its queue is killed and its runtime closed; it ends with ECANCELED")
    void drmSchedBasicCancel() throws Exception {
        JobQueue<Object> queue = open(driver);
        driver.onAbort = seqno -> driver.fail(seqno, canceled);
        PointFence job = queue.submit("no duration");
        assertThat(driver.ran).as("scheduled").containsExactly(1L);

        Fence end = queue.kill();
        runtime.close();

        assertThat(end.outcome()).isEqualTo(Outcome.OK);
        assertThat(driver.aborted).containsExactly(1L);
        assertThat(job.failure()).isEqualTo(new Failure.DriverError(canceled));
        assertThat(driver.closes).hasValue(1);
    }

    @Test
    @DisplayName("K1: jobs on the device are given up, each asked for once; those done out of order are left; the others wait in order")
    void onTheDeviceAndWaiting() throws Exception {
        JobQueue<Object> queue = open(driver, options("killed").withCredits(4));
        List<PointFence> jobs = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            jobs.add(queue.submit("job"));
        }
        driver.finish(3);
        queue.timeline().poll();

        Fence end = queue.kill();

        assertThat(driver.aborted).containsExactly(1L, 2L, 4L);
        assertThat(driver.ran).containsExactly(1L, 2L, 3L, 4L);
        assertThat(driver.cancelled).containsExactly(5L, 6L, 7L);
        assertThat(jobs).noneMatch(Fence::isDone);
        assertThat(queue.describe()).contains("stopped: cancelled: queue " + queue + " was killed");
        driver.fail(4, canceled);
        driver.fail(1, canceled);
        queue.timeline().poll();
        assertThat(jobs).extracting(Fence::outcome).containsExactly(Outcome.FAILED, Outcome.PENDING, Outcome.PENDING,
                Outcome.PENDING, Outcome.PENDING, Outcome.PENDING, Outcome.PENDING);
        assertThat(end.isDone()).isFalse();
        driver.finish(2);

        assertOk(end);
        assertThat(jobs).extracting(Fence::outcome).containsExactly(Outcome.FAILED, Outcome.OK, Outcome.OK,
                Outcome.FAILED, Outcome.FAILED, Outcome.FAILED, Outcome.FAILED);
        for (PointFence waited : jobs.subList(4, 7)) {
            assertThat(waited.failure()).isEqualTo(new Failure.Cancelled("queue " + queue + " was killed"));
        }
        assertThat(driver.aborted).hasSize(3);
    }

    @Test
    @DisplayName("K1: killed again, banned, closed and polled, each job on the device is still asked for once")
    void onceForEachJob() throws Exception {
        JobQueue<Object> queue = open(driver);
        queue.submit("1");
        queue.submit("2");
        Fence end = queue.kill();
        for (int i = 0; i < 10; i++) {
            assertThat(queue.kill()).isSameAs(end);
            assertThat(queue.ban("again")).isSameAs(end);
            assertThat(queue.startClose()).isSameAs(end);
            queue.timeline().poll();
            driver.link().interrupt();
        }
        assertThat(driver.aborted).containsExactly(1L, 2L);
        driver.finishThrough(2);
        assertOk(end);
        assertOk(queue.kill());
        assertThat(driver.aborted).hasSize(2);
    }

    @Test
    @DisplayName("K1: a job that is just being run when its queue is killed is asked for when run has returned")
    void killedBesideRun() throws Exception {
        JobQueue<Object> queue = open(driver);
        var inside = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var jobs = new PointFence[1];
        FutureTask<Void> submitter = start("submitter", () -> jobs[0] = queue.submit((Work) _ -> {
            inside.countDown();
            release.await();
        }));
        inside.await();
        Fence end = queue.kill();
        assertThat(driver.aborted).isEmpty();
        release.countDown();
        submitter.get();

        Spin.until(() -> driver.aborted.equals(List.of(1L)));
        driver.finishThrough(1);
        assertOk(end);
        assertOk(jobs[0]);
    }

    @Test
    @DisplayName("H6: a job may kill its own queue in run, a callback another one's; both only start it")
    void killedInside() throws Exception {
        JobQueue<Object> queue = open(driver);
        JobQueue<Object> other = open(new InlineDriver());
        FenceIssuer gate = issuer("gate");
        List<Fence> ends = new ArrayList<>();
        PointFence first = queue.submit((Work) _ -> ends.add(queue.kill()), gate.fence());
        PointFence second = queue.submit("second");
        var _ = gate.fence().onDone(() -> ends.add(other.kill()));

        gate.signal();

        assertThat(ends).hasSize(2);
        assertThat(driver.ran).containsExactly(1L);
        assertThat(driver.aborted).containsExactly(1L);
        driver.finishThrough(1);
        for (Fence end : ends) {
            assertOk(end);
        }
        assertOk(first);
        assertThat(failureOf(second)).isInstanceOf(Failure.Cancelled.class);
        assertThat(other.trySubmit("late")).isEqualTo(SubmitCode.CLOSED);
    }

    @Test
    @DisplayName("K1: an abort that throws is reported, and the jobs behind are asked for all the same")
    void abortThrows() throws Exception {
        JobQueue<Object> queue = open(driver);
        queue.submit("1");
        queue.submit("2");
        driver.onAbort = _ -> {
            throw new AssertionError("cannot");
        };
        try (var log = new LogCapture()) {
            Fence end = queue.kill();
            assertThat(driver.aborted).containsExactly(1L, 2L);
            assertThat(log.messages()).hasSize(2).allMatch(message -> message.contains("abort of"));
            driver.finishThrough(2);
            assertOk(end);
        }
    }

    @Test
    @DisplayName("K1: a job that the device has completed is not given up, though its input is not signalled yet")
    void completeButForItsInput() throws Exception {
        AbortDriver first = new AbortDriver();
        AbortDriver second = new AbortDriver();
        second.waits = true;
        JobQueue<Object> producer = open(first, options("producer"));
        JobQueue<Object> consumer = open(second, options("consumer"));
        PointFence input = producer.submit("input");
        PointFence complete = consumer.submit("complete", input);
        PointFence onDevice = consumer.submit("on the device");
        second.finishThrough(1);
        consumer.timeline().poll();
        assertThat(complete.isDone()).isFalse();

        Fence end = consumer.kill();
        assertThat(second.aborted).containsExactly(2L);

        second.finishThrough(2);
        first.finishThrough(1);
        assertOk(input);
        assertOk(complete);
        assertOk(onDevice);
        assertOk(end);
    }

    @Test
    @DisplayName("H18: the interrupt status of whoever kills or cancels is taken away around abort and cancel, and given back")
    void interruptStatus() throws Exception {
        JobQueue<Object> queue = open(driver, options("interrupted").withCredits(1));
        PointFence onDevice = queue.submit("on the device");
        queue.submit("waits");
        Thread.currentThread().interrupt();
        assertThat(queue.cancel(onDevice)).isTrue();
        assertThat(Thread.interrupted()).isTrue();
        Thread.currentThread().interrupt();
        Fence end = queue.kill();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(driver.aborted).containsExactly(1L, 1L);
        assertThat(driver.cancelled).containsExactly(2L);
        driver.finishThrough(1);
        assertOk(end);
    }

    @Test
    @DisplayName("K1: nobody asks a lost device to give something up")
    void lostDevice() throws Exception {
        JobQueue<Object> queue = open(driver);
        PointFence job = queue.submit("job");
        driver.lose("unplugged");
        assertThat(failureOf(job)).isInstanceOf(Failure.DeviceLost.class);
        PointFence later = queue.submit("later");
        assertOk(queue.kill());
        assertThat(failureOf(later)).as("the first reason stays").isInstanceOf(Failure.DeviceLost.class);
        assertThat(driver.aborted).isEmpty();
    }

    @Test
    @DisplayName("H10: a killed queue whose head waits for a foreign fence stays listed, and ends when that is signalled")
    void foreignInput() throws Exception {
        JobQueue<Object> queue = open(driver, options("stuck"));
        FenceIssuer input = issuer("foreign input");
        PointFence head = queue.submit("head", input.fence());
        PointFence behind = queue.submit("behind");
        Fence end = queue.kill();
        assertThat(end.isDone()).isFalse();
        assertThat(driver.cancelled).isEmpty();
        assertThat(runtime.dump()).contains("stuck").contains("foreign input");
        input.signal();
        assertOk(end);
        assertThat(failureOf(head)).isInstanceOf(Failure.Cancelled.class);
        assertThat(failureOf(behind)).isInstanceOf(Failure.Cancelled.class);
        assertThat(driver.ran).isEmpty();
    }

    @Test
    void aKilledQueueRefusesJobsAsClosed() throws Exception {
        JobQueue<Object> queue = open(driver, options("killed"));
        assertOk(queue.kill());
        assertThat(queue.trySubmit("job")).isEqualTo(SubmitCode.CLOSED);
        assertThat(queue.trySubmitAll(new Object[] {"job"}).first()).isEqualTo(SubmitCode.CLOSED);
        assertThatThrownBy(() -> queue.submit("job")).isInstanceOf(QueueClosedException.class)
                .hasMessageContaining("killed").hasMessageContaining("is closed");
        assertThatThrownBy(() -> queue.trySubmitFence("job")).isInstanceOf(QueueClosedException.class);
    }

    @Test
    @DisplayName("H10: jobs of a banned queue fail as banned, except those on the device")
    void banned() throws Exception {
        JobQueue<Object> queue = open(driver, options("bad").withCredits(1));
        PointFence onDevice = queue.submit("on the device");
        PointFence waits = queue.submit("waits");

        Fence end = queue.ban("hung 3 times");

        assertThat(driver.aborted).containsExactly(1L);
        assertThat(queue.status().closed()).isTrue();
        assertThat(queue.describe()).contains("stopped: banned: hung 3 times");
        driver.finishThrough(1);
        assertOk(end);
        assertOk(onDevice);
        assertThat(failureOf(waits)).isEqualTo(new Failure.Banned("hung 3 times"));
        assertThat(waits.failure().message()).isEqualTo("banned: hung 3 times");
    }

    @Test
    @DisplayName("H10: whoever submits to a banned queue is told so, by code and by message, in every way to submit")
    void submitToBanned() throws Exception {
        JobQueue<Object> queue = open(driver, options("bad"));
        Fence pending = issuer("pending").fence();
        assertOk(queue.ban("hung 3 times"));
        assertOk(queue.ban("the first reason stays"));

        assertThat(queue.trySubmit("job")).isEqualTo(SubmitCode.BANNED);
        assertThat(queue.trySubmit("job", pending)).isEqualTo(SubmitCode.BANNED);
        assertThat(queue.trySubmit("job", pending, pending)).isEqualTo(SubmitCode.BANNED);
        Bulk bulk = queue.trySubmitAll(new Object[] {"job", "job"});
        assertThat(bulk).hasToString("BANNED").isEqualTo(new Bulk(SubmitCode.BANNED, 0));
        assertThat(SubmitCode.describe(SubmitCode.BANNED)).isEqualTo("BANNED");
        Batch batch = Batch.create();
        batch.add(queue, "job");
        for (Body refused : List.<Body>of(() -> queue.submit("job"), () -> queue.submit("job", pending),
                () -> queue.trySubmitFence("job"), () -> queue.submitFor("job", _ -> 1), batch::commit,
                batch::tryCommit)) {
            assertThatThrownBy(refused::run).isInstanceOf(QueueClosedException.class)
                    .hasMessageContaining("bad").hasMessageContaining("is banned: hung 3 times");
        }
        assertThat(failureOf(queue.room(1))).isInstanceOf(Failure.Cancelled.class);
        assertThatThrownBy(() -> queue.ban(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    @DisplayName("H19: submitters that are parked when their queue is banned are told so")
    void parkedSubmitters() throws Exception {
        JobQueue<Object> queue = open(driver, options("full").withCapacity(2));
        queue.submit("1");
        queue.submit("2");
        List<FutureTask<Void>> parked = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            parked.add(start("parked", () -> queue.submit("late")));
        }
        Spin.until(() -> queue.status().inLine() == 3);

        Fence end = queue.ban("no more");

        for (FutureTask<Void> submitter : parked) {
            assertThatThrownBy(submitter::get).hasCauseInstanceOf(QueueClosedException.class)
                    .hasMessageContaining("is banned: no more");
        }
        driver.finishThrough(2);
        assertOk(end);
    }

    @Test
    void aClosingQueueCanStillBeBanned() throws Exception {
        JobQueue<Object> queue = open(driver, options("closing").withCredits(1));
        queue.submit("on the device");
        PointFence waits = queue.submit("waits");
        Fence end = queue.startClose();
        assertThat(queue.trySubmit("job")).isEqualTo(SubmitCode.CLOSED);
        assertThat(queue.ban("hung")).isSameAs(end);
        assertThat(queue.trySubmit("job")).isEqualTo(SubmitCode.BANNED);
        driver.finishThrough(1);
        assertOk(end);
        assertThat(failureOf(waits)).isEqualTo(new Failure.Banned("hung"));
    }
}
