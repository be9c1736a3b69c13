package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Told / last: the end of a scheduler's hardware queue comes once, and not before the scheduler was told of the last job. Who ends the queue
 * says what is to be done then, and looks whether somebody is still on his way to tell; he says that he is not any more, and looks what
 * there is to be done.
 */
public final class ReturnedEnd {

    private ReturnedEnd() {
    }

    private abstract static class Model {

        /** Somebody is on his way. */
        final AtomicInteger told = new AtomicInteger(1);
        /** What is to be done at the end. */
        final AtomicInteger last = new AtomicInteger();
    }

    /** Both look after a volatile store. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Who tells comes later, and does it.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "Who ends the queue comes later, and does it.")
    @Outcome(expect = FORBIDDEN, desc = "The queue ends never, or twice.")
    @State
    public static class VolatileLooks extends Model {

        @Actor
        public void teller(II_Result result) {
            int _ = told.getAndSet(0);
            result.r1 = last.getAndSet(0);
        }

        @Actor
        public void ender(II_Result result) {
            last.set(1);
            result.r2 = told.get() == 0 ? last.getAndSet(0) : 0;
        }
    }

    /** Both look after a release. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Who tells comes later, and does it.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "Who ends the queue comes later, and does it.")
    @Outcome(id = "0, 0", expect = ACCEPTABLE_INTERESTING,
            desc = "Each has left it to the other: the queue never ends.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE_INTERESTING, desc = "Both did it.")
    @State
    public static class AcquireLooks extends Model {

        @Actor
        public void teller(II_Result result) {
            told.setRelease(0);
            int found = last.getAcquire();
            last.setRelease(0);
            result.r1 = found;
        }

        @Actor
        public void ender(II_Result result) {
            last.setRelease(1);
            if (told.getAcquire() == 0) {
                int found = last.getAcquire();
                last.setRelease(0);
                result.r2 = found;
            }
        }
    }
}
