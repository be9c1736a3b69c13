package io.ringfence.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;
import io.ringfence.sim.schedule.MockGpu;
import io.ringfence.sim.schedule.MockJob;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who goes next. */
class PolicyTest extends SchedulerTestBase {

    private static List<String> names(MockGpu gpu) {
        return gpu.order().stream().map(MockJob::toString).toList();
    }

    /** Holds the only credit, so that everything else is decided afterwards. */
    private static void block(Scheduler<MockJob> scheduler) {
        assertThat(scheduler.openEntity("first", Priority.KERNEL).trySubmit(MockJob.micros("block", 1))).isEqualTo(1);
    }

    @Test
    @DisplayName("S36: FIFO goes by the time at which the first job was submitted")
    void fifo() {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(1).withPolicy(Policies::fifo));
        Entity<MockJob> a = scheduler.openEntity("a", Priority.NORMAL);
        Entity<MockJob> b = scheduler.openEntity("b", Priority.NORMAL);
        block(scheduler);
        for (int i = 0; i < 4; i++) {
            Entity<MockJob> entity = i == 0 || i == 3 ? a : b;
            assertThat(entity.trySubmit(MockJob.micros(entity.name() + i, 1_000))).isPositive();
            world.standStill(10);
        }
        runMillis(10);
        assertThat(names(gpu)).containsExactly("block", "a0", "b1", "b2", "a3");
    }

    @Test
    @DisplayName("ready-FIFO goes by the time at which the first job had nothing to wait for, FIFO does not")
    void readyFifo() throws Exception {
        for (boolean ready : new boolean[] {true, false}) {
            MockGpu gpu = gpu();
            Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(1)
                    .withPolicy(ready ? Policies::readyFifo : Policies::fifo));
            Entity<MockJob> a = scheduler.openEntity("a", Priority.NORMAL);
            Entity<MockJob> b = scheduler.openEntity("b", Priority.NORMAL);
            FenceIssuer input = FenceIssuer.create("input");
            assertThat(scheduler.openEntity("first", Priority.KERNEL).trySubmit(MockJob.micros("block", 5_000)))
                    .isEqualTo(1);
            PointFence _ = a.submit(MockJob.micros("a", 1_000), input.fence());
            runMillis(1);
            PointFence _ = b.submit(MockJob.micros("b", 1_000));
            runMillis(1);
            assertThat(input.signal()).isTrue();
            runMillis(10);
            assertThat(names(gpu)).containsExactlyElementsOf(
                    ready ? List.of("block", "b", "a") : List.of("block", "a", "b"));
        }
    }

    @Test
    @DisplayName("S36: a cancelled job does not leave its place in the order to the next one of its entity")
    void cancelledFirst() throws Exception {
        for (Supplier<Policy> policy : List.<Supplier<Policy>>of(Policies::fifo, Policies::readyFifo)) {
            MockGpu gpu = gpu();
            Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(1).withPolicy(policy));
            Entity<MockJob> a = scheduler.openEntity("a", Priority.NORMAL);
            Entity<MockJob> b = scheduler.openEntity("b", Priority.NORMAL);
            block(scheduler);
            PointFence cancelled = a.submit(MockJob.micros("a0", 1_000));
            world.standStill(10);
            PointFence _ = b.submit(MockJob.micros("b1", 1_000));
            world.standStill(10);
            PointFence _ = a.submit(MockJob.micros("a2", 1_000));
            assertThat(a.cancel(cancelled)).isTrue();
            runMillis(10);
            assertThat(names(gpu)).containsExactly("block", "b1", "a2");
        }
    }

    @Test
    @DisplayName("S35: round robin takes one of each")
    void roundRobin() {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(1).withPolicy(Policies::roundRobin));
        List<Entity<MockJob>> three = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            three.add(scheduler.openEntity(name, Priority.NORMAL));
        }
        block(scheduler);
        for (Entity<MockJob> entity : three) {
            for (int i = 0; i < 3; i++) {
                assertThat(entity.trySubmit(MockJob.micros(entity.name() + i, 1_000))).isPositive();
            }
        }
        runMillis(10);
        assertThat(names(gpu)).containsExactly("block", "a0", "b0", "c0", "a1", "b1", "c1", "a2", "b2", "c2");
    }

    @Test
    @DisplayName("S35: round robin goes by the last turn, also of those that had no job meanwhile; who is new stands before the last one")
    void roundRobinAfterRest() {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(1).withPolicy(Policies::roundRobin));
        Entity<MockJob> rests = scheduler.openEntity("rests", Priority.NORMAL);
        Entity<MockJob> busy = scheduler.openEntity("busy", Priority.NORMAL);
        assertThat(rests.trySubmit(MockJob.micros("rests0", 1_000))).isPositive();
        for (int i = 0; i < 6; i++) {
            assertThat(busy.trySubmit(MockJob.micros("busy" + i, 1_000))).isPositive();
        }
        run(Duration.ofNanos(2_500_000));
        assertThat(rests.trySubmit(MockJob.micros("rests1", 1_000))).isPositive();
        run(Duration.ofMillis(2));
        assertThat(scheduler.openEntity("new", Priority.NORMAL).trySubmit(MockJob.micros("new", 1_000))).isPositive();
        runMillis(10);
        assertThat(names(gpu)).containsExactly("rests0", "busy0", "busy1", "rests1", "busy2", "new", "busy3", "busy4",
                "busy5");
    }

    @Test
    @DisplayName("S37: who was idle gains nothing by that, and loses nothing")
    void idleIsNoCredit() throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(1));
        Entity<MockJob> busy = scheduler.openEntity("busy", Priority.NORMAL);
        Entity<MockJob> late = scheduler.openEntity("late", Priority.NORMAL);
        for (int i = 0; i < 100; i++) {
            assertThat(busy.trySubmit(MockJob.micros("busy", 1_000))).isPositive();
        }
        runMillis(50);
        for (int i = 0; i < 20; i++) {
            assertThat(late.trySubmit(MockJob.micros("late", 1_000))).isPositive();
        }
        runMillis(20);
        List<String> since = names(gpu).subList(50, 70);
        assertThat(since.stream().filter("late"::equals)).as("half, and not all until it has caught up")
                .hasSizeBetween(9, 12);
    }

    @Test
    @DisplayName("S37: time counts by priority: kernel twice high, high four times normal, normal eight times low")
    void weights() {
        for (int i = 0; i < 3; i++) {
            Priority more = Priority.of(i);
            Priority less = Priority.of(i + 1);
            double expected = new double[] {2, 4, 8}[i];
            MockGpu gpu = gpu();
            Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(1));
            Entity<MockJob> one =
                    scheduler.openEntity(EntityOptions.named("one").withPriority(more).withCapacity(1024));
            Entity<MockJob> two =
                    scheduler.openEntity(EntityOptions.named("two").withPriority(less).withCapacity(1024));
            for (int job = 0; job < 900; job++) {
                assertThat(one.trySubmit(MockJob.micros("one", 1_000))).isPositive();
                assertThat(two.trySubmit(MockJob.micros("two", 1_000))).isPositive();
            }
            runMillis(900);
            double ratio = (double) one.status().runtimeNanos() / two.status().runtimeNanos();
            assertThat(ratio).as(more + " to " + less).isBetween(expected * 0.97, expected * 1.03);
        }
    }

    @Test
    @DisplayName("S31: strict order waits for the one that comes first, whatever it costs; skipping does not")
    void headOfLine() {
        for (HeadOfLine rule : HeadOfLine.values()) {
            MockGpu gpu = gpu();
            Scheduler<MockJob> scheduler = scheduler(gpu,
                    options().withCredits(4).withPolicy(Policies::fifo).withHeadOfLine(rule));
            Entity<MockJob> large = scheduler.openEntity("large", Priority.HIGH);
            Entity<MockJob> small = scheduler.openEntity("small", Priority.LOW);
            assertThat(large.trySubmit(new MockJob("runs", 2 * MILLI, 3))).isPositive();
            assertThat(large.trySubmit(new MockJob("large", 2 * MILLI, 4))).isPositive();
            assertThat(small.trySubmit(new MockJob("small", 2 * MILLI, 1))).isPositive();
            assertThat(small.trySubmit(new MockJob("next", 2 * MILLI, 2))).isPositive();
            runMillis(1);
            assertThat(names(gpu)).containsExactlyElementsOf(
                    rule == HeadOfLine.STRICT ? List.of("runs") : List.of("runs", "small"));
            runMillis(20);
            assertThat(names(gpu)).hasSize(4).contains("large", "next");
        }
    }

    @Test
    @DisplayName("H17: a policy that throws is replaced by FIFO, and all jobs are finished")
    void throwingPolicy() {
        int[] calls = new int[1];
        Policy broken = new Policy() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public long join(Member entity, Others others) {
                return rank();
            }

            @Override
            public long next(Member entity, Others others) {
                return rank();
            }

            private long rank() {
                if (++calls[0] == 7) {
                    throw new IllegalStateException("no idea");
                }
                return -calls[0];
            }
        };
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(1).withPolicy(() -> broken));
        List<PointFence> jobs = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Entity<MockJob> entity = scheduler.openEntity("e" + i, Priority.NORMAL);
            jobs.add(entity.trySubmitFence(MockJob.micros("job", 1_000)));
            jobs.add(entity.trySubmitFence(MockJob.micros("job", 1_000)));
        }
        runMillis(10);
        assertThat(jobs).allSatisfy(SchedulerTestBase::assertOk);
        assertThat(calls[0]).isEqualTo(7);
    }

    @Test
    @DisplayName("policies are found by their names, and an unknown name is answered with them")
    void names() {
        for (String name : Policies.names()) {
            assertThat(Policies.named(name).get().name()).isEqualTo(name);
        }
        assertThatThrownBy(() -> Policies.named("lottery")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lottery").hasMessageContaining("ready-fifo");
    }
}
