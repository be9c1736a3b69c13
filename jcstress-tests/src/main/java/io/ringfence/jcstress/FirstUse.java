package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.queue.JobQueue;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.JJJ_Result;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * Workings / first use: what a queue works with is made by the first who uses it, for all. It is complete before it is put into its
 * place by a compare-and-exchange, and whoever comes second takes what he finds there.
 */
public final class FirstUse {

    private FirstUse() {
    }

    /** Two submit to a queue that has had no job. */
    @JCStressTest
    @Outcome(id = "1, 2, 2", expect = ACCEPTABLE, desc = "One after the other, and both were handed over.")
    @Outcome(id = "2, 1, 2", expect = ACCEPTABLE, desc = "One after the other, and both were handed over.")
    @Outcome(expect = FORBIDDEN, desc = "Both have the same place, or a job is lost.")
    @State
    public static class TwoSubmitters {

        final TinyDriver device = new TinyDriver();
        final JobQueue<Object> queue = device.open(4);

        @Actor
        public void one(JJJ_Result result) {
            result.r1 = queue.trySubmit("one");
        }

        @Actor
        public void other(JJJ_Result result) {
            result.r2 = queue.trySubmit("other");
        }

        @Arbiter
        public void afterwards(JJJ_Result result) {
            result.r3 = device.ran;
            device.completed = device.ran;
            queue.startClose();
        }
    }

    /** One submits to a queue that has had no job, the other closes it. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The job came first; the queue ends when it is finished.")
    @Outcome(id = "-2, 0", expect = ACCEPTABLE, desc = "The close came first.")
    @Outcome(expect = FORBIDDEN, desc = "The closer and the submitter disagree, or the queue does not end once.")
    @State
    public static class SubmitterAndCloser {

        final TinyDriver device = new TinyDriver();
        final JobQueue<Object> queue = device.open(4);

        @Actor
        public void submitter(JJ_Result result) {
            result.r1 = queue.trySubmit("job");
        }

        @Actor
        public void closer() {
            queue.startClose();
        }

        @Arbiter
        public void afterwards(JJ_Result result) {
            result.r2 = device.ran;
            device.completed = device.ran;
            queue.timeline().poll();
            result.r2 += device.closes == 1 && queue.ended().isDone() ? 0 : 100;
        }
    }

    /** Who finds nothing stores what he has made. */
    @JCStressTest
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "One after the other.")
    @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "One after the other.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE_INTERESTING, desc = "Each has claimed the first place of his own ring.")
    @State
    public static class LooksThenStores {

        private volatile @Nullable AtomicLong claimed;

        private AtomicLong claimed() {
            AtomicLong known = claimed;
            if (known == null) {
                known = new AtomicLong();
                claimed = known;
            }
            return known;
        }

        @Actor
        public void one(JJ_Result result) {
            result.r1 = claimed().incrementAndGet();
        }

        @Actor
        public void other(JJ_Result result) {
            result.r2 = claimed().incrementAndGet();
        }
    }
}
