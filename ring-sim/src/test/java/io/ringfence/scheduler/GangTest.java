package io.ringfence.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;
import io.ringfence.fence.Reservation;
import io.ringfence.fence.Usage;
import io.ringfence.queue.Batch;
import io.ringfence.queue.Committed;
import io.ringfence.queue.QueueClosedException;
import io.ringfence.sim.schedule.MockGpu;
import io.ringfence.sim.schedule.MockJob;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Jobs on several rings that run together (A3). */
class GangTest extends SchedulerTestBase {

    private final GangSwitch device = GangSwitch.create("gpu");
    private MockGpu left;
    private MockGpu right;
    private Scheduler<MockJob> onLeft;
    private Scheduler<MockJob> onRight;

    @BeforeEach
    void open() {
        left = gpu();
        right = gpu();
        onLeft = scheduler(left, options().withCredits(2));
        onRight = scheduler(right, options().withCredits(2));
    }

    private static Entity<MockJob> entity(Scheduler<MockJob> scheduler, String name) {
        return scheduler.openEntity(name, Priority.NORMAL);
    }

    private static List<String> names(MockGpu gpu) {
        return gpu.order().stream().map(MockJob::toString).toList();
    }

    /** A gang of two jobs that last until the test ends them. */
    private Committed gang(String name, Entity<MockJob> member, Entity<MockJob> leader, Fence... inputs)
            throws Exception {
        Gang gang = Gang.create(device);
        var _ = gang.add(member, MockJob.endless(name + " member"));
        var _ = gang.add(leader, MockJob.endless(name + " leader")).after(inputs);
        return gang.commit();
    }

    @Test
    @DisplayName("A3: no member is handed over before all could be, and the leader comes last")
    void together() throws Exception {
        try (FenceIssuer input = FenceIssuer.create("input")) {
            Committed gang = gang("a", entity(onLeft, "l"), entity(onRight, "r"), input.fence());
            runMillis(1);
            assertThat(left.inFlight() + right.inFlight()).isZero();
            assertThat(input.signal()).isTrue();
            runMillis(1);
            assertThat(names(left)).containsExactly("a member");
            assertThat(names(right)).containsExactly("a leader");
            assertThat(left.advance(1) + right.advance(1)).isEqualTo(2);
            gang.fences().forEach(SchedulerTestBase::assertOk);
        }
    }

    @Test
    @DisplayName("A3: the leader waits until its members have credits")
    void leaderWaitsForMembers() throws Exception {
        Entity<MockJob> busy = entity(onLeft, "busy");
        PointFence first = busy.submit(MockJob.endless("first"));
        PointFence second = busy.submit(MockJob.endless("second"));
        Committed gang = gang("a", entity(onLeft, "l"), entity(onRight, "r"));
        runMillis(1);
        assertThat(names(right)).isEmpty();
        assertThat(left.advance(1)).isEqualTo(1);
        assertThat(names(left)).containsExactly("first", "second", "a member");
        assertThat(names(right)).containsExactly("a leader");
        assertThat(left.advance(2) + right.advance(1)).isEqualTo(3);
        List.of(first, second, gang.fences().getFirst(), gang.fences().getLast()).forEach(SchedulerTestBase::assertOk);
    }

    @Test
    @DisplayName("A3: two gangs that lead on each other's rings stand in one order on both")
    void crossed() throws Exception {
        Entity<MockJob> busyLeft = entity(onLeft, "busy l");
        Entity<MockJob> busyRight = entity(onRight, "busy r");
        for (int i = 0; i < 2; i++) {
            var _ = busyLeft.submit(MockJob.endless("x"));
            var _ = busyRight.submit(MockJob.endless("x"));
        }
        Committed one = gang("a", entity(onLeft, "al"), entity(onRight, "ar"));
        Committed other = gang("b", entity(onRight, "br"), entity(onLeft, "bl"));
        // Room on the right only: without the switch b's member would go there, and a's leader would wait behind it.
        assertThat(right.advance(1)).isEqualTo(1);
        runMillis(1);
        assertThat(names(right)).containsExactly("x", "x");
        assertThat(left.advance(1)).isEqualTo(1);
        runMillis(1);
        assertThat(names(left)).containsExactly("x", "x", "a member");
        assertThat(names(right)).containsExactly("x", "x", "a leader");
        assertThat(left.advance(1) + right.advance(1)).isEqualTo(2);
        runMillis(1);
        assertThat(names(left)).containsExactly("x", "x", "a member", "b leader");
        assertThat(names(right)).containsExactly("x", "x", "a leader", "b member");
        assertThat(left.advance(2) + right.advance(2)).isEqualTo(4);
        one.fences().forEach(SchedulerTestBase::assertOk);
        other.fences().forEach(SchedulerTestBase::assertOk);
    }

    @Test
    @DisplayName("a gang whose leader stands behind a job that waits for another gang does not keep that from the device")
    void behindAnother() throws Exception {
        Entity<MockJob> leads = entity(onRight, "leads");
        try (FenceIssuer input = FenceIssuer.create("input")) {
            Committed earlier = gang("b", entity(onLeft, "bl"), entity(onRight, "br"), input.fence());
            PointFence between = leads.submit(MockJob.micros("between", 1_000), earlier.fences().getFirst());
            Committed later = gang("a", entity(onLeft, "al"), leads);
            runMillis(1);
            assertThat(left.inFlight() + right.inFlight()).as("a's member could go, but its leader could not").isZero();
            assertThat(input.signal()).isTrue();
            runMillis(1);
            assertThat(names(left)).containsExactly("b member");
            assertThat(left.advance(1) + right.advance(1)).isEqualTo(2);
            runMillis(2);
            assertOk(between);
            assertThat(left.advance(1) + right.advance(1)).isEqualTo(2);
            later.fences().forEach(SchedulerTestBase::assertOk);
        }
    }

    @Test
    @DisplayName("a job that is cancelled takes its gang with it, and the next gang goes on")
    void cancelled() throws Exception {
        Entity<MockJob> busy = entity(onRight, "busy");
        var _ = busy.submit(MockJob.endless("x"));
        var _ = busy.submit(MockJob.endless("x"));
        Entity<MockJob> leads = entity(onRight, "r");
        Committed gang = gang("a", entity(onLeft, "l"), leads);
        Committed next = gang("b", entity(onLeft, "l2"), entity(onRight, "r2"));
        runMillis(1);
        assertThat(names(left)).containsExactly("a member");
        assertThat(leads.cancel(gang.fences().getLast())).isTrue();
        runMillis(1);
        assertThat(failureOf(gang.fences().getLast())).isInstanceOf(Failure.Cancelled.class);
        assertThat(failureOf(gang.fences().getFirst()).message()).as("the device could give it up")
                .contains("given up");
        assertThat(right.advance(1)).isEqualTo(1);
        runMillis(1);
        assertThat(names(left)).containsExactly("a member", "b member");
        assertThat(names(right)).containsExactly("x", "x", "b leader");
        assertThat(left.advance(1) + right.advance(2)).isEqualTo(3);
        next.fences().forEach(SchedulerTestBase::assertOk);
    }

    @Test
    @DisplayName("a member whose input fails has the others say which one it was")
    void failedInput() throws Exception {
        try (FenceIssuer input = FenceIssuer.create("input")) {
            Committed gang = gang("a", entity(onLeft, "l"), entity(onRight, "r"), input.fence());
            assertThat(input.fail(new IllegalStateException("bad"))).isTrue();
            runMillis(1);
            assertThat(failureOf(gang.fences().getLast())).isInstanceOf(Failure.DependencyFailed.class);
            assertThat(failureOf(gang.fences().getFirst())).isInstanceOf(Failure.Cancelled.class);
            assertThat(failureOf(gang.fences().getFirst()).message()).contains("seqno 1 of entity r")
                    .contains("gang");
            assertThat(left.inFlight() + right.inFlight()).isZero();
        }
    }

    @Test
    @DisplayName("killing an entity and closing a scheduler end the gangs of its jobs, before and after they are ready")
    void ends() throws Exception {
        Entity<MockJob> member = entity(onLeft, "l");
        try (FenceIssuer input = FenceIssuer.create("input")) {
            Committed waiting = gang("a", member, entity(onRight, "r"), input.fence());
            Fence killed = member.kill();
            runMillis(1);
            assertThat(input.signal()).isTrue();
            runMillis(1);
            assertOk(killed);
            waiting.fences().forEach(each -> assertThat(failureOf(each)).isInstanceOf(Failure.Cancelled.class));
        }
        Entity<MockJob> blocks = entity(onLeft, "blocks");
        var _ = blocks.submit(MockJob.endless("x"));
        var _ = blocks.submit(MockJob.endless("x"));
        Committed ready = gang("b", entity(onLeft, "l2"), entity(onRight, "r2"));
        Fence end = onRight.kill();
        runMillis(1);
        assertOk(end);
        ready.fences().forEach(each -> assertThat(failureOf(each)).isInstanceOf(Failure.Cancelled.class));
        assertThat(names(right)).isEmpty();
    }

    @Test
    @DisplayName("jobs of a gang that could come to one ring are refused, at the latest when they have come there")
    void oneRing() throws Exception {
        Entity<MockJob> member = entity(onLeft, "l");
        Gang gang = Gang.create(device);
        var _ = gang.add(member, MockJob.endless("a"));
        Entity<MockJob> beside = entity(onLeft, "beside");
        assertThatThrownBy(() -> gang.add(beside, MockJob.endless("b"))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no scheduler in common");
        Entity<MockJob> leader = entity(onRight, "r");
        var _ = gang.add(leader, MockJob.endless("b"));
        leader.setCandidates(List.of(onLeft));
        Committed moved = gang.commit();
        runMillis(1);
        moved.fences().forEach(each -> assertThat(failureOf(each)).isInstanceOf(Failure.Cancelled.class));
        assertThat(moved.fences().stream().map(SchedulerTestBase::failureOf).map(Failure::message))
                .anyMatch(message -> message.contains("came to the ring of another"));
        Committed next = gang("next", entity(onLeft, "l2"), entity(onRight, "r2"));
        runMillis(1);
        assertThat(left.advance(1) + right.advance(1)).isEqualTo(2);
        next.fences().forEach(SchedulerTestBase::assertOk);
    }

    @Test
    @DisplayName("a job of a gang that waits for another one of it is refused")
    void waitsForOther() {
        Gang gang = Gang.create(device);
        Batch.Member first = gang.add(entity(onLeft, "l"), MockJob.endless("a"));
        Batch.Member leads = gang.add(entity(onRight, "r"), MockJob.endless("b"));
        assertThatThrownBy(() -> leads.after(first)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("run together");
    }

    @Test
    @DisplayName("jobs of a gang that write the same memory do not wait for each other; others wait for all of them")
    void sharedMemory() throws Exception {
        Reservation memory = Reservation.create("memory");
        Batch before = Batch.create();
        Entity<MockJob> earlier = entity(onLeft, "earlier");
        Batch.Member writer = earlier.addTo(before, MockJob.endless("before")).writes(memory);
        PointFence written = before.commit().fence(writer);
        Gang gang = Gang.create(device);
        var _ = gang.add(entity(onLeft, "l"), MockJob.endless("a member")).writes(memory);
        var _ = gang.add(entity(onRight, "r"), MockJob.endless("a leader")).writes(memory);
        Committed both = gang.commit();
        runMillis(1);
        assertThat(names(right)).isEmpty();
        assertThat(left.advance(1)).isEqualTo(1);
        runMillis(1);
        assertOk(written);
        assertThat(names(left)).containsExactly("before", "a member");
        assertThat(names(right)).containsExactly("a leader");
        Fence all = memory.fence(Usage.READ);
        assertThat(left.advance(1)).isEqualTo(1);
        assertThat(all.isDone()).isFalse();
        assertThat(right.advance(1)).isEqualTo(1);
        both.fences().forEach(SchedulerTestBase::assertOk);
        assertOk(all);
    }

    @Test
    @DisplayName("all jobs of a gang are submitted or none is, once")
    void allOrNothing() throws Exception {
        Entity<MockJob> small = onRight.openEntity(EntityOptions.named("small").withCapacity(2));
        var _ = small.submit(MockJob.endless("x"));
        var _ = small.submit(MockJob.endless("x"));
        Entity<MockJob> member = entity(onLeft, "l");
        Gang gang = Gang.create(device);
        Batch.Member first = gang.add(member, MockJob.endless("a member"));
        Batch.Member leads = gang.add(small, MockJob.endless("a leader"));
        assertThat(gang.tryCommit()).isNull();
        runMillis(1);
        assertThat(left.inFlight()).isZero();
        assertThat(right.advance(1)).isEqualTo(1);
        runMillis(1);
        Committed done = gang.tryCommit();
        assertThat(done).isNotNull();
        assertThatThrownBy(gang::commit).isInstanceOf(IllegalStateException.class);
        runMillis(1);
        assertThat(left.advance(1) + right.advance(2)).isEqualTo(3);
        assertOk(done.fence(first));
        assertOk(done.fence(leads));
        member.close();
        Gang late = Gang.create(device);
        var _ = late.add(small, MockJob.endless("b"));
        assertThatThrownBy(() -> {
            var _ = late.add(member, MockJob.endless("b"));
            var _ = late.commit();
        }).isInstanceOf(QueueClosedException.class);
    }
}
