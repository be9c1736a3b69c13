package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DependencyFailureTest extends QueueTestBase {
    private final IllegalStateException broken = new IllegalStateException("broken");
    private final Work throwing = _ -> {
        throw broken;
    };

    @Test
    @DisplayName("H1: A5 fails in run, so A6, which names A5, is not run and fails")
    void failsInRun() throws Exception {
        var driver = new InlineDriver();
        JobQueue<Object> queue = open(driver);
        PointFence a5 = queue.submit(throwing);
        PointFence a6 = queue.submit("a6", a5);
        PointFence a7 = queue.submit("a7");

        assertThat(failureOf(a6))
                .isEqualTo(new Failure.DependencyFailed(a5.toString(), new Failure.DriverError(broken)));
        assertOk(a7);
        assertThat(driver.cancels).hasValue(1);
        assertThat(driver.runs).hasValue(2);
    }

    @Test
    @DisplayName("H1: A5 fails in run behind a job on the device, so A6 is not run though A5 is not signalled yet")
    void failsInRunUnsignalled() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        PointFence a4 = queue.submit("a4");
        PointFence a5 = queue.submit(throwing);
        PointFence a6 = queue.submit("a6", a5);

        assertThat(driver.ran).containsExactly(1L);
        assertThat(driver.cancelled).containsExactly(3L);
        assertThat(a6.isDone()).isFalse();
        driver.finishThrough(1);
        assertOk(a4);
        assertThat(failureOf(a6)).isInstanceOf(Failure.DependencyFailed.class);
    }

    @Test
    @DisplayName("H1: a job on B that names A3, which failed, and A5, which is ok, is not run and fails")
    void namesFailedAndOkOfOneTimeline() throws Exception {
        JobQueue<Object> a = open(new InlineDriver());
        var onB = new InlineDriver();
        JobQueue<Object> b = open(onB);
        PointFence a3 = a.submit(throwing);
        a.submit("a4");
        PointFence a5 = a.submit("a5");

        PointFence job = b.submit("b", a3, a5);
        PointFence other = b.submit("b", a5, a3);

        assertThat(failureOf(job))
                .isEqualTo(new Failure.DependencyFailed(a3.toString(), new Failure.DriverError(broken)));
        assertThat(failureOf(other)).isEqualTo(failureOf(job));
        assertThat(onB.runs).hasValue(0);
        assertThat(onB.cancels).hasValue(2);
    }

    @Test
    @DisplayName("H1: as before, with both still pending when the job is submitted")
    void namesFailedAndOkPending() throws Exception {
        var onA = new ManualDriver();
        JobQueue<Object> a = open(onA);
        JobQueue<Object> b = open(new InlineDriver());
        PointFence a3 = a.submit("a3");
        PointFence a5 = a.submit("a5");
        PointFence job = b.submit("b", a3, a5);

        onA.fail(1, broken);
        onA.finish(2);

        assertThat(failureOf(job))
                .isEqualTo(new Failure.DependencyFailed(a3.toString(), new Failure.DriverError(broken)));
        assertOk(a5);
    }

    @Test
    @DisplayName("H1: the device fails A5 while A6, which names it, is already on the device: A6 fails too")
    void failsOnDevice() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver);
        PointFence a5 = queue.submit("a5");
        PointFence a6 = queue.submit("a6", a5);
        PointFence a7 = queue.submit("a7");
        assertThat(driver.ran).containsExactly(1L, 2L, 3L);

        driver.fail(1, broken);
        driver.finishThrough(3);

        assertThat(failureOf(a5)).isEqualTo(new Failure.DriverError(broken));
        assertThat(failureOf(a6))
                .isEqualTo(new Failure.DependencyFailed(a5.toString(), new Failure.DriverError(broken)));
        assertOk(a7);
    }

    @Test
    @DisplayName("H1: switched off, jobs run after failed dependencies as in the kernel")
    void switchedOff() throws Exception {
        var driver = new InlineDriver();
        JobQueue<Object> queue = open(driver, options("kernel").withFailWithDependency(false));
        PointFence bad = queue.submit(throwing);
        FenceIssuer issuer = issuer("failed");
        issuer.fail(broken);

        assertOk(queue.submit("job", bad));
        assertOk(queue.submit("job", issuer.fence()));
        assertOk(queue.submit("job", issuer.fence(), bad));
        assertThat(driver.cancels).hasValue(0);
    }

    @Test
    void anAbandonedInputFailsTheJobByName() throws Exception {
        JobQueue<Object> queue = open(new InlineDriver());
        FenceIssuer issuer = issuer("texture");
        PointFence job = queue.submit("job", issuer.fence());

        issuer.close();

        assertThat(failureOf(job))
                .isEqualTo(new Failure.DependencyFailed("texture", new Failure.Abandoned("texture", false, null)));
        assertThat(failureOf(job).message()).contains("depends on texture").contains("its issuer was closed");
    }

    @Test
    void tryingToSubmitAfterAFailedFenceTellsSoThroughTheCursor() throws Exception {
        JobQueue<Object> queue = open(new InlineDriver());
        var cursor = queue.timeline().failureCursor();
        FenceIssuer issuer = issuer("failed");
        issuer.fail(broken);

        long bad = queue.trySubmit("job", issuer.fence());
        long good = queue.trySubmit("job");
        queue.timeline().poll();

        assertThat(cursor.failure(bad)).isInstanceOf(Failure.DependencyFailed.class);
        assertThat(cursor.failure(good)).isNull();
    }

    @Test
    @DisplayName("H9: a chain of 100,000 failed dependencies names root and direct point, and keeps nothing in between")
    void longChain() throws Exception {
        JobQueue<Object> a = open(new InlineDriver(), options("a").withCapacity(1024));
        JobQueue<Object> b = open(new InlineDriver(), options("b").withCapacity(1024));
        Fence before = a.submit(throwing);
        WeakReference<Fence> early = null;
        WeakReference<Failure> earlyFailure = null;
        for (int i = 0; i < 100_000; i++) {
            PointFence next = (i % 2 == 0 ? b : a).submit("job", before);
            assertThat(failureOf(next))
                    .isEqualTo(new Failure.DependencyFailed(before.toString(), new Failure.DriverError(broken)));
            before = next;
            if (i == 10) {
                early = new WeakReference<>(next);
                earlyFailure = new WeakReference<>(next.failure());
            }
        }

        assertThat(before.failure().root()).isEqualTo(new Failure.DriverError(broken));
        while (early.get() != null || earlyFailure.get() != null) {
            System.gc();
            Thread.onSpinWait();
        }
    }

    @Test
    void aChainInsideOneQueueKeepsOneRoot() throws Exception {
        JobQueue<Object> queue = open(new ManualDriver(), options("one").withCapacity(1024));
        PointFence before = queue.submit(throwing);
        for (int i = 0; i < 100_000; i++) {
            before = queue.submit("job", before);
        }
        PointFence last = before;
        assertThat(failureOf(last)).isInstanceOfSatisfying(Failure.DependencyFailed.class, failure -> {
            assertThat(failure.root()).isEqualTo(new Failure.DriverError(broken));
            assertThat(failure.fence()).isEqualTo(queue.timeline() + ":" + (last.seqno() - 1));
        });
    }

    @Test
    @DisplayName("H10: a job with a failed input signals only after its other inputs")
    void waitsForAllInputs() throws Exception {
        var driver = new InlineDriver();
        JobQueue<Object> queue = open(driver);
        FenceIssuer failed = issuer("failed");
        FenceIssuer writing = issuer("still writing");
        PointFence job = queue.submit("job", failed.fence(), writing.fence());

        failed.fail(broken);
        queue.timeline().poll();
        assertThat(job.isDone()).isFalse();
        assertThat(driver.cancels).hasValue(0);
        writing.signal();
        assertThat(failureOf(job)).isEqualTo(new Failure.DependencyFailed("failed", new Failure.DriverError(broken)));
    }
}
