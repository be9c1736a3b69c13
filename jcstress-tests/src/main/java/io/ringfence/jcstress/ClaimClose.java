package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.internal.ring.ClaimCursor;
import io.ringfence.internal.timeline.TimelineState;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * Close / claim: a claim comes before the close, and then the closer sees it, or it is refused. What the closer reads
 * is the last seqno there will ever be.
 */
public final class ClaimClose {

    private ClaimClose() {
    }

    /** The closed bit stands in the claim word. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The claim came first, the closer saw it.")
    @Outcome(id = "-2, 0", expect = ACCEPTABLE, desc = "The close came first, the claim was refused.")
    @Outcome(expect = FORBIDDEN, desc = "The closer and the producer disagree.")
    @State
    public static class OneWord {

        final ClaimCursor cursor = new ClaimCursor(new TimelineState(4), 4);

        @Actor
        public void producer(JJ_Result result) {
            result.r1 = cursor.claim(1);
        }

        @Actor
        public void closer(JJ_Result result) {
            cursor.close();
            result.r2 = cursor.claimedVolatile();
        }
    }

    /** The closed bit is a field of its own. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The claim came first, the closer saw it.")
    @Outcome(id = "-2, 0", expect = ACCEPTABLE, desc = "The close came first, the claim was refused.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING,
            desc = "The producer found it open; the closer closed and read the cursor; the producer claimed.")
    @State
    public static class TwoWords {

        final AtomicLong claimed = new AtomicLong();
        volatile boolean closed;

        @Actor
        public void producer(JJ_Result result) {
            result.r1 = closed ? ClaimCursor.CLOSED : claimed.incrementAndGet();
        }

        @Actor
        public void closer(JJ_Result result) {
            closed = true;
            result.r2 = claimed.get();
        }
    }
}
