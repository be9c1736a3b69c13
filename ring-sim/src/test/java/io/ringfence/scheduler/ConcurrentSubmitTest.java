package io.ringfence.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;
import io.ringfence.sim.schedule.MockGpu;
import io.ringfence.sim.schedule.MockJob;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads that submit at once, in real time: {@code drm_sched_concurrent_tests}. */
@Timeout(180)
class ConcurrentSubmitTest {
    private static final int WORKERS = 16;
    private static final Duration LONG = Duration.ofSeconds(30);

    private final MockGpu gpu = new MockGpu();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newFixedThreadPool(WORKERS);
    private RingfenceRuntime runtime;
    private Scheduler<MockJob> scheduler;

    @BeforeEach
    void open() {
        runtime = RingfenceRuntime.start();
        scheduler = Scheduler.open(runtime, gpu,
                SchedulerOptions.named("ring").withCredits(1_024).withTimeout(QueueOptions.NO_TIMEOUT));
    }

    @AfterEach
    void close() throws Exception {
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        scheduler.close();
        runtime.close();
        assertThat(gpu.isClosed()).isTrue();
    }

    private interface Work {
        List<PointFence> run(Entity<MockJob> entity) throws InterruptedException;
    }

    /** Has each worker do its work on an entity of its own, all at once; the fences of all. */
    private List<PointFence> atOnce(List<Work> work) throws Exception {
        List<Future<List<PointFence>>> running = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            Entity<MockJob> entity = scheduler.openEntity("worker " + i, Priority.NORMAL);
            Work task = work.get(i);
            running.add(threads.submit(() -> {
                gate.await();
                List<PointFence> fences = task.run(entity);
                assertThat(entity.flush(LONG)).isTrue();
                return fences;
            }));
        }
        gate.countDown();
        List<PointFence> all = new ArrayList<>();
        for (Future<List<PointFence>> each : running) {
            all.addAll(each.get(30, TimeUnit.SECONDS));
        }
        return all;
    }

    private static void awaitAllOk(List<? extends Fence> fences) throws InterruptedException {
        for (Fence fence : fences) {
            assertThat(fence.await(LONG)).as(fence::toString).isEqualTo(Outcome.OK);
        }
    }

    @Test
    @DisplayName("C1: 16 threads submit 8 jobs each at once; all are scheduled, then all are finished")
    void parallelSubmit() throws Exception {
        List<PointFence> fences = atOnce(Collections.nCopies(WORKERS, entity -> {
            List<PointFence> own = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                own.add(entity.submit(MockJob.endless("job")));
            }
            return own;
        }));
        assertThat(fences).hasSize(8 * WORKERS).noneMatch(Fence::isDone);
        assertThat(gpu.advance(8 * WORKERS)).isEqualTo(8 * WORKERS);
        awaitAllOk(fences);
    }

    @Test
    @DisplayName("C2: 16 threads keep 8 jobs of their own length in flight each, for a second of the device in all")
    void interleavedSubmit() throws Exception {
        List<Work> work = new ArrayList<>();
        for (int i = 1; i <= WORKERS; i++) {
            long micros = 100L * i;
            int count = (int) Math.max(1, 1_000_000 / WORKERS / micros);
            work.add(entity -> {
                List<PointFence> own = new ArrayList<>();
                for (int job = 0; job < count; job++) {
                    if (job >= 8) {
                        assertThat(own.get(job - 8).await(LONG)).isEqualTo(Outcome.OK);
                    }
                    own.add(entity.submit(MockJob.micros("job", micros)));
                }
                return own;
            });
        }
        awaitAllOk(atOnce(work));
    }
}
