package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Reservation;
import io.ringfence.fence.ReservationLocks;
import io.ringfence.fence.Usage;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A batch that waits for room, or for the locks of reservations. */
class BatchRoomTest extends LineTestBase {
    private static final Duration HUGE = Duration.ofSeconds(Long.MAX_VALUE);

    private final ManualDriver onA = new ManualDriver();
    private final ManualDriver onB = new ManualDriver();
    private final Reservation memory = Reservation.create("memory");
    private JobQueue<Object> a;
    private JobQueue<Object> b;

    @BeforeEach
    void openQueues() {
        a = open(onA, options("a").withCapacity(4));
        b = open(onB, options("b").withCapacity(4));
    }

    /** So many members on each queue, in turns. */
    private Batch batch(String name, int onEach) {
        Batch batch = Batch.create();
        for (int i = 0; i < onEach; i++) {
            batch.add(a, name);
            batch.add(b, name);
        }
        return batch;
    }

    private static List<Object> afterTheFillers(ManualDriver driver) {
        return List.copyOf(driver.payloads.subList(4, driver.payloads.size()));
    }

    @Test
    void commitWaitsUntilThereIsRoomForAllAndHoldsNoPlaceMeanwhile() throws Exception {
        fill(b);
        Batch batch = batch("batch", 2);
        Parked committer = parked("committer", batch::commit);
        assertThat(a.status().claimed()).isZero();
        assertThat(a.trySubmit("single")).as("the other queue goes on").isEqualTo(1);
        finish(b, onB, 1);
        assertThat(b.trySubmit("single")).as("there is room, but the batch waits for more").isEqualTo(SubmitCode.FULL);

        onB.finishThrough(2);
        committer.join();

        assertThat(onA.payloads).containsExactly("single", "batch", "batch");
        assertThat(afterTheFillers(onB)).containsExactly("batch", "batch");
        assertThat(a.status().inLine() + b.status().inLine()).isZero();
    }

    @Test
    @Timeout(180)
    @DisplayName("H2: what the next in the line does with the room that a batch has left comes after the jobs of the batch")
    void jobsComeBeforeTheCallbacksOfTheNext() throws Exception {
        fill(b);
        Parked committer = inLine(b, "committer", batch("batch", 1)::commit);
        Fence room = b.room(1);
        List<Object> seen = new ArrayList<>();
        room.onDone(() -> {
            // Somebody else's code, which takes as long as it likes.
            while (onA.payloads.isEmpty()) {
                spin();
            }
            seen.addAll(onA.payloads);
        });
        onB.finishThrough(2);
        committer.join();
        assertOk(room);
        assertThat(seen).containsExactly("batch");
    }

    @Test
    @Timeout(180)
    @DisplayName("H2: a batch that waits for room in one queue delays nothing that the jobs there depend on")
    void noHoldAndWait() throws Exception {
        FenceIssuer later = issuer("job of a that is submitted later");
        for (int i = 0; i < 4; i++) {
            b.submit("filler", later.fence());
        }
        Parked committer = parked("committer", batch("batch", 4)::commit);

        Fence job = a.submit("single");
        job.onDone(later::signal);
        onA.finishThrough(1);
        assertOk(job);
        awaitRuns(onB, 4);
        onB.finishThrough(4);

        committer.join();
        assertThat(onA.payloads).containsExactly("single", "batch", "batch", "batch", "batch");
    }

    @Test
    @Timeout(180)
    @DisplayName("H2: a batch that waits for room keeps no batch of other queues from going on, whoever waits for whom")
    void otherQueuesOtherBatches() throws Exception {
        var onC = new ManualDriver();
        JobQueue<Object> c = open(onC, options("c").withCapacity(4));
        JobQueue<Object> d = open(new ManualDriver(), options("d").withCapacity(4));
        FenceIssuer afterTheOther = issuer("signalled when the other batch is submitted");
        a.submit("head", afterTheOther.fence());
        fill(a);
        fill(c);
        Parked first = parked("first", batch("first", 1)::commit);
        Batch other = Batch.create();
        other.add(c, "other");
        other.add(d, "other");
        Parked second = parked("second", other::commit);

        onC.finishThrough(1);
        second.join();
        afterTheOther.signal();
        awaitRuns(onA, 4);
        onA.finishThrough(4);

        first.join();
    }

    @Test
    @DisplayName("H21: batches and single submitters stand in one line, and are served in the order in which they came")
    void oneLine() throws Exception {
        fill(a);
        Parked first = inLine(a, "first", () -> a.submit("first"));
        Parked batch = parked("batch", batch("batch", 2)::commit);
        Parked second = inLine(a, "second", () -> a.submit("second"));
        assertThat(a.dump()).contains("for room for 2");

        int[] runs = {4, 5, 5, 7, 8};
        for (int seqno = 1; seqno <= 4; seqno++) {
            onA.finishThrough(seqno);
            awaitRuns(onA, runs[seqno]);
        }
        first.join();
        batch.join();
        second.join();

        assertThat(afterTheFillers(onA)).containsExactly("first", "batch", "batch", "second");
        assertThat(onB.payloads).containsExactly("batch", "batch");
    }

    @Test
    @DisplayName("H21: a batch as large as the ring gets its turn, for nobody overtakes it while it waits")
    void asLargeAsTheRing() throws Exception {
        fill(a);
        Batch batch = Batch.create();
        for (int i = 0; i < 4; i++) {
            batch.add(a, "batch");
        }
        Parked committer = parked("committer", batch::commit);
        Parked behind = inLine(a, "behind", () -> a.submit("behind"));
        for (int seqno = 1; seqno <= 3; seqno++) {
            finish(a, onA, seqno);
            assertThat(a.trySubmit("pushy")).isEqualTo(SubmitCode.FULL);
        }
        onA.finishThrough(4);
        committer.join();
        onA.finishThrough(5);
        behind.join();

        assertThat(afterTheFillers(onA)).containsExactly("batch", "batch", "batch", "batch", "behind");
    }

    @Test
    @DisplayName("H21: a batch that was served stands in no line any more: its jobs and their callbacks may submit")
    void servedIsNotWaiting() throws Exception {
        fill(a);
        List<Long> accepted = new ArrayList<>();
        Batch batch = Batch.create();
        batch.add(a, (Work) _ -> accepted.add(a.trySubmit("from run")));
        Parked committer = parked("committer", batch::commit);

        onA.finishThrough(4);
        committer.join();

        assertThat(accepted).containsExactly(6L);
    }

    @Test
    @DisplayName("H7: what runs when commit looks for room may not submit the batch a second time")
    void onceThoughCallbacksTryToo() throws Exception {
        fill(a);
        Batch batch = Batch.create();
        batch.add(a, "batch");
        AtomicReference<Committed> nested = new AtomicReference<>();
        a.timeline().failureCursor().fence(1).onDone(() -> nested.set(batch.tryCommit()));
        // Found complete by the look of commit itself, on this thread.
        onA.finishQuietlyThrough(2);

        try {
            batch.commit();
        } catch (IllegalStateException submittedBefore) {
            assertThat(nested).doesNotHaveNullValue();
        }

        assertThat(afterTheFillers(onA)).containsExactly("batch");
    }

    // ---- giving up

    @Test
    void anInterruptedCommitHasSubmittedNothingAndCanBeRepeated() throws Exception {
        fill(b);
        Batch batch = batch("batch", 2);
        Parked committer = parked("committer", batch::commit);
        Parked behind = inLine(b, "behind", () -> b.submit("behind"));
        committer.thread().interrupt();
        assertThat(committer.failure()).isInstanceOf(InterruptedException.class);
        assertThat(b.status().inLine()).isEqualTo(1);
        assertThat(a.status().claimed()).isZero();
        onB.finishThrough(1);
        behind.join();

        Thread.currentThread().interrupt();
        assertThatThrownBy(batch::commit).isInstanceOf(InterruptedException.class);
        assertThat(b.status().inLine()).isZero();
        finish(b, onB, 2);
        finish(b, onB, 3);
        Committed done = batch.commit();
        finish(a, onA, 2);
        finish(b, onB, 7);

        for (Fence fence : done.fences()) {
            assertOk(fence);
        }
        assertThat(afterTheFillers(onB)).containsExactly("behind", "batch", "batch");
    }

    @Test
    @DisplayName("H21: a commit whose time is over tells where the queues stand and what the head waits for")
    void timeIsOver() throws Exception {
        FenceIssuer input = issuer("upload of texture 7");
        b.submit("head", input.fence());
        fill(b);
        Batch batch = batch("batch", 1);
        for (Duration none : List.of(Duration.ofMillis(1), Duration.ZERO, Duration.ofNanos(-1), Duration.ofDays(-1))) {
            assertThatThrownBy(() -> batch.commit(none)).isInstanceOf(TimeoutException.class)
                    .hasMessageContaining(none.toString()).hasMessageContaining("queue a#")
                    .hasMessageContaining("waits for upload of texture 7");
        }
        assertThat(a.status().claimed()).isZero();
        assertThat(b.status().claimed()).isEqualTo(4);
        assertThat(b.status().inLine()).isZero();
        input.signal();
        finish(b, onB, 1);
        assertThat(batch.commit(Duration.ZERO).fences()).hasSize(2);
    }

    @Test
    @Timeout(180)
    @DisplayName("H21: a time that ended longer ago than 64 bits of nanoseconds can say has ended")
    void overLongAgo() {
        fill(b);
        Batch batch = batch("batch", 1);
        assertThatThrownBy(() -> batch.commit(Duration.ofSeconds(Long.MIN_VALUE))).isInstanceOf(TimeoutException.class);
    }

    @Test
    void aTimeThatIsLongEnoughIsAsGoodAsNone() throws Exception {
        fill(b);
        Parked committer = parked("committer", () -> batch("batch", 1).commit(HUGE));
        onB.finishThrough(1);
        committer.join();
        assertThat(onA.payloads).containsExactly("batch");
    }

    @Test
    @DisplayName("H19: a commit that waits wakes with closed, and has submitted nothing")
    void closedMeanwhile() throws Exception {
        fill(b);
        Parked first = parked("first", batch("first", 1)::commit);
        Parked second = parked("second", batch("second", 4)::commit);
        b.startClose();
        assertThat(first.failure()).isInstanceOf(QueueClosedException.class).hasMessageContaining("b#");
        assertThat(second.failure()).isInstanceOf(QueueClosedException.class);
        assertThat(a.status().claimed()).isZero();
        a.submit("goes on");
        assertThat(onA.ran).containsExactly(1L);
    }

    // ---- locks

    private Batch using() {
        Batch batch = Batch.create();
        batch.add(a, "batch").writes(memory);
        return batch;
    }

    @Test
    void commitWaitsForTheLockOfAReservationAndHoldsNothingMeanwhile() throws Exception {
        Parked committer;
        try (ReservationLocks locks = ReservationLocks.lock(memory)) {
            committer = parked("committer", using()::commit);
            assertThat(a.status().claimed()).isZero();
            assertThat(a.status().inLine()).isZero();
            a.submit("single");
            assertThat(using().tryCommit()).as("locked").isNull();
            Parked late = started("late", () -> using().commit(Duration.ofMillis(1)));
            assertThat(late.failure()).isInstanceOf(TimeoutException.class);
            assertThat(locks).asString().contains("memory");
        }
        committer.join();
        assertThat(onA.payloads).containsExactly("single", "batch");
    }

    @Test
    void aCommitThatWaitsForALockCanBeInterrupted() throws Exception {
        Batch batch = using();
        try (ReservationLocks locks = ReservationLocks.lock(memory)) {
            Parked committer = parked("committer", batch::commit);
            committer.thread().interrupt();
            assertThat(committer.failure()).isInstanceOf(InterruptedException.class);
            assertThat(locks).asString().contains("memory");
        }
        assertThat(batch.commit().fences()).hasSize(1);
    }

    @Test
    @DisplayName("H2: who holds a lock and submits to a full ring is served before the batch in line that wants the lock")
    void lockHolderBehindTheBatch() throws Exception {
        fill(a);
        Parked committer = parked("committer", using()::commit);
        Parked holder = inLine(a, "holder", () -> {
            try (ReservationLocks locks = ReservationLocks.lock(memory)) {
                locks.reserve(memory, 1);
                locks.add(memory, a.submit("holder"), Usage.WRITE);
            }
        });
        onA.finishThrough(1);
        holder.join();
        onA.finishThrough(2);
        committer.join();
        assertThat(afterTheFillers(onA)).containsExactly("holder", "batch");
    }
}
