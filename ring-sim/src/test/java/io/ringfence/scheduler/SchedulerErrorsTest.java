package io.ringfence.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.Committed;
import io.ringfence.sim.schedule.MockGpu;
import io.ringfence.sim.schedule.MockJob;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Memory is short somewhere between an entity and its device. */
class SchedulerErrorsTest extends SchedulerTestBase {

    private final GangSwitch device = GangSwitch.create("gpu");

    private static Entity<MockJob> entity(Scheduler<MockJob> scheduler, String name) {
        return scheduler.openEntity(name, Priority.NORMAL);
    }

    private Committed gang(Entity<MockJob> member, Entity<MockJob> leader, Fence... inputs) throws Exception {
        Gang gang = Gang.create(device);
        var _ = gang.add(member, MockJob.micros("member", 1)).after(inputs);
        var _ = gang.add(leader, MockJob.micros("leader", 1));
        return gang.commit();
    }

    @Test
    @DisplayName("H7: a job for which there is no memory when it could go fails, and nothing else")
    void notOffered() throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options());
        Entity<MockJob> entity = entity(scheduler, "one");
        PointFence lost;
        try (NoMemory once = NoMemory.in(EntityCore.class, "offer")) {
            lost = entity.submit(MockJob.micros("lost", 1));
            runMillis(1);
            assertThat(once.happened()).isTrue();
        }
        assertThat(failureOf(lost)).isInstanceOf(Failure.DriverError.class);
        assertThat(entity.scheduled(lost).isDone()).isTrue();
        assertThat(scheduler.status().load()).isZero();
        PointFence next = entity.submit(MockJob.micros("next", 1));
        runMillis(1);
        assertOk(next);
        assertThat(entity.flush(Duration.ZERO)).isTrue();
        assertOk(entity.startClose());
    }

    @Test
    @DisplayName("H7: a job of a gang for which there is no memory when it could go takes the others with it")
    void gangNotOffered() throws Exception {
        Scheduler<MockJob> onLeft = scheduler(gpu(), options());
        Scheduler<MockJob> onRight = scheduler(gpu(), options());
        Committed gang;
        try (NoMemory once = NoMemory.in(EntityCore.class, "offer")) {
            gang = gang(entity(onLeft, "l"), entity(onRight, "r"));
            runMillis(1);
            assertThat(once.happened()).isTrue();
        }
        gang.fences().forEach(SchedulerTestBase::failureOf);
        Committed next = gang(entity(onLeft, "l2"), entity(onRight, "r2"));
        runMillis(1);
        next.fences().forEach(SchedulerTestBase::assertOk);
    }
}
