package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.fence.Reservation;
import io.ringfence.fence.SyncObject;
import io.ringfence.fence.SyncObject.Until;
import io.ringfence.fence.Usage;
import io.ringfence.queue.Batch.Member;
import io.ringfence.queue.QueueStatus.Waits;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** D19: fences that a batch leaves behind. */
class BatchOutFenceTest extends LineTestBase {
    private static final Duration HUGE = Duration.ofDays(1000);

    private final ManualDriver onA = new ManualDriver();
    private final ManualDriver onB = new ManualDriver();
    private final SyncObject object = SyncObject.create("object");
    private final Reservation memory = Reservation.create("memory");
    private JobQueue<Object> a;
    private JobQueue<Object> b;

    @BeforeEach
    void openQueues() {
        a = open(onA, options("a").withCapacity(4));
        b = open(onB, options("b").withCapacity(4));
    }

    @Test
    void aFenceTakesThePlaceOfEverythingASyncObjectHolds() throws Exception {
        object.add(5, issuer("before").fence());
        Batch batch = Batch.create();
        Member job = batch.add(a, "job").signals(object);
        assertThat(object.lastSubmitted()).as("before commit").isEqualTo(5);

        PointFence fence = batch.commit().fence(job);

        assertThat(object.fence()).isSameAs(fence);
        assertThat(object.lastSubmitted()).isZero();
        finish(a, onA, 1);
        assertThat(object.await(0, Until.SIGNALED, Duration.ZERO)).isEqualTo(Outcome.OK);
    }

    @Test
    void pointsAreLeftInTheOrderOfAdditionAndDoneInTheirOwn() throws Exception {
        Batch batch = Batch.create();
        batch.add(a, "a").signals(object, 5);
        batch.add(b, "b").signals(object, 7).signals(object, 8);
        assertThat(object.isEmpty()).isTrue();

        batch.commit();

        assertThat(object.lastSubmitted()).isEqualTo(8);
        finish(b, onB, 1);
        assertThat(object.query()).isZero();
        assertThat(object.fence(6).isDone()).isFalse();
        finish(a, onA, 1);
        assertThat(object.query()).isEqualTo(8);
        assertThat(object.fence(6).outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void aPointOfAMemberThatFailsFails() throws Exception {
        Work throwing = _ -> {
            throw new IllegalStateException("broken");
        };
        Batch batch = Batch.create();
        batch.add(a, throwing).signals(object, 1).signals(memory, Usage.WRITE);
        batch.add(a, "good").signals(object, 2);
        batch.commit();
        Fence bad = object.fence(1);
        finish(a, onA, 2);

        assertThat(failureOf(bad).root()).isInstanceOf(Failure.DriverError.class);
        assertOk(object.fence(2));
        assertThat(memory.isDone(Usage.BOOKKEEP)).isTrue();
    }

    @Test
    void reservationsShowTheFencesWithTheirUsageAtOnce() throws Exception {
        Batch batch = Batch.create();
        Member reads = batch.add(a, "reads").reads(memory);
        Member maps = batch.add(a, "maps").signals(memory, Usage.BOOKKEEP);
        Member clears = batch.add(b, "clears").signals(memory, Usage.KERNEL);
        assertThat(memory.entries(Usage.BOOKKEEP)).isEmpty();

        Committed done = batch.commit();

        assertThat(memory.fences(Usage.KERNEL)).containsExactly(done.fence(clears));
        assertThat(memory.fences(Usage.WRITE)).containsExactly(done.fence(clears));
        assertThat(memory.fences(Usage.READ)).containsExactlyInAnyOrder(done.fence(clears), done.fence(reads));
        assertThat(memory.fences(Usage.BOOKKEEP)).containsExactlyInAnyOrder(done.fence(clears), done.fence(reads),
                done.fence(maps));
    }

    @Test
    @DisplayName("H2: who waits for a point to be submitted is told when all members are published, inside nothing")
    void toldAfterPublication() throws Exception {
        List<Waits> seen = new ArrayList<>();
        List<Long> claimed = new ArrayList<>();
        List<Long> accepted = new ArrayList<>();
        object.on(3, Until.SUBMITTED, () -> {
            for (JobQueue<Object> queue : List.of(a, b)) {
                seen.add(queue.status().waits());
                claimed.add(queue.status().claimed());
                accepted.add(queue.trySubmit("from the callback"));
            }
        });
        Batch batch = Batch.create();
        batch.add(a, "a1").signals(object, 3);
        batch.add(b, "b1");
        batch.add(a, "a2");

        batch.commit();

        assertThat(claimed).containsExactly(2L, 1L);
        assertThat(seen).containsExactly(Waits.NOTHING, Waits.NOTHING);
        assertThat(accepted).containsExactly(3L, 2L);
        assertThat(onA.payloads).containsExactly("a1", "a2", "from the callback");
    }

    @Test
    void aThreadThatWaitsForAPointToBeSubmittedIsWoken() throws Exception {
        FutureTask<Fence> found = new FutureTask<>(() -> object.awaitSubmitted(2, HUGE));
        var thread = new Thread(found, "waiter");
        thread.setDaemon(true);
        thread.start();
        awaitParked(thread);
        Batch batch = Batch.create();
        batch.add(a, "job").signals(object, 2);
        batch.commit();

        Fence fence = found.get();
        assertThat(fence.isDone()).isFalse();
        finish(a, onA, 1);
        assertOk(fence);
    }

    @Test
    void jobsOfOtherThreadsMayDependOnWhatWasLeftAsSoonAsItIsVisible() throws Exception {
        var go = new CountDownLatch(1);
        JobQueue<Object> fast = open(new InlineDriver(), options("fast"));
        JobQueue<Object> other = open(new InlineDriver(), options("other"));
        int rounds = 500;
        FutureTask<Void> follower = start("follower", () -> {
            go.await();
            for (long round = 1; round <= rounds; round++) {
                // Named without asking whether the job is published yet: its place is claimed, that is enough.
                Fence seen = object.find(round);
                while (seen == null) {
                    spin();
                    seen = object.find(round);
                }
                assertOk(other.submit("follows", seen));
            }
        });
        go.countDown();
        for (long round = 1; round <= rounds; round++) {
            Batch batch = Batch.create();
            batch.add(fast, "job").signals(object, round);
            batch.commit();
        }
        follower.get();
    }

    @Test
    @DisplayName("D19: a batch that is not submitted leaves nothing anywhere")
    void nothingIsLeft() throws Exception {
        FenceIssuer before = issuer("before");
        object.replace(before.fence());
        Batch batch = Batch.create();
        batch.add(b, "b").signals(object).signals(object, 9).writes(memory).signals(memory, Usage.KERNEL);
        batch.add(a, "a");
        fill(a);
        assertThat(batch.tryCommit()).isNull();
        a.startClose();
        assertThatThrownBy(batch::tryCommit).isInstanceOf(QueueClosedException.class);
        assertThatThrownBy(batch::commit).isInstanceOf(QueueClosedException.class);

        assertThat(object.fence()).isSameAs(before.fence());
        assertThat(memory.entries(Usage.BOOKKEEP)).isEmpty();
        assertThat(b.status().claimed()).isZero();
    }

    @Test
    @DisplayName("D19: a point is overtaken in the moment of commit: nothing is submitted, what was left already is cancelled")
    void overtakenInTheMoment() throws Exception {
        SyncObject early = SyncObject.create("early");
        Work overtakes = _ -> object.signal(5);
        // When commit looks for room, the device is found to have completed the first job, and the second is handed over.
        var onC = new ManualDriver();
        JobQueue<Object> c = open(onC, options("c").withCapacity(2).withCredits(1));
        c.submit("on the device");
        c.submit(overtakes);
        onC.finishQuietlyThrough(1);
        Batch batch = Batch.create();
        batch.add(a, "a").signals(early, 1).reads(memory);
        batch.add(c, "c").signals(object, 5);

        assertThatThrownBy(batch::commit).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("point 5");

        if (!early.isEmpty()) {
            assertThat(failureOf(early.fence(1)).root()).isInstanceOf(Failure.Cancelled.class);
        }
        assertThat(memory.isDone(Usage.BOOKKEEP)).isTrue();
        assertThat(object.lastSubmitted()).isEqualTo(5);
        assertThat(onA.payloads).isEmpty();
        finish(c, onC, 2);
        PointFence next = c.submit("goes on");
        finish(c, onC, next.seqno());
        assertOk(next);
        PointFence other = a.submit("goes on");
        finish(a, onA, other.seqno());
        assertOk(other);
        assertThat(onC.payloads).containsExactly("on the device", overtakes, "goes on");
        passOverHoles(onC);
        passOverHoles(onA);
    }
}
