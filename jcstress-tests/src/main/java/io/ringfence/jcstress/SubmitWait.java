package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.fence.Fences;
import io.ringfence.fence.SyncObject;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Submitting a point / waiting for it to be submitted: who waits is told exactly once. It takes a place and then looks
 * for the point; whoever submits makes the point visible and then looks at the places.
 */
public final class SubmitWait {

    private SubmitWait() {
    }

    /** A point that is waited for while it is submitted. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Told once.")
    @Outcome(expect = FORBIDDEN, desc = "A lost wake-up, or told twice.")
    @State
    public static class RealObject {

        final SyncObject object = SyncObject.create("jcstress");
        final AtomicInteger fired = new AtomicInteger();

        @Actor
        public void waiter() {
            object.on(1, SyncObject.Until.SUBMITTED, fired::incrementAndGet);
        }

        @Actor
        public void submitter() {
            object.add(1, Fences.signalled());
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = fired.get();
        }
    }

    /** Who waits looks for the point, takes a place, and does not look again. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Told once.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING,
            desc = "The waiter found no point; the submitter found nobody waiting; the waiter took its place.")
    @State
    public static class LooksOnce {

        final AtomicInteger fired = new AtomicInteger();
        volatile boolean submitted;
        volatile boolean waiting;

        @Actor
        public void waiter() {
            if (submitted) {
                fired.incrementAndGet();
            } else {
                waiting = true;
            }
        }

        @Actor
        public void submitter() {
            submitted = true;
            if (waiting) {
                fired.incrementAndGet();
            }
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = fired.get();
        }
    }
}
