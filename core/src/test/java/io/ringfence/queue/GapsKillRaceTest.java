package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A kill beside everything else that can happen to a queue, many rounds of it. */
class GapsKillRaceTest extends QueueTestBase {
    @Test
    @DisplayName("H19: submitters race with kill: what was accepted is run or cancelled once and signals, what was refused never")
    void submitRacingKill() throws Exception {
        for (int round = 0; round < 200; round++) {
            CheckedDriver driver = round % 2 == 0 ? new TrackedJob.Inline() : new TrackedJob.Threaded();
            JobQueue<Object> queue = open(driver, options("round " + round).withCapacity(8).withCredits(1 + round % 8));
            var accepted = new ConcurrentLinkedQueue<TrackedJob>();
            var refused = new ConcurrentLinkedQueue<TrackedJob>();
            var some = new CountDownLatch(round % 32);
            List<FutureTask<Void>> submitters = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int way = i;
                var submitter = new FutureTask<Void>(() -> {
                    while (submitted(queue, way, accepted, refused)) {
                        some.countDown();
                    }
                    return null;
                });
                Thread _ = (way == 2 ? Thread.ofVirtual() : Thread.ofPlatform().daemon()).start(submitter);
                submitters.add(submitter);
            }
            some.await();

            Fence end = queue.kill();

            join(submitters);
            assertOk(end);
            assertThat(accepted).allMatch(TrackedJob::isAccountedFor);
            assertThat(refused).hasSize(3).allMatch(TrackedJob::isUntouched);
            assertThat(driver.runs.get() + driver.cancels.get()).isEqualTo(accepted.size())
                    .isEqualTo(queue.timeline().signaled());
        }
    }

    /** Submits one job, waiting or trying; false if it was refused for good. */
    private static boolean submitted(JobQueue<Object> queue, int way, ConcurrentLinkedQueue<TrackedJob> accepted,
            ConcurrentLinkedQueue<TrackedJob> refused) throws InterruptedException {
        var job = new TrackedJob();
        try {
            Fence fence = way == 0 ? null : queue.trySubmitFence(job);
            // Trying again and again would only use up the time in which there could be room.
            job.fence = fence == null ? queue.submit(job) : fence;
            accepted.add(job);
            return true;
        } catch (QueueClosedException e) {
            refused.add(job);
            return false;
        }
    }

    @Test
    @DisplayName("H19: kills, a close and signals race: each waiting job is run or cancelled once and signals after its input")
    void killRacingEverything() throws Exception {
        for (int round = 0; round < 100; round++) {
            var driver = new TrackedJob.Threaded();
            JobQueue<Object> queue = open(driver, options("round " + round).withCredits(2));
            List<FenceIssuer> inputs = new ArrayList<>();
            List<TrackedJob> jobs = new ArrayList<>();
            var early = new AtomicBoolean();
            for (int i = 0; i < 48; i++) {
                var job = new TrackedJob();
                FenceIssuer input = FenceIssuer.create("input");
                PointFence fence = queue.submit(job, input.fence());
                fence.onDone(() -> {
                    if (!input.fence().isDone()) {
                        early.set(true);
                    }
                });
                job.fence = fence;
                jobs.add(job);
                inputs.add(input);
            }
            var some = new CountDownLatch(round % 48);
            List<FutureTask<Void>> threads = new ArrayList<>();
            threads.add(start("signals", () -> inputs.forEach(input -> {
                input.signal();
                some.countDown();
            })));
            for (Body end : List.<Body>of(queue::kill, queue::kill, queue::startClose)) {
                threads.add(start("ends", () -> {
                    some.await();
                    end.run();
                }));
            }
            join(threads);

            assertOk(queue.startClose());
            assertThat(jobs).allMatch(TrackedJob::isAccountedFor);
            assertThat(early).as("a job was done before its input").isFalse();
            assertThat(driver.runs.get() + driver.cancels.get()).isEqualTo(jobs.size());
        }
    }
}
