package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Fences;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** All-of / its leaves: it is settled once, when the last of its leaves is, and its waiters fire once. */
public final class AllOf {

    private AllOf() {
    }

    /** Two fences, and what is brought about when both are done: how often, and whether one was pending. */
    private abstract static class TwoLeaves {

        final FenceIssuer first = FenceIssuer.create("first");
        final FenceIssuer second = FenceIssuer.create("second");
        final AtomicInteger fired = new AtomicInteger();
        volatile boolean early;

        final void fire() {
            if (!first.fence().isDone() || !second.fence().isDone()) {
                early = true;
            }
            fired.incrementAndGet();
        }

        final void report(IZ_Result result) {
            result.r1 = fired.get();
            result.r2 = early;
        }
    }

    /** Both leaves are signalled at once. */
    @JCStressTest
    @Outcome(id = "1, false", expect = ACCEPTABLE, desc = "Settled by the last.")
    @Outcome(expect = FORBIDDEN, desc = "Not settled once, or too early.")
    @State
    public static class TwoSignallers extends TwoLeaves {

        /** Registers. */
        public TwoSignallers() {
            Fences.allOf(first.fence(), second.fence()).onDone(this::fire);
        }

        @Actor
        public void one() {
            first.signal();
        }

        @Actor
        public void other() {
            second.signal();
        }

        @Arbiter
        public void afterwards(IZ_Result result) {
            report(result);
        }
    }

    /** The leaves are signalled while the first waiter is registered, and with it the fence with its leaves. */
    @JCStressTest
    @Outcome(id = "1, false", expect = ACCEPTABLE, desc = "Settled by the last, or by the one who registers.")
    @Outcome(expect = FORBIDDEN, desc = "Not settled once, or too early.")
    @State
    public static class RegistersMeanwhile extends TwoLeaves {

        final Fence all = Fences.allOf(first.fence(), second.fence());

        @Actor
        public void registrant() {
            all.onDone(this::fire);
        }

        @Actor
        public void signaller() {
            first.signal();
            second.signal();
        }

        @Arbiter
        public void afterwards(IZ_Result result) {
            report(result);
        }
    }

    /** The count is volatile, but read and stored in two steps. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Settled by the last.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING, desc = "Both read two: the count stays at one.")
    @State
    public static class ReadsThenStores {

        final AtomicInteger fired = new AtomicInteger();
        volatile int pending = 2;

        @Actor
        public void one() {
            countDown();
        }

        @Actor
        public void other() {
            countDown();
        }

        private void countDown() {
            int before = pending;
            pending = before - 1;
            if (before == 1) {
                fired.incrementAndGet();
            }
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = fired.get();
        }
    }

    /** The leaves are counted one by one while registering, instead of all and one more before. */
    @JCStressTest
    @Outcome(id = "1, false", expect = ACCEPTABLE, desc = "Settled by the last.")
    @Outcome(expect = ACCEPTABLE_INTERESTING,
            desc = "The first leaf was counted and done before the second was counted: settled without the second.")
    @State
    public static class CountsWhileRegistering extends TwoLeaves {

        final AtomicInteger pending = new AtomicInteger();

        @Actor
        public void registrant() {
            register(first.fence());
            register(second.fence());
        }

        @Actor
        public void signaller() {
            first.signal();
            second.signal();
        }

        private void register(Fence leaf) {
            pending.incrementAndGet();
            if (leaf.onDoneIfPending(this::countDown) == null) {
                countDown();
            }
        }

        private void countDown() {
            if (pending.decrementAndGet() == 0) {
                fire();
            }
        }

        @Arbiter
        public void afterwards(IZ_Result result) {
            report(result);
        }
    }
}
