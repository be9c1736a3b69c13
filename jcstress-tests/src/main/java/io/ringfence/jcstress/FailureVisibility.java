package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringfence.internal.timeline.FailureLog;
import io.ringfence.internal.timeline.TimelineState;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Failure / done: a failure is recorded before the counter passes it, so no failed job ever reads as ok. */
public final class FailureVisibility {

    private FailureVisibility() {
    }

    /** A timeline without failures, and a reader that begins at the node which was the newest before the claim. */
    private abstract static class Pinned {

        final Object cause = new Object();
        final TimelineState timeline = new TimelineState(2);
        final FailureLog.Node pin = timeline.failures().tail();

        final void read(JJ_Result result) {
            if (timeline.signaledAcquire() >= 1) {
                result.r1 = 1;
                result.r2 = FailureLog.find(pin, 1) == cause ? 1 : 0;
            }
        }
    }

    /** The order of the core. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The reader came first.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Done, and failed.")
    @Outcome(id = "1, 0", expect = FORBIDDEN, desc = "A failed job read as ok.")
    @State
    public static class RecordsFirst extends Pinned {

        @Actor
        public void completionTurn() {
            timeline.failures().append(1, cause);
            timeline.signaledVolatile(1);
        }

        @Actor
        public void reader(JJ_Result result) {
            read(result);
        }
    }

    /** The counter is advanced before the failure is recorded. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The reader came first.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Done, and failed.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING,
            desc = "The reader came between the counter and the record, and takes the job for ok.")
    @State
    public static class AdvancesFirst extends Pinned {

        @Actor
        public void completionTurn() {
            timeline.signaledVolatile(1);
            timeline.failures().append(1, cause);
        }

        @Actor
        public void reader(JJ_Result result) {
            read(result);
        }
    }
}
