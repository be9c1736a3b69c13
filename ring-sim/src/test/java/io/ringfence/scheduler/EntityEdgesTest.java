package io.ringfence.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Fences;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.CreditBudget;
import io.ringfence.queue.PayloadTraits;
import io.ringfence.queue.QueueOptions;
import io.ringfence.sim.schedule.MockGpu;
import io.ringfence.sim.schedule.MockJob;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a job may not do to others, and an entity not to its scheduler. */
class EntityEdgesTest extends SchedulerTestBase {

    @Test
    @DisplayName("A job that is refused does not pass the one before it, which is on the device")
    void refusedBehindOneOnTheDevice() throws Exception {
        MockGpu gpu = gpu();
        Entity<MockJob> entity = scheduler(gpu, options().withCredits(1)).openEntity("one", Priority.NORMAL);
        PointFence first = entity.submit(MockJob.endless("first"));
        PointFence second = entity.submit(MockJob.endless("second"));
        assertThat(entity.cancel(second)).isTrue();
        runMillis(1);
        assertThat(first.isDone()).isFalse();
        assertThat(second.isDone()).isFalse();
        assertThat(gpu.advance(1)).isEqualTo(1);
        assertOk(first);
        assertThat(failureOf(second)).isInstanceOf(Failure.Cancelled.class);
        assertThat(gpu.order()).hasSize(1);
    }

    @Test
    @DisplayName("A kill leaves what is on the device pending until the device has let go")
    void killedBehindOneOnTheDevice() throws Exception {
        MockGpu gpu = gpu();
        Entity<MockJob> entity = scheduler(gpu, options().withCredits(1)).openEntity("one", Priority.NORMAL);
        PointFence first = entity.submit(MockJob.micros("first", 5_000));
        PointFence second = entity.submit(MockJob.micros("second", 5_000));
        Fence end = entity.kill();
        runMillis(1);
        assertThat(List.of(first, second, end)).noneMatch(Fence::isDone);
        runMillis(5);
        assertOk(first);
        assertThat(second.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(end.isDone()).isTrue();
    }

    @Test
    @DisplayName("Preparing that throws, or gives a failed fence, fails the job and is asked no more")
    void preparationFails() throws Exception {
        int[] asked = {0};
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options(), job -> {
            asked[0]++;
            return switch (job.toString()) {
                case "throws" -> throw new IllegalStateException("no memory");
                case "fails" -> Fences.failed("mapping", new Failure.Cancelled("no"));
                default -> null;
            };
        });
        Entity<MockJob> entity = scheduler.openEntity("one", Priority.NORMAL);
        PointFence thrown = entity.submit(MockJob.micros("throws", 1));
        PointFence failed = entity.submit(MockJob.micros("fails", 1));
        PointFence good = entity.submit(MockJob.micros("good", 1));
        runMillis(1);
        assertThat(failureOf(thrown).root()).isInstanceOf(Failure.DriverError.class);
        assertThat(failureOf(failed).root()).isInstanceOf(Failure.Cancelled.class);
        assertOk(good);
        assertThat(asked[0]).isEqualTo(3);
        entity.close();
    }

    @Test
    @DisplayName("A job is looked at by whoever submits it: no payload, a limit out of range and a question that throws are refused there")
    void checkedAtSubmission() throws Exception {
        MockGpu gpu = gpu();
        PayloadTraits<MockJob> traits = PayloadTraits.<MockJob>plain().withLimit(job -> switch (job.toString()) {
            case "none" -> Duration.ZERO;
            case "throws" -> throw new IllegalArgumentException("asked for");
            default -> null;
        });
        Scheduler<MockJob> scheduler = Scheduler.open(runtime, gpu, options(), traits, null);
        schedulers.add(scheduler);
        Entity<MockJob> entity = scheduler.openEntity("one", Priority.NORMAL);
        assertThatIllegalArgumentException().isThrownBy(() -> entity.submit(MockJob.micros("none", 1)))
                .withMessageContaining("limit");
        assertThatIllegalArgumentException().isThrownBy(() -> entity.submit(MockJob.micros("throws", 1)))
                .withMessage("asked for");
        assertThatNullPointerException().isThrownBy(() -> entity.submit(null));
        PointFence good = entity.submit(MockJob.micros("good", 1));
        runMillis(1);
        assertOk(good);
    }

    @Test
    @DisplayName("An entity that has ended keeps no scheduler from its end, though it is moved then")
    void movedWhenOver() throws Exception {
        Scheduler<MockJob> first = scheduler(gpu(), options());
        Scheduler<MockJob> second = scheduler(gpu(), options());
        Entity<MockJob> entity = first.openEntity("one", Priority.NORMAL);
        PointFence job = entity.submit(MockJob.micros("job", 1));
        runMillis(1);
        assertOk(job);
        entity.close();
        entity.setCandidates(List.of(first, second));
        assertThat(first.status().entities()).isZero();
        assertThat(second.status().entities()).isZero();
        assertThat(second.startClose().isDone()).isTrue();
    }

    @Test
    @DisplayName("An entity that cannot go to a closed scheduler does not keep it alive")
    void refusedMoveKeepsNothing() {
        Entity<MockJob> entity = scheduler(gpu(), options()).openEntity("one", Priority.NORMAL);
        WeakReference<SchedulerCore<MockJob>> closed = refusedByOneThatIsClosed(entity);
        System.gc();
        assertThat(closed.get()).isNull();
        assertThat(entity.trySubmit(MockJob.endless("job"))).isPositive();
        assertThat(devices.getFirst().advance(1)).isEqualTo(1);
    }

    private WeakReference<SchedulerCore<MockJob>> refusedByOneThatIsClosed(Entity<MockJob> entity) {
        Scheduler<MockJob> closed = Scheduler.open(runtime, new MockGpu(), options());
        assertOk(closed.startClose());
        assertThatIllegalStateException().isThrownBy(() -> entity.setCandidates(List.of(closed)));
        return new WeakReference<>(closed.core());
    }

    @Test
    @DisplayName("Of an entity that can go elsewhere, a scheduler that is killed loses no job that is not on its device")
    void killedScheduler() throws Exception {
        MockGpu dying = gpu();
        MockGpu other = gpu();
        Scheduler<MockJob> first = scheduler(dying, options().withCredits(1));
        Scheduler<MockJob> second = scheduler(other, options().withCredits(1));
        Entity<MockJob> entity = Scheduler.openEntity(EntityOptions.named("one"), List.of(first, second), null);
        PointFence onDevice = entity.submit(MockJob.endless("on device"));
        PointFence waiting = entity.submit(MockJob.micros("waiting", 1));
        assertThat(dying.inFlight()).isEqualTo(1);
        Fence end = first.kill();
        runMillis(1);
        assertThat(onDevice.outcome()).isEqualTo(Outcome.FAILED);
        assertOk(waiting);
        assertThat(other.order()).extracting(MockJob::toString).containsExactly("waiting");
        assertThat(end.isDone()).isTrue();
    }

    @Test
    @DisplayName("A scheduler that is closed hands over nothing more of an entity that was sent elsewhere before")
    void closedAfterTheMove() throws Exception {
        MockGpu closing = gpu();
        MockGpu other = gpu();
        Scheduler<MockJob> first = scheduler(closing, options().withCredits(2));
        Scheduler<MockJob> second = scheduler(other, options());
        Entity<MockJob> moves = first.openEntity("moves", Priority.NORMAL);
        PointFence busy = first.openEntity("busy", Priority.NORMAL).submit(MockJob.endless("busy"));
        PointFence before = moves.submit(MockJob.endless("before"));
        moves.setCandidates(List.of(second));
        PointFence after = moves.submit(MockJob.endless("after"));
        runMillis(1);
        Fence end = first.startClose();
        assertThat(closing.advance(1)).isEqualTo(1);
        runMillis(1);
        assertOk(busy);
        assertThat(closing.order()).extracting(MockJob::toString).containsExactly("busy", "before");
        assertThat(closing.advance(1)).isEqualTo(1);
        runMillis(1);
        assertOk(before);
        assertOk(end);
        assertThat(other.advance(1)).isEqualTo(1);
        assertOk(after);
    }

    @Test
    @DisplayName("S46: a scheduler that is killed has not ended before its entities have, whose jobs wait for the fences of others")
    void killedNotBeforeItsEntities() throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options());
        Entity<MockJob> entity = scheduler.openEntity("one", Priority.NORMAL);
        FenceIssuer input = FenceIssuer.create("input");
        PointFence waits = entity.submit(MockJob.endless("waits"), input.fence());
        Fence end = scheduler.kill();
        runMillis(1);
        assertThat(gpu.isClosed()).isTrue();
        assertThat(List.of(waits, end)).noneMatch(Fence::isDone);
        assertThat(input.signal()).isTrue();
        runMillis(1);
        assertThat(failureOf(waits)).isInstanceOf(Failure.Cancelled.class);
        assertOk(end);
        assertThat(scheduler.status().entities()).isZero();
    }

    @Test
    @DisplayName("A scheduler whose runtime is closed first has ended when it and its entities are closed too")
    void endsAfterItsRuntime() throws Exception {
        Scheduler<MockJob> scheduler = scheduler(gpu(), options());
        Entity<MockJob> entity = scheduler.openEntity("one", Priority.NORMAL);
        PointFence job = entity.submit(MockJob.micros("job", 1));
        runtime.close();
        assertOk(job);
        assertOk(scheduler.startClose());
        assertThat(scheduler.status().entities()).isZero();
    }

    @Test
    @DisplayName("A job that costs more than there is where its entity has gone since runs alone")
    void fewerCredits() throws Exception {
        Scheduler<MockJob> first = scheduler(gpu(), options().withCredits(8));
        MockGpu small = gpu();
        Scheduler<MockJob> second = scheduler(small, options().withCredits(2));
        Entity<MockJob> entity = first.openEntity("one", Priority.NORMAL);
        FenceIssuer gate = FenceIssuer.create("gate");
        PointFence large = entity.submit(new MockJob("large", 1_000, 8), gate.fence());
        entity.setCandidates(List.of(second));
        gate.signal();
        runMillis(1);
        assertOk(large);
        assertThat(small.order()).hasSize(1);
        assertThat(second.status().creditsUsed()).isZero();
        assertThat(first.status().entities()).isZero();
        assertThat(first.status().load()).isZero();
    }

    @Test
    @DisplayName("fifo: a job that waited for something stands where it was submitted")
    void fifoBySubmission() throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(1).withPolicy(Policies::fifo));
        Entity<MockJob> one = scheduler.openEntity("one", Priority.NORMAL);
        Entity<MockJob> other = scheduler.openEntity("other", Priority.NORMAL);
        FenceIssuer gate = FenceIssuer.create("gate");
        one.submit(MockJob.micros("running", 5_000));
        one.submit(MockJob.micros("first", 1), gate.fence());
        runMillis(1);
        other.submit(MockJob.micros("running too", 5_000));
        other.submit(MockJob.micros("second", 1));
        runMillis(6);
        gate.signal();
        runMillis(10);
        assertThat(gpu.order()).extracting(MockJob::toString).containsExactly("running", "running too", "first",
                "second");
    }

    @Test
    @DisplayName("The budget of an entity's options does not count")
    void noBudget() throws Exception {
        MockGpu gpu = gpu();
        CreditBudget budget = CreditBudget.create("shared", 1);
        Entity<MockJob> entity = scheduler(gpu, options()).openEntity(
                new EntityOptions(QueueOptions.named("one").withCredits(1).withBudget(budget), Priority.NORMAL));
        entity.submit(MockJob.endless("first"));
        entity.submit(MockJob.endless("second"));
        assertThat(gpu.inFlight()).isEqualTo(2);
        gpu.advance(2);
    }
}
