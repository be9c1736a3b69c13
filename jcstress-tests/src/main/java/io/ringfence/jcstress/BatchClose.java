package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.queue.Batch;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueClosedException;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * Commit / close: a batch over two queues is submitted to both or to none, whenever one of them is closed. All places are claimed
 * before the first job is published; what was claimed in vain is published as holes.
 */
public final class BatchClose {

    private BatchClose() {
    }

    /** A batch, and a close of its second queue. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Both jobs were handed over.")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Neither was.")
    @Outcome(expect = FORBIDDEN, desc = "Half a batch.")
    @State
    public static class RealQueues {

        final TinyDriver one = new TinyDriver();
        final TinyDriver other = new TinyDriver();
        final JobQueue<Object> first = one.open(4);
        final JobQueue<Object> second = other.open(4);

        @Actor
        public void committer() {
            Batch batch = Batch.create();
            batch.add(first, "job");
            batch.add(second, "job");
            try {
                batch.tryCommit();
            } catch (QueueClosedException closed) {
                // One of the two outcomes.
                return;
            }
        }

        @Actor
        public void closer() {
            second.startClose();
        }

        @Arbiter
        public void afterwards(JJ_Result result) {
            result.r1 = one.ran;
            result.r2 = other.ran;
            one.completed = one.ran;
            other.completed = other.ran;
            first.startClose();
            first.timeline().poll();
            second.timeline().poll();
        }
    }

    /** Each job is claimed and published when its turn comes. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Both jobs were handed over.")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Neither was.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING, desc = "Closed between the two: half a batch.")
    @State
    public static class OneByOne {

        final AtomicInteger second = new AtomicInteger();
        volatile int firstRan;
        volatile int secondRan;

        @Actor
        public void committer() {
            if (second.get() < 0) {
                return;
            }
            firstRan = 1;
            if (second.compareAndSet(0, 1)) {
                secondRan = 1;
            }
        }

        @Actor
        public void closer() {
            second.compareAndSet(0, -1);
        }

        @Arbiter
        public void afterwards(JJ_Result result) {
            result.r1 = firstRan;
            result.r2 = secondRan;
        }
    }
}
