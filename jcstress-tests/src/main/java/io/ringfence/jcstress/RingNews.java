package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.J_Result;

/**
 * Bit / news: a doorbell or request bit is found, or there still is news of it. A model of {@code HostSide.setBit} and of
 * {@code Requests.take} on the firmware's side, which is just dealing with former news.
 */
public final class RingNews {

    private static final int BITS = 0;
    private static final int NEWS = 1;

    private RingNews() {
    }

    private abstract static class Board {

        final TinyMemory memory = new TinyMemory(2);
        boolean found;

        /** Somebody else has brought news before. */
        Board() {
            memory.longPlain(NEWS, 1);
        }

        final void ring() {
            memory.orLong(BITS, 1);
            memory.longVolatile(NEWS, 1);
        }

        final void takeNews() {
            if (memory.longAcquire(NEWS) != 0) {
                memory.takeLong(NEWS);
            }
        }

        final void takeBits() {
            found = memory.longAcquire(BITS) != 0 && memory.takeLong(BITS) != 0;
        }

        final int outcome() {
            return found || memory.longVolatile(NEWS) != 0 ? 1 : 0;
        }
    }

    /** News is taken, then the bits are looked at. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The bit was found, or the next round will look for it.")
    @Outcome(expect = FORBIDDEN, desc = "A bit is set, and there is no news of it.")
    @State
    public static class TakesNewsFirst extends Board {

        @Actor
        public void host() {
            ring();
        }

        @Actor
        public void firmware() {
            takeNews();
            takeBits();
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = outcome();
        }
    }

    /** The bits are looked at, then news is taken. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The bit was found, or the next round will look for it.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING,
            desc = "There was no bit; it was set, with news of it; the news was taken.")
    @State
    public static class LooksFirst extends Board {

        @Actor
        public void host() {
            ring();
        }

        @Actor
        public void firmware() {
            takeBits();
            takeNews();
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = outcome();
        }
    }
}
