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

import org.openjdk.jcstress.infra.results.J_Result;

/**
 * Finished / issue blocked on credits: the head that found no credits runs once they have come back. The issue turn
 * looks at the counter after the job was claimed; the completion turn stores the counter, then looks whether
 * {@code claimed} has passed {@code issued}.
 */
public final class CreditsReturn {

    private CreditsReturn() {
    }

    /** A queue with one credit, which the first job holds until the completion turn notices that it is complete. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "The second job was handed to the device.")
    @Outcome(expect = FORBIDDEN, desc = "The second job sleeps although the credit is back.")
    @State
    public static class RealQueue {

        final TinyDriver device = new TinyDriver();
        final JobQueue<Object> queue = device.open(1);

        /** Puts the first job on the device. */
        public RealQueue() {
            queue.trySubmit(device);
            device.completed = 1;
        }

        @Actor
        public void submitter() {
            queue.trySubmit(device);
        }

        @Actor
        public void poller() {
            queue.timeline().poll();
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = device.ran;
            device.completed = 2;
            queue.timeline().poll();
            queue.startClose();
        }
    }

    /** Job 1 is on the device and has all the credits; a producer claims job 2. */
    private abstract static class Model {

        static final VarHandle SIGNALED = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "signaled",
                VarHandle.class, Model.class, long.class);
        static final VarHandle CLAIMED = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "claimed",
                VarHandle.class, Model.class, long.class);
        private static final VarHandle ISSUED = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "issued",
                VarHandle.class, Model.class, long.class);

        volatile long signaled;
        volatile long claimed = 1;
        long issued = 1;
        int stamp;

        final TinyTurn issue = new TinyTurn() {
            @Override
            protected int work(boolean first) {
                if (stamp == 2 && issued == 1 && credits() >= 1) {
                    ISSUED.setRelease(Model.this, 2L);
                }
                return DONE;
            }
        };

        abstract long credits();

        final void submit() {
            CLAIMED.compareAndSet(this, 1L, 2L);
            // Plain: entering the turn orders it.
            stamp = 2;
            issue.news();
        }

        final long issuedVolatile() {
            return (long) ISSUED.getVolatile(this);
        }
    }

    /** The model of the core. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "The second job was handed to the device.")
    @Outcome(expect = FORBIDDEN, desc = "The second job sleeps although the credit is back.")
    @State
    public static class VolatileLooks extends Model {

        @Override
        long credits() {
            return (long) SIGNALED.getVolatile(this);
        }

        @Actor
        public void submitter() {
            submit();
        }

        @Actor
        public void completionTurn() {
            SIGNALED.setVolatile(this, 1L);
            if ((long) CLAIMED.getVolatile(this) != issuedVolatile()) {
                issue.news();
            }
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = issued;
        }
    }

    /** Of two queues that are finished in step: the counter is stored with release, and a full fence follows. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "The second job was handed to the device.")
    @Outcome(expect = FORBIDDEN, desc = "The second job sleeps although the credit is back.")
    @State
    public static class FencedLooks extends Model {

        @Override
        long credits() {
            return (long) SIGNALED.getVolatile(this);
        }

        @Actor
        public void submitter() {
            submit();
        }

        @Actor
        public void completionTurn() {
            SIGNALED.setRelease(this, 1L);
            VarHandle.fullFence();
            if ((long) CLAIMED.getVolatile(this) != issuedVolatile()) {
                issue.news();
            }
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = issued;
        }
    }

    /** The counter is stored with release, and looks are made with acquire. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "The second job was handed to the device.")
    @Outcome(id = "1", expect = ACCEPTABLE_INTERESTING,
            desc = "The completion turn read claimed before its counter was visible; the issue turn read the old one.")
    @State
    public static class AcquireLooks extends Model {

        @Override
        long credits() {
            return (long) SIGNALED.getAcquire(this);
        }

        @Actor
        public void submitter() {
            submit();
        }

        @Actor
        public void completionTurn() {
            SIGNALED.setRelease(this, 1L);
            if ((long) CLAIMED.getAcquire(this) != issuedVolatile()) {
                issue.news();
            }
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = issued;
        }
    }
}
