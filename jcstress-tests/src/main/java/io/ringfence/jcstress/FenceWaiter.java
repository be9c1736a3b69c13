package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicReference;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.waiting.WaiterChain;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Signal / add waiter on a fence that other code signals: a waiter that was taken fires exactly once, one that was
 * refused never does.
 */
public final class FenceWaiter {

    private FenceWaiter() {
    }

    /** The fence of the core. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The waiter came too late and was told so.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The waiter was taken and fired.")
    @Outcome(id = "1, 0", expect = FORBIDDEN, desc = "A lost wake-up.")
    @Outcome(expect = FORBIDDEN, desc = "Fired twice, or although it was refused.")
    @State
    public static class OneWord {

        final FenceIssuer issuer = FenceIssuer.create("jcstress");
        final CountingWaiter waiter = new CountingWaiter();

        @Actor
        public void signaller() {
            issuer.signal();
        }

        @Actor
        public void registrant(II_Result result) {
            result.r1 = issuer.fence().addWaiter(waiter) ? 1 : 0;
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r2 = waiter.fired;
        }
    }

    /** The same stack, but the state is a word of its own. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The waiter came too late and was told so.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The waiter was taken and fired.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING,
            desc = "The registrant found it pending; the signaller settled it and found no waiter; then the push.")
    @State
    public static class TwoWords {

        final AtomicReference<CountingWaiter> top = new AtomicReference<>();
        final CountingWaiter waiter = new CountingWaiter();
        volatile boolean settled;

        @Actor
        public void signaller() {
            settled = true;
            Deferred.run(WaiterChain.takeAll(top.getAndSet(null)));
        }

        @Actor
        public void registrant(II_Result result) {
            if (!settled) {
                WaiterChain.link(waiter, top.get());
                top.compareAndSet(null, waiter);
                result.r1 = 1;
            }
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r2 = waiter.fired;
        }
    }
}
