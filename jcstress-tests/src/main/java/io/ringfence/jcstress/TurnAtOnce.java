package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringfence.internal.turn.Deferred;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Turn taken for a moment / news: who leaves at once, having found nothing to do, performs the turn after all if news came meanwhile. The
 * news is plain, the counter alone orders it.
 */
public final class TurnAtOnce {

    private TurnAtOnce() {
    }

    /** One brings news, the other takes the turn for a moment, in which he looks at nothing. */
    private abstract static class Visitor {

        int news;
        int seen;
        int visits;

        final Visited turn = new Visited(this);

        /** Takes the turn, and leaves it; whether it has to be performed. */
        final boolean visitLeaves() {
            if (!turn.tryEnter()) {
                return true;
            }
            visits = 1;
            return turn.leaves();
        }
    }

    private static final class Visited extends TinyTurn {
        private final Visitor notes;

        Visited(Visitor notes) {
            this.notes = notes;
        }

        boolean leaves() {
            return leaveAtOnce();
        }

        @Override
        protected int work(boolean first) {
            notes.seen = notes.news;
            return DONE;
        }
    }

    /** Who cannot leave performs it. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The one with the news was inside.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The news came before the visit, meanwhile, or after it.")
    @Outcome(expect = FORBIDDEN, desc = "News was left lying.")
    @State
    public static class Performs extends Visitor {

        @Actor
        public void bringer() {
            news = 1;
            turn.news();
        }

        @Actor
        public void visitor() {
            if (!visitLeaves()) {
                Deferred.run(turn);
            }
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r1 = seen;
            result.r2 = visits;
        }
    }

    /** Who cannot leave goes away. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The one with the news was inside.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The news came before the visit, or after it.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE_INTERESTING, desc = "It came meanwhile, and nobody looked.")
    @State
    public static class GoesAway extends Visitor {

        @Actor
        public void bringer() {
            news = 1;
            turn.news();
        }

        @Actor
        public void visitor() {
            boolean _ = visitLeaves();
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r1 = seen;
            result.r2 = visits;
        }
    }
}
