package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Fences;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LI_Result;
import org.openjdk.jcstress.infra.results.LLI_Result;

/** Any-of / its leaves: it is settled once, with the outcome of one of its leaves, and its waiters fire once. */
public final class AnyOf {

    private AnyOf() {
    }

    /** Any of two fences, one of which will be ok and one will fail. */
    private abstract static class AnyOfTwo {

        static final Failure CAUSE = new Failure.Cancelled("jcstress");

        final FenceIssuer first = FenceIssuer.create("first");
        final FenceIssuer second = FenceIssuer.create("second");
        final Fence any = Fences.anyOf(first.fence(), second.fence());
        final AtomicInteger fired = new AtomicInteger();
        volatile Object seen;

        final void register() {
            any.onDone(() -> {
                seen = any.outcome();
                fired.incrementAndGet();
            });
        }
    }

    /** Both leaves are signalled at once. */
    @JCStressTest
    @Outcome(id = "OK, OK, 1", expect = ACCEPTABLE, desc = "The first leaf came first.")
    @Outcome(id = "FAILED, FAILED, 1", expect = ACCEPTABLE, desc = "The second leaf came first.")
    @Outcome(expect = FORBIDDEN, desc = "Not settled once, or the outcome changed.")
    @State
    public static class TwoSignallers extends AnyOfTwo {

        /** Registers. */
        public TwoSignallers() {
            register();
        }

        @Actor
        public void signaller() {
            first.signal();
        }

        @Actor
        public void failer() {
            second.fail(CAUSE);
        }

        @Arbiter
        public void afterwards(LLI_Result result) {
            result.r1 = seen;
            result.r2 = any.outcome();
            result.r3 = fired.get();
        }
    }

    /** A leaf fails while the first waiter is registered, and with it the fence with its leaves. */
    @JCStressTest
    @Outcome(id = "FAILED, FAILED, 1", expect = ACCEPTABLE, desc = "Settled by the leaf that came first.")
    @Outcome(expect = FORBIDDEN, desc = "Not settled once, or the outcome changed.")
    @State
    public static class RegistersMeanwhile extends AnyOfTwo {

        @Actor
        public void registrant() {
            register();
        }

        @Actor
        public void failer() {
            second.fail(CAUSE);
        }

        @Arbiter
        public void afterwards(LLI_Result result) {
            result.r1 = seen;
            first.signal();
            result.r2 = any.outcome();
            result.r3 = fired.get();
        }
    }

    /** Whether it is settled is looked at and stored in two steps. */
    @JCStressTest
    @Outcome(id = {"OK, 1", "FAILED, 1"}, expect = ACCEPTABLE, desc = "One leaf came first.")
    @Outcome(id = {"OK, 2", "FAILED, 2"}, expect = ACCEPTABLE_INTERESTING, desc = "Both looked before either stored.")
    @State
    public static class LooksThenStores {

        volatile Object settled;
        final AtomicInteger fired = new AtomicInteger();

        @Actor
        public void signaller() {
            settle("OK");
        }

        @Actor
        public void failer() {
            settle("FAILED");
        }

        private void settle(Object outcome) {
            if (settled == null) {
                settled = outcome;
                fired.incrementAndGet();
            }
        }

        @Arbiter
        public void afterwards(LI_Result result) {
            result.r1 = settled;
            result.r2 = fired.get();
        }
    }
}
