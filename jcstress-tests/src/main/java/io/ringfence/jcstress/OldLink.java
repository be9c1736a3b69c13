package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.driver.DriverLink;
import io.ringfence.driver.FailureDomain;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Fences;
import io.ringfence.queue.JobQueue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Push / reset: what a device tells over the link of a former epoch counts before the last word of that epoch is taken, or not at all. A
 * job that was handed over again is never finished by it.
 */
public final class OldLink {

    private OldLink() {
    }

    /** A ring that can be reset, whose jobs are not begun. */
    private static final class ResetDriver extends TinyDriver implements FailureDomain {

        /** So long a recovery takes at most. */
        private static final long PATIENCE_NANOS = 30_000_000_000L;

        final DriverLink first;
        final JobQueue<Object> queue;
        volatile int runs;

        ResetDriver() {
            queue = open(4);
            first = link();
        }

        @Override
        public FailureDomain failureDomain() {
            return this;
        }

        @Override
        public void run(long seqno, Object payload) {
            // One thread at a time.
            int before = runs;
            runs = before + 1;
        }

        @Override
        public boolean hasStarted(long seqno) {
            return false;
        }

        void resetBecauseOf(long seqno) {
            first.fault(seqno, "jcstress");
            // By time, for the compiler leaves out the safepoint polls of a loop that counts: recovery would stand still with it.
            long begun = System.nanoTime();
            while (!isOver() && System.nanoTime() - begun < PATIENCE_NANOS) {
                Thread.onSpinWait();
            }
            if (!isOver()) {
                // Shown with the result: which part of the recovery does not come to its end.
                System.err.println("recovery not over: " + queue.dump() + runtime().dump());
            }
        }

        /** The second run, or the end of the job: the recovery found it complete. */
        private boolean isOver() {
            return runs == 2 || queue.timeline().signaled() == 1;
        }

        @Override
        public String name() {
            return "jcstress";
        }

        @Override
        public Fence quiesce() {
            return Fences.signalled();
        }

        @Override
        public Fence resume() {
            return Fences.signalled();
        }

        @Override
        public Fence reset() {
            return Fences.signalled();
        }
    }

    /** A reset beside a push over the first link. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "It was told in time.")
    @Outcome(id = "2, 0", expect = ACCEPTABLE,
            desc = "It came too late: the job was handed over again, and is not finished.")
    @Outcome(id = "1, 0", expect = FORBIDDEN,
            desc = "The recovery has not come to its end: the job is neither finished nor run again.")
    @Outcome(expect = FORBIDDEN,
            desc = "The job that was handed over again was finished by the report of the former epoch.")
    @State
    public static class RealQueue {

        final ResetDriver device = new ResetDriver();

        /** Puts the job on the device. */
        public RealQueue() {
            device.queue.trySubmit("job");
        }

        @Actor
        public void recovery() {
            device.resetBecauseOf(1);
        }

        @Actor
        public void device() {
            device.first.completed(1);
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r1 = device.runs;
            result.r2 = (int) device.queue.timeline().signaled();
            device.completed = 1;
            device.queue.timeline().poll();
            device.queue.startClose();
        }
    }

    /** One box of reports, which is emptied when the epoch begins. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE,
            desc = "It was taken with the last word, or came before the box was emptied.")
    @Outcome(id = "1", expect = ACCEPTABLE_INTERESTING,
            desc = "It was put into the box after that: the job of the new epoch is finished by it.")
    @State
    public static class EmptiesTheBox {

        final AtomicLong box = new AtomicLong();
        final AtomicInteger epoch = new AtomicInteger();

        @Actor
        public void device() {
            box.set(1);
        }

        @Actor
        public void recovery() {
            if (box.getAndSet(0) == 0) {
                box.set(0);
                epoch.set(1);
            }
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = epoch.get() == 1 && box.get() != 0 ? 1 : 0;
        }
    }
}
