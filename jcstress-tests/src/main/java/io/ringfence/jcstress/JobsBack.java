package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicReference;

import io.ringfence.scheduler.Entity;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * Jobs that come back / turn: each job that the hardware queue is done with is accounted for, once. Who brings one pushes it, then
 * brings news; the turn takes all that were pushed in one step.
 */
public final class JobsBack {

    private JobsBack() {
    }

    /** Two jobs of two entities, told complete one by one; a third waits for one of their credits. */
    @JCStressTest
    @Outcome(id = "3, 2", expect = ACCEPTABLE, desc = "The third job was handed over; two are finished.")
    @Outcome(expect = FORBIDDEN, desc = "A job that has come back is not accounted for, or twice.")
    @State
    public static class RealScheduler {

        final TinyScheduler scheduler = new TinyScheduler(2);
        final Entity<Object> one = scheduler.entity();
        final Entity<Object> other = scheduler.entity();

        /** Both credits are on the device. */
        public RealScheduler() {
            TinyScheduler.submit(one);
            TinyScheduler.submit(other);
            TinyScheduler.submit(one);
        }

        @Actor
        public void firstPusher() {
            scheduler.device.link().completed(1);
        }

        @Actor
        public void secondPusher() {
            scheduler.device.link().completed(2);
        }

        @Arbiter
        public void afterwards(JJ_Result result) {
            result.r1 = scheduler.device.ran;
            result.r2 = one.timeline().signaled() + other.timeline().signaled();
            scheduler.end();
        }
    }

    /** The turn reads the list, then stores that it is empty. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "Both were taken.")
    @Outcome(id = "1", expect = ACCEPTABLE_INTERESTING, desc = "The second was pushed between the two steps.")
    @State
    public static class ReadsThenEmpties {

        private record Back(Back before) {
        }

        final AtomicReference<Back> top = new AtomicReference<>();
        int taken;

        final TinyTurn turn = new TinyTurn() {
            @Override
            protected int work(boolean first) {
                Back last = top.get();
                top.set(null);
                for (Back job = last; job != null; job = job.before) {
                    taken++;
                }
                return DONE;
            }
        };

        private void comesBack() {
            Back before;
            do {
                before = top.getAcquire();
            } while (!top.compareAndSet(before, new Back(before)));
            turn.news();
        }

        @Actor
        public void firstPusher() {
            comesBack();
        }

        @Actor
        public void secondPusher() {
            comesBack();
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = taken;
        }
    }
}
