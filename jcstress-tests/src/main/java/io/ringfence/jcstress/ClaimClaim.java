package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringfence.internal.ring.ClaimCursor;
import io.ringfence.internal.timeline.TimelineState;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Claim / claim: no seqno is given to two producers, and none is left out. */
public final class ClaimClaim {

    private ClaimClaim() {
    }

    /** The cursor of the core. */
    @JCStressTest
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "The one job came first.")
    @Outcome(id = "3, 1", expect = ACCEPTABLE, desc = "The two jobs came first.")
    @Outcome(expect = FORBIDDEN, desc = "The claims overlap, or there is a gap.")
    @State
    public static class ComparesAndSets {

        final ClaimCursor cursor = new ClaimCursor(new TimelineState(4), 4);

        @Actor
        public void one(JJ_Result result) {
            result.r1 = cursor.claim(1);
        }

        @Actor
        public void two(JJ_Result result) {
            result.r2 = cursor.claim(2);
        }
    }

    /** The cursor is volatile, but read and written in two steps. */
    @JCStressTest
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "The one job came first.")
    @Outcome(id = "3, 1", expect = ACCEPTABLE, desc = "The two jobs came first.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE_INTERESTING, desc = "Both read the cursor before either stored it.")
    @State
    public static class ReadsThenStores {

        volatile long claimed;

        @Actor
        public void one(JJ_Result result) {
            long last = claimed;
            claimed = last + 1;
            result.r1 = last + 1;
        }

        @Actor
        public void two(JJ_Result result) {
            long last = claimed;
            claimed = last + 2;
            result.r2 = last + 1;
        }
    }
}
