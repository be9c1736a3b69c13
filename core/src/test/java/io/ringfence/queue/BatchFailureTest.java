package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringfence.fence.Failure;
import io.ringfence.fence.FailureCursor;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.fence.Reservation;
import io.ringfence.fence.ReservationLocks;
import io.ringfence.fence.SyncObject;
import io.ringfence.fence.Usage;
import io.ringfence.queue.Batch.Member;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the failure of an input means for the members of a batch, however it was named. */
class BatchFailureTest extends LineTestBase {
    private final IllegalStateException broken = new IllegalStateException("broken");
    private final Failure root = new Failure.DriverError(broken);
    private final Work throwing = _ -> {
        throw broken;
    };

    private final ManualDriver onA = new ManualDriver();
    private final ManualDriver onB = new ManualDriver();
    private JobQueue<Object> a;
    private JobQueue<Object> b;

    @BeforeEach
    void openQueues() {
        a = open(onA, options("a"));
        b = open(onB, options("b"));
    }

    private void assertFailedAfter(PointFence job, Object input) throws InterruptedException {
        assertThat(failureOf(job)).isEqualTo(new Failure.DependencyFailed(input.toString(), root));
    }

    @Test
    @DisplayName("H1: a member fails in run, so the one after it in the same queue is not run, though its wait was elided")
    void elided() throws Exception {
        Batch batch = Batch.create();
        Member before = batch.add(a, "on the device");
        Member bad = batch.add(a, throwing);
        Member after = batch.add(a, "after").after(bad);
        Member free = batch.add(a, "free").after(before);
        Committed done = batch.commit();

        assertThat(onA.payloads).containsExactly("on the device", "free");
        assertThat(onA.cancelled).containsExactly(3L);
        assertThat(done.fence(after).isDone()).isFalse();
        finish(a, onA, 4);
        assertThat(failureOf(done.fence(bad))).isEqualTo(root);
        assertFailedAfter(done.fence(after), done.fence(bad));
        assertOk(done.fence(free));
    }

    @Test
    @DisplayName("H1: a member fails on the device while the one after it is there too: both fail")
    void elidedOnDevice() throws Exception {
        Batch batch = Batch.create();
        Member bad = batch.add(a, "bad");
        Member after = batch.add(a, "after").after(bad);
        Member last = batch.add(b, "last").after(after);
        Committed done = batch.commit();
        assertThat(onA.payloads).containsExactly("bad", "after");

        onA.fail(1, broken);
        finish(a, onA, 2);

        assertThat(failureOf(done.fence(bad))).isEqualTo(root);
        assertFailedAfter(done.fence(after), done.fence(bad));
        while (onB.cancelled.isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(onB.cancelled).containsExactly(1L);
        b.timeline().poll();
        assertFailedAfter(done.fence(last), done.fence(after));
    }

    @Test
    @DisplayName("H1: a member names one that fails and a later one of the same queue that does not")
    void collapsed() throws Exception {
        Batch batch = Batch.create();
        Member bad = batch.add(a, "bad");
        Member good = batch.add(a, "good");
        Member after = batch.add(b, "after").after(good).after(bad);
        Member other = batch.add(b, "other").after(good);
        Committed done = batch.commit();

        onA.fail(1, broken);
        a.timeline().poll();
        assertThat(onB.cancelled).as("H10: signals after all its inputs").isEmpty();
        onA.finish(2);
        a.timeline().poll();

        // The runtime's thread may have been faster, and still be at it.
        while (onB.payloads.isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(onB.payloads).containsExactly("other");
        finish(b, onB, 2);
        assertFailedAfter(done.fence(after), done.fence(bad));
        assertOk(done.fence(other));
    }

    @Test
    @DisplayName("H1: inputs of every kind fail the member that names them, pending or failed at commit")
    void everyKind() throws Exception {
        FailureCursor cursor = b.timeline().failureCursor();
        long point = b.trySubmit(throwing);
        b.timeline().poll();
        FenceIssuer issuer = issuer("issuer");
        issuer.fail(broken);
        FenceIssuer later = issuer("later");
        SyncObject object = SyncObject.create("object");
        object.add(1, later.fence());
        Reservation memory = Reservation.create("memory");
        try (ReservationLocks locks = ReservationLocks.lock(memory)) {
            locks.reserve(memory, 1);
            locks.add(memory, later.fence(), Usage.WRITE);
        }
        Batch batch = Batch.create();
        Member byPoint = batch.add(a, "by point").after(cursor, point);
        Member byFence = batch.add(a, "by fence").after(issuer.fence());
        Member byObject = batch.add(a, "by object").after(object, 1);
        Member byUsage = batch.add(a, "by usage").after(memory, Usage.WRITE);
        Member byRead = batch.add(a, "by read").reads(memory);
        Member none = batch.add(a, "none");
        Committed done = batch.commit();

        later.fail(broken);
        finish(a, onA, 6);

        assertFailedAfter(done.fence(byPoint), b.timeline() + ":" + point);
        assertFailedAfter(done.fence(byFence), "issuer");
        assertFailedAfter(done.fence(byObject), "object:1");
        assertFailedAfter(done.fence(byUsage), "later");
        assertFailedAfter(done.fence(byRead), "later");
        assertOk(done.fence(none));
        assertThat(onA.payloads).containsExactly("none");
    }

    @Test
    @DisplayName("H1: a writer that fails fails the reader of the same batch, who waits for it by the reservation")
    void writerFails() throws Exception {
        Reservation memory = Reservation.create("memory");
        Batch batch = Batch.create();
        Member writer = batch.add(a, throwing).writes(memory);
        Member reader = batch.add(b, "reader").reads(memory);
        Member sameQueue = batch.add(a, "same queue").reads(memory);
        Committed done = batch.commit();
        a.timeline().poll();
        b.timeline().poll();

        assertThat(failureOf(done.fence(writer))).isEqualTo(root);
        assertFailedAfter(done.fence(reader), done.fence(writer));
        assertFailedAfter(done.fence(sameQueue), done.fence(writer));
        assertThat(onB.ran).isEmpty();
        assertThat(memory.isDone(Usage.BOOKKEEP)).isTrue();
        // A reservation tells what to wait for, not what to rely on: nothing is known of a writer that is gone.
        Batch next = Batch.create();
        Member rereads = next.add(b, "later").reads(memory);
        PointFence later = next.commit().fence(rereads);
        finish(b, onB, later.seqno());
        assertOk(later);
    }

    @Test
    @DisplayName("H1: switched off, members run after members that failed, as in the kernel")
    void switchedOff() throws Exception {
        var driver = new ManualDriver();
        JobQueue<Object> kernel = open(driver, options("kernel").withFailWithDependency(false));
        Batch batch = Batch.create();
        Member bad = batch.add(kernel, throwing);
        Member after = batch.add(kernel, "after").after(bad);
        Member elsewhere = batch.add(a, "elsewhere").after(bad);
        Committed done = batch.commit();
        finish(kernel, driver, 2);

        assertThat(failureOf(done.fence(bad))).isEqualTo(root);
        assertOk(done.fence(after));
        a.timeline().poll();
        assertFailedAfter(done.fence(elsewhere), done.fence(bad));
    }

    @Test
    @DisplayName("H10: a killed queue cancels its members, and members elsewhere fail after all their inputs")
    void killed() throws Exception {
        FenceIssuer gate = issuer("gate");
        FenceIssuer writing = issuer("still writing");
        Batch batch = Batch.create();
        Member waiting = batch.add(a, "waiting").after(gate.fence());
        Member behind = batch.add(a, "behind");
        Member after = batch.add(b, "after").after(behind).after(writing.fence());
        Committed done = batch.commit();

        a.kill();
        assertThat(done.fence(behind).isDone()).as("after its predecessor, which waits for its input").isFalse();
        gate.signal();
        assertThat(failureOf(done.fence(waiting))).isInstanceOf(Failure.Cancelled.class);
        assertThat(failureOf(done.fence(behind))).isInstanceOf(Failure.Cancelled.class);
        b.timeline().poll();
        assertThat(done.fence(after).outcome()).isEqualTo(Outcome.PENDING);
        writing.signal();

        assertThat(failureOf(done.fence(after))).isInstanceOfSatisfying(Failure.DependencyFailed.class, failure -> {
            assertThat(failure.fence()).isEqualTo(done.fence(behind).toString());
            assertThat(failure.root()).isInstanceOf(Failure.Cancelled.class);
        });
        assertThat(onA.ran).isEmpty();
        assertThat(onB.ran).isEmpty();
        assertThat(onA.cancelled).containsExactly(1L, 2L);
    }

    @Test
    void oneMemberCanBeCancelledAndThoseAfterItFail() throws Exception {
        FenceIssuer gate = issuer("gate");
        Batch batch = Batch.create();
        Member first = batch.add(a, "first").after(gate.fence());
        Member second = batch.add(a, "second").after(first);
        Member third = batch.add(a, "third");
        Committed done = batch.commit();

        assertThat(a.cancel(done.fence(first))).isTrue();
        gate.signal();
        finish(a, onA, 3);

        assertThat(failureOf(done.fence(first))).isInstanceOf(Failure.Cancelled.class);
        assertThat(failureOf(done.fence(second))).isInstanceOf(Failure.DependencyFailed.class);
        assertOk(done.fence(third));
        assertThat(onA.payloads).containsExactly("third");
    }
}
