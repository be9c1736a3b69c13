package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringfence.internal.ring.ClaimCursor;
import io.ringfence.internal.ring.Slots;
import io.ringfence.internal.timeline.TimelineState;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * Clear / reuse: the completion turn empties a slot and then advances the counter; a producer that got the slot for the
 * next lap because it saw the counter never has its job wiped.
 */
public final class ClearReuse {

    private ClearReuse() {
    }

    /** A ring of two, full; seqno 1 is about to be finished, seqno 3 will use its slot. */
    private abstract static class FullRing {

        final Object job = new Object();
        final TimelineState timeline = new TimelineState(2);
        final ClaimCursor cursor = new ClaimCursor(timeline, 2);
        final Slots slots = new Slots(2);

        FullRing() {
            cursor.claim(2);
            slots.publishRelease(1, new Object(), null, null, false, 1);
            slots.publishRelease(2, new Object(), null, null, false, 1);
        }

        final long produce() {
            long seqno = cursor.claim(1);
            if (seqno > 0) {
                slots.publishRelease(seqno, job, null, null, false, 1);
            }
            return seqno;
        }

        final long intact() {
            return slots.publishedAcquire(3) && slots.payloadPlain(3) == job ? 1 : 0;
        }
    }

    /** The order of the core. */
    @JCStressTest
    @Outcome(id = "-1, 0", expect = ACCEPTABLE, desc = "The producer came first and found the ring full.")
    @Outcome(id = "3, 1", expect = ACCEPTABLE, desc = "The slot was empty when the producer got it.")
    @Outcome(expect = FORBIDDEN, desc = "The job of the next lap was wiped.")
    @State
    public static class ClearsFirst extends FullRing {

        @Actor
        public void completionTurn() {
            slots.clearPlain(1);
            timeline.signaledVolatile(1);
        }

        @Actor
        public void producer(JJ_Result result) {
            result.r1 = produce();
        }

        @Arbiter
        public void afterwards(JJ_Result result) {
            result.r2 = intact();
        }
    }

    /** The counter is advanced before the slot is cleared. */
    @JCStressTest
    @Outcome(id = "-1, 0", expect = ACCEPTABLE, desc = "The producer came first and found the ring full.")
    @Outcome(id = "3, 1", expect = ACCEPTABLE, desc = "The slot was empty when the producer got it.")
    @Outcome(id = "3, 0", expect = ACCEPTABLE_INTERESTING,
            desc = "The counter was advanced, the producer claimed and wrote, then the slot was cleared.")
    @State
    public static class AdvancesFirst extends FullRing {

        @Actor
        public void completionTurn() {
            timeline.signaledVolatile(1);
            slots.clearPlain(1);
        }

        @Actor
        public void producer(JJ_Result result) {
            result.r1 = produce();
        }

        @Arbiter
        public void afterwards(JJ_Result result) {
            result.r2 = intact();
        }
    }
}
