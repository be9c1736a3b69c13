package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

import io.ringfence.fence.FenceIssuer;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLLL_Result;
import org.openjdk.jcstress.infra.results.ZLI_Result;

/**
 * Giving an issuer up / signalling with it: one of the two settles the fence, all see that one's outcome, and the
 * callbacks run once, on the signaller's thread or on the spare one.
 */
public final class Abandoned {

    private Abandoned() {
    }

    /** An issuer that one thread closes while another signals. */
    @JCStressTest
    @Outcome(id = "true, OK, OK, 1", expect = ACCEPTABLE, desc = "Signalled, then closed.")
    @Outcome(id = "false, FAILED, FAILED, 1", expect = ACCEPTABLE, desc = "Closed first: abandoned.")
    @Outcome(expect = FORBIDDEN, desc = "The two and the callback disagree, or it was not called once.")
    @State
    public static class RealIssuer {

        /** Kept, else its level would be forgotten; every abandoned fence is worth a warning elsewhere. */
        private static final Logger WARNINGS = Logger.getLogger("io.ringfence.fence");
        private static final long BOUND = TimeUnit.SECONDS.toNanos(20);

        static {
            WARNINGS.setLevel(Level.OFF);
        }

        final FenceIssuer issuer = FenceIssuer.create("jcstress");
        final AtomicInteger fired = new AtomicInteger();
        volatile Object seen;

        /** Registers. */
        public RealIssuer() {
            issuer.fence().onDone(() -> {
                seen = issuer.fence().outcome();
                fired.incrementAndGet();
            });
        }

        @Actor
        public void signaller(LLLL_Result result) {
            result.r1 = issuer.signal();
        }

        @Actor
        public void closer() {
            issuer.close();
        }

        @Arbiter
        public void afterwards(LLLL_Result result) {
            long begun = System.nanoTime();
            while (fired.get() == 0 && System.nanoTime() - begun < BOUND) {
                Thread.onSpinWait();
            }
            result.r2 = issuer.fence().outcome();
            result.r3 = seen;
            result.r4 = fired.get();
        }
    }

    /** Whether it is settled is looked at and stored in two steps. */
    @JCStressTest
    @Outcome(id = "true, OK, 1", expect = ACCEPTABLE, desc = "Signalled, then closed.")
    @Outcome(id = "false, FAILED, 1", expect = ACCEPTABLE, desc = "Closed first: abandoned.")
    @Outcome(id = {"true, OK, 2", "true, FAILED, 2"}, expect = ACCEPTABLE_INTERESTING,
            desc = "Both looked before either stored.")
    @State
    public static class LooksThenStores {

        volatile Object settled;
        final AtomicInteger fired = new AtomicInteger();

        @Actor
        public void signaller(ZLI_Result result) {
            result.r1 = settle("OK");
        }

        @Actor
        public void closer() {
            settle("FAILED");
        }

        private boolean settle(Object outcome) {
            if (settled != null) {
                return false;
            }
            settled = outcome;
            fired.incrementAndGet();
            return true;
        }

        @Arbiter
        public void afterwards(ZLI_Result result) {
            result.r2 = settled;
            result.r3 = fired.get();
        }
    }
}
