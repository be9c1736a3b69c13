package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

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
 * Waiter / advance of two timelines in step: both counters are stored with release, one full fence follows, then the looks for waiters.
 * And of such a chain, who sees a link signalled sees what it waited for.
 */
public final class LockstepWaiter {

    private LockstepWaiter() {
    }

    /** Two timelines of the core, the second of which waits for the first; whoever registers does so on both. */
    private abstract static class Timelines {

        final TimelineState input = new TimelineState(2);
        final TimelineState link = new TimelineState(2);
        final CountingWaiter onInput = new CountingWaiter();
        final CountingWaiter onLink = new CountingWaiter();

        Timelines() {
            input.prepareWaiting();
            link.prepareWaiting();
        }

        final void step() {
            input.signaledRelease(1);
            link.signaledRelease(1);
        }

        final void tell() {
            DeferredList due = new DeferredList();
            input.sweep(0, 1, due);
            link.sweep(0, 1, due);
            Deferred.run(due.take());
        }

        final int register() {
            int taken = link.register(onLink, 1) ? 2 : 0;
            return taken + (input.register(onInput, 1) ? 1 : 0);
        }

        final int fired() {
            return onInput.fired + 2 * onLink.fired;
        }
    }

    /** As the core does it. */
    @JCStressTest
    @Outcome(id = {"0, 0", "1, 1", "2, 2", "3, 3"}, expect = ACCEPTABLE, desc = "Each waiter that was taken has fired.")
    @Outcome(id = {"1, 0", "2, 0", "3, 0", "3, 1", "3, 2"}, expect = FORBIDDEN, desc = "A lost wake-up.")
    @Outcome(expect = FORBIDDEN, desc = "Fired twice, or although it was refused.")
    @State
    public static class OneFence extends Timelines {

        @Actor
        public void completionTurns() {
            step();
            VarHandle.fullFence();
            tell();
        }

        @Actor
        public void registrant(II_Result result) {
            result.r1 = register();
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r2 = fired();
        }
    }

    /** Without the fence. */
    @JCStressTest
    @Outcome(id = {"0, 0", "1, 1", "2, 2", "3, 3"}, expect = ACCEPTABLE, desc = "Each waiter that was taken has fired.")
    @Outcome(id = {"1, 0", "2, 0", "3, 0", "3, 1", "3, 2"}, expect = ACCEPTABLE_INTERESTING,
            desc = "The counter was not visible yet when waiters were looked for: nobody fires this one.")
    @State
    public static class NoFence extends Timelines {

        @Actor
        public void completionTurns() {
            step();
            tell();
        }

        @Actor
        public void registrant(II_Result result) {
            result.r1 = register();
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r2 = fired();
        }
    }

    /** Who looks at the link first. */
    @JCStressTest
    @Outcome(id = {"0, 0", "0, 1", "1, 1"}, expect = ACCEPTABLE, desc = "The input comes first.")
    @Outcome(id = "1, 0", expect = FORBIDDEN, desc = "The link was signalled before its input.")
    @State
    public static class InputFirst extends Timelines {

        @Actor
        public void completionTurns() {
            step();
        }

        @Actor
        public void reader(II_Result result) {
            result.r1 = (int) link.signaledAcquire();
            result.r2 = (int) input.signaledAcquire();
        }
    }

    /** The steps exchanged. */
    @JCStressTest
    @Outcome(id = {"0, 0", "0, 1", "1, 1"}, expect = ACCEPTABLE, desc = "As if the input came first.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING, desc = "The link was signalled before its input.")
    @State
    public static class LinkFirst extends Timelines {

        @Actor
        public void completionTurns() {
            link.signaledRelease(1);
            input.signaledRelease(1);
        }

        @Actor
        public void reader(II_Result result) {
            result.r1 = (int) link.signaledAcquire();
            result.r2 = (int) input.signaledAcquire();
        }
    }
}
