package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.driver.Completions;
import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A device completes more jobs at once than one look finishes. */
@Timeout(60)
class ManyCompletionsTest {

    private static final int JOBS = 2 * CompletionTurn.ROUND;

    private final AtomicLong seenByFirst = new AtomicLong();
    private final CountDownLatch firstTold = new CountDownLatch(1);

    /** After the look that finds all complete, no other begins before the first job's callback has run. */
    private final class Patient implements Driver<Object> {
        private volatile long done;
        private boolean told;

        @Override
        public void open(DriverLink link) {
        }

        @Override
        public int maxInFlight() {
            return Integer.MAX_VALUE;
        }

        @Override
        public void run(long seqno, Object payload) {
        }

        @Override
        public void poll(Completions completions) {
            if (told) {
                try {
                    assertThat(firstTold.await(30, TimeUnit.SECONDS)).as("the first was told").isTrue();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
            told = done != 0;
            completions.completedThrough(done);
        }

        @Override
        public void arm(long seqno) {
        }

        @Override
        public void close() {
        }
    }

    @Test
    void whoWaitsForTheFirstIsToldWhileOthersAreFinished() throws Exception {
        Patient device = new Patient();
        try (RingfenceRuntime runtime = RingfenceRuntime.start()) {
            JobQueue<Object> queue = runtime.openQueue(device,
                    QueueOptions.named("many").withCapacity(JOBS).withCredits(JOBS));
            PointFence first = queue.submit("first");
            first.onDone(() -> {
                seenByFirst.set(queue.timeline().signaled());
                firstTold.countDown();
            });
            long last = 0;
            for (int i = 1; i < JOBS; i++) {
                last = queue.trySubmit("other");
            }
            assertThat(last).isEqualTo(JOBS);
            device.done = last;
            queue.timeline().poll();

            assertThat(queue.timeline().failureCursor().fence(last).await()).isEqualTo(Outcome.OK);
            assertThat(seenByFirst).as("when the first was told").hasValue(CompletionTurn.ROUND);
            queue.close();
        }
    }
}
