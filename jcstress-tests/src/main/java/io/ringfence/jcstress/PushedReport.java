package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.queue.JobQueue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.J_Result;

/**
 * Push / look: a completion that the device pushes is found. Who pushes makes the report visible and then brings news to the
 * completion turn; a report beyond {@code issued} is kept until {@code issued} has moved.
 */
public final class PushedReport {

    private PushedReport() {
    }

    /** A job on the device, a push, and somebody who polls. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The job is finished.")
    @Outcome(expect = FORBIDDEN, desc = "The report lies, and nobody looks at it.")
    @State
    public static class RealQueue {

        final TinyDriver device = new TinyDriver();
        final JobQueue<Object> queue = device.open(4);

        /** Puts the job on the device. */
        public RealQueue() {
            queue.trySubmit("job");
        }

        @Actor
        public void device() {
            device.link().completed(1);
        }

        @Actor
        public void poller() {
            queue.timeline().poll();
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = queue.timeline().signaled();
            queue.startClose();
        }
    }

    /** The device pushes while run is still inside, and somebody polls. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The job is finished.")
    @Outcome(expect = FORBIDDEN, desc = "A report beyond issued was forgotten.")
    @State
    public static class PushesInsideRun {

        final TinyDriver device = new TinyDriver() {
            @Override
            public void run(long seqno, Object payload) {
                link().completed(seqno);
            }
        };
        final JobQueue<Object> queue = device.open(4);

        @Actor
        public void submitter() {
            queue.trySubmit("job");
        }

        @Actor
        public void poller() {
            queue.timeline().poll();
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = queue.timeline().signaled();
            queue.startClose();
        }
    }

    /** The push tries the turn, as a poll does, instead of bringing news. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The report was taken.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING,
            desc = "The poll had looked and not left yet: the push found the turn taken and went away.")
    @State
    public static class Polls {

        final AtomicInteger reports = new AtomicInteger();
        volatile int taken;
        final TinyTurn completion = new TinyTurn() {
            @Override
            protected int work(boolean first) {
                if (reports.getAndSet(0) != 0) {
                    taken = 1;
                }
                return DONE;
            }
        };

        @Actor
        public void device() {
            reports.set(1);
            completion.poll();
        }

        @Actor
        public void poller() {
            completion.poll();
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = taken;
        }
    }
}
