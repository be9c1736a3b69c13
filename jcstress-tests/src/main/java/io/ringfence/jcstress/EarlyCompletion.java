package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.queue.JobQueue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.JJ_Result;

/**
 * Completion / run still inside: the device may finish a job before {@code run} has returned, that is before
 * {@code issued} has moved. A completion that was reported then waits, and is not forgotten.
 */
public final class EarlyCompletion {

    private EarlyCompletion() {
    }

    /** A queue, and a device that completes a job while it is handed over. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The poll came before the completion; a later poll will find it.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The completion was reported and the job is finished.")
    @Outcome(id = "1, 0", expect = FORBIDDEN, desc = "The completion was reported and forgotten.")
    @Outcome(expect = FORBIDDEN, desc = "Finished without the device's word.")
    @State
    public static class RealQueue {

        final TinyDriver device = new TinyDriver() {
            @Override
            public void run(long seqno, Object payload) {
                completed = seqno;
            }
        };
        final JobQueue<Object> queue = device.open(4);

        @Actor
        public void submitter() {
            queue.trySubmit(this);
        }

        @Actor
        public void poller() {
            queue.timeline().poll();
        }

        @Arbiter
        public void afterwards(JJ_Result result) {
            result.r1 = device.reported;
            result.r2 = queue.timeline().signaled();
            queue.timeline().poll();
            queue.startClose();
        }
    }

    /** The accesses of the two turns, and nothing else. */
    private abstract static class Model {

        private static final VarHandle ISSUED = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "issued",
                VarHandle.class, Model.class, long.class);
        private static final VarHandle ISSUE_TURN = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(),
                "issueTurn", VarHandle.class, Model.class, long.class);

        volatile long device;
        long issued;
        volatile long issueTurn = 1;
        volatile boolean ahead;
        long reported;
        long finished;

        final TinyTurn completion = new TinyTurn() {
            @Override
            protected int work(boolean first) {
                while (look()) {
                    // issued has moved meanwhile
                }
                return DONE;
            }
        };

        /** Whether {@code issued} has moved since it was read. */
        abstract boolean moved(long since);

        final long issuedVolatile() {
            return (long) ISSUED.getVolatile(this);
        }

        final boolean look() {
            long before = (long) ISSUED.getAcquire(this);
            if (ahead) {
                ahead = false;
            }
            long done = device;
            reported = done;
            long through = (long) ISSUED.getAcquire(this);
            finished = Math.min(done, through);
            if (done <= through) {
                return false;
            }
            ahead = true;
            return moved(before);
        }

        final void issue() {
            device = 1;
            ISSUED.setRelease(this, 1L);
            ISSUE_TURN.getAndAdd(this, -1L);
            if (ahead) {
                completion.news();
            }
        }
    }

    /** The model of the core: after {@code ahead} was stored, {@code issued} is looked at once more. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The poll came before the completion; a later poll will find it.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The completion was reported and the job is finished.")
    @Outcome(expect = FORBIDDEN, desc = "The completion was reported and forgotten.")
    @State
    public static class LooksAgain extends Model {

        @Override
        boolean moved(long since) {
            return issuedVolatile() != since;
        }

        @Actor
        public void issueTurn() {
            issue();
        }

        @Actor
        public void poller() {
            completion.poll();
        }

        @Arbiter
        public void afterwards(JJ_Result result) {
            result.r1 = reported;
            result.r2 = finished;
        }
    }

    /** The same without the second look. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The poll came before the completion; a later poll will find it.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The completion was reported and the job is finished.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING,
            desc = "The poll read issued; issued moved and ahead was read as false; then ahead was stored.")
    @State
    public static class LooksOnce extends Model {

        @Override
        boolean moved(long since) {
            return false;
        }

        @Actor
        public void issueTurn() {
            issue();
        }

        @Actor
        public void poller() {
            completion.poll();
        }

        @Arbiter
        public void afterwards(JJ_Result result) {
            result.r1 = reported;
            result.r2 = finished;
        }
    }
}
