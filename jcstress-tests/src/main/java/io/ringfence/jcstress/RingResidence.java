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

import org.openjdk.jcstress.infra.results.J_Result;

/**
 * Stamp / ring away: a command that is stamped while its ring goes away is not left. A model of {@code RingWriter.stamp} and
 * {@code HostSide.ringDoorbell} on the host's side, between which the issue turn is left, and of {@code Context.goesAway} with the look
 * of {@code GroupScheduler.settle} on the firmware's.
 */
public final class RingResidence {

    private static final int STAMP = 0;
    private static final int RESIDENCE = 1;
    private static final int AWAY = 1;

    private RingResidence() {
    }

    /** A ring on a slot that has nothing to do; what is found, by whichever side. */
    private abstract static class Ring {

        final TinyMemory memory = new TinyMemory(2);
        boolean rung;
        boolean found;

        final int outcome() {
            return rung || found ? 1 : 0;
        }
    }

    /** Each side stores, then looks, with a full fence or a volatile access between. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The doorbell was rung, or the command found.")
    @Outcome(expect = FORBIDDEN, desc = "The command lies on a ring that nobody looks at.")
    @State
    public static class VolatileLooks extends Ring {

        final AtomicLong turn = new AtomicLong(1);

        @Actor
        public void host() {
            memory.longRelease(STAMP, 1);
            turn.getAndAdd(-1);
            rung = memory.longVolatile(RESIDENCE) == AWAY;
        }

        @Actor
        public void firmware() {
            memory.longVolatile(RESIDENCE, AWAY);
            found = memory.longVolatile(STAMP) != 0;
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = outcome();
        }
    }

    /** The same with release and acquire only. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The doorbell was rung, or the command found.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING, desc = "Both looked before what they had stored was visible.")
    @State
    public static class AcquireLooks extends Ring {

        @Actor
        public void host() {
            memory.longRelease(STAMP, 1);
            rung = memory.longAcquire(RESIDENCE) == AWAY;
        }

        @Actor
        public void firmware() {
            memory.longRelease(RESIDENCE, AWAY);
            found = memory.longAcquire(STAMP) != 0;
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = outcome();
        }
    }
}
