package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicLong;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Turn tryEnter / turn enter: a poll and a bringer of news never hold the turn at the same time, and the poll takes
 * nothing away from the news.
 */
public final class TurnPoll {

    private TurnPoll() {
    }

    /** What a turn protects. Volatile, so that an overlap shows; a turn itself needs no such thing. */
    private abstract static class Protected {

        int news;
        int newsSeen;
        volatile int inside;
        volatile int overlap;

        final void look() {
            if (inside != 0) {
                overlap = 1;
            }
            inside = 1;
            newsSeen = news;
            if (inside != 1) {
                overlap = 1;
            }
            inside = 0;
        }
    }

    /** The turn of the core. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "One holder at a time, and the news was seen.")
    @Outcome(expect = FORBIDDEN, desc = "Two holders, or news left lying.")
    @State
    public static class TriesAtomically extends Protected {

        final TinyTurn turn = new TinyTurn() {
            @Override
            protected int work(boolean first) {
                look();
                return DONE;
            }
        };

        @Actor
        public void bringer() {
            news = 1;
            turn.news();
        }

        @Actor
        public void poller() {
            turn.poll();
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r1 = overlap;
            result.r2 = newsSeen;
        }
    }

    /** The poll finds the counter 0, then stores 1. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "One holder at a time, and the news was seen.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE_INTERESTING,
            desc = "The poll read 0, the news entered and looked, the poll stored 1 and looked too: two holders.")
    @State
    public static class ChecksThenStores extends Protected {

        final AtomicLong count = new AtomicLong();

        @Actor
        public void bringer() {
            news = 1;
            if (count.getAndIncrement() == 0) {
                hold();
            }
        }

        @Actor
        public void poller() {
            if (count.get() == 0) {
                count.set(1);
                hold();
            }
        }

        private void hold() {
            long seen = 1;
            while (seen > 0) {
                look();
                seen = count.addAndGet(-seen);
            }
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r1 = overlap;
            result.r2 = newsSeen;
        }
    }
}
