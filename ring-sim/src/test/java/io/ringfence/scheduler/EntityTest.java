package io.ringfence.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeoutException;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.Client;
import io.ringfence.queue.QueueClosedException;
import io.ringfence.queue.SubmitCode;
import io.ringfence.sim.schedule.MockGpu;
import io.ringfence.sim.schedule.MockJob;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entities: their lives, their fences, what they refuse. */
class EntityTest extends SchedulerTestBase {

    @Test
    @DisplayName("Y-15: a job for an entity that was killed is refused by name, and not lost")
    void killedRefuses() throws Exception {
        Entity<MockJob> entity = scheduler(gpu(), options()).openEntity("dead", Priority.NORMAL);
        assertOk(entity.kill());
        assertThatThrownBy(() -> entity.submit(MockJob.endless("job"))).isInstanceOf(QueueClosedException.class)
                .hasMessageContaining("dead");
        assertThat(entity.trySubmit(MockJob.endless("job"))).isEqualTo(SubmitCode.CLOSED);
        assertThatThrownBy(() -> entity.trySubmitFence(MockJob.endless("job")))
                .isInstanceOf(QueueClosedException.class).hasMessageContaining("dead");
    }

    @Test
    @DisplayName("S46: jobs of a killed entity fail in order, after what they depend on; those on the device are untouched")
    void killedInOrder() throws Exception {
        MockGpu gpu = gpu();
        Entity<MockJob> entity = scheduler(gpu, options().withCredits(1)).openEntity("one", Priority.NORMAL);
        FenceIssuer input = FenceIssuer.create("input");
        PointFence onDevice = entity.submit(MockJob.micros("runs", 1_000));
        PointFence queued = entity.submit(MockJob.endless("queued"));
        PointFence waits = entity.submit(MockJob.endless("waits"), input.fence());
        PointFence last = entity.submit(MockJob.endless("last"));
        Fence end = entity.kill();
        assertThat(queued.isDone()).as("not before the one on the device").isFalse();
        runMillis(1);
        assertOk(onDevice);
        assertThat(failureOf(queued)).isInstanceOf(Failure.Cancelled.class);
        assertThat(waits.isDone()).as("its input may still be written").isFalse();
        assertThat(end.isDone()).isFalse();
        assertThat(input.signal()).isTrue();
        runMillis(1);
        assertThat(failureOf(waits)).isInstanceOf(Failure.Cancelled.class);
        assertThat(failureOf(last)).isInstanceOf(Failure.Cancelled.class);
        assertOk(end);
        assertThat(gpu.order()).hasSize(1);
    }

    @Test
    @DisplayName("Y-12: who waits for a job to be scheduled is let go when its entity is killed, and told that it failed")
    void scheduledOfKilled() throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(1));
        Entity<MockJob> entity = scheduler.openEntity("one", Priority.NORMAL);
        PointFence running = entity.submit(MockJob.endless("runs"));
        PointFence queued = entity.submit(MockJob.endless("queued"));
        FenceIssuer input = FenceIssuer.create("input");
        PointFence waits = entity.submit(MockJob.endless("waits"), input.fence());
        Fence second = entity.scheduled(queued);
        Fence third = entity.scheduled(waits);
        PointFence consumer = scheduler.openEntity("other", Priority.NORMAL).submit(MockJob.endless("after"), second);
        Fence _ = entity.kill();
        runMillis(1);
        assertThat(second.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(consumer.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(input.signal()).isTrue();
        assertThat(third.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(running.isDone()).isTrue();
    }

    @Test
    @DisplayName("a cancelled job is not run, its neighbours are; its being scheduled fails")
    void cancels() throws Exception {
        MockGpu gpu = gpu();
        Entity<MockJob> entity = scheduler(gpu, options().withCredits(1)).openEntity("one", Priority.NORMAL);
        PointFence first = entity.submit(MockJob.micros("first", 1_000));
        PointFence second = entity.submit(MockJob.micros("second", 1_000));
        PointFence third = entity.submit(MockJob.micros("third", 1_000));
        Fence scheduled = entity.scheduled(second);
        assertThat(entity.cancel(second)).isTrue();
        runMillis(2);
        assertOk(first);
        assertThat(failureOf(second)).isInstanceOf(Failure.Cancelled.class);
        assertThat(scheduled.outcome()).isEqualTo(Outcome.FAILED);
        assertOk(third);
        assertThat(gpu.order()).extracting(MockJob::toString).containsExactly("first", "third");
    }

    @Test
    @DisplayName("a job that is cancelled on the device is given up there")
    void cancelsOnDevice() throws Exception {
        MockGpu gpu = gpu();
        Entity<MockJob> entity = scheduler(gpu, options().withCredits(1)).openEntity("one", Priority.NORMAL);
        PointFence job = entity.submit(MockJob.endless("job"));
        PointFence next = entity.submit(MockJob.micros("next", 1_000));
        assertThat(entity.cancel(job)).isTrue();
        runMillis(1);
        assertThat(job.outcome()).isEqualTo(Outcome.FAILED);
        assertOk(next);
    }

    @Test
    @DisplayName("S45: flush waits until all is scheduled, not until it is finished, and no longer than it is told")
    void flushes() throws Exception {
        MockGpu gpu = gpu();
        Entity<MockJob> entity = scheduler(gpu, options().withCredits(1)).openEntity("one", Priority.NORMAL);
        assertThat(entity.flush(Duration.ZERO)).isTrue();
        PointFence first = entity.submit(MockJob.micros("first", 5_000));
        PointFence second = entity.submit(MockJob.endless("second"));
        assertThat(entity.flush(Duration.ofMillis(4))).isFalse();
        assertThat(entity.flush(Duration.ofMillis(4))).isTrue();
        assertOk(first);
        assertThat(second.isDone()).isFalse();
    }

    @Test
    @DisplayName("flush does not wait for what was cancelled before it was ready")
    void flushesPastCancelled() throws Exception {
        Entity<MockJob> entity = scheduler(gpu(), options()).openEntity("one", Priority.NORMAL);
        FenceIssuer input = FenceIssuer.create("input");
        PointFence job = entity.submit(MockJob.endless("job"), input.fence());
        assertThat(entity.cancel(job)).isTrue();
        assertThat(input.signal()).isTrue();
        assertThat(entity.flush(Duration.ofMillis(1))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"entity first", "scheduler first", "runtime first", "scheduler twice"})
    @DisplayName("Y-9: entities, schedulers and their runtime are closed in any order, and all jobs are finished")
    void anyOrder(String order) throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(2));
        Entity<MockJob> entity = scheduler.openEntity("one", Priority.NORMAL);
        List<PointFence> jobs = List.of(entity.submit(MockJob.micros("a", 1_000)),
                entity.submit(MockJob.micros("b", 1_000)), entity.submit(MockJob.micros("c", 1_000)));
        switch (order) {
            case "entity first" -> {
                entity.close();
                scheduler.close();
            }
            case "scheduler first" -> {
                scheduler.close();
                entity.close();
            }
            case "runtime first" -> runtime.close();
            default -> {
                scheduler.close();
                scheduler.close();
            }
        }
        runMillis(1);
        assertThat(jobs).allSatisfy(SchedulerTestBase::assertOk);
        assertThatThrownBy(() -> entity.submit(MockJob.endless("late"))).isInstanceOf(QueueClosedException.class);
    }

    @Test
    @DisplayName("a closed scheduler refuses entities by name")
    void closedRefuses() {
        Scheduler<MockJob> scheduler = scheduler(gpu(), options());
        scheduler.close();
        assertThat(scheduler.isReady()).isFalse();
        assertThatThrownBy(() -> scheduler.openEntity("late", Priority.NORMAL))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("scheduler ring is closed")
                .hasMessageContaining("late");
    }

    @Test
    @DisplayName("a scheduler with some of the priorities refuses the others")
    void subset() {
        Scheduler<MockJob> scheduler = scheduler(gpu(),
                options().withPriorities(EnumSet.of(Priority.HIGH, Priority.NORMAL)));
        assertThatThrownBy(() -> scheduler.openEntity("low", Priority.LOW))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("LOW").hasMessageContaining("HIGH");
        Entity<MockJob> entity = scheduler.openEntity("one", Priority.HIGH);
        assertThatThrownBy(() -> entity.setPriority(Priority.KERNEL)).isInstanceOf(IllegalArgumentException.class);
        assertThat(entity.priority()).isEqualTo(Priority.HIGH);
    }

    @Test
    @DisplayName("S30: a job that costs more than there is, or nothing, is refused, and the range named")
    void cost() {
        Entity<MockJob> entity = scheduler(gpu(), options().withCredits(3)).openEntity("one", Priority.NORMAL);
        for (int cost : new int[] {0, -1, 4}) {
            assertThatThrownBy(() -> entity.trySubmit(new MockJob("job", 1, cost)))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("cost " + cost)
                    .hasMessageContaining("1 to 3");
        }
        assertThat(entity.status().queue().claimed()).isZero();
    }

    @Test
    @DisplayName("a full entity answers FULL, and a submitter with a bound is told where it stands")
    void full() throws Exception {
        Entity<MockJob> entity = scheduler(gpu(), options().withCredits(1))
                .openEntity(EntityOptions.named("small").withCapacity(2));
        assertThat(entity.trySubmit(MockJob.endless("a"))).isEqualTo(1);
        assertThat(entity.trySubmit(MockJob.endless("b"))).isEqualTo(2);
        assertThat(entity.trySubmit(MockJob.endless("c"))).isEqualTo(SubmitCode.FULL);
        assertThatThrownBy(() -> entity.submit(MockJob.endless("c"), Duration.ofMillis(1)))
                .isInstanceOf(TimeoutException.class).hasMessageContaining("small");
    }

    @Test
    @DisplayName("entities of a client end with it")
    void client() throws Exception {
        Scheduler<MockJob> scheduler = scheduler(gpu(), options().withCredits(1));
        Client client = runtime.openClient("user");
        Entity<MockJob> entity = Scheduler.openEntity(EntityOptions.named("one"), List.of(scheduler), client);
        PointFence job = entity.submit(MockJob.micros("job", 1_000));
        PointFence queued = entity.submit(MockJob.micros("queued", 1_000));
        Fence end = client.kill();
        runMillis(2);
        assertOk(job);
        assertThat(failureOf(queued)).isInstanceOf(Failure.Cancelled.class);
        assertOk(end);
        assertThat(client.usage().submitted()).isEqualTo(2);
    }

    @Test
    @DisplayName("S11: a job's time on a ring that is full begins when the one before it was finished")
    void accounting() throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(8));
        Entity<MockJob> one = scheduler.openEntity("one", Priority.NORMAL);
        Entity<MockJob> other = scheduler.openEntity("other", Priority.NORMAL);
        for (int i = 0; i < 4; i++) {
            var _ = one.submit(MockJob.micros("one", 1_000));
            var _ = other.submit(MockJob.micros("other", 3_000));
        }
        runMillis(16);
        assertThat(one.status().runtimeNanos()).isEqualTo(4 * MILLI);
        assertThat(other.status().runtimeNanos()).isEqualTo(12 * MILLI);
        assertThat(scheduler.status().decisions()).isEqualTo(8);
        assertThat(scheduler.status().creditsUsed()).isZero();
    }

    @Test
    @DisplayName("S65: a deadline reaches the device for what is there, and with each job that comes there later")
    void deadlines() throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(2));
        Entity<MockJob> entity = scheduler.openEntity("one", Priority.NORMAL);
        PointFence first = entity.submit(MockJob.endless("first"));
        PointFence second = entity.submit(MockJob.endless("second"));
        PointFence third = entity.submit(MockJob.endless("third"));
        PointFence fourth = entity.submit(MockJob.endless("fourth"));
        runMillis(1);
        first.hintDeadline(world.nanoTime() + 2 * MILLI);
        runMillis(1);
        assertThat(gpu.wanted()).containsExactly(1L);
        third.hintDeadline(world.nanoTime() + MILLI);
        runMillis(1);
        assertThat(gpu.wanted()).as("what is there before it").containsExactly(1L, 2L);
        assertThat(gpu.advance(2)).isEqualTo(2);
        runMillis(1);
        assertThat(gpu.wanted()).containsExactly(1L, 2L, 3L);
        assertThat(gpu.advance(4)).isEqualTo(2);
        List.of(first, second, third, fourth).forEach(SchedulerTestBase::assertOk);
    }

    @Test
    @DisplayName("S65: jobs that wait keep their own deadlines, and the earliest of several")
    void ownDeadlines() throws Exception {
        MockGpu gpu = gpu();
        Entity<MockJob> entity = scheduler(gpu, options().withCredits(1)).openEntity("one", Priority.NORMAL);
        PointFence busy = entity.submit(MockJob.endless("busy"));
        List<PointFence> frames = new ArrayList<>();
        for (int i = 0; i < Hints.MOST + 4; i++) {
            frames.add(entity.submit(MockJob.endless("frame " + i)));
        }
        for (int i = 0; i < frames.size(); i++) {
            frames.get(i).hintDeadline((i + 1) * 10L * MILLI);
        }
        frames.get(1).hintDeadline(30 * MILLI);
        frames.get(3).hintDeadline(25 * MILLI);
        runMillis(1);
        for (int i = 0; i < frames.size(); i++) {
            assertThat(gpu.advance(1)).isEqualTo(1);
            runMillis(1);
            // The third is wanted with the fourth; of too many, the last are wanted together.
            long expected = switch (i) {
                case 0, 1 -> (i + 1) * 10L;
                case 2, 3 -> 25L;
                default -> Math.min(i + 1, Hints.MOST) * 10L;
            };
            assertThat(gpu.wantedBy(2L + i)).as("frame %s", i).hasValue(expected * MILLI);
        }
        assertThat(gpu.advance(1)).isEqualTo(1);
        runMillis(1);
        frames.forEach(SchedulerTestBase::assertOk);
        assertOk(busy);
    }

    @Test
    @DisplayName("a scheduler that is frozen hands nothing over, and goes on when it is thawed")
    void freezes() throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options());
        Entity<MockJob> entity = scheduler.openEntity("one", Priority.NORMAL);
        assertOk(scheduler.freeze());
        PointFence job = entity.submit(MockJob.micros("job", 1_000));
        Entity<MockJob> urgent = scheduler.openEntity("urgent", Priority.KERNEL);
        PointFence later = urgent.submit(MockJob.micros("urgent", 1_000));
        runMillis(5);
        assertThat(gpu.order()).isEmpty();
        assertThat(entity.scheduled(job).isDone()).isFalse();
        scheduler.thaw();
        runMillis(2);
        assertOk(job);
        assertOk(later);
        assertThat(gpu.order()).extracting(MockJob::toString).as("decided when it was thawed").containsExactly("urgent",
                "job");
    }
}
