package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.driver.Completions;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Up to a million jobs that bring each other about, over ten thousand queues, in constant stack. */
class BypassChainTest extends QueueTestBase {
    private static final int QUEUES = 10_000;
    private static final int SUBMITTED = 1_000_000;
    /** These all wait at once. */
    private static final int DEPENDENT = 200_000;
    /** Between two looks at the stack, which take some time; no divisor of the number of queues or jobs. */
    private static final int LOOK = 997;
    private static final long FRAMES = 64;

    private final List<PollingDriver> drivers = new ArrayList<>();
    private final List<JobQueue<Object>> queues = new ArrayList<>();
    private final Nesting nesting = new Nesting();

    /**
     * A device that has completed its jobs before {@code run} returns and never interrupts: whoever rang its doorbell finds
     * them complete, so that one thread goes on from queue to queue as far as it is allowed to.
     */
    private static final class PollingDriver extends CheckedDriver {
        private JobQueue<Object> queue;
        private volatile long done;

        @Override
        void started(long seqno, Object payload) {
            done = seqno;
        }

        @Override
        public void doorbell() {
            super.doorbell();
            queue.timeline().poll();
        }

        @Override
        void report(Completions completions) {
            completions.completedThrough(done);
        }
    }

    /** How deep jobs have been inside each other, and how deep the stack was. */
    private static final class Nesting {
        final AtomicInteger inside = new AtomicInteger();
        final AtomicInteger deepest = new AtomicInteger();
        final AtomicLong mostFrames = new AtomicLong();

        void enter(long job) {
            deepest.accumulateAndGet(inside.incrementAndGet(), Math::max);
            if (job % LOOK == 0) {
                mostFrames.accumulateAndGet(StackWalker.getInstance().walk(frames -> frames.limit(FRAMES).count()),
                        Math::max);
            }
        }

        void leave() {
            inside.decrementAndGet();
        }

        /** Then a chain had better end before the stack does. */
        boolean isDeep() {
            return deepest.get() > 1;
        }
    }

    /** Closed only when all went well: each of so many queues that are stuck would wait for its bound. */
    private final RingfenceRuntime many = RingfenceRuntime.start();

    private void openQueues(int capacity) {
        for (int i = 0; i < QUEUES; i++) {
            var driver = new PollingDriver();
            drivers.add(driver);
            driver.queue = many.openQueue(driver,
                    QueueOptions.named("q" + i).withCapacity(capacity).withCredits(capacity));
            queues.add(driver.queue);
        }
    }

    private void assertAllRanFlat(int jobs) {
        many.close();
        assertThat(nesting.deepest).as("runs inside runs").hasValue(1);
        assertThat(nesting.mostFrames.get()).as("frames on the stack").isBetween(1L, FRAMES - 1);
        assertThat(drivers).allMatch(driver -> driver.violations().isEmpty() && driver.runs.get() == jobs / QUEUES
                && driver.cancels.get() == 0 && driver.closes.get() == 1);
    }

    @Test
    @DisplayName("H6: a million jobs over 10,000 queues, each submitted by the run of the one before, nest nothing")
    void submittedByTheOneBefore() throws Exception {
        openQueues(16);
        FenceIssuer end = issuer("end");
        var chain = new Work() {
            private long job;
            private long refused;

            @Override
            public void run(long seqno) {
                nesting.enter(job);
                job++;
                if (job < SUBMITTED) {
                    refused = queues.get((int) (job % QUEUES)).trySubmit(this);
                }
                if (job == SUBMITTED || refused < 0 || nesting.isDeep()) {
                    end.signal();
                }
                nesting.leave();
            }
        };

        start("default stack", () -> queues.getFirst().trySubmit(chain)).get();

        assertOk(end.fence());
        assertThat(nesting.isDeep()).as("a run inside a run").isFalse();
        assertThat(SubmitCode.describe(chain.refused)).startsWith("seqno");
        assertThat(chain.job).isEqualTo(SUBMITTED);
        assertAllRanFlat(SUBMITTED);
    }

    @Test
    @DisplayName("H6: 200,000 jobs over 10,000 queues, each of which depends on the one before, are let go by one signal")
    void dependsOnTheOneBefore() throws Exception {
        openQueues(32);
        FenceIssuer gate = issuer("gate");
        var job = new Work() {
            private final AtomicLong next = new AtomicLong();

            @Override
            public void run(long seqno) {
                nesting.enter(next.getAndIncrement());
                nesting.leave();
            }
        };
        PointFence before = queues.getFirst().submit(job, gate.fence());
        for (int i = 1; i < DEPENDENT; i++) {
            before = queues.get(i % QUEUES).submit(job, before);
        }
        PointFence last = before;
        assertThat(job.next).hasValue(0);

        start("default stack", gate::signal).get();

        assertOk(last);
        assertThat(job.next).hasValue(DEPENDENT);
        assertAllRanFlat(DEPENDENT);
    }
}
