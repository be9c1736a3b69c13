package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * Report / clearing ahead: why a command failed has been read from its slot before the slot is cleared for a later one. A model of
 * {@code CommandRing.poll} and of {@code SlotsAhead}.
 */
public final class RingSlotAhead {

    private static final int STATUS = 0;
    private static final int REPORTED = 1;
    private static final long SEQNO = 1;
    private static final long FAILED = 7;

    private RingSlotAhead() {
    }

    private abstract static class Slot {

        final TinyMemory memory = new TinyMemory(2);

        Slot() {
            memory.longPlain(STATUS, FAILED);
        }

        /** What the issue turn does when it has come near: whether the slot was free. */
        final long clear() {
            if (memory.longAcquire(REPORTED) < SEQNO) {
                return 0;
            }
            memory.longPlain(STATUS, 0);
            return 1;
        }
    }

    /** The slot is said to be free when it has been read. */
    @JCStressTest
    @Outcome(id = "7, 0", expect = ACCEPTABLE, desc = "The status was read, the slot was not free yet.")
    @Outcome(id = "7, 1", expect = ACCEPTABLE, desc = "The status was read, then the slot cleared.")
    @Outcome(expect = FORBIDDEN, desc = "A failure is lost.")
    @State
    public static class ReadsFirst extends Slot {

        @Actor
        public void completionTurn(JJ_Result result) {
            result.r1 = memory.longPlain(STATUS);
            memory.longRelease(REPORTED, SEQNO);
        }

        @Actor
        public void issueTurn(JJ_Result result) {
            result.r2 = clear();
        }
    }

    /** The slot is said to be free, then read. */
    @JCStressTest
    @Outcome(id = {"7, 0", "7, 1"}, expect = ACCEPTABLE, desc = "The status was read in time.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE_INTERESTING,
            desc = "The slot was cleared before it was read: a failure is lost.")
    @Outcome(expect = FORBIDDEN, desc = "The slot was cleared by nobody.")
    @State
    public static class ReportsFirst extends Slot {

        @Actor
        public void completionTurn(JJ_Result result) {
            memory.longRelease(REPORTED, SEQNO);
            result.r1 = memory.longPlain(STATUS);
        }

        @Actor
        public void issueTurn(JJ_Result result) {
            result.r2 = clear();
        }
    }
}
