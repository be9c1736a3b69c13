package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Registration;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A callback ends / somebody waits for its end: who waits is woken, and never goes on while the callback runs. The
 * callback's thread stores its progress, then looks whether somebody waits; who waits says so, then looks at the
 * progress.
 */
public final class CallbackEnd {

    private CallbackEnd() {
    }

    /** A callback that takes a while. */
    @JCStressTest
    @Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "Cancelled in time, not called.")
    @Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "Waited until the callback had ended.")
    @Outcome(expect = FORBIDDEN, desc = "Went on while the callback was running.")
    @State
    public static class RealCallback {

        private static final int LONG = 20;

        final FenceIssuer issuer = FenceIssuer.create("jcstress");
        int ended;
        final Registration registration = issuer.fence().onDone(() -> {
            for (int i = 0; i < LONG; i++) {
                Thread.onSpinWait();
            }
            ended++;
        });

        @Actor
        public void signaller() {
            issuer.signal();
        }

        @Actor
        public void canceller(ZI_Result result) {
            try {
                result.r1 = registration.cancelAndAwait();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            result.r2 = ended;
        }
    }

    /** Stores with release, looks with acquire. */
    @JCStressTest
    @Outcome(id = "false, false", expect = ACCEPTABLE, desc = "The callback had ended; nobody slept.")
    @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "Woken before it slept.")
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "Slept and was woken.")
    @Outcome(id = "true, false", expect = ACCEPTABLE_INTERESTING,
            desc = "Each looked before its own store had reached the other: it sleeps for ever.")
    @State
    public static class AcquireLooks {

        private static final VarHandle OVER = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "over",
                VarHandle.class, AcquireLooks.class, boolean.class);
        private static final VarHandle END = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "end",
                VarHandle.class, AcquireLooks.class, boolean.class);

        boolean over;
        boolean end;

        @Actor
        public void callback(ZZ_Result result) {
            OVER.setRelease(this, true);
            result.r2 = (boolean) END.getAcquire(this);
        }

        @Actor
        public void canceller(ZZ_Result result) {
            END.setRelease(this, true);
            result.r1 = !(boolean) OVER.getAcquire(this);
        }
    }
}
