package io.ringfence.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;

import io.ringfence.fence.Failure;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.Client;
import io.ringfence.queue.PayloadTraits;
import io.ringfence.queue.QueueClosedException;
import io.ringfence.sim.schedule.MockDomain;
import io.ringfence.sim.schedule.MockGpu;
import io.ringfence.sim.schedule.MockJob;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Hangs, the guilty and the innocent. */
class SchedulerRecoveryTest extends SchedulerTestBase {

    private static final Duration TIMEOUT = Duration.ofMillis(40);

    private MockGpu gpu(MockDomain domain) {
        MockGpu gpu = new MockGpu(domain);
        devices.add(gpu);
        return gpu;
    }

    private Scheduler<MockJob> hanging(MockGpu gpu, int hangLimit) {
        return scheduler(gpu, options().withTimeout(TIMEOUT).withHangLimit(hangLimit));
    }

    @Test
    @DisplayName("S49: jobs of a guilty entity are cancelled, those of others run again; it is banned, they are not")
    void guilty() throws Exception {
        MockGpu gpu = gpu(new MockDomain());
        Scheduler<MockJob> scheduler = hanging(gpu, 0);
        Entity<MockJob> bad = scheduler.openEntity("bad", Priority.NORMAL);
        Entity<MockJob> good = scheduler.openEntity("good", Priority.NORMAL);
        PointFence hangs = bad.submit(MockJob.endless("hangs"));
        PointFence behind = bad.submit(MockJob.micros("behind", 1_000));
        PointFence innocent = good.submit(MockJob.micros("innocent", 1_000));
        PointFence queued = bad.submit(MockJob.micros("queued", 1_000));
        runMillis(100);
        assertThat(failureOf(hangs)).isInstanceOf(Failure.TimedOut.class);
        assertThat(failureOf(behind)).isInstanceOf(Failure.Cancelled.class);
        assertThat(failureOf(queued).root()).isInstanceOfAny(Failure.Cancelled.class, Failure.Banned.class);
        assertOk(innocent);
        assertThat(bad.status().karma()).isEqualTo(1);
        assertThatThrownBy(() -> bad.submit(MockJob.endless("more"))).isInstanceOf(QueueClosedException.class);
        PointFence more = good.submit(MockJob.micros("more", 1_000));
        runMillis(2);
        assertOk(more);
        assertThat(gpu.order().stream().filter(job -> job.toString().equals("behind"))).as("not run again").hasSize(1);
    }

    @Test
    @DisplayName("S62: hangs that are forgiven are counted, and the entity goes on")
    void forgiven() throws Exception {
        MockGpu gpu = gpu(new MockDomain());
        Entity<MockJob> entity = hanging(gpu, 2).openEntity("bad", Priority.NORMAL);
        for (int i = 1; i <= 2; i++) {
            PointFence hangs = entity.submit(MockJob.endless("hangs"));
            PointFence next = entity.submit(MockJob.micros("next", 1_000));
            runMillis(100);
            assertThat(failureOf(hangs)).isInstanceOf(Failure.TimedOut.class);
            assertOk(next);
            assertThat(entity.status().karma()).isEqualTo(i);
        }
        PointFence last = entity.submit(MockJob.endless("hangs"));
        runMillis(100);
        assertThat(failureOf(last)).isInstanceOf(Failure.TimedOut.class);
        assertThatThrownBy(() -> entity.submit(MockJob.endless("more"))).isInstanceOf(QueueClosedException.class)
                .hasMessageContaining("3 of its jobs hung");
    }

    @Test
    @DisplayName("S62: karma is not counted for the kernel's own jobs")
    void kernelIsNeverGuilty() throws Exception {
        MockGpu gpu = gpu(new MockDomain());
        Entity<MockJob> entity = hanging(gpu, 0).openEntity("moves", Priority.KERNEL);
        PointFence hangs = entity.submit(MockJob.endless("hangs"));
        PointFence next = entity.submit(MockJob.micros("next", 1_000));
        runMillis(100);
        assertThat(failureOf(hangs)).isInstanceOf(Failure.TimedOut.class);
        assertOk(next);
        assertThat(entity.status().karma()).isZero();
    }

    @Test
    @DisplayName("S63: schedulers of one device are recovered together; only the guilty one's entity is guilty")
    void severalSchedulers() throws Exception {
        MockDomain domain = new MockDomain();
        MockGpu one = gpu(domain);
        MockGpu other = gpu(domain);
        Entity<MockJob> bad = hanging(one, 0).openEntity("bad", Priority.NORMAL);
        Scheduler<MockJob> second = Scheduler.open(runtime, other, options().withTimeout(Duration.ofSeconds(10)),
                PayloadTraits.<MockJob>plain().withRepeatable(job -> job.toString().equals("again")), null);
        schedulers.add(second);
        Entity<MockJob> good = second.openEntity("good", Priority.NORMAL);
        PointFence hangs = bad.submit(MockJob.endless("hangs"));
        PointFence again = good.submit(MockJob.micros("again", 200_000));
        PointFence waits = good.submit(MockJob.micros("not begun", 1_000));
        runMillis(400);
        assertThat(failureOf(hangs)).isInstanceOf(Failure.TimedOut.class);
        assertOk(again);
        assertOk(waits);
        assertThat(domain.resets()).isEqualTo(1);
        assertThat(good.status().karma()).isZero();
        assertThat(other.order()).extracting(MockJob::toString).containsExactly("again", "not begun", "again",
                "not begun");
    }

    @Test
    @DisplayName("H1: what stands behind a guilty job because it needs it is not run again, though that one's entity is forgiven")
    void dependents() throws Exception {
        MockGpu gpu = gpu(new MockDomain());
        Scheduler<MockJob> scheduler = hanging(gpu, 1);
        PointFence hangs = scheduler.openEntity("bad", Priority.NORMAL).submit(MockJob.endless("hangs"));
        PointFence needs = scheduler.openEntity("needs", Priority.NORMAL).submit(MockJob.micros("needs", 1_000), hangs);
        PointFence other = scheduler.openEntity("other", Priority.NORMAL).submit(MockJob.micros("other", 1_000));
        runMillis(100);
        assertThat(failureOf(hangs)).isInstanceOf(Failure.TimedOut.class);
        assertThat(failureOf(needs)).isInstanceOf(Failure.DependencyFailed.class);
        assertThat(failureOf(needs).root()).isInstanceOf(Failure.TimedOut.class);
        assertOk(other);
        assertThat(gpu.order()).extracting(MockJob::toString).containsExactly("hangs", "needs", "other", "other");
    }

    @Test
    @DisplayName("S63: what another had begun and cannot be repeated fails as an innocent victim, in so many words")
    void victim() throws Exception {
        MockDomain domain = new MockDomain();
        Entity<MockJob> bad = hanging(gpu(domain), 0).openEntity("bad", Priority.NORMAL);
        Entity<MockJob> good = scheduler(gpu(domain), options().withTimeout(Duration.ofSeconds(10)))
                .openEntity("good", Priority.NORMAL);
        PointFence hangs = bad.submit(MockJob.endless("hangs"));
        PointFence begun = good.submit(MockJob.micros("begun", 200_000));
        PointFence next = good.submit(MockJob.micros("next", 1_000));
        runMillis(400);
        assertThat(failureOf(hangs)).isInstanceOf(Failure.TimedOut.class);
        assertThat(failureOf(begun)).isInstanceOf(Failure.InnocentVictim.class);
        assertOk(next);
        assertThatThrownBy(() -> bad.submit(MockJob.endless("more"))).isInstanceOf(QueueClosedException.class);
        var _ = good.submit(MockJob.micros("more", 1_000));
    }

    @Test
    @DisplayName("the client of a guilty entity is told")
    void client() throws Exception {
        MockGpu gpu = gpu(new MockDomain());
        Scheduler<MockJob> scheduler = hanging(gpu, 5);
        Client client = runtime.openClient("user", 0);
        Entity<MockJob> bad = Scheduler.openEntity(EntityOptions.named("bad"), List.of(scheduler), client);
        Entity<MockJob> beside = Scheduler.openEntity(EntityOptions.named("beside"), List.of(scheduler), client);
        PointFence hangs = bad.submit(MockJob.endless("hangs"));
        runMillis(100);
        assertThat(failureOf(hangs)).isInstanceOf(Failure.TimedOut.class);
        assertThat(client.usage().hangs()).isEqualTo(1);
        assertThatThrownBy(() -> beside.submit(MockJob.endless("more"))).isInstanceOf(QueueClosedException.class);
    }
}
