package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.FenceProducer;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What many submitters and many holders of one turn must not mix up. */
class GapsOrderTest extends QueueTestBase {

    /** The n-th job of a producer. */
    private record Numbered(int producer, int number) {
    }

    /** Notes the jobs in the order of their runs; the checked driver sees to it that this is the order of seqnos. */
    private static final class NotingDriver extends ThreadedDriver {
        final List<Object> ran = Collections.synchronizedList(new ArrayList<>());

        @Override
        void started(long seqno, Object payload) throws Exception {
            ran.add(payload);
            super.started(seqno, payload);
        }
    }

    @Test
    @DisplayName("Y-35: jobs of concurrent submitters run in the order of their seqnos, those of one in the order of submission")
    void seqnosInOrder() throws Exception {
        int producers = 4;
        int each = 20_000;
        var driver = new NotingDriver();
        JobQueue<Object> queue = open(driver, options("order").withCapacity(256).withCredits(32));
        long[][] seqnos = new long[producers][each];
        List<FutureTask<Void>> threads = new ArrayList<>();
        for (int i = 0; i < producers; i++) {
            int producer = i;
            threads.add(start("producer", () -> {
                for (int number = 0; number < each; number++) {
                    var job = new Numbered(producer, number);
                    long seqno = number % 2 == 0 ? queue.trySubmit(job) : SubmitCode.FULL;
                    seqnos[producer][number] = seqno > 0 ? seqno : queue.submit(job).seqno();
                }
            }));
        }
        join(threads);
        queue.close();

        assertThat(driver.ran).hasSize(producers * each);
        int wrong = 0;
        for (int producer = 0; producer < producers; producer++) {
            long before = 0;
            for (int number = 0; number < each; number++) {
                long seqno = seqnos[producer][number];
                if (seqno <= before || !driver.ran.get((int) seqno - 1).equals(new Numbered(producer, number))) {
                    wrong++;
                }
                before = seqno;
            }
        }
        assertThat(wrong).as("jobs with another's seqno, or before their predecessor").isZero();
    }

    @Test
    @DisplayName("H13: submitters, a signaller, a poller and a worker race for one turn: no two runs at once, none out of order")
    void bypassRacingWorker() throws Exception {
        int waiting = 3_000;
        int late = 1_000;
        for (int round = 0; round < 20; round++) {
            var driver = new InlineDriver();
            JobQueue<Object> queue = open(driver, options("bypass").withCapacity(1 << 13).withCredits(1 << 13));
            FenceIssuer gate = issuer("gate");
            List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
            var holders = ConcurrentHashMap.<String>newKeySet();
            queue.submit(noting(ran, holders, 0), gate.fence());
            for (int i = 1; i < waiting; i++) {
                queue.submit(noting(ran, holders, i));
            }
            var go = new CountDownLatch(1);
            List<FutureTask<Void>> threads = new ArrayList<>();
            threads.add(start("signaller", () -> {
                go.await();
                gate.signal();
            }));
            threads.add(start("submitter", () -> {
                go.await();
                for (int i = 0; i < late; i++) {
                    queue.submit(noting(ran, holders, waiting + i));
                }
            }));
            threads.add(start("poller", () -> {
                go.await();
                for (int i = 0; i < late; i++) {
                    queue.timeline().poll();
                }
            }));
            go.countDown();
            join(threads);
            queue.close();

            assertThat(driver.violations()).isEmpty();
            assertThat(ran).hasSize(waiting + late).isSorted().doesNotHaveDuplicates();
            assertThat(holders).as("nobody on a borrowed thread does it all")
                    .anyMatch(name -> name.contains("-worker-"))
                    .anyMatch(name -> !name.startsWith("ringfence-"));
        }
    }

    private static Work noting(List<Integer> ran, ConcurrentHashMap.KeySetView<String, Boolean> holders, int number) {
        return _ -> {
            ran.add(number);
            holders.add(Thread.currentThread().getName());
        };
    }

    @Test
    @DisplayName("A job that costs more than the limit is refused by every way to submit, though the ring is full")
    void costsMoreThanTheLimit() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> queue = open(driver, options("limited").withCapacity(4).withCredits(3));
        for (int i = 0; i < 4; i++) {
            queue.submit(1);
        }
        var told = new AtomicInteger();
        FenceProducer producer = told::incrementAndGet;
        FenceIssuer input = FenceIssuer.create("input", producer);
        String before = queue.describe();

        for (Body way : List.<Body>of(() -> queue.submit(4), () -> queue.submit(4, input.fence()),
                () -> queue.submitFor(4, Object::toString, input.fence()), () -> queue.trySubmit(4),
                () -> queue.trySubmit(4, input.fence()),
                () -> queue.trySubmitFence(Integer.MAX_VALUE, input.fence()))) {
            assertThatThrownBy(way::run).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("limited").hasMessageContaining("limit, 3");
        }

        assertThat(told).as("a refused job waits for nothing").hasValue(0);
        assertThat(queue.describe()).isEqualTo(before);
        input.signal();
        driver.finishThrough(3);
        PointFence most = queue.submit(3);
        driver.letGo();
        assertOk(most);
        assertThat(driver.payloads).containsExactly(1, 1, 1, 1, 3);
    }
}
