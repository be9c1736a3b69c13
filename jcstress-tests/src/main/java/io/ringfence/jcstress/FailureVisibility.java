package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringfence.fence.Failure;
import io.ringfence.fence.PointFence;
import io.ringfence.fence.Timeline;
import io.ringfence.internal.timeline.TimelineState;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * Failure / done: the fence of a job is told of the failure before the counter passes the job, so no failed job ever
 * reads as ok.
 */
public final class FailureVisibility {

    private FailureVisibility() {
    }

    /** The fence of a job that fails. */
    private abstract static class FailingJob {

        private static final Failure CAUSE = new Failure.Cancelled("jcstress");

        final TimelineState timeline = new TimelineState(2);
        final PointFence fence = new PointFence(new Timeline("jcstress", timeline));

        FailingJob() {
            fence.claimed(1);
        }

        final void fail() {
            fence.failed(CAUSE);
        }
    }

    /** The order of the core. */
    @JCStressTest
    @Outcome(id = "PENDING", expect = ACCEPTABLE, desc = "The reader came first.")
    @Outcome(id = "FAILED", expect = ACCEPTABLE, desc = "Done, and failed.")
    @Outcome(id = "OK", expect = FORBIDDEN, desc = "A failed job read as ok.")
    @State
    public static class RecordsFirst extends FailingJob {

        @Actor
        public void completionTurn() {
            fail();
            timeline.signaledVolatile(1);
        }

        @Actor
        public void reader(L_Result result) {
            result.r1 = fence.outcome();
        }
    }

    /** The counter is advanced before the fence is told. */
    @JCStressTest
    @Outcome(id = "PENDING", expect = ACCEPTABLE, desc = "The reader came first.")
    @Outcome(id = "FAILED", expect = ACCEPTABLE, desc = "Done, and failed.")
    @Outcome(id = "OK", expect = ACCEPTABLE_INTERESTING,
            desc = "The reader came between the counter and the failure, and takes the job for ok.")
    @State
    public static class AdvancesFirst extends FailingJob {

        @Actor
        public void completionTurn() {
            timeline.signaledVolatile(1);
            fail();
        }

        @Actor
        public void reader(L_Result result) {
            result.r1 = fence.outcome();
        }
    }
}
