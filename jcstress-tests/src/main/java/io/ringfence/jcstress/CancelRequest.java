package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.internal.turn.Deferred;
import io.ringfence.queue.JobQueue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/**
 * Request / look: a job that waits and is to be cancelled is cancelled. Who cancels makes the request visible and then brings news to
 * the issue turn, which takes all requests before it looks at a job.
 */
public final class CancelRequest {

    private CancelRequest() {
    }

    /** The second job waits for the only credit; another submission has it looked at meanwhile. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "The waiting job was cancelled.")
    @Outcome(expect = FORBIDDEN, desc = "The request lies, and nobody looks at it.")
    @State
    public static class RealQueue {

        final TinyDriver device = new TinyDriver();
        final JobQueue<Object> queue = device.open(1);

        /** Puts the first job on the device; the second waits. */
        public RealQueue() {
            queue.trySubmit("job");
            queue.trySubmit("job");
        }

        @Actor
        public void canceller() {
            queue.cancel(2);
        }

        @Actor
        public void submitter() {
            queue.trySubmit("job");
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = device.cancelled;
            device.completed = 3;
            queue.kill();
        }
    }

    /** The news comes before the request. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The request was taken.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING,
            desc = "The holder looked and left between the news and the request.")
    @State
    public static class NewsFirst {

        final AtomicInteger requests = new AtomicInteger();
        volatile int taken;
        final TinyTurn issue = new TinyTurn() {
            @Override
            protected int work(boolean first) {
                if (requests.getAndSet(0) != 0) {
                    taken = 1;
                }
                return DONE;
            }
        };

        @Actor
        public void canceller() {
            boolean mine = issue.enter();
            requests.set(1);
            if (mine) {
                // It has the turn, so it looks itself.
                Deferred.run(issue);
            }
        }

        @Actor
        public void submitter() {
            issue.news();
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = taken;
        }
    }

    /** The word that has a turn look for requests at all is stored last. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The request was taken.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING,
            desc = "The holder, sent by the news, did not look for requests yet; now it would, and nobody sends it.")
    @State
    public static class LooksOutLast {

        final AtomicInteger requests = new AtomicInteger();
        volatile boolean wary;
        volatile int taken;
        final TinyTurn issue = new TinyTurn() {
            @Override
            protected int work(boolean first) {
                if (wary && requests.getAndSet(0) != 0) {
                    taken = 1;
                }
                return DONE;
            }
        };

        @Actor
        public void canceller() {
            requests.set(1);
            boolean mine = issue.enter();
            wary = true;
            if (mine) {
                Deferred.run(issue);
            }
        }

        @Actor
        public void submitter() {
            issue.news();
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = taken;
        }
    }
}
