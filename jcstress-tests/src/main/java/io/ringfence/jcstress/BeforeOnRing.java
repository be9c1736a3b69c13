package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;
import io.ringfence.scheduler.Entity;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Before it on the ring / elsewhere: a job is handed over right behind one that it depends on only if that one is on the same ring, or
 * finished. Whoever hands over stores the seqno for its place in the ring, then the last one that was taken, and gives the entity up when
 * nothing of it is on its device; who asks reads these, and the home last.
 */
public final class BeforeOnRing {

    private BeforeOnRing() {
    }

    /** An entity moves to another ring and has its first job handed over there, beside a job that depends on that one. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The job that depends on it waits.")
    @Outcome(expect = FORBIDDEN, desc = "It was handed over, though the other one is on another ring.")
    @State
    public static class RealSchedulers {

        final TinyScheduler here = new TinyScheduler(4);
        final TinyScheduler there = new TinyScheduler(4);
        final FenceIssuer gate = FenceIssuer.create("gate");
        final Entity<Object> producer = here.entity();
        final Entity<Object> consumer = here.entity();
        final PointFence first = producer.trySubmitFence("job", gate.fence());

        @Actor
        public void mover() {
            there.takes(producer);
            gate.signal();
        }

        @Actor
        public void submitter() {
            consumer.trySubmitFence("job", first);
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r1 = (int) here.device.ran;
            result.r2 = (int) there.device.ran;
            there.end();
            here.end();
        }
    }

    /** The home is read first. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "Not here, or not handed over yet.")
    @Outcome(id = "1", expect = ACCEPTABLE_INTERESTING,
            desc = "It was here, read who asks; it went, and the job was handed over there: taken for before on this ring.")
    @State
    public static class HomeFirst {

        private static final int HERE = 1;
        private static final int THERE = 2;

        final AtomicInteger home = new AtomicInteger(HERE);
        final AtomicLong handed = new AtomicLong();
        final AtomicLong takenSeqno = new AtomicLong();

        @Actor
        public void homes() {
            home.set(0);
            home.compareAndSet(0, THERE);
            handed.setRelease(1);
            takenSeqno.set(1);
        }

        @Actor
        public void asks(I_Result result) {
            boolean isHere = home.get() == HERE;
            result.r1 = isHere && takenSeqno.get() >= 1 && handed.getAcquire() == 1 ? 1 : 0;
        }
    }
}
