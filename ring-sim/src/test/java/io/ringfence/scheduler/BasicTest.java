package io.ringfence.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.sim.schedule.MockGpu;
import io.ringfence.sim.schedule.MockJob;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernel's {@code drm_sched_basic_tests}. */
class BasicTest extends SchedulerTestBase {

    @Test
    @DisplayName("B1: a job is scheduled at once, and finished when the device says so")
    void submits() throws Exception {
        MockGpu gpu = gpu();
        Entity<MockJob> entity = scheduler(gpu, options()).openEntity("one", Priority.NORMAL);
        PointFence finished = entity.submit(MockJob.endless("job"));
        Fence scheduled = entity.scheduled(finished);
        assertOk(scheduled);
        runMillis(500);
        assertThat(finished.isDone()).isFalse();
        assertThat(gpu.advance(1)).isEqualTo(1);
        assertOk(finished);
        entity.close();
    }

    @ParameterizedTest
    @CsvSource({"1, false", "1, true", "4, false", "4, true"})
    @DisplayName("B2 to B5: 100 jobs of 1 ms, dealt to entities, perhaps each after the one before it, take 100 ms")
    void dealt(int entities, boolean chained) throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options());
        List<Entity<MockJob>> all = new ArrayList<>();
        for (int i = 0; i < entities; i++) {
            all.add(scheduler.openEntity("e" + i, Priority.NORMAL));
        }
        List<PointFence> jobs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Entity<MockJob> entity = all.get(i % entities);
            MockJob job = MockJob.micros("job " + i, 1_000);
            jobs.add(chained && i > 0 ? entity.submit(job, jobs.getLast()) : entity.submit(job));
        }
        runMillis(99);
        assertThat(jobs.stream().filter(Fence::isDone)).hasSize(99);
        runMillis(1);
        jobs.forEach(SchedulerTestBase::assertOk);
        all.forEach(Entity::close);
        if (chained) {
            assertThat(gpu.order()).extracting(MockJob::toString).startsWith("job 0", "job 1", "job 2")
                    .endsWith("job 98", "job 99");
        }
    }

    @Test
    @DisplayName("B6: entities are killed while half of their jobs are queued")
    void cleanup() throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(2));
        List<Entity<MockJob>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(scheduler.openEntity("e" + i, Priority.NORMAL));
        }
        List<PointFence> jobs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            MockJob job = MockJob.micros("job " + i, 1_000);
            jobs.add(i == 0 ? all.getFirst().submit(job) : all.get(i % 4).submit(job, jobs.getLast()));
        }
        runMillis(50);
        assertOk(jobs.get(49));
        for (Entity<MockJob> entity : all) {
            var _ = entity.kill();
        }
        runMillis(10);
        assertThat(jobs).allMatch(Fence::isDone);
        assertThat(jobs.getLast().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(gpu.order()).as("what was on the device is finished, the rest not run").hasSizeBetween(50, 52);
    }

    @Test
    @DisplayName("ten thousand entities with a job each: all are finished, and all can be closed")
    void tenThousandEntities() throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(8));
        List<Entity<MockJob>> entities = new ArrayList<>();
        List<PointFence> jobs = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            Entity<MockJob> entity = scheduler.openEntity(EntityOptions.named("entity " + i).withCapacity(2));
            entities.add(entity);
            jobs.add(entity.submit(MockJob.micros("job", 1)));
        }
        runMillis(20);
        jobs.forEach(SchedulerTestBase::assertOk);
        assertThat(scheduler.status().decisions()).isEqualTo(10_000);
        entities.forEach(entity -> {
            Fence _ = entity.startClose();
        });
        runMillis(1);
        assertThat(scheduler.status().entities()).isZero();
    }
}
