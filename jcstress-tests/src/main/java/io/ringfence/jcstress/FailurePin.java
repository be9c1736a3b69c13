package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringfence.fence.Failure;
import io.ringfence.fence.FailureCursor;
import io.ringfence.fence.Timeline;
import io.ringfence.internal.ring.Slots;
import io.ringfence.internal.timeline.TimelineState;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * Taking a failure cursor / the first failures: a cursor taken before a job was submitted knows that it failed, however
 * soon that came.
 */
public final class FailurePin {

    private FailurePin() {
    }

    /** Two jobs that fail for different reasons as soon as the first is published; whoever submitted that one asks. */
    private abstract static class FailingJobs {

        private static final Failure FIRST = new Failure.Cancelled("first");
        private static final Failure SECOND = new Failure.Cancelled("second");
        /** How long the actors wait for each other, so that they meet; not long, for one may have lost its processor. */
        private static final int SPINS = 100;

        final TimelineState state = new TimelineState(2);
        final Timeline timeline = new Timeline("jcstress", state);
        final Slots slots = new Slots(2);

        final void publish() {
            slots.publishRelease(1, this, null, null, false, 1);
        }

        final boolean awaitPublished() {
            for (int spins = SPINS; spins > 0 && !slots.publishedAcquire(1); spins--) {
                Thread.onSpinWait();
            }
            return slots.publishedAcquire(1);
        }

        final void record() {
            state.failures().append(1, FIRST);
            state.failures().append(2, SECOND);
        }

        final Object ask(FailureCursor cursor) {
            for (int spins = SPINS; spins > 0 && state.signaledAcquire() == 0; spins--) {
                Thread.onSpinWait();
            }
            return cursor.outcome(1);
        }
    }

    /** The cursor is taken first, and failures are recorded before the counter passes them. */
    @JCStressTest
    @Outcome(id = "PENDING", expect = ACCEPTABLE, desc = "The two did not meet.")
    @Outcome(id = "FAILED", expect = ACCEPTABLE, desc = "Done, and failed.")
    @Outcome(expect = FORBIDDEN, desc = "A failed job read as ok.")
    @State
    public static class PinsFirst extends FailingJobs {

        @Actor
        public void submitter(L_Result result) {
            FailureCursor cursor = timeline.failureCursor();
            publish();
            result.r1 = ask(cursor);
        }

        @Actor
        public void completionTurn() {
            if (awaitPublished()) {
                record();
                state.signaledVolatile(2);
            }
        }
    }

    /** The cursor is taken when the job is published. */
    @JCStressTest
    @Outcome(id = "PENDING", expect = ACCEPTABLE, desc = "The two did not meet.")
    @Outcome(id = "FAILED", expect = ACCEPTABLE, desc = "Done, and failed.")
    @Outcome(id = "OK", expect = ACCEPTABLE_INTERESTING,
            desc = "Both failures were recorded, then the cursor was taken: it begins behind the first.")
    @State
    public static class PinsAfterwards extends FailingJobs {

        @Actor
        public void submitter(L_Result result) {
            publish();
            result.r1 = ask(timeline.failureCursor());
        }

        @Actor
        public void completionTurn() {
            if (awaitPublished()) {
                record();
                state.signaledVolatile(2);
            }
        }
    }

    /** The counter is advanced before the failures are recorded. */
    @JCStressTest
    @Outcome(id = "PENDING", expect = ACCEPTABLE, desc = "The two did not meet.")
    @Outcome(id = "FAILED", expect = ACCEPTABLE, desc = "Done, and failed.")
    @Outcome(id = "OK", expect = ACCEPTABLE_INTERESTING, desc = "Asked between the counter and the record.")
    @State
    public static class AdvancesFirst extends FailingJobs {

        @Actor
        public void submitter(L_Result result) {
            FailureCursor cursor = timeline.failureCursor();
            publish();
            result.r1 = ask(cursor);
        }

        @Actor
        public void completionTurn() {
            if (awaitPublished()) {
                state.signaledVolatile(2);
                record();
            }
        }
    }
}
