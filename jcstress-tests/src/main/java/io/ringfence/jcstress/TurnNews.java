package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Turn enter / turn leave: what is written before {@code enter} is seen by a look, whoever makes it, and is never left
 * lying because somebody was inside. The news itself is plain here: the counter alone orders it.
 */
public final class TurnNews {

    private TurnNews() {
    }

    /** Two bringers of news; a look notes what it sees. */
    private abstract static class Bringers {

        int first;
        int second;
        int firstSeen;
        int secondSeen;

        final TinyTurn turn = new TinyTurn() {
            @Override
            protected int work(boolean firstLook) {
                firstSeen = first;
                secondSeen = second;
                return DONE;
            }
        };
    }

    /** News enters. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The last look saw both.")
    @Outcome(expect = FORBIDDEN, desc = "News was left lying.")
    @State
    public static class Enters extends Bringers {

        @Actor
        public void firstBringer() {
            first = 1;
            turn.news();
        }

        @Actor
        public void secondBringer() {
            second = 1;
            turn.news();
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r1 = firstSeen;
            result.r2 = secondSeen;
        }
    }

    /** News looks whether somebody is inside, and then goes away uncounted. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The last look saw both.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING,
            desc = "The first looked; the second published, found it inside and went; the first left.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE_INTERESTING,
            desc = "The second looked; the first published, found it inside and went; the second left.")
    @State
    public static class SkipsWhenInside extends Bringers {

        @Actor
        public void firstBringer() {
            first = 1;
            turn.poll();
        }

        @Actor
        public void secondBringer() {
            second = 1;
            turn.poll();
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r1 = firstSeen;
            result.r2 = secondSeen;
        }
    }
}
