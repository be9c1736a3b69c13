package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Registration;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** Signal / cancel of a callback: either it is called, or cancelling came in time; never both, never neither. */
public final class FenceCancel {

    private FenceCancel() {
    }

    /** A callback of a fence. */
    @JCStressTest
    @Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "Cancelled in time, not called.")
    @Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "Called, and cancelling came too late.")
    @Outcome(expect = FORBIDDEN, desc = "Called although cancelled, or neither.")
    @State
    public static class RealCallback {

        final FenceIssuer issuer = FenceIssuer.create("jcstress");
        int called;
        final Registration registration = issuer.fence().onDone(() -> called++);

        @Actor
        public void signaller() {
            issuer.signal();
        }

        @Actor
        public void canceller(ZI_Result result) {
            result.r1 = registration.cancel();
        }

        @Arbiter
        public void afterwards(ZI_Result result) {
            result.r2 = called;
        }
    }

    /** The progress of a callback is volatile, but looked at and stored in two steps. */
    @JCStressTest
    @Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "Cancelled in time, not called.")
    @Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "Called, and cancelling came too late.")
    @Outcome(id = "true, 1", expect = ACCEPTABLE_INTERESTING, desc = "Both looked before either stored.")
    @State
    public static class LooksThenStores {

        volatile boolean begun;
        int called;

        @Actor
        public void signaller() {
            if (begin()) {
                called++;
            }
        }

        @Actor
        public void canceller(ZI_Result result) {
            result.r1 = begin();
        }

        private boolean begin() {
            if (begun) {
                return false;
            }
            begun = true;
            return true;
        }

        @Arbiter
        public void afterwards(ZI_Result result) {
            result.r2 = called;
        }
    }
}
