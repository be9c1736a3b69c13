package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.driver.Completions;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Many queues draw on one budget, from many threads, and give up what they wait for at random. */
class BudgetStressTest extends QueueTestBase {
    private static final int QUEUES = 8;
    private static final int THREADS = 4;
    private static final int JOBS = 1_500;
    private static final int LIMIT = 9;

    private final CreditBudget budget = CreditBudget.create("shared", LIMIT);
    private final LinkedBlockingQueue<Job> device = new LinkedBlockingQueue<>();
    private final AtomicLong inFlight = new AtomicLong();
    private final AtomicLong mostInFlight = new AtomicLong();

    private record Job(Ring ring, long seqno, int cost) {
    }

    /** One device for all rings; it interrupts only where that was asked for. */
    private final class Ring extends CheckedDriver {
        private volatile long done;

        @Override
        void started(long seqno, Object payload) {
            int cost = (Integer) payload;
            mostInFlight.accumulateAndGet(inFlight.addAndGet(cost), Math::max);
            device.add(new Job(this, seqno, cost));
        }

        @Override
        void report(Completions completions) {
            completions.completedThrough(done);
        }
    }

    private void work() throws InterruptedException {
        for (Job job = next(); job.seqno != 0; job = next()) {
            inFlight.addAndGet(-job.cost);
            job.ring.done = job.seqno;
            job.ring.interruptIfCrossed(job.seqno);
        }
    }

    private Job next() throws InterruptedException {
        Job job = device.poll(60, TimeUnit.SECONDS);
        return job == null ? new Job(new Ring(), 0, 0) : job;
    }

    @RepeatedTest(4)
    @DisplayName("H15: never more than the limit is in flight, nobody starves though nobody polls, and all credits come back")
    void everythingAtOnce(RepetitionInfo repetition) throws Exception {
        FutureTask<Void> worker = start("device", this::work);
        List<Ring> rings = new ArrayList<>();
        List<JobQueue<Object>> queues = new ArrayList<>();
        for (int i = 0; i < QUEUES; i++) {
            rings.add(new Ring());
            queues.add(open(rings.get(i), options("q" + i).withCapacity(1 << 13).withBudget(budget)));
        }
        var random = new SplittableRandom(repetition.getCurrentRepetition());
        boolean kills = repetition.getCurrentRepetition() % 2 == 0;
        List<FutureTask<Void>> users = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            var own = random.split();
            users.add(start("user " + i, () -> use(queues, own, kills)));
        }
        join(users);
        // Nobody polls and nobody waits for a fence: what makes the queues go on is the budget alone.
        for (int i = 0; i < QUEUES; i++) {
            Ring ring = rings.get(i);
            JobQueue<Object> queue = queues.get(i);
            Spin.until(() -> ring.runs.get() + ring.cancels.get() == queue.status().claimed());
        }
        assertThat(mostInFlight.get()).isBetween(1L, (long) LIMIT);
        for (JobQueue<Object> queue : queues) {
            queue.close();
        }
        assertThat(budget.available()).isEqualTo(LIMIT);
        assertThat(budget.waiting()).isZero();
        assertThat(budget.members()).isEmpty();
        assertThat(inFlight).hasValue(0);
        device.add(new Job(rings.getFirst(), 0, 0));
        worker.get();
    }

    private static void use(List<JobQueue<Object>> queues, SplittableRandom random, boolean kills) {
        for (int job = 0; job < JOBS; job++) {
            JobQueue<Object> queue = queues.get(random.nextInt(QUEUES));
            // The first queue is spared, so that there is always one that has to go on to its end.
            if (kills && random.nextInt(1_000) == 0 && queue != queues.getFirst()) {
                var _ = queue.kill();
            }
            int cost = random.nextInt(20) == 0 ? LIMIT : 1 + random.nextInt(LIMIT);
            if (queue.status().closed()) {
                assertThat(queue.trySubmit(cost)).isEqualTo(SubmitCode.CLOSED);
                continue;
            }
            long seqno = queue.trySubmit(cost);
            if (seqno > 0 && random.nextInt(4) == 0) {
                boolean _ = queue.cancel(1 + random.nextLong(seqno));
            } else if (seqno == SubmitCode.FULL) {
                throw new AssertionError("the ring is large enough for all");
            }
        }
    }
}
