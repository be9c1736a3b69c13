package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TimedSubmitTest extends LineTestBase {
    private static final Duration HUGE = Duration.ofSeconds(Long.MAX_VALUE);
    /** Below what nanoseconds in 64 bits can say. */
    private static final Duration LONG_AGO = Duration.ofSeconds(Long.MIN_VALUE);

    private final ManualDriver driver = new ManualDriver();

    private JobQueue<Object> small() {
        return open(driver, options("timed").withCapacity(2));
    }

    @Test
    void whereThereIsRoomNoTimeIsNeeded() throws Exception {
        JobQueue<Object> queue = small();
        assertThat(queue.submit("zero", Duration.ZERO).seqno()).isEqualTo(1);
        driver.finishQuietlyThrough(1);
        assertThat(queue.submit("negative", Duration.ofNanos(-1)).seqno()).isEqualTo(2);
        assertThat(queue.submit("long ago", LONG_AGO).seqno()).as("a full ring is polled").isEqualTo(3);
        driver.finishQuietlyThrough(3);
        assertThat(queue.submit("huge", HUGE).seqno()).isEqualTo(4);
        assertThat(driver.payloads).containsExactly("zero", "negative", "long ago", "huge");
    }

    @Test
    void theJobOfATimedSubmitDependsOnWhatItNames() throws Exception {
        JobQueue<Object> queue = small();
        var one = issuer("one");
        var two = issuer("two");

        PointFence job = queue.submit("job", HUGE, one.fence(), two.fence());

        one.signal();
        assertThat(driver.ran).isEmpty();
        two.signal();
        assertThat(driver.ran).containsExactly(1L);
        driver.finishThrough(1);
        assertOk(job);
    }

    @Test
    @DisplayName("H21: without time nobody waits, and the message tells where the queue stands and what its head waits for")
    void nothingToWaitWith() throws Exception {
        JobQueue<Object> queue = small();
        var input = issuer("upload of texture 7");
        queue.submit("head", input.fence());
        queue.submit("behind");

        for (Duration none : List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofDays(-1))) {
            assertThatThrownBy(() -> queue.submit("late", none)).isInstanceOf(TimeoutException.class)
                    .hasMessageContaining(none.toString()).hasMessageContaining("timed")
                    .hasMessageContaining("claimed 2").hasMessageContaining("waits for upload of texture 7");
            assertThat(queue.status().inLine()).isZero();
        }
        input.signal();
        finish(queue, driver, 2);
        assertThat(queue.submit("next", Duration.ZERO).seqno()).as("nothing was claimed").isEqualTo(3);
    }

    @Test
    @Timeout(180)
    @DisplayName("H21: a time that ended longer ago than 64 bits of nanoseconds can say has ended")
    void overLongAgo() throws Exception {
        JobQueue<Object> queue = small();
        fill(queue);
        for (Duration none : List.of(LONG_AGO, Duration.ofNanos(Long.MIN_VALUE))) {
            assertThatThrownBy(() -> queue.submit("late", none)).isInstanceOf(TimeoutException.class);
        }
    }

    @Test
    @DisplayName("H21: one whose time is over leaves the line as if it had never stood there")
    void leavesTheLine() throws Exception {
        JobQueue<Object> queue = small();
        fill(queue);

        // As the first of the line, then behind somebody else.
        assertThatThrownBy(() -> queue.submit("late", Duration.ofMillis(1))).isInstanceOf(TimeoutException.class)
                .hasMessageContaining("no room after PT0.001S");
        assertThat(queue.status().inLine()).isZero();
        Parked first = inLine(queue, "first", () -> queue.submit("first"));
        assertThatThrownBy(() -> queue.submit("late", Duration.ofMillis(1))).isInstanceOf(TimeoutException.class)
                .hasMessageContaining("1 submitters wait");
        assertThat(queue.status().inLine()).isEqualTo(1);
        Parked second = inLine(queue, "second", () -> queue.submit("second", HUGE));

        driver.finishThrough(2);

        first.join();
        second.join();
        assertThat(queue.status().inLine()).isZero();
        driver.finishThrough(4);
        queue.submit("third", HUGE);
        // By whoever has the turn now, which may be a thread of the runtime's that has just retired a job.
        Spin.until(() -> driver.payloads.size() == 5);
        assertThat(driver.payloads).containsExactly("filler", "filler", "first", "second", "third");
    }

    @Test
    @DisplayName("H21: when the first of the line gives up, the second is woken and takes the room that the first did not")
    void theNextOneTakesOver() throws Exception {
        JobQueue<Object> queue = small();
        fill(queue);
        List<Parked> waiting = new ArrayList<>();
        waiting.add(inLine(queue, "gives up", () -> queue.submit("interrupted", HUGE)));
        for (int i = 0; i < 3; i++) {
            String name = "waiter " + i;
            waiting.add(inLine(queue, name, () -> queue.submit(name, HUGE)));
        }

        waiting.getFirst().thread().interrupt();
        assertThat(waiting.removeFirst().failure()).isInstanceOf(InterruptedException.class);
        for (int seqno = 1; seqno <= 3; seqno++) {
            driver.finishThrough(seqno);
            awaitRuns(driver, seqno + 2);
        }
        for (Parked waiter : waiting) {
            waiter.join();
        }

        assertThat(driver.payloads).containsExactly("filler", "filler", "waiter 0", "waiter 1", "waiter 2");
        assertThat(queue.status().inLine()).isZero();
    }

    @Test
    void anInterruptEndsAWaitAndOnlyAWait() throws Exception {
        JobQueue<Object> queue = small();
        Thread.currentThread().interrupt();
        PointFence first = queue.submit("there is room", HUGE);
        assertThat(Thread.interrupted()).as("kept where nothing waits").isTrue();
        queue.submit("second");
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> queue.submit("full", HUGE)).isInstanceOf(InterruptedException.class);

        assertThat(Thread.interrupted()).as("told by the exception").isFalse();
        assertThat(queue.status().inLine()).isZero();
        finish(queue, driver, 2);
        assertOk(first);
        assertThat(queue.submit("next", Duration.ZERO).seqno()).isEqualTo(3);
        // By whoever has the turn now, which may be a thread of the runtime's that has just retired a job.
        Spin.until(() -> driver.payloads.size() == 3);
        assertThat(driver.payloads).containsExactly("there is room", "second", "next");
    }

    @Test
    @DisplayName("H19: a timed submitter that waits wakes with closed")
    void closedMeanwhile() throws Exception {
        JobQueue<Object> queue = small();
        fill(queue);
        Parked first = inLine(queue, "first", () -> queue.submit("first", HUGE));
        Parked second = inLine(queue, "second", () -> queue.submit("second", HUGE));

        queue.startClose();

        assertThat(first.failure()).isInstanceOf(QueueClosedException.class);
        assertThat(second.failure()).isInstanceOf(QueueClosedException.class);
        assertThatThrownBy(() -> queue.submit("late", Duration.ZERO)).isInstanceOf(QueueClosedException.class);
        assertThat(driver.payloads).containsExactly("filler", "filler");
    }

    @Test
    @DisplayName("H6: inside a callback also a submit that has no time to wait is refused")
    void refusedInside() throws Exception {
        JobQueue<Object> queue = small();
        var thrown = new ArrayList<Throwable>();
        var gate = issuer("gate");
        gate.fence().onDone(() -> {
            try {
                queue.submit("nested", Duration.ZERO);
            } catch (Throwable refused) {
                thrown.add(refused);
            }
        });
        gate.signal();

        assertThat(thrown).singleElement().isInstanceOf(IllegalStateException.class).asString().contains("trySubmit");
        assertThat(queue.status().claimed()).isZero();
    }
}
