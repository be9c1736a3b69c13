package io.ringfence.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

import io.ringfence.fence.Fence;
import io.ringfence.fence.PointFence;
import io.ringfence.sim.schedule.MockJob;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Entities that may go to several schedulers. */
class BalanceTest extends SchedulerTestBase {

    private List<Scheduler<MockJob>> schedulers(int count) {
        List<Scheduler<MockJob>> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(scheduler(gpu(), SchedulerOptions.named("ring" + i).withCredits(4)));
        }
        return made;
    }

    private static Entity<MockJob> entity(String name, List<Scheduler<MockJob>> candidates) {
        return Scheduler.openEntity(EntityOptions.named(name), candidates, null);
    }

    @Test
    @DisplayName("S40: an entity goes where there is least to do, to the first of equals")
    void leastLoaded() throws Exception {
        List<Scheduler<MockJob>> two = schedulers(2);
        Entity<MockJob> a = entity("a", two);
        Entity<MockJob> b = entity("b", two);
        PointFence _ = a.submit(MockJob.micros("a", 5_000));
        PointFence _ = b.submit(MockJob.micros("b", 5_000));
        assertThat(a.status().home()).isEqualTo("ring0");
        assertThat(b.status().home()).isEqualTo("ring1");
        runMillis(5);
        assertThat(a.status().home()).as("nothing of it is anywhere").isNull();
    }

    @Test
    @DisplayName("H17: an entity with jobs stays where it is, so that they stay in order, however busy that is")
    void staysWhileBusy() throws Exception {
        List<Scheduler<MockJob>> two = schedulers(2);
        Entity<MockJob> entity = entity("a", two);
        List<PointFence> jobs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            jobs.add(entity.submit(MockJob.micros("job " + i, 1_000)));
        }
        runMillis(19);
        assertThat(entity.status().home()).isEqualTo("ring0");
        runMillis(1);
        jobs.forEach(SchedulerTestBase::assertOk);
        assertThat(devices.getFirst().order()).hasSize(20);
        assertThat(devices.getLast().order()).isEmpty();
    }

    @Test
    @DisplayName("S41: other candidates count when all jobs are finished, and the scheduler that is left forgets the entity")
    void changesCandidates() throws Exception {
        List<Scheduler<MockJob>> two = schedulers(2);
        Entity<MockJob> entity = entity("a", List.of(two.getFirst()));
        PointFence first = entity.submit(MockJob.micros("first", 2_000));
        entity.setCandidates(List.of(two.getLast()));
        PointFence second = entity.submit(MockJob.micros("second", 2_000));
        runMillis(5);
        assertOk(first);
        assertOk(second);
        assertThat(devices.getFirst().order()).hasSize(2);
        assertThat(two.getFirst().status().entities()).isZero();
        PointFence third = entity.submit(MockJob.micros("third", 2_000));
        runMillis(2);
        assertOk(third);
        assertThat(devices.getLast().order()).hasSize(1);
    }

    @Test
    @DisplayName("S42: no candidate, one twice, or one that is closed is refused, and nothing is changed")
    void refuses() {
        List<Scheduler<MockJob>> two = schedulers(2);
        assertThatThrownBy(() -> entity("none", List.of())).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none");
        assertThatThrownBy(() -> entity("twice", List.of(two.getFirst(), two.getFirst())))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("twice");
        Entity<MockJob> entity = entity("a", List.of(two.getFirst()));
        two.getLast().close();
        assertThatThrownBy(() -> entity.setCandidates(List.of(two.getLast())))
                .isInstanceOf(IllegalStateException.class);
        assertThat(entity.trySubmit(MockJob.micros("job", 1_000))).isEqualTo(1);
        assertThat(entity.status().home()).isEqualTo("ring0");
    }

    @Test
    @DisplayName("a scheduler that is closed finishes what it has; an entity that may go elsewhere does")
    void closedCandidate() throws Exception {
        List<Scheduler<MockJob>> two = schedulers(2);
        Entity<MockJob> entity = entity("a", two);
        PointFence first = entity.submit(MockJob.micros("first", 2_000));
        PointFence second = entity.submit(MockJob.micros("second", 2_000));
        two.getFirst().close();
        assertOk(first);
        assertOk(second);
        assertThat(devices.getFirst().isClosed()).isTrue();
        PointFence third = entity.submit(MockJob.micros("third", 2_000));
        runMillis(2);
        assertOk(third);
        assertThat(devices.getLast().order()).hasSize(1);
    }

    @Test
    @DisplayName("a scheduler that is closed hands over nothing more of an entity that may go elsewhere, also if it always has a job there")
    void closedWhileBusy() throws Exception {
        List<Scheduler<MockJob>> two = schedulers(2);
        Entity<MockJob> entity = entity("a", two);
        PointFence first = entity.submit(MockJob.endless("first"));
        PointFence second = entity.submit(MockJob.endless("second"));
        Fence end = two.getFirst().startClose();
        PointFence third = entity.submit(MockJob.endless("third"));
        assertThat(devices.getFirst().advance(1)).isEqualTo(1);
        runMillis(1);
        assertThat(end.isDone()).isFalse();
        assertThat(devices.getFirst().order()).hasSize(2);
        assertThat(devices.getFirst().advance(1)).isEqualTo(1);
        runMillis(1);
        assertOk(end);
        assertThat(devices.getLast().order()).extracting(MockJob::toString).containsExactly("third");
        assertThat(devices.getLast().advance(1)).isEqualTo(1);
        List.of(first, second, third).forEach(SchedulerTestBase::assertOk);
    }

    @Test
    @DisplayName("many entities spread evenly")
    void spreads() throws Exception {
        List<Scheduler<MockJob>> four = schedulers(4);
        for (int i = 0; i < 100; i++) {
            PointFence _ = entity("e" + i, four).submit(MockJob.micros("job", 1_000));
        }
        runMillis(100);
        assertThat(devices).extracting(gpu -> gpu.order().size()).containsExactly(25, 25, 25, 25);
    }
}
