package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.internal.timeline.TimelineState;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.DeferredList;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Waiter / advance: a waiter that was taken fires exactly once, one that was refused never does. Push, then look at the
 * counter; store the counter, then look for waiters; both with a full fence between the two.
 */
public final class TimelineWaiter {

    private TimelineWaiter() {
    }

    /** The timeline of the core. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The waiter came too late and was told so.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The waiter was taken and fired.")
    @Outcome(id = "1, 0", expect = FORBIDDEN, desc = "A lost wake-up.")
    @Outcome(expect = FORBIDDEN, desc = "Fired twice, or although it was refused.")
    @State
    public static class VolatileLooks {

        final TimelineState timeline = new TimelineState(2);
        final CountingWaiter waiter = new CountingWaiter();

        @Actor
        public void completionTurn() {
            timeline.signaledVolatile(1);
            DeferredList due = new DeferredList();
            timeline.sweep(0, 1, due);
            Deferred.run(due.take());
        }

        @Actor
        public void registrant(II_Result result) {
            result.r1 = timeline.register(waiter, 1) ? 1 : 0;
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r2 = waiter.fired;
        }
    }

    /** Stores with release, looks with acquire. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The waiter came too late and was told so.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The waiter was taken and fired.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING,
            desc = "Each looked before its own store had reached the other: nobody fires the waiter.")
    @State
    public static class AcquireLooks {

        private static final VarHandle SIGNALED = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "signaled",
                VarHandle.class, AcquireLooks.class, long.class);
        private static final VarHandle HEAD = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "head",
                VarHandle.class, AcquireLooks.class, CountingWaiter.class);

        final CountingWaiter waiter = new CountingWaiter();
        long signaled;
        CountingWaiter head;

        @Actor
        public void completionTurn() {
            SIGNALED.setRelease(this, 1L);
            CountingWaiter due = (CountingWaiter) HEAD.getAcquire(this);
            if (due != null) {
                if (due.decide()) {
                    due.fired();
                }
            }
        }

        @Actor
        public void registrant(II_Result result) {
            HEAD.setRelease(this, waiter);
            boolean late = (long) SIGNALED.getAcquire(this) >= 1 && waiter.decide();
            result.r1 = late ? 0 : 1;
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r2 = waiter.fired;
        }
    }
}
