package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringfence.internal.timeline.TimelineState;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Done read as true: whoever reads the counter as advanced sees everything written before it was. */
public final class DoneVisibility {

    private DoneVisibility() {
    }

    /** The timeline of the core. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The reader came first.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The result was there, the counter was not yet advanced.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The counter brought the result.")
    @Outcome(id = "1, 0", expect = FORBIDDEN, desc = "Done without the result.")
    @State
    public static class AcquireRead {

        final TimelineState timeline = new TimelineState(2);
        long data;

        @Actor
        public void completionTurn() {
            data = 1;
            timeline.signaledVolatile(1);
        }

        @Actor
        public void reader(JJ_Result result) {
            result.r1 = timeline.signaledAcquire();
            result.r2 = data;
        }
    }

    /** The counter is a plain field. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The reader came first.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The result was there, the counter was not yet advanced.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The counter brought the result.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING,
            desc = "The result was loaded before it was stored, the counter after it was advanced.")
    @State
    public static class PlainRead {

        long data;
        long signaled;

        @Actor
        public void completionTurn() {
            data = 1;
            signaled = 1;
        }

        @Actor
        public void reader(JJ_Result result) {
            result.r1 = signaled;
            result.r2 = data;
        }
    }
}
