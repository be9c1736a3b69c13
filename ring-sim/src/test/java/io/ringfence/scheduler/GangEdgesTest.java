package io.ringfence.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.queue.Committed;
import io.ringfence.sim.schedule.MockGpu;
import io.ringfence.sim.schedule.MockJob;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Gangs whose entities move, and jobs of gangs that never get from their ring to the device. */
class GangEdgesTest extends SchedulerTestBase {

    private final GangSwitch device = GangSwitch.create("gpu");
    private final FenceIssuer page = FenceIssuer.create("page");
    private MockGpu left;
    private MockGpu right;
    private MockGpu other;
    private Scheduler<MockJob> onLeft;
    private Scheduler<MockJob> onRight;
    /** Where everything has to be prepared. */
    private Scheduler<MockJob> onOther;

    @BeforeEach
    void open() {
        left = gpu();
        right = gpu();
        other = gpu();
        onLeft = scheduler(left, options().withCredits(1));
        onRight = scheduler(right, options().withCredits(1));
        onOther = scheduler(other, options().withCredits(1), _ -> page.fence().isDone() ? null : page.fence());
    }

    @AfterEach
    void close() {
        page.close();
    }

    private static Entity<MockJob> entity(Scheduler<MockJob> scheduler, String name) {
        return scheduler.openEntity(name, Priority.NORMAL);
    }

    private static List<String> names(MockGpu gpu) {
        return gpu.order().stream().map(MockJob::toString).toList();
    }

    private Committed gang(String name, Entity<MockJob> member, Entity<MockJob> leader, Fence... inputs)
            throws Exception {
        Gang gang = Gang.create(device);
        var _ = gang.add(member, MockJob.endless(name + " member")).after(inputs);
        var _ = gang.add(leader, MockJob.endless(name + " leader"));
        return gang.commit();
    }

    @Test
    @DisplayName("an entity whose gang stands before its device stays until its job is handed over")
    void staysInLine() throws Exception {
        var _ = entity(onLeft, "busy").submit(MockJob.endless("x"));
        Entity<MockJob> moves = entity(onRight, "r");
        Committed gang = gang("a", entity(onLeft, "l"), moves);
        runMillis(1);
        moves.setCandidates(List.of(onOther));
        runMillis(1);
        assertThat(left.advance(1)).isEqualTo(1);
        runMillis(1);
        assertThat(names(left)).containsExactly("x", "a member");
        assertThat(names(right)).as("there nothing had to be prepared any more").containsExactly("a leader");
        var next = moves.submit(MockJob.endless("next"));
        assertThat(left.advance(1) + right.advance(1)).isEqualTo(2);
        gang.fences().forEach(SchedulerTestBase::assertOk);
        assertThat(page.signal()).isTrue();
        runMillis(1);
        assertThat(other.advance(1)).isEqualTo(1);
        assertOk(next);
    }

    @Test
    @DisplayName("a gang does not stand before its device when one of its jobs has to be prepared anew elsewhere")
    void preparedAnew() throws Exception {
        try (FenceIssuer input = FenceIssuer.create("input")) {
            Entity<MockJob> moves = entity(onRight, "r");
            Committed gang = gang("a", entity(onLeft, "l"), moves, input.fence());
            runMillis(1);
            moves.setCandidates(List.of(onOther));
            runMillis(1);
            assertThat(input.signal()).isTrue();
            runMillis(1);
            assertThat(names(left)).isEmpty();
            Committed next = gang("b", entity(onLeft, "l2"), entity(onRight, "r2"));
            runMillis(1);
            assertThat(left.advance(1) + right.advance(1)).isEqualTo(2);
            next.fences().forEach(SchedulerTestBase::assertOk);
            assertThat(page.signal()).isTrue();
            runMillis(1);
            assertThat(names(left)).containsExactly("b member", "a member");
            assertThat(names(other)).containsExactly("a leader");
            assertThat(left.advance(1) + other.advance(1)).isEqualTo(2);
            gang.fences().forEach(SchedulerTestBase::assertOk);
        }
    }

    @Test
    @DisplayName("a gang does not stand before its device when one of its jobs leaves a ring that takes none any more")
    void leavesRingThatRefuses() throws Exception {
        try (FenceIssuer input = FenceIssuer.create("input")) {
            Entity<MockJob> moves = entity(onRight, "r");
            Committed gang = gang("a", entity(onLeft, "l"), moves, input.fence());
            runMillis(1);
            Fence ringEnd = onRight.core().hardware().startClose();
            assertThat(failureOf(entity(onRight, "r2").submit(MockJob.endless("x")))).isInstanceOf(
                    Failure.Cancelled.class);
            moves.setCandidates(List.of(onOther));
            runMillis(1);
            assertOk(ringEnd);
            assertThat(input.signal()).isTrue();
            runMillis(1);
            assertThat(names(left)).as("the one that leads is not prepared").isEmpty();
            assertThat(page.signal()).isTrue();
            runMillis(1);
            assertThat(left.advance(1) + other.advance(1)).isEqualTo(2);
            gang.fences().forEach(SchedulerTestBase::assertOk);
        }
    }

    @Test
    @DisplayName("a scheduler that is closed keeps an entity whose gang stands before its device, and ends after it")
    void closedInLine() throws Exception {
        var _ = entity(onLeft, "busy").submit(MockJob.endless("x"));
        Entity<MockJob> moves =
                Scheduler.openEntity(EntityOptions.named("r"), List.of(onRight, onOther), null);
        Committed gang = gang("a", entity(onLeft, "l"), moves);
        runMillis(1);
        Fence end = onRight.startClose();
        runMillis(1);
        assertThat(end.isDone()).isFalse();
        assertThat(left.advance(1)).isEqualTo(1);
        runMillis(1);
        assertThat(left.advance(1) + right.advance(1)).isEqualTo(2);
        runMillis(1);
        gang.fences().forEach(SchedulerTestBase::assertOk);
        assertOk(end);
        assertThat(page.signal()).isTrue();
    }

    @Test
    @DisplayName("jobs of a gang that are sent on to one ring by those that did not take them are not handed over there")
    void sentOnToOneRing() throws Exception {
        assertThat(page.signal()).isTrue();
        MockGpu shared = gpu();
        Scheduler<MockJob> onShared = scheduler(shared, options().withCredits(1));
        var _ = entity(onLeft, "busy l").submit(MockJob.micros("x", 5_000));
        var _ = entity(onRight, "busy r").submit(MockJob.micros("y", 5_000));
        var _ = entity(onShared, "busy").submit(MockJob.endless("z"));
        Entity<MockJob> one = entity(onLeft, "l");
        Entity<MockJob> another = entity(onRight, "r");
        Gang gang = Gang.create(device);
        var _ = gang.add(one, MockJob.endless("a"));
        var _ = gang.add(another, MockJob.endless("b"));
        var _ = gang.add(entity(onOther, "leads"), MockJob.endless("leader"));
        Committed done = gang.commit();
        runMillis(1);
        one.setCandidates(List.of(onShared));
        another.setCandidates(List.of(onShared));
        var _ = onLeft.kill();
        var _ = onRight.kill();
        runMillis(5);
        assertThat(shared.advance(1)).isEqualTo(1);
        runMillis(1);
        assertThat(names(shared)).as("the second would wait there until the first has ended").containsExactly("z");
        done.fences().forEach(each -> assertThat(failureOf(each)).isInstanceOf(Failure.Cancelled.class));
    }

    /** A ring that takes nothing. */
    private static final class Throwing implements Driver<MockJob> {
        @Override
        public void open(DriverLink link) {
            // It has nothing to tell.
        }

        @Override
        public int maxInFlight() {
            return 8;
        }

        @Override
        public void run(long seqno, MockJob job) {
            throw new IllegalStateException("not taken");
        }

        @Override
        public void arm(long seqno) {
            // It never has anything.
        }

        @Override
        public void close() {
            // There is nothing to give back.
        }
    }

    @Test
    @DisplayName("a leader that its device does not take has those given up that are on theirs")
    void leaderIsNotTaken() throws Exception {
        Scheduler<MockJob> throwing = Scheduler.open(runtime, new Throwing(), options().withCredits(8));
        schedulers.add(throwing);
        Committed gang = gang("a", entity(onLeft, "l"), entity(throwing, "r"));
        runMillis(1);
        assertThat(names(left)).containsExactly("a member");
        assertThat(failureOf(gang.fences().getLast())).isInstanceOf(Failure.DriverError.class);
        assertThat(failureOf(gang.fences().getFirst()).message()).contains("given up");
        Committed next = gang("b", entity(onLeft, "l2"), entity(onRight, "r2"));
        runMillis(1);
        assertThat(left.advance(1) + right.advance(1)).isEqualTo(2);
        next.fences().forEach(SchedulerTestBase::assertOk);
    }
}
