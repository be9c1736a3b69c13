package io.ringfence.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.fence.Failure;
import io.ringfence.queue.Committed;
import io.ringfence.sim.schedule.MockGpu;
import io.ringfence.sim.schedule.MockJob;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Jobs of gangs that never get from their ring to the device. */
class GangEdgesTest extends SchedulerTestBase {

    private final GangSwitch device = GangSwitch.create("gpu");
    private MockGpu left;
    private MockGpu right;
    private Scheduler<MockJob> onLeft;
    private Scheduler<MockJob> onRight;

    @BeforeEach
    void open() {
        left = gpu();
        right = gpu();
        onLeft = scheduler(left, options().withCredits(1));
        onRight = scheduler(right, options().withCredits(1));
    }

    private static Entity<MockJob> entity(Scheduler<MockJob> scheduler, String name) {
        return scheduler.openEntity(name, Priority.NORMAL);
    }

    private static List<String> names(MockGpu gpu) {
        return gpu.order().stream().map(MockJob::toString).toList();
    }

    private Committed gang(String name, Entity<MockJob> member, Entity<MockJob> leader)
            throws Exception {
        Gang gang = Gang.create(device);
        var _ = gang.add(member, MockJob.endless(name + " member"));
        var _ = gang.add(leader, MockJob.endless(name + " leader"));
        return gang.commit();
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
