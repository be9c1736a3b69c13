package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import io.ringfence.fence.Failure;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.QueueStatus.Waits;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CancelJobTest extends QueueTestBase {
    private final AbortDriver driver = new AbortDriver();

    private static void assertCancelled(PointFence job) throws InterruptedException {
        assertThat(failureOf(job)).isEqualTo(new Failure.Cancelled(
                "seqno " + job.seqno() + " of queue " + job.timeline() + " was cancelled"));
    }

    @Test
    @DisplayName("H10: a waiting job that is cancelled is never run, and signals after its predecessor")
    void afterItsPredecessor() throws Exception {
        JobQueue<Object> queue = open(driver, options("waiting").withCredits(1));
        PointFence onDevice = queue.submit("1");
        PointFence second = queue.submit("2");
        PointFence third = queue.submit("3");

        assertThat(queue.cancel(third)).isTrue();
        assertThat(driver.cancelled).as("its predecessor waits for credits").isEmpty();
        assertThat(third.isDone()).isFalse();
        driver.finishThrough(1);
        assertOk(onDevice);
        Spin.until(() -> driver.cancelled.size() == 1);
        assertThat(driver.ran).containsExactly(1L, 2L);
        assertThat(third.isDone()).as("its predecessor is on the device").isFalse();
        driver.finishThrough(2);

        assertOk(second);
        assertCancelled(third);
        assertThat(driver.cancelled).containsExactly(3L);
        assertThat(driver.aborted).isEmpty();
        assertThat(queue.status().failed()).isEqualTo(1);
    }

    @Test
    @DisplayName("H10: it signals after all its inputs, since what they stand for may yet write what it was to use")
    void afterItsInputs() throws Exception {
        JobQueue<Object> queue = open(driver);
        FenceIssuer x = issuer("x");
        FenceIssuer y = issuer("y");
        PointFence job = queue.submit("job", x.fence(), y.fence());
        PointFence behind = queue.submit("behind");

        assertThat(queue.cancel(job.seqno())).isTrue();
        x.fail(new IllegalStateException("the other input is still to come"));
        assertThat(job.isDone()).isFalse();
        assertThat(driver.cancelled).isEmpty();
        assertThat(queue.describe()).contains("seqno 1 waits for y");
        y.signal();

        assertCancelled(job);
        assertThat(driver.cancelled).containsExactly(1L);
        assertThat(driver.ran).containsExactly(2L);
        driver.finishThrough(2);
        assertOk(behind);
    }

    @Test
    @DisplayName("H10: the head that waits for credits is cancelled at once, and a cheaper job behind it goes on")
    void blockedByCredits() throws Exception {
        JobQueue<Object> queue = open(driver, options("credits").withCredits(4));
        PointFence large = queue.submit(3);
        PointFence blocked = queue.submit(2);
        PointFence small = queue.submit(1);
        assertThat(queue.status().waits()).isEqualTo(Waits.CREDITS);

        assertThat(queue.cancel(blocked)).isTrue();

        assertThat(driver.cancelled).containsExactly(2L);
        assertThat(driver.ran).containsExactly(1L, 3L);
        assertThat(queue.status().waits()).isEqualTo(Waits.NOTHING);
        driver.finishThrough(3);
        assertOk(large);
        assertCancelled(blocked);
        assertOk(small);
        assertThat(driver.ran).hasSize(2);
    }

    @Test
    @DisplayName("H10: a job on the device is asked for, and its outcome is what the device says")
    void onTheDevice() throws Exception {
        JobQueue<Object> queue = open(driver);
        PointFence finishes = queue.submit("finishes");
        PointFence givenUp = queue.submit("given up");
        PointFence other = queue.submit("nobody's business");

        assertThat(queue.cancel(finishes)).isTrue();
        assertThat(queue.cancel(givenUp.seqno())).isTrue();
        assertThat(driver.aborted).containsExactly(1L, 2L);
        assertThat(finishes.outcome()).as("on the device's word only").isEqualTo(Outcome.PENDING);
        var given = new IllegalStateException("ECANCELED");
        driver.fail(2, given);
        driver.finishThrough(3);

        assertOk(finishes);
        assertThat(failureOf(givenUp)).isEqualTo(new Failure.DriverError(given));
        assertOk(other);
        assertThat(driver.cancelled).isEmpty();
    }

    @Test
    @DisplayName("H10: a device may give a job up inside abort, by a poll or by telling at once")
    void givenUpInsideAbort() throws Exception {
        JobQueue<Object> queue = open(driver);
        var given = new IllegalStateException("ECANCELED");
        PointFence polled = queue.submit("polled");
        driver.onAbort = seqno -> driver.fail(seqno, given);
        assertThat(queue.cancel(polled)).isTrue();
        assertThat(polled.outcome()).as("found by the look that asked").isEqualTo(Outcome.FAILED);

        PointFence told = queue.submit("told");
        driver.onAbort = seqno -> driver.link().failed(seqno, given);
        assertThat(queue.cancel(told)).isTrue();
        assertThat(told.failure()).isEqualTo(new Failure.DriverError(given));
    }

    @Test
    @DisplayName("H10: a finished job cannot be cancelled, however it ended")
    void finished() throws Exception {
        JobQueue<Object> queue = open(driver);
        PointFence ok = queue.submit("ok");
        PointFence failed = queue.submit((Work) _ -> {
            throw new IllegalStateException("no");
        });
        driver.finishThrough(1);
        assertOk(ok);

        assertThat(queue.cancel(ok)).isFalse();
        assertThat(queue.cancel(failed)).isFalse();
        assertThat(queue.cancel(2)).isFalse();
        queue.close();
        assertThat(queue.cancel(ok)).isFalse();
        assertThat(driver.aborted).isEmpty();
        assertThat(driver.cancelled).isEmpty();
    }

    @Test
    @DisplayName("H10: fences of other queues and seqnos that nobody submitted are refused")
    void notOfThisQueue() throws Exception {
        JobQueue<Object> queue = open(driver, options("mine"));
        JobQueue<Object> other = open(new ManualDriver(), options("other"));
        PointFence foreign = other.submit("job");

        assertThatThrownBy(() -> queue.cancel(1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("seqno 1").hasMessageContaining("mine").hasMessageContaining("1 to 0");
        PointFence job = queue.submit("job");
        assertThatThrownBy(() -> queue.cancel(foreign)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(foreign.toString()).hasMessageContaining("mine");
        for (long unknown : new long[] {0, -1, 2, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> queue.cancel(unknown)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("" + unknown).hasMessageContaining("must be 1 to 1");
        }
        assertThat(driver.aborted).isEmpty();
        driver.finishThrough(1);
        assertOk(job);
    }

    @Test
    @DisplayName("H10: cancelled twice, a waiting job is shown to the driver once")
    void twice() throws Exception {
        JobQueue<Object> queue = open(driver);
        FenceIssuer input = issuer("input");
        PointFence job = queue.submit("job", input.fence());
        for (int i = 0; i < 3; i++) {
            assertThat(queue.cancel(job)).isTrue();
        }
        input.signal();
        assertCancelled(job);
        assertThat(queue.cancel(job)).isFalse();
        assertThat(driver.cancelled).containsExactly(1L);
    }

    @Test
    @DisplayName("H10: a job that is just being run can cancel those behind it, and itself is asked for when run has returned")
    void insideRun() throws Exception {
        JobQueue<Object> queue = open(driver);
        FenceIssuer gate = issuer("gate");
        List<Long> abortedInRun = new ArrayList<>();
        PointFence first = queue.submit((Work) seqno -> {
            assertThat(queue.cancel(seqno + 1)).isTrue();
            assertThat(queue.cancel(seqno)).isTrue();
            abortedInRun.addAll(driver.aborted);
        }, gate.fence());
        PointFence second = queue.submit("second");
        PointFence third = queue.submit("third");

        gate.signal();

        assertThat(abortedInRun).isEmpty();
        assertThat(driver.aborted).containsExactly(1L);
        assertThat(driver.ran).containsExactly(1L, 3L);
        driver.finishThrough(3);
        assertOk(first);
        assertCancelled(second);
        assertOk(third);
    }

    @Test
    @DisplayName("H10: jobs can be cancelled in callbacks and in the driver's cancel; a whole ring falls one by one")
    void insideCallbacks() throws Exception {
        var queues = new ArrayList<JobQueue<Object>>();
        var falling = new ManualDriver() {
            @Override
            void cancelled(long seqno, Object payload) {
                super.cancelled(seqno, payload);
                if (seqno < 60) {
                    assertThat(queues.getFirst().cancel(seqno + 1)).isTrue();
                }
            }
        };
        JobQueue<Object> queue = open(falling);
        queues.add(queue);
        FenceIssuer gate = issuer("gate");
        var called = new CountDownLatch(1);
        gate.fence().onDone(() -> {
            assertThat(queue.cancel(1)).isTrue();
            called.countDown();
        });
        PointFence first = queue.submit("job", gate.fence());
        for (int i = 2; i <= 64; i++) {
            queue.submit("job");
        }
        gate.signal();

        called.await();
        assertCancelled(first);
        assertThat(falling.cancelled).hasSize(60);
        assertThat(falling.ran).containsExactly(61L, 62L, 63L, 64L);
    }

    @Test
    @DisplayName("H10: what depends on a cancelled job fails with it, in its own queue and in others; the root is the cancelling")
    void dependants() throws Exception {
        JobQueue<Object> queue = open(driver);
        JobQueue<Object> other = open(new InlineDriver());
        FenceIssuer gate = issuer("gate");
        PointFence job = queue.submit("job", gate.fence());
        PointFence own = queue.submit("own", job);
        PointFence foreign = other.submit("foreign", job);
        PointFence second = other.submit("second", foreign, own);

        assertThat(queue.cancel(job)).isTrue();
        gate.signal();

        assertCancelled(job);
        for (PointFence dependant : List.of(own, foreign)) {
            assertThat(failureOf(dependant)).isEqualTo(new Failure.DependencyFailed(job.toString(), job.failure()));
        }
        assertThat(failureOf(second).root()).isEqualTo(job.failure());
        assertThat(driver.ran).isEmpty();
        assertThat(driver.cancelled).containsExactly(1L, 2L);
    }

    @Test
    @DisplayName("H10: a queue that runs jobs all the same runs those that depend on a cancelled one")
    void dependantsThatRun() throws Exception {
        JobQueue<Object> queue = open(new InlineDriver(), options("kernel").withFailWithDependency(false));
        FenceIssuer gate = issuer("gate");
        PointFence job = queue.submit("job", gate.fence());
        PointFence dependant = queue.submit("dependant", job);
        assertThat(queue.cancel(job)).isTrue();
        gate.signal();
        assertCancelled(job);
        assertOk(dependant);
    }

    @Test
    @DisplayName("H3: the next jobs in the slots of cancelled ones are not cancelled, whether those had run or not")
    void ringReused() throws Exception {
        JobQueue<Object> queue = open(driver, options("small").withCapacity(4));
        for (int round = 0; round < 20; round++) {
            FenceIssuer gate = issuer("gate " + round);
            PointFence onDevice = queue.submit("on the device");
            PointFence waits = queue.submit("waits", gate.fence());
            PointFence cancelled = queue.submit("cancelled");
            PointFence last = queue.submit("last");
            boolean odd = round % 2 == 1;
            if (odd) {
                assertThat(queue.cancel(onDevice)).isTrue();
                assertThat(queue.cancel(cancelled)).isTrue();
            }
            gate.signal();
            driver.finishThrough(last.seqno());
            assertOk(onDevice);
            assertOk(waits);
            assertOk(last);
            assertThat(cancelled.outcome()).isEqualTo(odd ? Outcome.FAILED : Outcome.OK);
        }
        assertThat(driver.cancelled).hasSize(10);
        assertThat(driver.ran).hasSize(70);
        assertThat(driver.aborted).hasSize(10);
    }

    @Test
    @DisplayName("H10: a job can be cancelled in a queue that is closing, and what was killed is not cancelled again")
    void closing() throws Exception {
        JobQueue<Object> queue = open(driver);
        FenceIssuer gate = issuer("gate");
        PointFence first = queue.submit("first", gate.fence());
        PointFence second = queue.submit("second");
        var end = queue.startClose();
        assertThat(queue.cancel(second)).isTrue();
        gate.signal();
        driver.finishThrough(1);
        assertOk(end);
        assertOk(first);
        assertCancelled(second);

        JobQueue<Object> killed = open(new ManualDriver());
        FenceIssuer late = issuer("late");
        PointFence waits = killed.submit("job", late.fence());
        assertThat(killed.kill().isDone()).isFalse();
        assertThat(killed.cancel(waits)).isTrue();
        late.signal();
        assertThat(failureOf(waits).message()).contains("was killed");
    }
}
