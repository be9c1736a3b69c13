package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.queue.QueueStatus.Waits;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RoomTest extends LineTestBase {
    private final ManualDriver driver = new ManualDriver();

    private JobQueue<Object> ring(int capacity) {
        return open(driver, options("ring").withCapacity(capacity));
    }

    @Test
    void whereThereIsRoomTheFenceIsSignalledAtOnce() throws Exception {
        JobQueue<Object> queue = ring(4);
        assertThat(queue.room(4).isDone()).isTrue();
        queue.submit("job");

        assertThat(queue.room(3).isDone()).isTrue();
        assertThat(queue.status().inLine()).isZero();
        assertThat(queue.room(4).isDone()).isFalse();
        assertThat(queue.status().inLine()).isEqualTo(1);
    }

    @Test
    void aFullRingIsPolledBeforeItIsSaidToBeFull() {
        JobQueue<Object> queue = ring(2);
        fill(queue);
        driver.finishQuietlyThrough(1);

        assertOkNow(queue.room(1));
    }

    @Test
    @DisplayName("H12: nobody polls: whoever waits for room by a fence is told by an armed interrupt")
    void toldByInterrupt() throws Exception {
        JobQueue<Object> queue = ring(4);
        fill(queue);
        Fence three = queue.room(3);
        assertThat(driver.armed()).isEqualTo(3);

        driver.finishThrough(2);
        assertThat(three.isDone()).isFalse();
        driver.finishThrough(3);

        assertOk(three);
        assertThat(queue.status().inLine()).isZero();
        assertThat(queue.trySubmit("next")).isEqualTo(5);
    }

    @Test
    @DisplayName("H21: as long as a fence for room is pending, trySubmit answers FULL, also where there is room for one")
    void fullMeanwhile() throws Exception {
        JobQueue<Object> queue = ring(4);
        fill(queue);
        Fence two = queue.room(2);
        finish(queue, driver, 1);
        assertThat(queue.status().live()).isEqualTo(3);

        assertThat(two.isDone()).isFalse();
        assertThat(queue.trySubmit("pushy")).isEqualTo(SubmitCode.FULL);
        assertThat(queue.trySubmitFence("pushy")).isNull();
        assertThat(queue.trySubmitAll(new Object[] {"pushy"}).first()).isEqualTo(SubmitCode.FULL);
        assertThat(queue.room(1).isDone()).as("behind the other one").isFalse();

        finish(queue, driver, 2);
        assertOkNow(two);
        assertThat(queue.trySubmit("next")).isEqualTo(5);
    }

    @Test
    @DisplayName("H21: threads and fences stand in one line, and are served in the order in which they came")
    void oneLine() throws Exception {
        JobQueue<Object> queue = ring(2);
        fill(queue);
        Fence first = queue.room(1);
        Parked thread = inLine(queue, "thread", () -> queue.submit("thread"));
        Fence second = queue.room(2);
        Parked last = inLine(queue, "last", () -> queue.submit("last"));
        assertThat(queue.dump()).contains("a fence waits", "for room for 2", "thread thread#", "thread last#");
        assertThat(queue.status().inLine()).isEqualTo(4);

        driver.finishThrough(1);
        thread.join();
        assertOk(first);
        finish(queue, driver, 2);
        assertThat(second.isDone()).as("there is room for one only").isFalse();
        assertThat(queue.status().inLine()).isEqualTo(2);
        driver.finishThrough(3);
        last.join();
        assertOk(second);

        assertThat(driver.payloads).containsExactly("filler", "filler", "thread", "last");
    }

    @Test
    @DisplayName("H19: fences for room fail as cancelled when the queue is closed, the first and those behind it")
    void closed() throws Exception {
        JobQueue<Object> queue = ring(2);
        fill(queue);
        List<Fence> fences = List.of(queue.room(1), queue.room(2));
        Parked thread = inLine(queue, "thread", () -> queue.submit("thread"));
        Fence last = queue.room(1);

        queue.startClose();

        for (Fence fence : fences) {
            assertThat(failureOf(fence)).isInstanceOfSatisfying(Failure.Cancelled.class,
                    cancelled -> assertThat(cancelled.reason()).contains("ring", "closed"));
        }
        assertThat(thread.failure()).isInstanceOf(QueueClosedException.class);
        assertThat(failureOf(last)).isInstanceOf(Failure.Cancelled.class);
        assertThat(queue.status().inLine()).isZero();
        assertThat(failureOf(queue.room(1))).as("asked of a closed queue").isInstanceOf(Failure.Cancelled.class);
    }

    @Test
    void killedAndBannedQueuesHaveNoRoomEither() throws Exception {
        JobQueue<Object> killed = ring(2);
        fill(killed);
        Fence room = killed.room(1);
        killed.kill();
        assertThat(failureOf(room)).isInstanceOf(Failure.Cancelled.class);

        JobQueue<Object> banned = open(new ManualDriver(), options("banned").withCapacity(2));
        fill(banned);
        Fence another = banned.room(2);
        banned.ban("too many hangs");
        assertThat(failureOf(another)).isInstanceOf(Failure.Cancelled.class);
        assertThat(failureOf(banned.room(2))).isInstanceOf(Failure.Cancelled.class);
    }

    @Test
    void roomForNobodyAndForMoreThanThereCanBeIsRefused() {
        JobQueue<Object> queue = ring(4);
        for (int jobs : new int[] {0, -1, 5, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> queue.room(jobs)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("ring").hasMessageContaining(Integer.toString(jobs))
                    .hasMessageContaining("1 to its capacity, 4");
        }
        assertThat(queue.status().inLine()).isZero();
    }

    @Test
    @DisplayName("H6: callbacks of fences for room submit, and ask for room again: a whole stream without a thread")
    void stream() throws Exception {
        int jobs = 10_000;
        var device = new ThreadedDriver();
        JobQueue<Object> queue = open(device, options("stream").withCapacity(4));
        var submitted = new AtomicInteger();
        var end = issuer("end");
        var producer = new Runnable() {
            @Override
            public void run() {
                while (submitted.get() < jobs && queue.trySubmit("job") > 0) {
                    submitted.incrementAndGet();
                }
                if (submitted.get() == jobs) {
                    end.signal();
                } else {
                    queue.room(1).onDone(this);
                }
            }
        };

        producer.run();

        assertOk(end.fence());
        assertOk(queue.submit("last"));
        assertThat(device.runs).hasValue(jobs + 1);
    }

    @Test
    @DisplayName("H6: a hundred thousand fences for room let go by one completion use constant stack, in their order")
    void constantStack() throws Exception {
        int count = 100_000;
        JobQueue<Object> queue = ring(2);
        fill(queue);
        var inside = new AtomicInteger();
        var called = new AtomicInteger();
        var wrong = new AtomicInteger();
        for (int i = 0; i < count; i++) {
            int mine = i;
            queue.room(1).onDone(() -> {
                int depth = inside.incrementAndGet();
                if (depth != 1 || called.getAndIncrement() != mine) {
                    wrong.incrementAndGet();
                }
                inside.decrementAndGet();
            });
        }
        assertThat(queue.status().inLine()).isEqualTo(count);
        driver.finishQuietlyThrough(1);

        onSmallStack(() -> queue.timeline().poll()).get();

        while (called.get() < count) {
            spin();
        }
        assertThat(wrong).hasValue(0);
        assertThat(queue.status().inLine()).isZero();
    }

    @Test
    @DisplayName("H6: a hundred thousand fences for room cancelled by one close use constant stack")
    void constantStackOnClose() throws Exception {
        JobQueue<Object> queue = ring(2);
        fill(queue);
        List<Fence> fences = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            fences.add(queue.room(2));
        }

        onSmallStack(queue::startClose).get();

        for (Fence fence : fences) {
            assertThat(failureOf(fence)).isInstanceOf(Failure.Cancelled.class);
        }
    }

    @Test
    @DisplayName("H7: what hangs on a fence for room does not come between the claim and the publication of the one before it")
    void claimedIsPublished() throws Exception {
        JobQueue<Object> queue = ring(2);
        fill(queue);
        Parked thread = inLine(queue, "thread", () -> queue.submit("thread"));
        var seen = new ConcurrentLinkedQueue<Waits>();
        Fence behind = queue.room(1);
        behind.onDone(() -> seen.add(queue.status().waits()));

        // Room for both at once: the thread claims, leaves the line, and so lets the fence go.
        driver.finishThrough(2);

        thread.join();
        assertOk(behind);
        while (seen.isEmpty()) {
            spin();
        }
        assertThat(seen).containsExactly(Waits.NOTHING);
    }

    private static void assertOkNow(Fence fence) {
        assertThat(fence.outcome()).hasToString("OK");
    }

    private static FutureTask<Void> onSmallStack(Body body) {
        var task = new FutureTask<Void>(() -> {
            body.run();
            return null;
        });
        var thread = new Thread(null, task, "small stack", 256 * 1024);
        thread.setDaemon(true);
        thread.start();
        return task;
    }
}
