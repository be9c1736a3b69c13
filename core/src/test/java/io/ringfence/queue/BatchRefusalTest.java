package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Fences;
import io.ringfence.fence.NotSubmittedException;
import io.ringfence.fence.PreemptIssuer;
import io.ringfence.fence.Reservation;
import io.ringfence.fence.ReservationLocks;
import io.ringfence.fence.SyncObject;
import io.ringfence.fence.Usage;
import io.ringfence.queue.Batch.Member;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a batch refuses, and that it is as if nothing had been asked then. */
class BatchRefusalTest extends LineTestBase {
    private final ManualDriver onA = new ManualDriver();
    private final ManualDriver onB = new ManualDriver();
    private JobQueue<Object> a;
    private JobQueue<Object> b;

    @BeforeEach
    void openQueues() {
        a = open(onA, options("a").withCapacity(4));
        b = open(onB, options("b").withCapacity(4));
    }

    private void assertUntouched() {
        assertThat(a.status().claimed()).isZero();
        assertThat(b.status().claimed()).isZero();
    }

    @Test
    void anEmptyBatchIsRefusedAndCanStillBeFilled() throws Exception {
        Batch batch = Batch.create();
        for (Body commit : List.<Body>of(batch::commit, batch::tryCommit, () -> batch.commit(Duration.ZERO))) {
            assertThatThrownBy(commit::run).isInstanceOf(IllegalStateException.class).hasMessageContaining("empty");
        }
        batch.add(a, "job");
        assertThat(batch.commit().fences()).hasSize(1);
    }

    @Test
    void aBatchServesOnceAndNothingCanBeAddedToItAfterwards() throws Exception {
        Batch batch = Batch.create();
        Member first = batch.add(a, "first");
        Member second = batch.add(a, "second");
        Fence fence = batch.commit().fences().getFirst();
        SyncObject object = SyncObject.create("object");
        object.signal(1);
        Reservation memory = Reservation.create("memory");
        var cursor = a.timeline().failureCursor();

        List<Body> late = List.of(batch::commit, batch::tryCommit, () -> batch.commit(Duration.ofDays(1)),
                () -> batch.add(b, "third"), () -> second.after(first), () -> second.after(fence), second::after,
                () -> second.after(cursor, 1), () -> second.after(object, 1), () -> second.after(memory, Usage.READ),
                () -> second.reads(memory), () -> second.writes(memory), () -> second.signals(object),
                () -> second.signals(object, 2), () -> second.signals(memory, Usage.WRITE));
        for (Body call : late) {
            assertThatThrownBy(call::run).isInstanceOf(IllegalStateException.class).hasMessageContaining("serves once");
        }
        assertThat(onA.payloads).containsExactly("first", "second");
        assertThat(b.status().claimed()).isZero();
    }

    @Test
    @DisplayName("H2: more jobs for a queue than its ring has places are refused when they are added")
    void biggerThanTheRing() throws Exception {
        Batch batch = Batch.create();
        for (int i = 0; i < 4; i++) {
            batch.add(a, "a" + i);
            batch.add(b, "b" + i);
        }
        assertThatThrownBy(() -> batch.add(a, "too many")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("job 5").hasMessageContaining("capacity, 4");
        assertThat(batch.size()).isEqualTo(8);
        assertThat(batch.commit().fences()).hasSize(8);
        assertThat(onA.payloads).containsExactly("a0", "a1", "a2", "a3");
    }

    @Test
    void jobsThatCostNothingOrTooMuchAreRefusedWhenTheyAreAdded() throws Exception {
        Batch batch = Batch.create();
        for (Object cost : new Object[] {0, -1, 5}) {
            assertThatThrownBy(() -> batch.add(a, cost)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("costs " + cost).hasMessageContaining("limit, 4");
        }
        var broken = new IllegalStateException("broken");
        var device = new ManualDriver();
        JobQueue<Object> throwing = runtime.openQueue(device, options("throwing"), _ -> {
            throw broken;
        });
        assertThatThrownBy(() -> batch.add(throwing, "job")).isSameAs(broken);
        assertThat(batch.size()).isZero();
        for (int i = 0; i < 4; i++) {
            batch.add(a, 4);
        }
        batch.commit();
        assertThat(onA.payloads).as("those refused count nowhere").containsExactly(4);
        finish(a, onA, 1);
        assertThat(onA.payloads).containsExactly(4, 4);
    }

    @Test
    @DisplayName("H2: a member of another batch, the member itself and a later one are refused as dependencies")
    void onlyEarlierMembers() throws Exception {
        Batch batch = Batch.create();
        Member first = batch.add(a, "first");
        Member second = batch.add(b, "second");
        Member foreign = Batch.create().add(a, "foreign");

        assertThatThrownBy(() -> second.after(foreign)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another batch");
        assertThatThrownBy(() -> second.after(second)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("job 1 of a batch, on queue b").hasMessageContaining("added before");
        assertThatThrownBy(() -> first.after(second)).isInstanceOf(IllegalArgumentException.class);

        Committed done = batch.commit();
        assertThat(onB.ran).as("what was refused is not waited for").containsExactly(1L);
        assertThatThrownBy(() -> done.fence(foreign)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another batch");
        assertThat(done.fence(second).seqno()).isEqualTo(1);
    }

    @Test
    @DisplayName("H2: a point that was not submitted is refused where it is named: what does not exist cannot be waited for")
    void pointsThatDoNotExist() throws Exception {
        a.submit("only");
        var cursor = a.timeline().failureCursor();
        Batch batch = Batch.create();
        Member job = batch.add(a, "job");
        for (long seqno : new long[] {2, 0, -1}) {
            assertThatThrownBy(() -> job.after(cursor, seqno)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("point " + seqno).hasMessageContaining("1 to 1");
        }
        assertThatThrownBy(() -> job.after(SyncObject.create("empty"), 1)).isInstanceOf(NotSubmittedException.class);
        batch.commit();
        assertThat(onA.payloads).containsExactly("only", "job");
    }

    // ---- what a job cannot wait for

    /** Queues that were asked to leave their device. */
    private final BlockingQueue<FenceIssuer> asked = new LinkedBlockingQueue<>();

    @AfterEach
    void leave() {
        asked.forEach(FenceIssuer::signal);
    }

    private Fence preempt(JobQueue<Object> queue) {
        return PreemptIssuer.allocate("preempt " + queue.name()).arm(asked::add, queue.timeline());
    }

    @Test
    @DisplayName("H2: a job is refused that names its own queue's preempt fence, alone, in an all-of, or in a sync object")
    void ownPreemptFence() throws Exception {
        Fence own = preempt(a);
        SyncObject object = SyncObject.create("object");
        object.add(1, own);
        Fence harmless = issuer("harmless").fence();
        Fence all = Fences.allOf(harmless, own);
        List<Body> submissions = new ArrayList<>();
        for (Fence named : List.of(own, all, object.fence(1), Fences.allOf(harmless, object.fence(1)))) {
            submissions.add(() -> a.submit("job", named));
            submissions.add(() -> a.submit("job", harmless, named));
            submissions.add(() -> a.submit("job", harmless, harmless, named));
            submissions.add(() -> a.submit("job", Duration.ZERO, named));
            submissions.add(() -> a.submitFor("job", payload -> payload, named));
            submissions.add(() -> a.trySubmit("job", named));
            submissions.add(() -> a.trySubmit("job", named, harmless));
            submissions.add(() -> a.trySubmitFence("job", harmless, named));
            submissions.add(() -> {
                Batch batch = Batch.create();
                batch.add(b, "before");
                batch.add(a, "job").after(harmless, named);
                batch.commit();
            });
        }
        for (Body submission : submissions) {
            assertThatThrownBy(submission::run).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("queue a#").hasMessageContaining("would wait for itself");
        }
        assertUntouched();
        assertThat(own.isDone()).isFalse();
    }

    @Test
    void ownPreemptFenceIsRefusedWhereItIsNamed() {
        Fence own = preempt(a);
        Batch batch = Batch.create();
        Member job = batch.add(a, "job");
        SyncObject object = SyncObject.create("object");
        object.add(1, own);
        assertThatThrownBy(() -> job.after(own)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> job.after(object, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> job.after(Fences.allOf(own, issuer("other").fence())))
                .as("in an all-of, which nobody could take out of the batch again")
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anotherQueuesPreemptFenceIsADependencyAsAnyOther() throws Exception {
        Batch batch = Batch.create();
        Member job = batch.add(a, "job").after(preempt(b));
        Fence fence = batch.commit().fence(job);
        asked.take().signal();
        awaitRuns(onA, 1);
        finish(a, onA, 1);
        assertOk(fence);
    }

    @Test
    void aPreemptFenceThatIsSignalledKeepsNobodyOut() throws Exception {
        PreemptIssuer issuer = PreemptIssuer.allocate("preempt a");
        Fence own = issuer.arm(asked::add, a.timeline());
        issuer.signal();
        a.submit("alone", own);
        Batch batch = Batch.create();
        batch.add(a, "in a batch").after(own);
        batch.commit();
        assertThat(onA.payloads).containsExactly("alone", "in a batch");
    }

    @Test
    @DisplayName("H2: what a reservation holds is asked too: a job that would wait for its own queue to leave is refused")
    void ownPreemptFenceInAReservation() throws Exception {
        Reservation memory = Reservation.create("memory");
        try (ReservationLocks locks = ReservationLocks.lock(memory)) {
            locks.reserve(memory, 1);
            locks.add(memory, preempt(a), Usage.BOOKKEEP);
        }
        Batch batch = Batch.create();
        batch.add(b, "before");
        batch.add(a, "job").after(memory, Usage.BOOKKEEP).signals(memory, Usage.READ);
        assertThatThrownBy(batch::commit).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(batch::tryCommit).isInstanceOf(IllegalArgumentException.class);
        assertUntouched();
        try (ReservationLocks locks = ReservationLocks.tryLock(memory)) {
            assertThat(locks).as("unlocked again").isNotNull();
        }
        assertThat(memory.entries(Usage.READ)).isEmpty();
        Batch usual = Batch.create();
        usual.add(a, "job").writes(memory);
        usual.commit();
        assertThat(onA.ran).as("nobody waits for what is only kept in use").containsExactly(1L);
    }

    @Test
    @DisplayName("H2: a job is refused that names the end of its own queue; the end of another one is a dependency")
    void ownEnd() throws Exception {
        a.submit("keeps it open");
        Fence endOfA = a.startClose();
        Batch batch = Batch.create();
        Member onClosed = batch.add(a, "job");
        assertThatThrownBy(() -> onClosed.after(endOfA)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("end of queue a").hasMessageContaining("would wait for itself");
        assertThatThrownBy(() -> a.submit("job", endOfA)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> a.trySubmit("job", Fences.allOf(endOfA, issuer("x").fence())))
                .isInstanceOf(IllegalArgumentException.class);

        Batch other = Batch.create();
        Member later = other.add(b, "later").after(endOfA);
        Fence fence = other.commit().fence(later);
        assertThat(onB.ran).isEmpty();
        finish(a, onA, 1);
        assertOk(endOfA);
        finish(b, onB, 1);
        assertOk(fence);
    }

    // ---- points of sync objects

    @Test
    @DisplayName("D19: points that are not higher than the last are refused where they are named, and again at commit")
    void pointsGoUpwards() throws Exception {
        SyncObject object = SyncObject.create("object");
        object.signal(5);
        Batch batch = Batch.create();
        Member first = batch.add(a, "first");
        for (long point : new long[] {0, -1, 5, 4, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> first.signals(object, point)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("point " + point).hasMessageContaining("higher than 5");
        }
        first.signals(object, 6);
        batch.add(b, "second").signals(object, 9);
        object.signal(7);

        for (Body commit : List.<Body>of(batch::commit, batch::tryCommit, () -> batch.commit(Duration.ZERO))) {
            assertThatThrownBy(commit::run).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("point 6").hasMessageContaining("higher than 7");
        }
        assertUntouched();
        assertThat(object.lastSubmitted()).isEqualTo(7);
        object.reset();
        batch.commit();
        assertThat(object.lastSubmitted()).as("nothing was left behind that forbids it").isEqualTo(9);
    }

    @Test
    void twoMembersThatLeaveTheSamePointOrALowerOneAreRefused() {
        for (long second : new long[] {6, 5}) {
            SyncObject object = SyncObject.create("object");
            Batch batch = Batch.create();
            batch.add(a, "first").signals(object, 6);
            batch.add(b, "second").signals(object, second);
            assertThatThrownBy(batch::commit).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("point " + second).hasMessageContaining("higher than 6");
            assertThat(object.isEmpty()).isTrue();
        }
        assertUntouched();
    }
}
