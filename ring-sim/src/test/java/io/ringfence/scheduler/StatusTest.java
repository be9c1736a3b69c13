package io.ringfence.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;
import io.ringfence.sim.schedule.MockGpu;
import io.ringfence.sim.schedule.MockJob;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a scheduler tells of its inside. */
class StatusTest extends SchedulerTestBase {

    private static List<String> names(List<EntityStatus> entities) {
        return entities.stream().map(EntityStatus::name).toList();
    }

    private static List<Readiness> readiness(List<EntityStatus> entities) {
        return entities.stream().map(EntityStatus::readiness).toList();
    }

    private static void submit(Entity<MockJob> entity, int jobs) {
        for (int i = 0; i < jobs; i++) {
            assertThat(entity.trySubmit(MockJob.micros(entity.name(), 1_000))).isPositive();
        }
    }

    @Test
    @DisplayName("entities are told in the order in which they will go, then those without jobs in the order of their opening")
    void order() {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(1).withPolicy(Policies::fifo));
        Entity<MockJob> idle = scheduler.openEntity("idle", Priority.KERNEL);
        Entity<MockJob> low = scheduler.openEntity("low", Priority.LOW);
        Entity<MockJob> late = scheduler.openEntity("late", Priority.NORMAL);
        Entity<MockJob> early = scheduler.openEntity("early", Priority.NORMAL);
        assertThat(names(scheduler.entities())).containsExactly("idle", "low", "late", "early");
        assertThat(readiness(scheduler.entities())).containsOnly(Readiness.IDLE);
        for (Entity<MockJob> each : List.of(low, early, late)) {
            world.standStill(10);
            submit(each, 2);
        }
        List<EntityStatus> queued = scheduler.entities();
        assertThat(names(queued)).containsExactly("early", "late", "low", "idle");
        assertThat(readiness(queued)).containsExactly(Readiness.READY, Readiness.READY, Readiness.READY,
                Readiness.IDLE);
        assertThat(queued.getFirst().rank()).isLessThan(queued.get(1).rank());
        assertThat(queued.getFirst().waiting()).isEqualTo(2);
        assertThat(queued.get(2).onDevice()).isEqualTo(1);
        assertThat(queued.get(2).home()).isEqualTo("ring");
        runMillis(6);
        assertThat(gpu.order().stream().map(MockJob::toString)).containsExactly("low", "early", "early", "late", "late",
                "low");
        assertThat(scheduler.entities()).allSatisfy(each -> {
            assertThat(each.readiness()).isEqualTo(Readiness.IDLE);
            assertThat(each.waiting()).isZero();
        });
        assertThat(idle.status().home()).isNull();
    }

    @Test
    @DisplayName("an entity whose first job waits for something says so, and is ready when that is there")
    void waits() throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(1));
        Entity<MockJob> entity = scheduler.openEntity("one", Priority.NORMAL);
        FenceIssuer input = FenceIssuer.create("input");
        PointFence blocks = scheduler.openEntity("first", Priority.NORMAL).submit(MockJob.endless("blocks"));
        PointFence job = entity.submit(MockJob.micros("job", 1_000), input.fence());
        assertThat(entity.status().readiness()).isEqualTo(Readiness.WAITING);
        assertThat(input.signal()).isTrue();
        assertThat(entity.status().readiness()).isEqualTo(Readiness.READY);
        assertThat(gpu.advance(1)).isEqualTo(1);
        assertOk(blocks);
        assertThat(entity.status().readiness()).isEqualTo(Readiness.IDLE);
        runMillis(1);
        assertOk(job);
    }

    @Test
    @DisplayName("an entity whose first job comes after one of the same ring waits until that is handed over")
    void waitsOnTheRing() throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(2));
        Entity<MockJob> producer = scheduler.openEntity("producer", Priority.NORMAL);
        Entity<MockJob> consumer = scheduler.openEntity("consumer", Priority.NORMAL);
        PointFence _ = scheduler.openEntity("first", Priority.NORMAL).submit(new MockJob("blocks", MILLI, 2));
        PointFence made = producer.submit(MockJob.micros("made", 1_000));
        PointFence used = consumer.submit(MockJob.micros("used", 1_000), made);
        assertThat(producer.status().readiness()).isEqualTo(Readiness.READY);
        assertThat(consumer.status().readiness()).isEqualTo(Readiness.WAITING);
        runMillis(1);
        assertThat(List.of(producer.status().readiness(), consumer.status().readiness()))
                .containsOnly(Readiness.IDLE);
        assertThat(used.isDone()).isFalse();
        runMillis(2);
        assertOk(used);
    }

    @Test
    @DisplayName("under the fair policy the rank is the time that an entity has had, stretched by its priority")
    void virtualRuntime() {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(1));
        Entity<MockJob> normal = scheduler.openEntity(EntityOptions.named("normal").withCapacity(64));
        Entity<MockJob> high =
                scheduler.openEntity(EntityOptions.named("high").withPriority(Priority.HIGH).withCapacity(64));
        submit(normal, 30);
        submit(high, 30);
        runMillis(20);
        // A job is charged when the next one is taken: the last of each may be missing.
        for (Entity<MockJob> each : List.of(normal, high)) {
            int stretch = each == high ? 4 : 16;
            EntityStatus status = each.status();
            assertThat(status.rank()).isBetween((status.runtimeNanos() - MILLI) * stretch,
                    (status.runtimeNanos() + MILLI) * stretch);
        }
        assertThat(high.status().runtimeNanos() + normal.status().runtimeNanos()).isEqualTo(20 * MILLI);
    }

    @Test
    @DisplayName("a policy that broke orders no longer: after it FIFO does, by priority")
    void fallenBack() {
        Policy broken = new Policy() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public boolean isStrict() {
                return false;
            }

            @Override
            public long join(Member entity, Others others) {
                if (entity.name().equals("breaks")) {
                    throw new IllegalStateException("no idea");
                }
                return entity.name().equals("low") ? 0 : 1;
            }

            @Override
            public long next(Member entity, Others others) {
                return 0;
            }
        };
        Scheduler<MockJob> scheduler = scheduler(gpu(), options().withCredits(1).withPolicy(() -> broken));
        submit(scheduler.openEntity("first", Priority.NORMAL), 1);
        List<Entity<MockJob>> held = new ArrayList<>();
        for (Priority priority : List.of(Priority.LOW, Priority.HIGH)) {
            Entity<MockJob> entity = scheduler.openEntity(priority == Priority.LOW ? "low" : "high", priority);
            submit(entity, 1);
            held.add(entity);
        }
        assertThat(names(scheduler.entities()).subList(0, 2)).containsExactly("low", "high");
        held.add(scheduler.openEntity("breaks", Priority.NORMAL));
        submit(held.getLast(), 1);
        assertThat(names(scheduler.entities()).subList(0, 3)).containsExactly("high", "breaks", "low");
        runMillis(10);
    }

    @Test
    @DisplayName("an entity that may go to two schedulers is told by both, with its jobs at its home only")
    void twoSchedulers() {
        SchedulerOptions options = options().withCredits(1);
        Scheduler<MockJob> one = scheduler(gpu(), new SchedulerOptions("one", 1, options.policy(), options.priorities(),
                options.headOfLine(), options.timeout(), options.hangLimit()));
        Scheduler<MockJob> other = scheduler(gpu(), options);
        Entity<MockJob> stays = other.openEntity("stays", Priority.LOW);
        Entity<MockJob> goes = Scheduler.openEntity(EntityOptions.named("goes").withPriority(Priority.HIGH),
                List.of(other, one), null);
        submit(stays, 2);
        submit(goes, 3);
        assertThat(goes.status().home()).isEqualTo("one");
        assertThat(names(one.entities())).containsExactly("goes");
        assertThat(names(other.entities())).as("who is elsewhere comes last, however urgent").containsExactly("stays",
                "goes");
        runMillis(10);
    }
}
