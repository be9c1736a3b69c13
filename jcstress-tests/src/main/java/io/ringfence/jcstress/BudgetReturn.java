package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.queue.CreditBudget;
import io.ringfence.queue.JobQueue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/**
 * Budget / waiting head: a head that found the budget empty runs once another queue has given credits back. Who begins to wait
 * counts itself in the word that holds the free credits; who gives back adds to that word and sees the count.
 */
public final class BudgetReturn {

    private BudgetReturn() {
    }

    /** Two queues that share one credit, which the first one's job holds until its completion is noticed. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The second queue's job was handed to its device.")
    @Outcome(expect = FORBIDDEN, desc = "It sleeps although the credit is back.")
    @State
    public static class RealQueues {

        final CreditBudget budget = CreditBudget.create("jcstress", 1);
        final TinyDriver holder = new TinyDriver();
        final TinyDriver waiter = new TinyDriver();
        final JobQueue<Object> holding = holder.open(TinyDriver.options(4).withBudget(budget));
        final JobQueue<Object> waiting = waiter.open(TinyDriver.options(4).withBudget(budget));

        /** Puts the first job on its device, where it is complete. */
        public RealQueues() {
            holding.trySubmit("job");
            holder.completed = 1;
        }

        @Actor
        public void submitter() {
            waiting.trySubmit("job");
        }

        @Actor
        public void poller() {
            holding.timeline().poll();
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = waiter.ran;
            waiter.completed = 1;
            waiting.timeline().poll();
            holding.startClose();
            waiting.startClose();
        }
    }

    /** The free credits and the count of those who wait are two words, stored with release and read with acquire. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The waiting job runs.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING,
            desc = "Who waits read the old credits; who gave back read that nobody waits.")
    @State
    public static class TwoWords {

        final AtomicInteger free = new AtomicInteger();
        final AtomicInteger waiting = new AtomicInteger();
        final AtomicInteger granted = new AtomicInteger();

        private void grant() {
            if (free.getAcquire() == 1) {
                granted.compareAndSet(0, 1);
            }
        }

        @Actor
        public void waiter() {
            waiting.setRelease(1);
            grant();
        }

        @Actor
        public void giver() {
            free.setRelease(1);
            if (waiting.getAcquire() != 0) {
                grant();
            }
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = granted.get();
        }
    }
}
