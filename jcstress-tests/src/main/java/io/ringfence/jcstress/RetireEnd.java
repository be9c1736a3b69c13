package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.queue.JobQueue;
import io.ringfence.queue.PayloadTraits;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Retire hook / end: a queue has ended when its last hook has returned, and each hook is called once. Jobs that are finished are
 * counted before their hooks are called, and one count is the queue's own.
 */
public final class RetireEnd {

    private RetireEnd() {
    }

    /** The last job is found complete while the queue is closed. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Called once, before the end.")
    @Outcome(expect = FORBIDDEN, desc = "Not called, called twice, or called after the end.")
    @State
    public static class RealQueue {

        final TinyDriver device = new TinyDriver();
        final AtomicInteger calls = new AtomicInteger();
        volatile int afterEnd;
        final JobQueue<Object> queue = device.open(PayloadTraits.plain().retiringInline((_, _, _) -> {
            calls.incrementAndGet();
            if (ended()) {
                afterEnd = 1;
            }
        }));

        /** Puts the job on the device, where it is complete. */
        public RealQueue() {
            queue.trySubmit("job");
            device.completed = 1;
        }

        private boolean ended() {
            return queue.startClose().isDone();
        }

        @Actor
        public void poller() {
            queue.timeline().poll();
        }

        @Actor
        public void closer() {
            queue.startClose();
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r1 = calls.get();
            result.r2 = queue.startClose().isDone() ? afterEnd : 2;
        }
    }

    /** Jobs are counted when their hooks are called. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Called once, before the end.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE_INTERESTING, desc = "The end found nothing counted, and came first.")
    @State
    public static class CountsLate {

        final AtomicInteger outstanding = new AtomicInteger(1);
        volatile int calls;
        volatile int ended;
        volatile int afterEnd;

        private void done() {
            if (outstanding.decrementAndGet() == 0) {
                ended = 1;
            }
        }

        @Actor
        public void hook() {
            outstanding.incrementAndGet();
            calls = 1;
            if (ended != 0) {
                afterEnd = 1;
            }
            done();
        }

        @Actor
        public void end() {
            done();
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r1 = calls;
            result.r2 = afterEnd;
        }
    }
}
