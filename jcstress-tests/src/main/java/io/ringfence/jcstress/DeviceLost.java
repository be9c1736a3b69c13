package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.driver.Completions;
import io.ringfence.queue.JobQueue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.J_Result;

/**
 * Device lost / run still inside: a job that was handed over while the device was found to be gone is failed all the
 * same, without anybody asking for it.
 */
public final class DeviceLost {

    private DeviceLost() {
    }

    /** A queue whose device is gone at the first poll. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The job is finished.")
    @Outcome(id = "0", expect = FORBIDDEN, desc = "The job stays pending although its device is known to be gone.")
    @State
    public static class RealQueue {

        final TinyDriver device = new TinyDriver() {
            @Override
            public void poll(Completions completions) {
                completions.deviceLost("jcstress");
            }
        };
        final JobQueue<Object> queue = device.open(4);

        /** The queue is in use: the device of one that is not is not polled. */
        public RealQueue() {
            var _ = queue.ended();
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
            result.r1 = queue.timeline().signaled();
            queue.timeline().poll();
            queue.startClose();
        }
    }

    /** The issue turn looks whether the device is gone, runs, and tells nobody. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The job is finished.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING,
            desc = "The device was there; it was found gone with nothing issued; issued moved, and nobody looked.")
    @State
    public static class TellsNobody {

        private static final VarHandle ISSUED = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "issued",
                VarHandle.class, TellsNobody.class, long.class);

        volatile boolean lost;
        long issued;
        long finished;

        final TinyTurn completion = new TinyTurn() {
            @Override
            protected int work(boolean first) {
                lost = true;
                finished = (long) ISSUED.getVolatile(TellsNobody.this);
                return DONE;
            }
        };

        @Actor
        public void submitter() {
            boolean refused = lost;
            ISSUED.setVolatile(this, 1L);
            if (refused) {
                completion.news();
            }
        }

        @Actor
        public void poller() {
            completion.poll();
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = finished;
        }
    }
}
