package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.JobQueue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.JJ_Result;
import org.openjdk.jcstress.infra.results.J_Result;

/**
 * Mark / issued: who sees that {@code issued} has passed a job and sees no mark of it may leave another one to wait for it on the
 * device, because it was handed over. The mark of a job that was not is stored before {@code issued}.
 */
public final class RefusedMark {

    private RefusedMark() {
    }

    /** A job whose run throws, beside the submission of one that depends on it. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The job that depends on it was cancelled.")
    @Outcome(expect = FORBIDDEN,
            desc = "It waits on the device for a job that is not there, or was run, or is forgotten.")
    @State
    public static class RealQueues {

        final FenceIssuer gate = FenceIssuer.create("gate");
        final TinyWaitingDriver producer = new TinyWaitingDriver() {
            @Override
            public void run(long seqno, Object payload) {
                throw new IllegalStateException("jcstress");
            }
        };
        final TinyWaitingDriver waiter = new TinyWaitingDriver();
        final JobQueue<Object> producing = producer.open(4);
        final JobQueue<Object> waiting = waiter.open(4);
        final PointFence first = producing.trySubmitFence("job", gate.fence());

        @Actor
        public void opener() {
            gate.signal();
        }

        @Actor
        public void submitter() {
            waiting.trySubmit("job", first);
        }

        @Arbiter
        public void afterwards(JJ_Result result) {
            result.r1 = waiter.left + waiter.ran;
            result.r2 = waiter.cancelled;
            producing.startClose();
            waiting.startClose();
        }
    }

    /** The mark is stored after {@code issued}. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "It was not passed yet, or the mark was seen.")
    @Outcome(id = "1", expect = ACCEPTABLE_INTERESTING, desc = "Passed, and no mark: it is taken for handed over.")
    @State
    public static class MarksLate {

        final AtomicLong issued = new AtomicLong();
        final AtomicLongArray marks = new AtomicLongArray(4);

        @Actor
        public void opener() {
            issued.setRelease(1);
            marks.setRelease(1, 1);
        }

        @Actor
        public void submitter(J_Result result) {
            result.r1 = issued.get() >= 1 && marks.getAcquire(1) != 1 ? 1 : 0;
        }
    }
}
