package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringfence.internal.ring.ClaimCursor;
import io.ringfence.internal.timeline.TimelineState;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Claims of jobs that run together: who has claimed a place in each queue looks whether anybody stands behind one of them, and only
 * then takes them. So nobody stands behind it in one queue and before it in another.
 */
public final class GangClaims {

    private GangClaims() {
    }

    /** Two queues, and where two claimers stand in each. */
    abstract static class Claimers {
        final ClaimCursor first = new ClaimCursor(new TimelineState(4), 4);
        final ClaimCursor second = new ClaimCursor(new TimelineState(4), 4);
        long gangInFirst;
        long gangInSecond;
        long otherInFirst;
        long otherInSecond;
        boolean gangTakes;
        boolean otherTakes;

        final boolean isUndivided(long inFirst, long inSecond) {
            return first.claimedVolatile() == inFirst && second.claimedVolatile() == inSecond;
        }

        final int crossed() {
            boolean behind = gangInFirst < otherInFirst;
            return gangTakes && otherTakes && behind != gangInSecond < otherInSecond ? 1 : 0;
        }
    }

    /** Two gangs, in opposite order. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "They stand in one order, or one of them begins again.")
    @Outcome(id = "1", expect = FORBIDDEN, desc = "Each stands before the other one.")
    @State
    public static class TwoGangs extends Claimers {

        @Actor
        public void gang() {
            gangInFirst = first.claim(1);
            gangInSecond = second.claim(1);
            gangTakes = isUndivided(gangInFirst, gangInSecond);
        }

        @Actor
        public void other() {
            otherInSecond = second.claim(1);
            otherInFirst = first.claim(1);
            otherTakes = isUndivided(otherInFirst, otherInSecond);
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = crossed();
        }
    }

    /** A gang, and two jobs of which the second, in the other queue, needs the first. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "The jobs stand before the gang or behind it, or it begins again.")
    @Outcome(id = "1", expect = FORBIDDEN, desc = "The gang waits for the second job, which waits for the gang.")
    @State
    public static class BesideJobs extends Claimers {

        @Actor
        public void gang() {
            gangInFirst = first.claim(1);
            gangInSecond = second.claim(1);
            gangTakes = isUndivided(gangInFirst, gangInSecond);
        }

        @Actor
        public void jobs() {
            otherInFirst = first.claim(1);
            otherInSecond = second.claim(1);
            otherTakes = true;
        }

        @Arbiter
        public void afterwards(I_Result result) {
            // The second one behind the gang and the first one before it is harmless.
            result.r1 = otherInFirst > gangInFirst ? crossed() : 0;
        }
    }

    /** Places are taken as they were claimed. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "They stand in one order.")
    @Outcome(id = "1", expect = ACCEPTABLE_INTERESTING, desc = "Each stands before the other one.")
    @State
    public static class LooksNever extends Claimers {

        @Actor
        public void gang() {
            gangInFirst = first.claim(1);
            gangInSecond = second.claim(1);
            gangTakes = true;
        }

        @Actor
        public void other() {
            otherInSecond = second.claim(1);
            otherInFirst = first.claim(1);
            otherTakes = true;
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = crossed();
        }
    }
}
