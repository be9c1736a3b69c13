package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;

import io.ringfence.fence.Fence;
import io.ringfence.fence.Reservation;
import io.ringfence.fence.ReservationLocks;

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
    @Timeout(180)
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
}
