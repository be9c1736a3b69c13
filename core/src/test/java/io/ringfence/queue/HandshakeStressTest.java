package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Each handshake under load, with a device that interrupts only when asked: what is lost shows as a hang. */
class HandshakeStressTest extends QueueTestBase {
    @Test
    @DisplayName("H13: one credit and two slots, 100,000 jobs through a device that interrupts only when asked")
    void oneCreditTwoSlots() throws Exception {
        var driver = new ThreadedDriver();
        JobQueue<Object> queue = open(driver, options("narrow").withCapacity(2).withCredits(1));
        PointFence last = null;
        for (int i = 0; i < 100_000; i++) {
            last = queue.submit("job");
        }
        assertOk(last);
        assertThat(driver.mostInFlight).hasValue(1);
    }

    @Test
    @DisplayName("H13: 100,000 jobs, each awaited by a parked thread")
    void eachAwaited() throws Exception {
        JobQueue<Object> queue = open(new ThreadedDriver(), options("awaited"));
        for (int i = 0; i < 100_000; i++) {
            assertOk(queue.submit("job"));
        }
    }

    @Test
    @DisplayName("H13: a chain of 100,000 jobs back and forth between two queues")
    void pingPong() throws Exception {
        JobQueue<Object> a = open(new ThreadedDriver(), options("ping").withCapacity(256));
        JobQueue<Object> b = open(new ThreadedDriver(), options("pong").withCapacity(256));
        PointFence before = a.submit("first");
        for (int i = 0; i < 100_000; i++) {
            before = (i % 2 == 0 ? b : a).submit("job", before);
        }
        assertOk(before);
    }

    @Test
    @DisplayName("H13: two platform and two virtual producers, 50,000 jobs each, every one signalled, the limit kept")
    void mixedProducers() throws Exception {
        var driver = new ThreadedDriver();
        JobQueue<Object> queue = open(driver, options("mixed").withCapacity(64).withCredits(16));
        var failures = new AtomicLong();
        List<FutureTask<Void>> producers = new ArrayList<>();
        List<Thread> virtual = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            producers.add(start("producer", () -> produce(queue, failures)));
            var task = new FutureTask<Void>(() -> {
                produce(queue, failures);
                return null;
            });
            producers.add(task);
            virtual.add(Thread.startVirtualThread(task));
        }
        join(producers);
        for (Thread thread : virtual) {
            thread.join();
        }

        PointFence last = queue.submit("last");
        assertOk(last);
        assertThat(last.seqno()).isEqualTo(200_001);
        assertThat(driver.runs).hasValue(200_001);
        assertThat(failures).hasValue(0);
        assertThat(driver.mostInFlight.get()).isBetween(1L, 16L);
    }

    private static void produce(JobQueue<Object> queue, AtomicLong failures) throws InterruptedException {
        long before = 0;
        for (int i = 0; i < 50_000; i++) {
            if (i % 3 == 0) {
                long seqno = queue.trySubmit("job");
                if (seqno == SubmitCode.FULL) {
                    // Trying again and again would keep the carrier from the virtual thread that has to make room.
                    seqno = queue.submit("job").seqno();
                }
                if (seqno <= before) {
                    failures.incrementAndGet();
                }
                before = seqno;
            } else {
                PointFence fence = queue.submit("job");
                if (fence.seqno() <= before || (i % 512 == 1 && fence.await() != Outcome.OK)) {
                    failures.incrementAndGet();
                }
                before = fence.seqno();
            }
        }
    }

    @Test
    @DisplayName("H13: issuers signal while jobs register for their fences")
    void registrationBesideSignal() throws Exception {
        JobQueue<Object> queue = open(new ThreadedDriver(), options("inputs"));
        var issuers = new FenceIssuer[50_000];
        for (int i = 0; i < issuers.length; i++) {
            issuers[i] = FenceIssuer.create("input " + i);
        }
        FutureTask<Void> signaller = start("signaller", () -> {
            for (FenceIssuer issuer : issuers) {
                issuer.signal();
            }
        });
        PointFence last = null;
        for (int i = 0; i < issuers.length; i += 2) {
            last = queue.submit("job", issuers[i].fence(), issuers[i + 1].fence());
        }
        assertOk(last);
        signaller.get();
    }

    @Test
    @DisplayName("H13: callbacks are registered while the timeline advances, and each is called once")
    void callbacksBesideAdvance() throws Exception {
        JobQueue<Object> queue = open(new ThreadedDriver(), options("callbacks"));
        var calls = new AtomicLong();
        List<FutureTask<Void>> threads = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            threads.add(start("registers", () -> {
                for (int i = 0; i < 20_000; i++) {
                    PointFence fence = queue.submit("job");
                    fence.onDone(calls::incrementAndGet);
                    if (ThreadLocalRandom.current().nextInt(64) == 0) {
                        fence.await();
                    }
                }
            }));
        }
        join(threads);
        assertOk(queue.submit("last"));
        queue.close();
        assertThat(calls).hasValue(60_000);
    }

    @Test
    @DisplayName("H13: queues are closed beside their producers; what was accepted is finished")
    void closeBesideClaim() throws Exception {
        for (int round = 0; round < 300; round++) {
            var driver = new InlineDriver();
            JobQueue<Object> queue = open(driver, options("round").withCapacity(4));
            var accepted = new AtomicLong();
            List<FutureTask<Void>> producers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                producers.add(start("producer", () -> {
                    try {
                        for (;;) {
                            queue.submit("job");
                            accepted.incrementAndGet();
                        }
                    } catch (QueueClosedException e) {
                        assertThat(e).hasMessageContaining("round");
                    }
                }));
            }
            while (accepted.get() < 3) {
                Thread.onSpinWait();
            }
            queue.close();
            assertThat(driver.closes).hasValue(1);
            join(producers);
            assertThat(driver.runs.get()).isEqualTo(accepted.get()).isEqualTo(queue.timeline().signaled());
        }
    }
}
