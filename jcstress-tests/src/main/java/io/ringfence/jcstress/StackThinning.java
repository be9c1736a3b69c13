package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicReference;

import io.ringfence.internal.timeline.TimelineState;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.DeferredList;
import io.ringfence.internal.waiting.Waiter;
import io.ringfence.internal.waiting.WaiterChain;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Thinning a stack / sweeping it: a stack of waiters is thinned where it hangs, so that whoever signals meanwhile finds
 * every undecided one, once.
 */
public final class StackThinning {

    private StackThinning() {
    }

    /** A stack that the next push thins: of 63 waiters all but one are decided. */
    @JCStressTest
    @Outcome(id = "0, 0, 1", expect = ACCEPTABLE, desc = "The pusher came too late and was told so; the other fired.")
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "Both fired.")
    @Outcome(expect = FORBIDDEN, desc = "A waiter was lost, or fired twice.")
    @State
    public static class InPlace {

        private static final int PUSHED = 63;

        final TimelineState timeline = new TimelineState(2);
        final CountingWaiter kept = new CountingWaiter();
        final CountingWaiter mine = new CountingWaiter();

        /** Pushes, and decides as one does whose wait was cut short. */
        public InPlace() {
            for (int i = 1; i <= PUSHED; i++) {
                if (i == PUSHED / 2) {
                    timeline.register(kept, 1);
                } else {
                    CountingWaiter cancelled = new CountingWaiter();
                    timeline.register(cancelled, 1);
                    cancelled.decide();
                }
            }
        }

        @Actor
        public void completionTurn() {
            timeline.signaledVolatile(1);
            DeferredList due = new DeferredList();
            timeline.sweep(0, 1, due);
            Deferred.run(due.take());
        }

        @Actor
        public void pusher(III_Result result) {
            result.r1 = timeline.register(mine, 1) ? 1 : 0;
        }

        @Arbiter
        public void afterwards(III_Result result) {
            result.r2 = mine.fired;
            result.r3 = kept.fired;
        }
    }

    /** The whole stack is taken, thinned and put back, and nobody looks at the counter again. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The waiter fired.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING,
            desc = "The stack was taken; the signaller found none; the stack was put back.")
    @State
    public static class TakesAndPutsBack {

        final AtomicReference<Waiter> top = new AtomicReference<>();
        final CountingWaiter kept = new CountingWaiter();
        volatile long signaled;

        /** Pushes a waiter and a decided one. */
        public TakesAndPutsBack() {
            CountingWaiter cancelled = new CountingWaiter();
            cancelled.decide();
            WaiterChain.link(kept, null);
            WaiterChain.link(cancelled, kept);
            top.set(cancelled);
        }

        @Actor
        public void completionTurn() {
            signaled = 1;
            Deferred.run(WaiterChain.takeAll(top.getAndSet(null)));
        }

        @Actor
        public void thinner() {
            top.set(WaiterChain.thinned(top.getAndSet(null)));
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = kept.fired;
        }
    }
}
