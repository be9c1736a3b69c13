package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.ringfence.driver.Completions;
import io.ringfence.fence.Failure;
import io.ringfence.fence.FailureCursor;
import io.ringfence.fence.Fence;
import io.ringfence.fence.PointFence;
import io.ringfence.fence.Reservation;
import io.ringfence.fence.ReservationLocks;
import io.ringfence.fence.SyncObject;
import io.ringfence.fence.Usage;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Batches that are not submitted, and what the queues notice of it. */
class BatchAllOrNothingTest extends LineTestBase {
    private final ManualDriver onA = new ManualDriver();
    private final ManualDriver onB = new ManualDriver();
    private JobQueue<Object> a;
    private JobQueue<Object> b;

    @BeforeEach
    void openQueues() {
        a = open(onA, options("a").withCapacity(4));
        b = open(onB, options("b").withCapacity(4));
    }

    private static Batch batch(JobQueue<Object> one, JobQueue<Object> other) {
        Batch batch = Batch.create();
        batch.add(one, "batch");
        batch.add(other, "batch");
        batch.add(one, "batch");
        return batch;
    }

    @Test
    @DisplayName("H2: if one of the queues is closed nothing is submitted to any, whichever it is")
    void oneIsClosed() throws Exception {
        b.startClose();
        for (Batch batch : List.of(batch(a, b), batch(b, a))) {
            for (Body commit : List.<Body>of(batch::commit, batch::tryCommit, () -> batch.commit(Duration.ZERO))) {
                assertThatThrownBy(commit::run).isInstanceOf(QueueClosedException.class).hasMessageContaining("b#")
                        .hasMessageContaining("closed");
            }
        }
        JobQueue<Object> banned = open(new ManualDriver(), options("banned"));
        banned.ban("too many hangs");
        assertThatThrownBy(batch(a, banned)::commit).isInstanceOf(QueueClosedException.class)
                .hasMessageContaining("too many hangs");

        assertThat(a.status().claimed()).isZero();
        a.submit("goes on");
        assertThat(onA.payloads).containsExactly("goes on");
    }

    @Test
    @DisplayName("H2: a batch that can never be submitted says so, though another of its queues is full")
    void closedBeforeFull() {
        fill(a);
        b.startClose();
        // In which order a batch asks its queues is its own business: with eight of them each comes first now and then.
        for (int i = 0; i < 8; i++) {
            JobQueue<Object> closed = open(new ManualDriver(), options("closed " + i));
            closed.startClose();
            Batch batch = batch(a, closed);
            assertThatThrownBy(batch::tryCommit).as("queue %s", i).isInstanceOf(QueueClosedException.class);
        }
    }

    @Test
    @Timeout(10)
    @DisplayName("H19: a commit that waits for room in one queue wakes when another one of its queues is closed")
    void anotherIsClosedMeanwhile() throws Exception {
        fill(a);
        Parked committer = inLine(a, "committer", batch(a, b)::commit);

        b.startClose();

        assertThat(committer.failure()).isInstanceOf(QueueClosedException.class).hasMessageContaining("b#");
        assertThat(a.status().inLine()).isZero();
    }

    @Test
    void whereSomethingIsInTheWayTryCommitSubmitsNothingAndCanBeRepeated() throws Exception {
        Reservation memory = Reservation.create("memory");
        Batch batch = batch(a, b);
        batch.add(b, "reads").reads(memory);
        fill(a);
        assertThat(batch.tryCommit()).as("full").isNull();
        finish(a, onA, 3);
        Fence room = a.room(4);
        assertThat(batch.tryCommit()).as("there is room, but others wait for it").isNull();
        finish(a, onA, 4);
        assertOk(room);
        try (ReservationLocks locks = ReservationLocks.lock(memory)) {
            assertThat(batch.tryCommit()).as("%s", locks).isNull();
        }
        assertThat(a.status().claimed()).isEqualTo(4);
        assertThat(b.status().claimed()).isZero();

        Committed done = batch.tryCommit();

        assertThat(done).isNotNull();
        assertThat(onB.payloads).containsExactly("batch", "reads");
        assertThat(done.fences().getFirst().seqno()).as("no seqno was spent").isEqualTo(5);
    }

    @Test
    void whatTryCommitNeedsIsPolledFor() throws Exception {
        fill(a);
        onA.finishQuietlyThrough(2);
        assertThat(batch(a, b).tryCommit()).isNotNull();
        assertThat(onB.payloads).containsExactly("batch");
    }

    // ---- what happens between the look for room and the claims

    /** A device that does something when it is polled the next time. */
    private static final class Meddler extends ManualDriver {
        private Runnable meddling;

        @Override
        void report(Completions completions) {
            super.report(completions);
            Runnable once = meddling;
            meddling = null;
            if (once != null) {
                once.run();
            }
        }
    }

    /** Two full rings whose jobs are found complete when a batch looks for room there. */
    private final class Meddled {
        final Meddler onFirst = new Meddler();
        final Meddler onSecond = new Meddler();
        final JobQueue<Object> first = open(onFirst, options("first").withCapacity(4));
        final JobQueue<Object> second = open(onSecond, options("second").withCapacity(4));
        final FailureCursor cursor = first.timeline().failureCursor();
        final SyncObject object = SyncObject.create("object");
        final Reservation memory = Reservation.create("memory");
        final Batch batch = Batch.create();

        Meddled() {
            fill(first);
            fill(second);
            onFirst.finishQuietlyThrough(4);
            onSecond.finishQuietlyThrough(4);
            batch.add(first, "batch").signals(object).writes(memory);
            batch.add(first, "batch");
            batch.add(second, "batch");
        }

        /**
         * Does something to the second queue after that was found to have room, and before anything is claimed.
         *
         * @return whether that was possible: it is not if the batch asked the first queue first
         */
        boolean tryCommit(Consumer<JobQueue<Object>> meddling) {
            var secondAsked = new AtomicBoolean();
            var done = new AtomicBoolean();
            onSecond.meddling = () -> secondAsked.set(true);
            onFirst.meddling = () -> {
                if (secondAsked.get()) {
                    done.set(true);
                    meddling.accept(second);
                }
            };
            try {
                assertThat(batch.tryCommit() == null).isEqualTo(done.get());
            } catch (QueueClosedException closed) {
                assertThat(closed).hasMessageContaining("second#");
                assertThat(done).isTrue();
            }
            return done.get();
        }

        /** No member was submitted; what was claimed for them is passed over. */
        void assertHoles() throws InterruptedException {
            assertThat(object.isEmpty()).isTrue();
            assertThat(memory.entries(Usage.BOOKKEEP)).isEmpty();
            long claimed = first.status().claimed();
            assertThat(claimed).as("two holes, or nothing was claimed at all").isIn(4L, 6L);
            assertThat(onFirst.payloads).hasSize(4).containsOnly("filler");
            assertThat(onFirst.cancelled).isEmpty();
            first.timeline().poll();
            assertThat(first.status().live()).as("nobody has to finish a hole").isZero();
            for (long hole = 5; hole <= claimed; hole++) {
                assertThat(cursor.failure(hole)).isInstanceOf(Failure.Cancelled.class);
            }
            assertThat(first.status().failed()).as("failed jobs").isZero();
            PointFence next = first.submit("goes on");
            assertThat(next.seqno()).isEqualTo(claimed + 1);
            finish(first, onFirst, claimed + 1);
            assertOk(next);
        }
    }

    /** Which of its queues a batch asks first is not known; a few attempts bring both orders. */
    private Meddled meddled(Consumer<JobQueue<Object>> meddling) {
        for (int i = 0; i < 64; i++) {
            var attempt = new Meddled();
            if (attempt.tryCommit(meddling)) {
                return attempt;
            }
        }
        throw new AssertionError("the queue that was added first was asked first each time");
    }

    @Test
    @DisplayName("H2: closed when the first queue was claimed: that one gets holes, its driver sees nothing, it goes on")
    void closedInBetween() throws Exception {
        Meddled meddled = meddled(JobQueue::startClose);

        meddled.assertHoles();
        assertThat(meddled.onSecond.payloads).hasSize(4).containsOnly("filler");
        passOverHoles(meddled.onFirst);
    }

    @Test
    @DisplayName("H2: filled when the first queue was claimed: that one gets holes, and the batch waits and begins again")
    void filledInBetween() throws Exception {
        Meddled meddled = meddled(second -> assertThat(
                second.trySubmitAll(new Object[] {"quicker", "quicker", "quicker", "quicker"}).count()).isEqualTo(4));
        meddled.assertHoles();

        Parked committer = inLine(meddled.second, "committer", meddled.batch::commit);
        long before = meddled.first.status().claimed();
        assertThat(meddled.first.status().live()).as("nothing is held").isZero();
        meddled.onSecond.finishThrough(5);
        committer.join();

        assertThat(meddled.onFirst.payloads.subList(4, 7)).containsExactly("goes on", "batch", "batch");
        assertThat(meddled.onSecond.payloads.subList(4, 9)).containsExactly("quicker", "quicker", "quicker", "quicker",
                "batch");
        finish(meddled.first, meddled.onFirst, before + 2);
        assertOk(meddled.object.fence());
        passOverHoles(meddled.onFirst);
    }
}
