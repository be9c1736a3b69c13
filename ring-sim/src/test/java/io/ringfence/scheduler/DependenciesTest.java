package io.ringfence.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.Batch;
import io.ringfence.queue.PayloadTraits;
import io.ringfence.queue.QueueClosedException;
import io.ringfence.sim.schedule.MockGpu;
import io.ringfence.sim.schedule.MockJob;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What jobs of entities wait for. */
class DependenciesTest extends SchedulerTestBase {

    @Test
    @DisplayName("S24: a job is handed over right behind the one that it names, if that is on the same ring")
    void pipelines() throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options());
        PointFence first = scheduler.openEntity("a", Priority.NORMAL).submit(MockJob.endless("first"));
        PointFence second = scheduler.openEntity("b", Priority.NORMAL).submit(MockJob.endless("second"), first);
        runMillis(1);
        assertThat(gpu.order()).extracting(MockJob::toString).containsExactly("first", "second");
        assertThat(gpu.advance(2)).isEqualTo(2);
        assertOk(first);
        assertOk(second);
    }

    @Test
    @DisplayName("S24: a job that must end first is waited for, on the same ring too (DONT_PIPELINE)")
    void roundTrip() throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = Scheduler.open(runtime, gpu, options(),
                PayloadTraits.<MockJob>plain().withoutPipelining(job -> job.toString().equals("ends first")), null);
        schedulers.add(scheduler);
        Entity<MockJob> a = scheduler.openEntity("a", Priority.NORMAL);
        PointFence first = a.submit(MockJob.endless("ends first"));
        PointFence second = scheduler.openEntity("b", Priority.NORMAL).submit(MockJob.endless("second"), first);
        PointFence beside = a.submit(MockJob.endless("beside"));
        PointFence third = scheduler.openEntity("c", Priority.NORMAL).submit(MockJob.endless("third"), beside);
        runMillis(1);
        assertThat(gpu.order()).extracting(MockJob::toString).containsExactly("ends first", "beside", "third");
        assertThat(gpu.advance(1)).isEqualTo(1);
        runMillis(1);
        assertThat(gpu.order()).extracting(MockJob::toString).containsExactly("ends first", "beside", "third",
                "second");
        assertThat(gpu.advance(3)).isEqualTo(3);
        List.of(first, second, beside, third).forEach(SchedulerTestBase::assertOk);
    }

    @Test
    @DisplayName("S24: on another ring it waits until that is finished")
    void waitsAcrossRings() throws Exception {
        MockGpu one = gpu();
        MockGpu other = gpu();
        PointFence first = scheduler(one, options()).openEntity("a", Priority.NORMAL).submit(MockJob.endless("first"));
        PointFence second = scheduler(other, options()).openEntity("b", Priority.NORMAL)
                .submit(MockJob.micros("second", 1_000), first);
        runMillis(5);
        assertThat(other.order()).isEmpty();
        assertThat(one.advance(1)).isEqualTo(1);
        runMillis(1);
        assertOk(second);
    }

    @Test
    @DisplayName("S24: a job whose predecessor is not handed over yet waits for that, and passes nobody")
    void pipelinesLater() throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(1));
        Entity<MockJob> a = scheduler.openEntity("a", Priority.LOW);
        Entity<MockJob> b = scheduler.openEntity("b", Priority.HIGH);
        PointFence blocks = a.submit(MockJob.micros("blocks", 1_000));
        PointFence first = a.submit(MockJob.micros("first", 1_000));
        PointFence second = b.submit(MockJob.micros("second", 1_000), first);
        runMillis(3);
        assertOk(blocks);
        assertOk(second);
        assertThat(gpu.order()).extracting(MockJob::toString).containsExactly("blocks", "first", "second");
    }

    @Test
    @DisplayName("a job whose input fails is not run, on whichever ring, and says why")
    void failedInput() throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(1));
        Entity<MockJob> a = scheduler.openEntity("a", Priority.NORMAL);
        Entity<MockJob> b = scheduler.openEntity("b", Priority.NORMAL);
        PointFence blocks = a.submit(MockJob.micros("blocks", 1_000));
        PointFence first = a.submit(MockJob.micros("first", 1_000));
        PointFence second = b.submit(MockJob.micros("second", 1_000), first);
        PointFence third = b.submit(MockJob.micros("third", 1_000));
        assertThat(a.cancel(first)).isTrue();
        runMillis(5);
        assertOk(blocks);
        assertThat(failureOf(second)).isInstanceOf(Failure.DependencyFailed.class);
        assertThat(failureOf(second).root()).isInstanceOf(Failure.Cancelled.class);
        assertOk(third);
        assertThat(gpu.order()).extracting(MockJob::toString).doesNotContain("second");
    }

    @Test
    @DisplayName("a job whose input fails on the device while it waits for a credit is not run, though the input's entity has left")
    void inputFailsOnTheDevice() throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> here = scheduler(gpu, options().withCredits(1));
        Scheduler<MockJob> elsewhere = scheduler(gpu(), options().withCredits(1));
        Entity<MockJob> leaves = Scheduler.openEntity(EntityOptions.named("leaves"), List.of(here, elsewhere), null);
        PointFence first = leaves.submit(MockJob.endless("first"));
        PointFence second = here.openEntity("stays", Priority.NORMAL).submit(MockJob.micros("second", 1_000), first);
        runMillis(1);
        assertThat(gpu.order()).extracting(MockJob::toString).containsExactly("first");
        // The device gives it up.
        assertThat(leaves.cancel(first)).isTrue();
        runMillis(5);
        assertThat(first.failure()).isNotNull();
        assertThat(failureOf(second)).isInstanceOf(Failure.DependencyFailed.class);
        assertThat(gpu.order()).extracting(MockJob::toString).containsExactly("first");
    }

    @Test
    @DisplayName("S14: what is to be prepared is asked for until there is nothing more, and not of jobs that will not run")
    void prepares() throws Exception {
        MockGpu gpu = gpu();
        List<FenceIssuer> wanted = new ArrayList<>();
        List<String> asked = new ArrayList<>();
        Scheduler<MockJob> scheduler = scheduler(gpu, options().withCredits(1), job -> {
            asked.add(job.toString());
            if (!job.toString().equals("needs") || wanted.size() == 2) {
                return null;
            }
            wanted.add(FenceIssuer.create("memory"));
            return wanted.getLast().fence();
        });
        Entity<MockJob> entity = scheduler.openEntity("one", Priority.NORMAL);
        PointFence needs = entity.submit(MockJob.micros("needs", 1_000));
        PointFence cancelled = entity.submit(MockJob.micros("cancelled", 1_000));
        PointFence last = entity.submit(MockJob.micros("last", 1_000));
        assertThat(entity.cancel(cancelled)).isTrue();
        runMillis(1);
        assertThat(gpu.order()).isEmpty();
        assertThat(wanted.getFirst().signal()).isTrue();
        runMillis(1);
        assertThat(wanted).hasSize(2);
        assertThat(gpu.order()).isEmpty();
        assertThat(wanted.getLast().signal()).isTrue();
        runMillis(3);
        assertOk(needs);
        assertOk(last);
        assertThat(asked).containsExactly("needs", "needs", "needs", "last");
    }

    @Test
    @DisplayName("S14: a job that cannot be prepared fails, and the next one goes on")
    void unprepared() throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options(), job -> {
            if (job.toString().equals("bad")) {
                throw new IllegalStateException("no memory");
            }
            return null;
        });
        Entity<MockJob> entity = scheduler.openEntity("one", Priority.NORMAL);
        PointFence bad = entity.submit(MockJob.micros("bad", 1_000));
        PointFence good = entity.submit(MockJob.micros("good", 1_000));
        runMillis(2);
        assertThat(failureOf(bad).message()).contains("no memory");
        assertOk(good);
    }

    @Test
    @DisplayName("A3: members of a gang on several rings are scheduled before the one that leads them")
    void gang() throws Exception {
        MockGpu one = gpu();
        MockGpu other = gpu();
        Entity<MockJob> member = scheduler(one, options().withCredits(1)).openEntity("member", Priority.NORMAL);
        Entity<MockJob> leader = scheduler(other, options().withCredits(1)).openEntity("leader", Priority.NORMAL);
        PointFence before = member.submit(MockJob.micros("before", 3_000));
        PointFence follows = member.submit(MockJob.micros("member", 1_000));
        Fence ready = member.scheduled(follows);
        PointFence leads = leader.submit(MockJob.micros("leader", 1_000), ready);
        runMillis(2);
        assertThat(other.order()).as("its member is not on its ring yet").isEmpty();
        runMillis(2);
        assertOk(before);
        assertOk(follows);
        assertThat(other.order().getFirst().started()).isEqualTo(3 * MILLI);
        runMillis(2);
        assertOk(leads);
    }

    @Test
    @DisplayName("jobs of several entities are submitted together, or none is")
    void batches() throws Exception {
        MockGpu gpu = gpu();
        Scheduler<MockJob> scheduler = scheduler(gpu, options());
        Entity<MockJob> a = scheduler.openEntity("a", Priority.NORMAL);
        Entity<MockJob> b = scheduler.openEntity("b", Priority.NORMAL);
        Batch batch = Batch.create();
        Batch.Member first = a.addTo(batch, MockJob.micros("first", 1_000));
        Batch.Member second = b.addTo(batch, MockJob.micros("second", 1_000)).after(first);
        var committed = batch.commit();
        runMillis(2);
        assertOk(committed.fence(first));
        assertOk(committed.fence(second));
        b.close();
        Batch late = Batch.create();
        var _ = a.addTo(late, MockJob.micros("third", 1_000));
        var _ = b.addTo(late, MockJob.micros("fourth", 1_000));
        try {
            var _ = late.commit();
        } catch (QueueClosedException closed) {
            assertThat(closed).hasMessageContaining("b");
        }
        runMillis(2);
        assertThat(gpu.order()).extracting(MockJob::toString).containsExactly("first", "second");
    }
}
