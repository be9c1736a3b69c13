package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.driver.DeviceWaits;
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
 * Inputs of a job on the device / completion turn: a job that the device has completed is settled when the last of its inputs is, also
 * if one of them was signalled while it was handed over. A signaller counts down and then looks which turn the job belongs to; the
 * issue turn says that it is on the device before it is.
 */
public final class WaitedOnDevice {

    private WaitedOnDevice() {
    }

    /** A job with two inputs, of which one is signalled beside the hand-over and the other after it. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The job is finished, ok.")
    @Outcome(expect = FORBIDDEN,
            desc = "It stays pending although it is complete and its inputs are signalled, or it failed.")
    @State
    public static class RealQueues {

        final FenceIssuer gate = FenceIssuer.create("gate");
        final TinyWaitingDriver left = new TinyWaitingDriver();
        final TinyWaitingDriver right = new TinyWaitingDriver();
        final TinyWaitingDriver waiter = new TinyWaitingDriver() {
            @Override
            public void runAfter(long seqno, Object payload, DeviceWaits waits) {
                link().completed(seqno);
            }

            @Override
            public void run(long seqno, Object payload) {
                link().completed(seqno);
            }
        };
        final JobQueue<Object> lefts = left.open(4);
        final JobQueue<Object> rights = right.open(4);
        final JobQueue<Object> waiting = waiter.open(4);
        final PointFence fence;

        /** Only the right input has not been handed over. */
        public RealQueues() {
            PointFence first = lefts.trySubmitFence("job");
            PointFence second = rights.trySubmitFence("job", gate.fence());
            fence = waiting.trySubmitFence("job", first, second);
        }

        @Actor
        public void signaller() {
            // A poll would be in vain beside a look that was too early.
            left.link().completed(1);
        }

        @Actor
        public void opener() {
            gate.signal();
            right.link().completed(1);
        }

        @Arbiter
        public void afterwards(JJ_Result result) {
            result.r1 = waiting.timeline().signaled();
            result.r2 = fence.isDone() && fence.failure() == null ? 1 : 0;
            lefts.startClose();
            rights.startClose();
            waiting.startClose();
        }
    }

    /** Two inputs, a job that is complete as soon as it is handed over, and its completion turn. */
    private abstract static class Model {

        volatile boolean first;
        volatile boolean second;
        volatile boolean onDevice;
        final AtomicInteger pending = new AtomicInteger(2);
        volatile int settled;

        final TinyTurn completion = new TinyTurn() {
            @Override
            protected int work(boolean firstLook) {
                if (onDevice && first && second) {
                    settled = 1;
                }
                return DONE;
            }
        };

        abstract void fired();

        final void signal() {
            first = true;
            fired();
        }

        final void handOver() {
            onDevice = true;
            completion.news();
            second = true;
            fired();
        }
    }

    /** The model of the core: counted down, then looked which turn it is. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The job is settled.")
    @Outcome(expect = FORBIDDEN, desc = "The job stays pending.")
    @State
    public static class CountsFirst extends Model {

        @Override
        void fired() {
            if (pending.getAndAdd(-1) == 1 && onDevice) {
                completion.news();
            }
        }

        @Actor
        public void signaller() {
            signal();
        }

        @Actor
        public void opener() {
            handOver();
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = settled;
        }
    }

    /** The same, looked before it is counted down. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The job is settled.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING,
            desc = "Not on the device, read the one; it was handed over, the other counted down; the one counted last.")
    @State
    public static class LooksFirst extends Model {

        @Override
        void fired() {
            boolean there = onDevice;
            if (pending.getAndAdd(-1) == 1 && there) {
                completion.news();
            }
        }

        @Actor
        public void signaller() {
            signal();
        }

        @Actor
        public void opener() {
            handOver();
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = settled;
        }
    }
}
