package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CompletionBesideRunTest extends QueueTestBase {
    @Test
    @DisplayName("H3: a driver may complete a job before run returns")
    void inline() throws Exception {
        JobQueue<Object> queue = open(new InlineDriver(), options("inline").withCapacity(2));
        for (int i = 0; i < 10_000; i++) {
            assertOk(queue.submit("job"));
        }
    }

    @Test
    @DisplayName("H3: a completion told by completedThrough while run is still inside waits for run, and is not lost")
    void beyondIssuedThrough() throws Exception {
        var driver = new ManualDriver();
        completesInsideRun(driver, () -> driver.finishThrough(1));
    }

    @Test
    @DisplayName("H3: a completion told by completed while run is still inside waits for run, and is not lost")
    void beyondIssuedSingle() throws Exception {
        var driver = new ManualDriver();
        completesInsideRun(driver, () -> driver.finish(1));
    }

    @Test
    @DisplayName("H3: a device failure told while run is still inside waits for run, and is not lost")
    void beyondIssuedFailed() throws Exception {
        var driver = new ManualDriver();
        assertThat(completesInsideRun(driver, () -> driver.fail(1, new IllegalStateException("on the device")))
                .outcome()).isEqualTo(Outcome.FAILED);
    }

    /** Nothing polls after run was let go but what the queue does by itself. */
    private PointFence completesInsideRun(ManualDriver driver, Body complete) throws Exception {
        JobQueue<Object> queue = open(driver);
        var inside = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var fences = new PointFence[1];
        Work blocking = _ -> {
            inside.countDown();
            release.await();
        };
        FutureTask<Void> submitter = start("submitter", () -> fences[0] = queue.submit(blocking));
        inside.await();
        complete.run();
        driver.link().interrupt();
        long polls = driver.polls.get();
        // The interrupt has been seen when the device was polled for it.
        while (driver.polls.get() == polls && driver.polls.get() == 0) {
            Thread.onSpinWait();
        }
        assertThat(queue.timeline().signaled()).isZero();

        release.countDown();
        submitter.get();
        while (!queue.timeline().isDone(1)) {
            Thread.onSpinWait();
        }
        return fences[0];
    }

    @Test
    @DisplayName("H3: a job whose run throws is finished though nothing else is on the device and nobody polls")
    void runThrowsAlone() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        var broken = new IllegalStateException("no");
        PointFence fence = queue.submit((Work) _ -> {
            throw broken;
        });

        assertThat(fence.isDone()).isTrue();
        assertThat(fence.failure()).isEqualTo(new Failure.DriverError(broken));
        assertThat(driver.armings).isEmpty();
    }

    @Test
    @DisplayName("H3: a job whose run throws behind one on the device is finished with that one")
    void runThrowsBehind() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        PointFence good = queue.submit("good");
        PointFence bad = queue.submit((Work) _ -> {
            throw new IllegalStateException("no");
        });
        FutureTask<Void> waiter = start("waiter", () -> assertThat(bad.await()).isEqualTo(Outcome.FAILED));

        assertThat(bad.isDone()).isFalse();
        // The waiter arms a seqno that the device never sees; the queue must ask for the one before.
        while (driver.armings.isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(driver.armings).containsOnly(1L);
        driver.finishThrough(1);
        waiter.get();
        assertOk(good);
    }

    @Test
    void jobsThatCompleteOutOfOrderSignalInOrder() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        PointFence first = queue.submit("1");
        PointFence second = queue.submit("2");
        PointFence third = queue.submit("3");

        driver.finish(3);
        queue.timeline().poll();
        assertThat(third.isDone()).isFalse();
        driver.fail(1, new IllegalStateException("bad"));
        queue.timeline().poll();
        assertThat(first.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(second.isDone()).isFalse();
        driver.finish(2);
        assertOk(third);
        assertOk(second);
    }

    @Test
    @DisplayName("H12: a device that completes out of order is armed at the seqno that is missing")
    void armsTheMissingOne() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        queue.submit("1");
        PointFence second = queue.submit("2");
        var done = new CountDownLatch(1);
        second.onDone(done::countDown);
        assertThat(driver.armed()).isEqualTo(2);

        driver.finish(2);
        while (driver.armed() != 1) {
            Thread.onSpinWait();
        }
        assertThat(second.isDone()).isFalse();
        driver.finish(1);
        done.await();
    }

    @Test
    void aDeviceThatCompletesBackwardsFinishesEverything() throws Exception {
        JobQueue<Object> queue = open(new OutOfOrderDriver(), options("backwards").withCapacity(32).withCredits(16));
        PointFence last = null;
        for (int i = 0; i < 20_000; i++) {
            last = queue.submit("job");
        }
        assertOk(last);
    }

    @Test
    void aDeviceThatReportsWhatWasNeverSubmittedIsLost() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        PointFence fence = queue.submit("job");

        driver.finishQuietlyThrough(1L << 40);

        assertThat(failureOf(fence)).isInstanceOf(Failure.DeviceLost.class);
        assertThat(failureOf(queue.submit("later"))).isInstanceOf(Failure.DeviceLost.class);
    }

    @Test
    void aLostDeviceFailsWhatIsOnItAndWhatComes() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver, options("lost").withCredits(1));
        PointFence onDevice = queue.submit("on the device");
        PointFence waiting = queue.submit("waiting");

        driver.lose("unplugged");

        assertThat(failureOf(onDevice)).isEqualTo(new Failure.DeviceLost("unplugged"));
        assertThat(failureOf(waiting)).isEqualTo(new Failure.DeviceLost("unplugged"));
        assertThat(failureOf(queue.submit("later"))).isEqualTo(new Failure.DeviceLost("unplugged"));
        assertThat(driver.cancelled).containsExactly(2L, 3L);
    }
}
