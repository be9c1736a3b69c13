package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;

import io.ringfence.fence.Failure;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.JobQueue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.IJ_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Outcome / countdown: who finds that nothing is left to wait for finds the outcomes, and need not ask for them again. */
public final class CountedDown {

    private CountedDown() {
    }

    /** A job that names two fences, one of which fails. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The job has failed, and was not run.")
    @Outcome(expect = FORBIDDEN, desc = "The job was run although what it named has failed, or sleeps.")
    @State
    public static class RealQueue {

        final FenceIssuer good = FenceIssuer.create("good");
        final FenceIssuer bad = FenceIssuer.create("bad");
        final TinyDriver device = new TinyDriver();
        final JobQueue<Object> queue = device.open(4);
        final PointFence job =
                Objects.requireNonNull(queue.trySubmitFence(device, good.fence(), bad.fence()), "room for the first");

        @Actor
        public void signaller() {
            good.signal();
        }

        @Actor
        public void failer() {
            bad.fail(new Failure.Cancelled("jcstress"));
        }

        @Arbiter
        public void afterwards(IJ_Result result) {
            queue.timeline().poll();
            result.r1 = job.isDone() && job.failure() != null ? 1 : 0;
            result.r2 = device.ran;
            queue.startClose();
        }
    }

    /** A countdown of one, and an outcome. */
    private static class Model {

        static final VarHandle COUNT;

        static {
            try {
                COUNT = MethodHandles.lookup().findVarHandle(Model.class, "count", int.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        @SuppressWarnings("UnusedVariable") // read and written through COUNT only
        private volatile int count = 1;
        boolean failed;

        final void countDown() {
            int _ = (int) COUNT.getAndAdd(this, -1);
        }

        final int look() {
            return (int) COUNT.getAcquire(this) != 0 ? 2 : failed ? 1 : 0;
        }
    }

    /** The outcome is stored first. */
    @JCStressTest
    @Outcome(id = {"1", "2"}, expect = ACCEPTABLE, desc = "The failure is seen, or the count is not down.")
    @Outcome(id = "0", expect = FORBIDDEN, desc = "Counted down, and the failure is not seen.")
    @State
    public static class OutcomeFirst extends Model {

        @Actor
        public void signaller() {
            failed = true;
            countDown();
        }

        @Actor
        public void owner(I_Result result) {
            result.r1 = look();
        }
    }

    /** The count goes down first. */
    @JCStressTest
    @Outcome(id = {"1", "2"}, expect = ACCEPTABLE, desc = "The failure is seen, or the count is not down.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING, desc = "Counted down, and the failure is not seen.")
    @State
    public static class CountsFirst extends Model {

        @Actor
        public void signaller() {
            countDown();
            failed = true;
        }

        @Actor
        public void owner(I_Result result) {
            result.r1 = look();
        }
    }
}
