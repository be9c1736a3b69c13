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
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Grant / issue turn: what is granted to a waiting head is used once and never asked for a second time. The issue turn reads the
 * word of its place once and acts on what it read.
 */
public final class BudgetGrant {

    private BudgetGrant() {
    }

    /** Three queues that share two credits: one gives back while the waiting one is looked at for other reasons. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "All credits have come back.")
    @Outcome(expect = FORBIDDEN, desc = "Credits were taken twice, or given back twice.")
    @State
    public static class RealQueues {

        final CreditBudget budget = CreditBudget.create("jcstress", 2);
        final TinyDriver holder = new TinyDriver();
        final TinyDriver waiter = new TinyDriver();
        final JobQueue<Object> holding = holder.open(TinyDriver.options(4).withBudget(budget));
        final JobQueue<Object> waiting = waiter.open(TinyDriver.options(4).withBudget(budget));

        /** Both credits are on the first device; the second queue's job waits. */
        public RealQueues() {
            holding.trySubmit("job");
            holding.trySubmit("job");
            waiting.trySubmit("job");
            holder.completed = 2;
        }

        @Actor
        public void poller() {
            holding.timeline().poll();
        }

        @Actor
        public void submitter() {
            // News: the waiting head is looked at again.
            waiting.trySubmit("job");
        }

        @Arbiter
        public void afterwards(I_Result result) {
            waiter.completed = 2;
            waiting.timeline().poll();
            result.r1 = budget.available();
            holding.startClose();
            waiting.startClose();
        }
    }

    /** The issue turn looks for a grant, and then looks again whether it waits. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "It waits for the grant, or has it.")
    @Outcome(id = "1", expect = ACCEPTABLE_INTERESTING,
            desc = "Granted between the two looks: it seems neither granted nor waiting, and asks a second time.")
    @State
    public static class LooksTwice {

        private static final int IDLE = 0;
        private static final int WAITING = 1;
        private static final int GRANTED = -2;

        final AtomicInteger state = new AtomicInteger(WAITING);
        int askedAgain;

        @Actor
        public void issueTurn() {
            if (!state.compareAndSet(GRANTED, IDLE) && state.get() <= IDLE) {
                askedAgain = 1;
            }
        }

        @Actor
        public void grantingTurn() {
            state.compareAndSet(WAITING, GRANTED);
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = askedAgain;
        }
    }
}
