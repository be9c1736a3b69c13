package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import io.ringfence.fence.Failure;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BulkTest extends LineTestBase {
    private final ManualDriver driver = new ManualDriver();

    private static Object[] jobs(int count) {
        return IntStream.range(0, count).mapToObj(i -> "job " + i).toArray();
    }

    @Test
    @DisplayName("H23: a bulk has consecutive seqnos, runs in its order, and rings the doorbell once")
    void oneTurn() {
        JobQueue<Object> queue = open(driver);
        queue.trySubmit("before");
        long rungBefore = driver.doorbells.get();

        Bulk bulk = queue.trySubmitAll(jobs(40));

        assertThat(bulk).isEqualTo(new Bulk(2, 40)).hasToString("40 jobs from seqno 2");
        assertThat(bulk.last()).isEqualTo(41);
        assertThat(driver.ran).isEqualTo(LongStream.rangeClosed(1, 41).boxed().toList());
        assertThat(driver.payloads.subList(1, 41)).containsExactly(jobs(40));
        assertThat(driver.doorbells.get() - rungBefore).isEqualTo(1);
        assertThat(queue.trySubmit("after")).isEqualTo(42);
    }

    @Test
    void aRangeOfAnArrayIsSubmittedAndNothingElseOfIt() {
        JobQueue<Object> queue = open(driver);
        Object[] jobs = jobs(10);
        Object[] before = jobs.clone();
        jobs[0] = null;
        jobs[9] = null;

        assertThat(queue.trySubmitAll(jobs, 2, 5)).isEqualTo(new Bulk(1, 3));
        assertThat(queue.trySubmitAll(jobs, 8, 9)).isEqualTo(new Bulk(4, 1));
        assertThat(queue.trySubmitAll(jobs, 9, 9).count()).isZero();
        assertThat(queue.trySubmitAll(jobs, 10, 10).count()).isZero();
        assertThat(queue.trySubmitAll(new Object[0]).count()).isZero();

        assertThat(driver.payloads).containsExactly(before[2], before[3], before[4], before[8]);
        for (int[] range : new int[][] {{-1, 2}, {5, 4}, {8, 11}, {11, 11}, {0, Integer.MAX_VALUE}}) {
            assertThatThrownBy(() -> queue.trySubmitAll(jobs, range[0], range[1]))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThat(queue.status().claimed()).isEqualTo(4);
    }

    @Test
    void asManyAsThereIsRoomForAreSubmittedAndTheNumberIsTold() {
        JobQueue<Object> queue = open(driver, options("partial").withCapacity(8));
        queue.trySubmit("filler");
        queue.trySubmit("filler");

        Bulk bulk = queue.trySubmitAll(jobs(20));

        assertThat(bulk).isEqualTo(new Bulk(3, 6));
        assertThat(bulk.last()).isEqualTo(8);
        assertThat(driver.payloads.subList(2, 8)).containsExactly(jobs(6));
        Bulk none = queue.trySubmitAll(jobs(1));
        assertThat(none).isEqualTo(new Bulk(SubmitCode.FULL, 0)).hasToString("FULL");
        assertThat(none.last()).isEqualTo(SubmitCode.FULL);
        assertThat(queue.status().claimed()).isEqualTo(8);
    }

    @Test
    void theDeviceIsPolledBeforeFewerThanGivenAreSubmitted() {
        JobQueue<Object> queue = open(driver, options("polled").withCapacity(8));
        fill(queue);
        driver.finishQuietlyThrough(3);
        assertThat(queue.trySubmitAll(jobs(8))).isEqualTo(new Bulk(9, 3));
        driver.finishQuietlyThrough(11);
        assertThat(queue.trySubmitAll(jobs(8))).isEqualTo(new Bulk(12, 8));
    }

    @Test
    @DisplayName("H21: while somebody waits for room, a bulk is answered FULL, also where there is some")
    void fullWhileOneWaits() {
        JobQueue<Object> queue = open(driver, options("line").withCapacity(4));
        fill(queue);
        var room = queue.room(3);
        finish(queue, driver, 2);

        assertThat(queue.trySubmitAll(jobs(2))).isEqualTo(new Bulk(SubmitCode.FULL, 0));

        finish(queue, driver, 3);
        assertThat(room.isDone()).isTrue();
        assertThat(queue.trySubmitAll(jobs(2))).isEqualTo(new Bulk(5, 2));
    }

    @Test
    void closedAndBannedQueuesSayWhich() {
        JobQueue<Object> closed = open(driver, options("closed").withCapacity(2));
        fill(closed);
        var room = closed.room(1);
        closed.startClose();
        assertThat(room.isDone()).isTrue();
        assertThat(closed.trySubmitAll(jobs(2))).isEqualTo(new Bulk(SubmitCode.CLOSED, 0)).hasToString("CLOSED");

        JobQueue<Object> banned = open(new ManualDriver());
        banned.ban("too many hangs");
        assertThat(banned.trySubmitAll(jobs(2))).isEqualTo(new Bulk(SubmitCode.BANNED, 0)).hasToString("BANNED");
        assertThat(driver.payloads).containsExactly("filler", "filler");
    }

    @Test
    void aJobThatIsNoneOrCostsTooMuchKeepsAllOthersOut() {
        JobQueue<Object> queue = open(driver, options("costs").withCredits(5));

        assertThatThrownBy(() -> queue.trySubmitAll(new Object[] {"a", null, "b"}))
                .isInstanceOf(NullPointerException.class);
        for (Object refused : new Object[] {0, 6, -1}) {
            assertThatThrownBy(() -> queue.trySubmitAll(new Object[] {"a", "b", refused}))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("costs " + refused);
        }
        assertThat(queue.status().claimed()).isZero();
        assertThat(queue.trySubmitAll(new Object[] {5, "behind"})).isEqualTo(new Bulk(1, 2));
        assertThat(driver.payloads).as("each job of a bulk costs what it costs").containsExactly(5);
        finish(queue, driver, 1);
        assertThat(driver.payloads).containsExactly(5, "behind");
    }

    @Test
    @DisplayName("H7: what the cost function throws comes out before anything is claimed")
    void costThrows() {
        var device = new ManualDriver();
        var broken = new IllegalStateException("broken");
        JobQueue<Object> queue = runtime.openQueue(device, options("throwing"), payload -> {
            if (payload.equals("job 7")) {
                throw broken;
            }
            return 1;
        });

        assertThatThrownBy(() -> queue.trySubmitAll(jobs(10))).isSameAs(broken);

        assertThat(queue.status().claimed()).isZero();
        assertThat(queue.trySubmitAll(jobs(7))).isEqualTo(new Bulk(1, 7));
        assertThat(device.payloads).containsExactly(jobs(7));
        device.letGo();
    }

    @Test
    @DisplayName("H6: a bulk is allowed inside a callback and inside run, and nests nothing")
    void allowedInside() {
        JobQueue<Object> queue = open(driver);
        var inner = new ConcurrentLinkedQueue<Bulk>();
        var seen = new ConcurrentLinkedQueue<Integer>();
        Work submits = _ -> {
            inner.add(queue.trySubmitAll(jobs(2)));
            seen.add(driver.ran.size());
        };

        assertThat(queue.trySubmitAll(new Object[] {submits, submits})).isEqualTo(new Bulk(1, 2));

        assertThat(inner).containsExactly(new Bulk(3, 2), new Bulk(5, 2));
        assertThat(seen).as("what has run when the bulk was submitted").containsExactly(0, 1);
        assertThat(driver.ran).hasSize(6);
        assertThat(driver.violations()).isEmpty();
    }

    @Test
    void eachJobOfABulkHasAnOutcomeOfItsOwn() {
        JobQueue<Object> queue = open(driver);
        var cursor = queue.timeline().failureCursor();
        Work throwing = _ -> {
            throw new IllegalStateException("broken");
        };
        Bulk bulk = queue.trySubmitAll(new Object[] {"a", throwing, "b"});
        finish(queue, driver, 3);

        assertThat(cursor.failure(bulk.first())).isNull();
        assertThat(cursor.failure(bulk.first() + 1)).isInstanceOf(Failure.DriverError.class);
        assertThat(cursor.failure(bulk.last())).isNull();
        assertThat(queue.timeline().isDone(bulk.last())).isTrue();
    }

    @Test
    @DisplayName("H13: bulks of many producers stay together, none is lost, and the seqnos are those that were told")
    void manyProducers() throws Exception {
        int producers = 4;
        int jobsEach = 20_000;
        Map<Long, Object> ran = new ConcurrentHashMap<>();
        var device = new ThreadedDriver() {
            @Override
            void started(long seqno, Object payload) throws Exception {
                ran.put(seqno, payload);
                super.started(seqno, payload);
            }
        };
        JobQueue<Object> queue = open(device, options("many").withCapacity(1 << 12).withCredits(1 << 12));
        Map<Long, Object> told = new ConcurrentHashMap<>();
        var go = new CountDownLatch(1);
        List<FutureTask<Void>> threads = new ArrayList<>();
        for (int producer = 0; producer < producers; producer++) {
            Object[] jobs = jobs(jobsEach);
            Arrays.setAll(jobs, i -> new Object());
            int bulkSize = 1 + producer;
            threads.add(start("producer " + producer, () -> {
                go.await();
                submitAll(queue, jobs, bulkSize, told);
            }));
        }
        go.countDown();
        join(threads);
        assertOk(queue.submit("last"));

        ran.values().remove("last");
        assertThat(told).hasSize(producers * jobsEach);
        assertThat(ran).isEqualTo(told);
        assertThat(queue.status().claimed()).as("no seqno is lost").isEqualTo((long) producers * jobsEach + 1);
    }

    private static void submitAll(JobQueue<Object> queue, Object[] jobs, int most, Map<Long, Object> told)
            throws InterruptedException {
        int next = 0;
        while (next < jobs.length) {
            Bulk bulk = queue.trySubmitAll(jobs, next, Math.min(jobs.length, next + most));
            if (bulk.count() == 0) {
                assertThat(bulk.first()).isEqualTo(SubmitCode.FULL);
                assertOk(queue.room(1));
                continue;
            }
            for (int i = 0; i < bulk.count(); i++) {
                assertThat(told.put(bulk.first() + i, jobs[next + i])).as("told twice").isNull();
            }
            next += bulk.count();
        }
    }
}
