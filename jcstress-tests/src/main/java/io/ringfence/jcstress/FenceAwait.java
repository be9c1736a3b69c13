package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.TimeUnit;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.internal.waiting.Await;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZL_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Signal / await: a thread that registered and lies down is woken, however close the signal came. Whoever waits looks
 * whether its waiter is decided and parks; whoever signals decides and unparks. The permit that {@code unpark} leaves
 * behind closes the gap between the look and the park.
 */
public final class FenceAwait {

    private FenceAwait() {
    }

    /** The waiter of the core, parked at a fence. */
    @JCStressTest
    @Outcome(id = "true, OK", expect = ACCEPTABLE, desc = "The fence was signalled, and the thread goes on.")
    @Outcome(id = "false, OK", expect = FORBIDDEN, desc = "The thread would have slept for ever.")
    @Outcome(expect = FORBIDDEN, desc = "The fence is not signalled ok.")
    @State
    public static class RealFence {

        /** Longer than anything the machine may be busy with. */
        private static final long BOUND = TimeUnit.SECONDS.toNanos(20);

        final FenceIssuer issuer = FenceIssuer.create("jcstress");

        @Actor
        public void signaller() {
            issuer.signal();
        }

        @Actor
        public void sleeper(ZL_Result result) {
            Fence fence = issuer.fence();
            Await waiter = new Await();
            try {
                result.r1 = !fence.addWaiter(waiter) || waiter.park(fence, BOUND);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            result.r2 = fence.outcome();
        }
    }

    /** Waking leaves no permit: it reaches only a thread that sleeps already. */
    @JCStressTest
    @Outcome(id = "false, false", expect = ACCEPTABLE, desc = "The signal came first; nobody slept.")
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "The thread slept and was woken.")
    @Outcome(id = "true, false", expect = ACCEPTABLE_INTERESTING,
            desc = "The thread looked; the signaller decided, and found nobody asleep; the thread lay down.")
    @State
    public static class NoPermit {

        final CountingWaiter waiter = new CountingWaiter();
        volatile boolean asleep;
        volatile boolean woken;

        @Actor
        public void signaller() {
            waiter.decide();
            if (asleep) {
                woken = true;
            }
        }

        @Actor
        public void sleeper() {
            if (!waiter.isDecided()) {
                asleep = true;
            }
        }

        @Arbiter
        public void afterwards(ZZ_Result result) {
            result.r1 = asleep;
            result.r2 = woken;
        }
    }
}
