package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

import io.ringfence.driver.Completions;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Code of users that takes its time holds up the thread it runs on, and no queue. */
class HoldsNobodyUpTest extends QueueTestBase {

    /** A device on which nothing takes time, and whose driver may block. */
    private static final class BlockingDriver extends CheckedDriver {
        @Override
        public boolean mayBlock() {
            return true;
        }

        @Override
        void started(long seqno, Object payload) {
            link().completedThrough(seqno);
        }

        @Override
        void report(Completions completions) {
            // It tells by itself.
        }
    }

    @Test
    @DisplayName("H14: a callback that takes its time holds back no queue that waits for the same budget")
    void callbackHoldsNoBudget() throws Exception {
        CreditBudget budget = CreditBudget.create("shared", 1);
        var onA = new ManualDriver();
        var onB = new ManualDriver();
        JobQueue<Object> a = open(onA, options("a").withBudget(budget));
        JobQueue<Object> b = open(onB, options("b").withBudget(budget));
        var begun = new CountDownLatch(1);
        PointFence first = a.submit("first");
        first.onDone(() -> {
            begun.countDown();
            Spin.until(() -> !onB.ran.isEmpty());
        });
        b.submit("waits for the budget");
        a.submit("too");

        onA.finishThrough(1);

        begun.await();
        Spin.until(() -> !onB.ran.isEmpty());
    }

    @Test
    @DisplayName("H14: a callback that takes its time does not hold back the next job of its queue")
    void callbackHoldsNoCredits() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver, options("q").withCredits(1));
        PointFence first = queue.submit("first");
        first.onDone(() -> Spin.until(() -> driver.ran.size() == 2));
        queue.submit("second");

        driver.finishThrough(1);

        Spin.until(() -> driver.ran.size() == 2);
    }

    @Test
    @DisplayName("H12: a callback that tries again and again to submit to a full ring does not keep out who makes room")
    void pollerInsideKeepsNobodyOut() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver, options("q").withCapacity(2));
        queue.submit("one");
        queue.submit("two");
        FenceIssuer input = issuer("input");
        var tried = new CountDownLatch(1);
        input.fence().onDone(() -> Spin.until(() -> {
            boolean taken = queue.trySubmit("three") > 0;
            tried.countDown();
            return taken;
        }));
        FutureTask<Void> signaller = start("signaller", input::signal);
        tried.await();

        driver.finishQuietlyThrough(2);
        Spin.until(() -> {
            queue.timeline().poll();
            return signaller.isDone();
        });

        signaller.get();
        assertThat(driver.ran).containsExactly(1L, 2L, 3L);
    }

    @Test
    @DisplayName("H14: what a driver that blocks pushes from run is signalled before its next run")
    void pushedFromRun() throws Exception {
        JobQueue<Object> queue = open(new BlockingDriver());
        FenceIssuer gate = issuer("gate");
        PointFence first = queue.submit("first", gate.fence());
        PointFence second = queue.submit((Work) _ -> Spin.until(first::isDone));

        gate.signal();

        assertOk(second);
    }

    @Test
    @DisplayName("H12: as many drivers block as there are workers for them; the turns of others go on")
    void workersThatAreBlocked() throws Exception {
        var inside = new CountDownLatch(2);
        var release = new CountDownLatch(1);
        for (int i = 0; i < 2; i++) {
            open(new BlockingDriver(), options("blocks")).submit((Work) _ -> {
                inside.countDown();
                release.await();
            });
        }
        inside.await();
        int jobs = 6_000;
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver, options("goes on").withCapacity(1 << 13).withCredits(1 << 13));
        FenceIssuer gate = issuer("gate");
        for (int i = 0; i < jobs; i++) {
            queue.submit("job", gate.fence());
        }

        gate.signal();

        Spin.until(() -> driver.ran.size() == jobs);
        release.countDown();
    }
}
