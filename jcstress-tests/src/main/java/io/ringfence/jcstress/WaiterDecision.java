package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** Fire / cancel of one waiter: exactly one of them wins. */
public final class WaiterDecision {

    private WaiterDecision() {
    }

    /** The waiter of the core. */
    @JCStressTest
    @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "The signaller came first.")
    @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "The one who cancels came first.")
    @Outcome(expect = FORBIDDEN, desc = "Both won, or neither did.")
    @State
    public static class ComparesAndSets {

        final CountingWaiter waiter = new CountingWaiter();

        @Actor
        public void signaller(ZZ_Result result) {
            result.r1 = waiter.decide();
        }

        @Actor
        public void canceller(ZZ_Result result) {
            result.r2 = waiter.decide();
        }
    }

    /** The decision is volatile, but looked at and stored in two steps. */
    @JCStressTest
    @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "The signaller came first.")
    @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "The one who cancels came first.")
    @Outcome(id = "true, true", expect = ACCEPTABLE_INTERESTING, desc = "Both looked before either stored.")
    @State
    public static class LooksThenStores {

        volatile boolean decided;

        @Actor
        public void signaller(ZZ_Result result) {
            result.r1 = decide();
        }

        @Actor
        public void canceller(ZZ_Result result) {
            result.r2 = decide();
        }

        private boolean decide() {
            if (decided) {
                return false;
            }
            decided = true;
            return true;
        }
    }
}
