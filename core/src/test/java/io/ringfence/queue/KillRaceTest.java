package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;

import io.ringfence.driver.Completions;
import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Queues that are killed while jobs are handed to a device that ends a job only if it is asked to give it up. */
class KillRaceTest extends QueueTestBase {
    private static final int SUBMITTERS = 3;

    /** A job that it was not asked for stays on it for ever. */
    private static final class Stubborn extends CheckedDriver {
        final ConcurrentLinkedQueue<Long> aborted = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<Long> givenUp = new ConcurrentLinkedQueue<>();
        private final IllegalStateException canceled = new IllegalStateException("ECANCELED");
        private final boolean pushes;

        Stubborn(boolean pushes) {
            this.pushes = pushes;
        }

        @Override
        void started(long seqno, Object payload) {
        }

        @Override
        public void abort(long seqno, Object payload) {
            aborted.add(seqno);
            if (pushes) {
                link().failed(seqno, canceled);
            } else {
                givenUp.add(seqno);
            }
        }

        @Override
        void report(Completions completions) {
            givenUp.removeIf(seqno -> completions.failed(seqno, canceled));
        }
    }

    @Test
    @DisplayName("K1: killed beside submitters, every job is run or cancelled, and each that was run is asked for once; polled")
    void killBesideSubmitters() throws Exception {
        rounds(false);
    }

    @Test
    @DisplayName("K1: as before, with a device that tells inside abort")
    void killBesideSubmittersPushed() throws Exception {
        rounds(true);
    }

    private void rounds(boolean pushes) throws Exception {
        var barrier = new CyclicBarrier(SUBMITTERS + 1);
        for (int round = 0; round < 150; round++) {
            var driver = new Stubborn(pushes);
            JobQueue<Object> queue = open(driver, options("round " + round).withCapacity(16).withCredits(8));
            var fences = new ConcurrentLinkedQueue<PointFence>();
            List<FutureTask<Void>> submitters = new ArrayList<>();
            for (int i = 0; i < SUBMITTERS; i++) {
                submitters.add(start("submitter", () -> {
                    Spin.meet(barrier);
                    for (;;) {
                        fences.add(queue.submit("job"));
                    }
                }));
            }
            Spin.meet(barrier);
            boolean bans = round % 2 == 0;
            int enough = round % 20;
            Spin.until(() -> queue.status().claimed() >= Math.min(enough, 16));
            Fence end = bans ? queue.ban("round") : queue.kill();
            assertOk(end);
            for (FutureTask<Void> submitter : submitters) {
                assertThat(org.assertj.core.api.Assertions.catchThrowable(submitter::get))
                        .hasCauseInstanceOf(QueueClosedException.class);
            }
            assertThat(fences).hasSize((int) queue.status().claimed());
            assertThat(driver.runs.get() + driver.cancels.get()).isEqualTo(fences.size());
            assertThat(driver.aborted).doesNotHaveDuplicates().hasSize((int) driver.runs.get());
            for (PointFence fence : fences) {
                assertThat(fence.outcome()).isEqualTo(Outcome.FAILED);
                assertThat(fence.failure()).isInstanceOf(driver.aborted.contains(fence.seqno())
                        ? Failure.DriverError.class : bans ? Failure.Banned.class : Failure.Cancelled.class);
            }
        }
    }
}
