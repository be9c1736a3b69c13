package io.ringfence.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
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
        goesOn(onLeft, onRight);
    }

    @Test
    @DisplayName("H7: who gives a gang up without memory for a word gives all of it up")
    void noWords() throws Exception {
        Scheduler<MockJob> onLeft = scheduler(gpu(), options());
        Scheduler<MockJob> onRight = scheduler(gpu(), options());
        Entity<MockJob> member = entity(onLeft, "l");
        try (FenceIssuer input = FenceIssuer.create("input")) {
            Committed gang = gang(member, entity(onRight, "r"), input.fence());
            assertThat(member.cancel(gang.fences().getFirst())).isTrue();
            try (NoMemory once = NoMemory.in(GangRun.class, "why")) {
                assertThat(input.signal()).isTrue();
                runMillis(1);
                assertThat(once.happened()).isTrue();
            }
            assertThat(failureOf(gang.fences().getLast()).message()).contains("its gang was given up");
            assertThat(failureOf(gang.fences().getFirst())).isInstanceOf(Failure.Cancelled.class);
        }
        goesOn(onLeft, onRight);
    }

    @Test
    @DisplayName("H7: a gang for which there is no place before its device fails, and nothing else")
    void noPlace() throws Exception {
        Scheduler<MockJob> onLeft = scheduler(gpu(), options());
        Scheduler<MockJob> onRight = scheduler(gpu(), options());
        try (NoMemory once = NoMemory.in(GangSwitch.class, "enter")) {
            Committed gang = gang(entity(onLeft, "l"), entity(onRight, "r"));
            runMillis(1);
            assertThat(once.happened()).isTrue();
            gang.fences().forEach(each -> assertThat(failureOf(each).message()).contains("found no place"));
        }
        goesOn(onLeft, onRight);
    }

    @Test
    @DisplayName("H7: a scheduler that breaks while it hands over a job of a gang keeps no other gang from the device")
    void breaksInHandOver() throws Exception {
        Scheduler<MockJob> breaks = scheduler(gpu(), options());
        Scheduler<MockJob> onRight = scheduler(gpu(), options());
        // The one that leads is handed over to the ring that breaks, after the other one, and may complete there.
        try (NoMemory once = NoMemory.in(EntityCore.class, "goes", 2)) {
            Committed gang = gang(entity(onRight, "r"), entity(breaks, "l"));
            runMillis(1);
            assertThat(once.happened()).isTrue();
            assertThat(gang.fences()).allMatch(Fence::isDone);
        }
        goesOn(scheduler(gpu(), options()), onRight);
    }

    @Test
    @DisplayName("H7: a job that fails is signalled though its scheduler breaks when it gives up the gang")
    void breaksInGivingUp() throws Exception {
        MockGpu left = gpu();
        MockGpu right = gpu();
        Scheduler<MockJob> breaks = scheduler(left, options());
        Scheduler<MockJob> onRight = scheduler(right, options().withCredits(1));
        PointFence busy = entity(onRight, "busy").submit(MockJob.micros("busy", 5_000));
        Gang gang = Gang.create(device);
        Entity<MockJob> fails = entity(breaks, "l");
        var _ = gang.add(fails, MockJob.endless("member"));
        var _ = gang.add(entity(onRight, "r"), MockJob.micros("leader", 1));
        Committed done = gang.commit();
        runMillis(1);
        assertThat(left.inFlight()).isEqualTo(1);
        try (NoMemory once = NoMemory.in(GangRun.class, "broke")) {
            assertThat(fails.cancel(done.fences().getFirst())).isTrue();
            runMillis(1);
            assertThat(once.happened()).isTrue();
        }
        assertThat(done.fences().getFirst().isDone()).isTrue();
        runMillis(10);
        assertOk(busy);
    }

    @Test
    @DisplayName("H7: a scheduler that has broken leaves its run queue alone, some of whose entities may have another home by then")
    void leavesItsQueueAlone() throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> breaks = scheduler(gpu, options().withCredits(1));
        PointFence busy = entity(breaks, "busy").submit(MockJob.endless("busy"));
        PointFence one = entity(breaks, "one").submit(MockJob.endless("one"));
        PointFence another = entity(breaks, "another").submit(MockJob.endless("another"));
        RunQueue queue = breaks.core().turn().runQueue();
        assertThat(queue.readyCount()).isEqualTo(2);
        try (NoMemory once = NoMemory.in(EntityCore.class, "goes")) {
            assertThat(gpu.advance(1)).isEqualTo(1);
            runMillis(1);
            assertThat(once.happened()).isTrue();
        }
        assertThat(failureOf(another).message()).contains("broke");
        assertThat(queue.readyCount()).isEqualTo(2);
        assertOk(busy);
        assertThat(one.isDone()).isTrue();
    }

    private void goesOn(Scheduler<MockJob> onLeft, Scheduler<MockJob> onRight) throws Exception {
        Committed next = gang(entity(onLeft, "next l"), entity(onRight, "next r"));
        runMillis(1);
        next.fences().forEach(SchedulerTestBase::assertOk);
    }
}
