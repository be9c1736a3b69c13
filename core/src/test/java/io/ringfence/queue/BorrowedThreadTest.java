package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

import io.ringfence.driver.Completions;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BorrowedThreadTest extends QueueTestBase {
    @Test
    @DisplayName("H18: the submitter's interrupt status is taken away around run and given back")
    void interruptStatusInRun() throws Exception {
        JobQueue<Object> queue = open(new InlineDriver());
        var seen = new ArrayList<Boolean>();
        Work job = _ -> seen.add(Thread.currentThread().isInterrupted());

        Thread.currentThread().interrupt();
        PointFence fence = queue.submit(job);
        assertThat(Thread.interrupted()).as("given back").isTrue();

        assertOk(fence);
        assertThat(seen).containsExactly(false);
    }

    @Test
    @DisplayName("H18: an interrupt that comes during run is taken away too, and the submitter's own is not lost")
    void interruptedInRun() throws Exception {
        var driver = new InlineDriver();
        JobQueue<Object> queue = open(driver);
        var seen = new ArrayList<Boolean>();
        FenceIssuer gate = issuer("gate");
        queue.submit("waits", gate.fence());
        queue.submit((Work) _ -> Thread.currentThread().interrupt());
        gate.fence().onDone(() -> seen.add(Thread.currentThread().isInterrupted()));

        gate.signal();

        Thread.interrupted();
        assertThat(seen).containsExactly(false);
        assertThat(driver.runs).hasValue(2);
        driver.violations.clear();
    }

    @Test
    @DisplayName("H18: the signaller's interrupt status is taken away around callbacks and given back")
    void interruptStatusInCallback() {
        FenceIssuer issuer = issuer("x");
        var seen = new ArrayList<Boolean>();
        issuer.fence().onDone(() -> seen.add(Thread.currentThread().isInterrupted()));

        Thread.currentThread().interrupt();
        issuer.signal();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(seen).containsExactly(false);
    }

    @Test
    @DisplayName("H18: the submitter's interrupt status is taken away around doorbell too")
    void interruptStatusInDoorbell() throws Exception {
        var driver = new InlineDriver();
        JobQueue<Object> queue = open(driver);

        Thread.currentThread().interrupt();
        queue.trySubmit("job");
        assertThat(Thread.interrupted()).isTrue();

        assertThat(driver.doorbells).hasValue(1);
        assertThat(driver.violations()).isEmpty();
    }

    @Test
    @DisplayName("H6: doorbell and close of a driver are driver methods: what could park is refused there")
    void parkingRefusedInDoorbellAndClose() throws Exception {
        FenceIssuer never = issuer("never");
        var refused = new ConcurrentLinkedQueue<String>();
        var driver = new InlineDriver() {
            @Override
            public void doorbell() {
                tryToWait("doorbell");
            }

            @Override
            public void close() {
                super.close();
                tryToWait("close");
            }

            private void tryToWait(String where) {
                try {
                    never.fence().await(java.time.Duration.ZERO);
                } catch (IllegalStateException e) {
                    refused.add(where);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        };
        JobQueue<Object> queue = open(driver);
        queue.trySubmit("job");
        queue.close();

        assertThat(refused).containsExactly("doorbell", "close");
    }

    @Test
    @DisplayName("H18: jobs of a driver that may block run on threads of the runtime only")
    void mayBlock() throws Exception {
        var names = new ConcurrentLinkedQueue<String>();
        JobQueue<Object> queue = open(new InlineDriver() {
            @Override
            public boolean mayBlock() {
                return true;
            }
        });
        Work job = _ -> names.add(Thread.currentThread().getName());
        PointFence last = null;
        for (int i = 0; i < 1_000; i++) {
            last = queue.submit(job);
        }
        assertOk(last);
        assertThat(names).hasSize(1_000).allMatch(name -> name.startsWith("ringfence-"));
    }

    @Test
    @DisplayName("H8: a driver that blocks is not run on the thread that all devices' interrupts need")
    void blockingDriverKeepsOffTheInterruptThread() throws Exception {
        var names = new ConcurrentLinkedQueue<String>();
        var lookedAfterArming = new CountDownLatch(1);
        var driver = new ManualDriver() {
            @Override
            public boolean mayBlock() {
                return true;
            }

            @Override
            void report(Completions completions) {
                super.report(completions);
                if (armed() != 0) {
                    lookedAfterArming.countDown();
                }
            }
        };
        JobQueue<Object> queue = open(driver, options("blocks").withCredits(1));
        queue.submit("first");
        PointFence second = queue.submit((Work) _ -> names.add(Thread.currentThread().getName()));
        // The second job waits for credits, the device is armed, and the queue has looked once more. Now only the
        // interrupt can make it go on.
        lookedAfterArming.await();
        driver.finishThrough(1);
        while (names.isEmpty()) {
            Thread.onSpinWait();
        }
        driver.finishThrough(2);
        assertOk(second);

        assertThat(names).noneMatch(name -> name.contains("interrupts"));
    }

    @Test
    @DisplayName("H8: a run that blocks does not keep submitters from going on")
    void submittersGoOn() throws Exception {
        var driver = new InlineDriver() {
            @Override
            public boolean mayBlock() {
                return true;
            }
        };
        JobQueue<Object> queue = open(driver);
        var inside = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        List<PointFence> fences = new ArrayList<>();
        fences.add(queue.submit((Work) _ -> {
            inside.countDown();
            release.await();
        }));
        inside.await();
        for (int i = 0; i < 20; i++) {
            fences.add(queue.submit("behind"));
        }
        assertThat(fences).noneMatch(PointFence::isDone);
        release.countDown();
        for (PointFence fence : fences) {
            assertOk(fence);
        }
    }

    @Test
    void aSubmitterHandsALongBatchToTheRuntime() throws Exception {
        var names = new ConcurrentLinkedQueue<String>();
        JobQueue<Object> queue = open(new InlineDriver(), options("batch").withCapacity(1 << 14).withCredits(1 << 14));
        FenceIssuer gate = issuer("gate");
        Work job = _ -> names.add(Thread.currentThread().getName());
        PointFence last = queue.submit(job, gate.fence());
        for (int i = 0; i < 10_000; i++) {
            last = queue.submit(job);
        }

        gate.signal();

        assertOk(last);
        String me = Thread.currentThread().getName();
        assertThat(names).hasSize(10_001);
        assertThat(names.stream().filter(me::equals).count()).as("jobs on the borrowed thread").isBetween(1L, 5_000L);
    }
}
