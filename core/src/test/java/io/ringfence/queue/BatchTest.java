package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.ringfence.fence.FailureCursor;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.NotSubmittedException;
import io.ringfence.fence.PointFence;
import io.ringfence.fence.SyncObject;
import io.ringfence.queue.Batch.Member;
import io.ringfence.queue.QueueStatus.Waits;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BatchTest extends LineTestBase {
    private final ManualDriver onA = new ManualDriver();
    private final ManualDriver onB = new ManualDriver();
    private JobQueue<Object> a;
    private JobQueue<Object> b;

    @BeforeEach
    void openQueues() {
        a = open(onA, options("a"));
        b = open(onB, options("b"));
    }

    @Test
    void membersOfOneQueueStandTogetherInTheOrderOfAddition() throws Exception {
        a.submit("before");
        Batch batch = Batch.create();
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            members.add(batch.add(a, "job " + i));
        }
        assertThat(batch.size()).isEqualTo(10);
        assertThat(a.status().claimed()).as("claimed before commit").isEqualTo(1);

        Committed done = batch.commit();
        a.submit("after");

        for (int i = 0; i < 10; i++) {
            PointFence fence = done.fence(members.get(i));
            assertThat(fence).isSameAs(done.fences().get(i));
            assertThat(fence.seqno()).isEqualTo(i + 2);
            assertThat(fence.timeline()).isSameAs(a.timeline());
        }
        assertThat(onA.payloads).startsWith("before", "job 0", "job 1").endsWith("job 9", "after");
        assertThat(onA.doorbells).hasValue(3);
        finish(a, onA, 12);
        assertOk(done.fence(members.getLast()));
    }

    @Test
    void membersOfSeveralQueuesAlternate() throws Exception {
        Batch batch = Batch.create();
        Member a1 = batch.add(a, "a1");
        Member b1 = batch.add(b, "b1");
        Member a2 = batch.add(a, "a2");
        Member b2 = batch.add(b, "b2");

        Committed done = batch.commit();

        assertThat(onA.payloads).containsExactly("a1", "a2");
        assertThat(onB.payloads).containsExactly("b1", "b2");
        assertThat(done.fences()).extracting(PointFence::seqno).containsExactly(1L, 1L, 2L, 2L);
        assertThat(done.fences()).containsExactly(done.fence(a1), done.fence(b1), done.fence(a2), done.fence(b2));
    }

    @Test
    void aMemberRunsAfterAnEarlierOneOfAnotherQueueAndSoOnToAndFro() throws Exception {
        Batch batch = Batch.create();
        Member a1 = batch.add(a, "a1");
        Member b1 = batch.add(b, "b1").after(a1);
        Member a2 = batch.add(a, "a2").after(b1);
        batch.add(b, "b2").after(a2).after(a1);
        batch.commit();
        assertThat(onA.payloads).containsExactly("a1");
        assertThat(onB.payloads).isEmpty();

        finish(a, onA, 1);
        assertThat(onB.payloads).containsExactly("b1");
        assertThat(onA.payloads).containsExactly("a1");
        finish(b, onB, 1);
        assertThat(onA.payloads).containsExactly("a1", "a2");
        assertThat(onB.payloads).containsExactly("b1");
        finish(a, onA, 2);
        assertThat(onB.payloads).containsExactly("b1", "b2");
    }

    @Test
    void anEarlierMemberOfTheOwnQueueIsNotWaitedForIfTheDeviceKeepsTheOrder() throws Exception {
        var unordered = new ManualDriver() {
            @Override
            public boolean executesInOrder() {
                return false;
            }
        };
        JobQueue<Object> c = open(unordered, options("c"));
        Batch batch = Batch.create();
        Member a1 = batch.add(a, "a1");
        batch.add(a, "a2").after(a1);
        Member c1 = batch.add(c, "c1");
        batch.add(c, "c2").after(c1);

        batch.commit();

        assertThat(onA.payloads).containsExactly("a1", "a2");
        assertThat(unordered.payloads).containsExactly("c1");
        finish(c, unordered, 1);
        assertThat(unordered.payloads).containsExactly("c1", "c2");
    }

    @Test
    void aMemberRunsAfterFencesAndPointsAndSyncObjects() throws Exception {
        FenceIssuer one = issuer("one");
        FenceIssuer two = issuer("two");
        FenceIssuer inObject = issuer("in the object");
        FailureCursor cursor = b.timeline().failureCursor();
        long point = b.trySubmit("input");
        SyncObject object = SyncObject.create("object");
        object.add(7, inObject.fence());
        Batch batch = Batch.create();
        Member job = batch.add(a, "job").after(one.fence(), two.fence()).after(cursor, point).after(object, 6);
        // What stands there when it was named counts, not what is put there later.
        object.replace(issuer("later").fence());
        Fence done = batch.commit().fence(job);

        List<Runnable> inputs = List.of(one::signal, two::signal, () -> finish(b, onB, point), inObject::signal);
        for (Runnable input : inputs) {
            assertThat(onA.ran).isEmpty();
            input.run();
        }
        assertThat(onA.ran).containsExactly(1L);
        finish(a, onA, 1);
        assertOk(done);
    }

    @Test
    void everythingASyncObjectHoldsCanBeNamedAndWhatItDoesNotHoldCannot() throws Exception {
        SyncObject object = SyncObject.create("object");
        Batch batch = Batch.create();
        Member job = batch.add(a, "job");
        assertThatThrownBy(() -> job.after(object, 0)).isInstanceOf(NotSubmittedException.class);
        FenceIssuer binary = issuer("binary");
        object.replace(binary.fence());
        job.after(object, 0);
        assertThatThrownBy(() -> job.after(object, 1)).isInstanceOf(NotSubmittedException.class);
        batch.commit();

        assertThat(onA.ran).isEmpty();
        binary.signal();
        assertThat(onA.ran).containsExactly(1L);
    }

    @Test
    void fencesThatAreSignalledAreNoDependencies() throws Exception {
        FenceIssuer before = issuer("before");
        before.signal();
        FenceIssuer between = issuer("between");
        Batch batch = Batch.create();
        batch.add(a, "job").after(before.fence(), between.fence()).after();
        between.signal();

        batch.commit();

        assertThat(onA.ran).containsExactly(1L);
    }

    /** A device that looks at other queues whenever it is handed a job. */
    private static final class LookingDriver extends ManualDriver {
        final ConcurrentLinkedQueue<QueueStatus> seen = new ConcurrentLinkedQueue<>();
        volatile List<JobQueue<Object>> others = List.of();

        @Override
        void started(long seqno, Object payload) throws Exception {
            others.forEach(queue -> seen.add(queue.status()));
            super.started(seqno, payload);
        }

        @Override
        public void doorbell() {
            super.doorbell();
            others.forEach(queue -> seen.add(queue.status()));
        }
    }

    @Test
    @DisplayName("H2: no member runs, by bypass inside commit, before the last one of all queues is published")
    void publishedBeforeAnyTurn() throws Exception {
        List<LookingDriver> drivers = new ArrayList<>();
        List<JobQueue<Object>> queues = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            drivers.add(new LookingDriver());
            queues.add(open(drivers.get(i), options("looking " + i)));
        }
        drivers.forEach(driver -> driver.others = queues);
        Batch batch = Batch.create();
        for (int i = 0; i < 20; i++) {
            batch.add(queues.get(i % 4), "job " + i);
        }

        batch.commit();

        for (LookingDriver driver : drivers) {
            assertThat(driver.ran).hasSize(5);
            assertThat(driver.seen).hasSizeGreaterThanOrEqualTo(20).allSatisfy(status -> {
                assertThat(status.claimed()).isEqualTo(5);
                assertThat(status.waits()).isNotEqualTo(Waits.PUBLICATION);
            });
        }
    }

    @Test
    @DisplayName("H6: commit is refused inside a callback and inside run, also with a time; tryCommit is allowed and nests nothing")
    void insideUserCode() throws Exception {
        JobQueue<Object> c = open(new InlineDriver(), options("c"));
        var refused = new ArrayList<Throwable>();
        var nested = new ArrayList<Integer>();
        var fences = new ArrayList<PointFence>();
        Runnable tries = () -> {
            Batch batch = Batch.create();
            Member first = batch.add(a, "on a");
            batch.add(b, "on b").after(first);
            refused.add(org.assertj.core.api.Assertions.catchThrowable(batch::commit));
            refused.add(org.assertj.core.api.Assertions.catchThrowable(() -> batch.commit(Duration.ZERO)));
            int before = onB.ran.size();
            batch.add(b, "free");
            Committed done = batch.tryCommit();
            assertThat(done).isNotNull();
            fences.addAll(done.fences());
            nested.add(onB.ran.size() - before);
        };
        PointFence job = c.submit((Work) _ -> tries.run());
        assertOk(job);
        job.onDone(tries);

        assertThat(refused).hasSize(4).allSatisfy(thrown -> assertThat(thrown).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("commit of a batch of 2 jobs").hasMessageContaining("inside"));
        assertThat(nested).as("members that ran inside of tryCommit").containsExactly(0, 0);
        assertThat(onA.payloads).containsExactly("on a", "on a");
        finish(a, onA, 2);
        assertThat(onB.payloads).containsExactly("on b", "free", "on b", "free");
        finish(b, onB, 4);
        for (PointFence fence : fences) {
            assertOk(fence);
        }
    }

    @Test
    @DisplayName("H18: an interrupt that was there before commit is kept and ends nothing where nothing waits")
    void interruptKept() throws Exception {
        var seen = new ArrayList<Boolean>();
        Batch batch = Batch.create();
        SyncObject object = SyncObject.create("object");
        object.on(1, SyncObject.Until.SUBMITTED, () -> seen.add(Thread.currentThread().isInterrupted()));
        batch.add(a, (Work) _ -> seen.add(Thread.currentThread().isInterrupted())).signals(object, 1);

        Thread.currentThread().interrupt();
        Committed done = batch.commit();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(seen).containsExactly(false, false);
        finish(a, onA, 1);
        assertOk(done.fences().getFirst());
    }

    @Test
    void eachMemberCostsItsCredits() throws Exception {
        var tight = new ManualDriver();
        JobQueue<Object> c = open(tight, options("c").withCredits(4));
        Batch batch = Batch.create();
        batch.add(c, 3);
        batch.add(c, 2);
        batch.add(c, 2);
        batch.commit();

        assertThat(tight.payloads).containsExactly(3);
        finish(c, tight, 1);
        assertThat(tight.payloads).containsExactly(3, 2, 2);
    }
}
