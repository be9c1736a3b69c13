package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringfence.scheduler.Entity;

import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.J_Result;

/**
 * Inbox / turn: an entity that is put into the inbox of its scheduler is taken out of it. Who puts it there brings news to the turn
 * afterwards; the turn empties the inbox in each look, and looks again for news that came meanwhile.
 */
public final class SchedulerInbox {

    private SchedulerInbox() {
    }

    /** The first jobs of two entities. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "Both were handed over.")
    @Outcome(expect = FORBIDDEN, desc = "An entity lies in the inbox, and nobody looks.")
    @State
    public static class RealScheduler {

        final TinyScheduler scheduler = new TinyScheduler(4);
        final Entity<Object> one = scheduler.entity();
        final Entity<Object> other = scheduler.entity();

        @Actor
        public void firstSubmitter() {
            TinyScheduler.submit(one);
        }

        @Actor
        public void secondSubmitter() {
            TinyScheduler.submit(other);
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = scheduler.device.ran;
            scheduler.end();
        }
    }

    /** The inbox and the turn of the core. */
    private abstract static class Inbox {

        private final MpscUnboundedVarHandleArrayQueue<Object> inbox = new MpscUnboundedVarHandleArrayQueue<>(2);
        private int taken;

        final TinyTurn turn = new TinyTurn() {
            @Override
            protected int work(boolean first) {
                while (inbox.relaxedPoll() != null) {
                    taken++;
                }
                return DONE;
            }
        };

        final void put() {
            inbox.offer("entity");
        }

        final void told(J_Result result) {
            result.r1 = taken;
        }
    }

    /** The inbox is filled, then news is brought. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "Both were taken out.")
    @Outcome(expect = FORBIDDEN, desc = "An entity lies in the inbox, and nobody looks.")
    @State
    public static class OffersFirst extends Inbox {

        @Actor
        public void firstSubmitter() {
            put();
            turn.news();
        }

        @Actor
        public void secondSubmitter() {
            put();
            turn.news();
        }

        @Arbiter
        public void afterwards(J_Result result) {
            told(result);
        }
    }

    /** One of the two brings news, then fills the inbox. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "Both were taken out: the other one's look came last.")
    @Outcome(expect = ACCEPTABLE_INTERESTING, desc = "The last look found one; then the other was put into the inbox.")
    @State
    public static class NewsFirst extends Inbox {

        @Actor
        public void firstSubmitter() {
            put();
            turn.news();
        }

        @Actor
        public void secondSubmitter() {
            turn.news();
            put();
        }

        @Arbiter
        public void afterwards(J_Result result) {
            told(result);
        }
    }
}
