package io.ringfence.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.sim.schedule.MockDomain;
import io.ringfence.sim.schedule.MockGpu;
import io.ringfence.sim.schedule.MockJob;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The rest of the kernel's {@code tests_basic.c}, and its tests of overhead, on a virtual clock. */
class KernelCasesTest extends SchedulerTestBase {

    private static final Duration TIMEOUT = Duration.ofMillis(200);
    private static final List<Priority> PRIORITIES = List.of(Priority.values());

    private MockGpu resettable(MockDomain domain) {
        MockGpu gpu = new MockGpu(domain);
        devices.add(gpu);
        return gpu;
    }

    @Test
    @DisplayName("T1: a job without an end times out, not before its time")
    void timesOut() throws Exception {
        MockGpu gpu = resettable(new MockDomain());
        Entity<MockJob> entity = scheduler(gpu, options().withTimeout(TIMEOUT)).openEntity("one", Priority.NORMAL);
        PointFence job = entity.submit(MockJob.endless("hangs"));
        assertOk(entity.scheduled(job));
        runMillis(199);
        assertThat(job.isDone()).isFalse();
        runMillis(100);
        assertThat(failureOf(job)).isInstanceOf(Failure.TimedOut.class);
    }

    @Test
    @DisplayName("T2: a job that the driver says does not hang goes on, however often it is asked")
    void skipsReset() throws Exception {
        MockDomain domain = new MockDomain();
        MockGpu gpu = resettable(domain);
        gpu.saysNoHang(true);
        Entity<MockJob> entity = scheduler(gpu, options().withTimeout(TIMEOUT)).openEntity("one", Priority.NORMAL);
        PointFence job = entity.submit(MockJob.endless("long"));
        runMillis(900);
        assertThat(job.isDone()).isFalse();
        assertThat(gpu.verdicts()).isGreaterThanOrEqualTo(2);
        assertThat(domain.resets()).isZero();
        assertThat(gpu.advance(1)).isEqualTo(1);
        assertOk(job);
    }

    @Test
    @DisplayName("K1: the entity killed and the scheduler ended, a job on the device is given up and says so")
    void cancelsPending() throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options());
        Entity<MockJob> entity = scheduler.openEntity("one", Priority.NORMAL);
        PointFence job = entity.submit(MockJob.endless("job"));
        assertOk(entity.scheduled(job));
        Fence end = entity.kill();
        Fence over = scheduler.startClose();
        runMillis(1);
        assertThat(failureOf(job)).isInstanceOf(Failure.DriverError.class);
        assertOk(end);
        assertOk(over);
        assertThat(gpu.isClosed()).isTrue();
    }

    @Test
    @DisplayName("P1: one entity of each priority; all jobs are finished, the more urgent ones first")
    void priorities() throws Exception {
        assertThat(PRIORITIES).containsExactly(Priority.KERNEL, Priority.HIGH, Priority.NORMAL, Priority.LOW);
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(1).withPolicy(Policies::fifo));
        List<Entity<MockJob>> all = new ArrayList<>();
        for (Priority priority : PRIORITIES) {
            all.add(scheduler.openEntity(priority.toString(), priority));
        }
        List<PointFence> jobs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            jobs.add(all.get(i % 4).submit(MockJob.micros(PRIORITIES.get(i % 4).toString(), 1_000)));
        }
        runMillis(100);
        jobs.forEach(SchedulerTestBase::assertOk);
        List<String> order = gpu.order().stream().map(MockJob::toString).toList();
        assertThat(order.subList(0, 25)).containsOnly("KERNEL");
        assertThat(order.subList(25, 50)).containsOnly("HIGH");
        assertThat(order.subList(75, 100)).containsOnly("LOW");
    }

    @Test
    @DisplayName("P2: priorities change all the time while jobs run, and all are finished")
    void changingPriorities() throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(4));
        List<Entity<MockJob>> all = new ArrayList<>();
        for (Priority priority : PRIORITIES) {
            all.add(scheduler
                    .openEntity(EntityOptions.named(priority.toString()).withPriority(priority).withCapacity(256)));
        }
        List<PointFence> jobs = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            jobs.add(all.get(i % 4).submit(MockJob.micros("job", 1_000)));
        }
        for (int i = 0; i < 3000; i++) {
            Entity<MockJob> entity = all.get(i % 4);
            entity.setPriority(PRIORITIES.get((PRIORITIES.indexOf(entity.priority()) + 1) % 4));
            run(Duration.ofNanos(350_000));
        }
        jobs.forEach(SchedulerTestBase::assertOk);
    }

    @Test
    @DisplayName("M1: entities are sent from one to another of three schedulers while 1000 jobs run; each in order")
    void movingEntities() throws Exception {
        List<Scheduler<MockJob>> three = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            three.add(scheduler(gpu(), options().withCredits(2)));
        }
        List<Entity<MockJob>> all = new ArrayList<>();
        for (int i = 0; i < 13; i++) {
            all.add(three.get(i % 3).openEntity("e" + i, Priority.NORMAL));
        }
        List<PointFence> jobs = new ArrayList<>();
        List<MockJob> given = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            MockJob job = MockJob.micros("e" + i % 13, 1_000);
            given.add(job);
            jobs.add(all.get(i % 13).submit(job));
            all.get(i * 7 % 13).setCandidates(List.of(three.get(i * 5 % 3)));
            run(Duration.ofNanos(350_000));
        }
        runMillis(1000);
        jobs.forEach(SchedulerTestBase::assertOk);
        for (int entity = 0; entity < 13; entity++) {
            long before = 0;
            for (int i = entity; i < 1000; i += 13) {
                assertThat(given.get(i).runs()).isEqualTo(1);
                assertThat(given.get(i).finished()).isGreaterThan(before);
                before = given.get(i).finished();
            }
        }
        assertThat(devices).allSatisfy(gpu -> assertThat(gpu.order()).hasSizeGreaterThan(100));
        all.forEach(Entity::close);
        three.forEach(Scheduler::close);
    }

    @Test
    @DisplayName("CR1: one credit, two jobs: the second is scheduled when the first is finished")
    void creditLimit() throws Exception {
        MockGpu gpu = gpu();
        Entity<MockJob> entity = scheduler(gpu, options().withCredits(1)).openEntity("one", Priority.NORMAL);
        PointFence first = entity.submit(MockJob.endless("first"));
        PointFence second = entity.submit(MockJob.endless("second"));
        Fence scheduled = entity.scheduled(second);
        assertOk(entity.scheduled(first));
        runMillis(1000);
        assertThat(scheduled.isDone()).isFalse();
        assertThat(gpu.advance(1)).isEqualTo(1);
        assertOk(scheduled);
        assertThat(second.isDone()).isFalse();
        assertThat(gpu.advance(1)).isEqualTo(1);
        assertOk(second);
    }

    @Test
    @DisplayName("O1: 1000 jobs of 1 ms behind one that blocks take 1000 ms")
    void queueOverhead() throws Exception {
        MockGpu gpu = gpu();
        Entity<MockJob> entity = scheduler(gpu, options().withCredits(1))
                .openEntity(EntityOptions.named("one").withCapacity(1024));
        PointFence blocks = entity.submit(MockJob.endless("blocks"));
        PointFence last = null;
        for (int i = 0; i < 1000; i++) {
            last = entity.submit(MockJob.micros("job", 1_000));
        }
        runMillis(10);
        assertThat(gpu.advance(1)).isEqualTo(1);
        assertOk(blocks);
        runMillis(999);
        assertThat(last.isDone()).isFalse();
        runMillis(1);
        assertOk(last);
    }

    @Test
    @DisplayName("O2: two entities whose jobs depend on each other in turn take no longer")
    void pingPong() throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(1));
        List<Entity<MockJob>> two = List.of(
                scheduler.openEntity(EntityOptions.named("ping").withCapacity(1024)),
                scheduler.openEntity(EntityOptions.named("pong").withCapacity(1024)));
        PointFence last = two.getFirst().submit(MockJob.endless("blocks"));
        for (int i = 0; i < 1000; i++) {
            last = two.get((i + 1) % 2).submit(MockJob.micros("job", 1_000), last);
        }
        assertThat(gpu.advance(1)).isEqualTo(1);
        runMillis(999);
        assertThat(last.outcome()).isEqualTo(Outcome.PENDING);
        runMillis(1);
        assertOk(last);
    }
}
