package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;
import io.ringfence.scheduler.Entity;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Offer / look: who sees that a job is offered sees the job; and who sees that everything up to it is sorted sees that it was offered.
 * The entity's issue turn stores the job plain, {@code offered} with release, {@code sorted} with release; the home reads {@code
 * sorted}, then {@code offered}, then the job.
 */
public final class EntityOffer {

    private EntityOffer() {
    }

    static final class Job {
        int work;
    }

    /** A job that is offered while its home looks at the entity for another reason, and has no credits. */
    @JCStressTest
    @Outcome(id = "0, 42, 1", expect = ACCEPTABLE,
            desc = "Not passed before it was handed over; handed over with all that is in it.")
    @Outcome(expect = FORBIDDEN, desc = "It was passed though it waits, or is not what was submitted.")
    @State
    public static class RealScheduler {

        volatile int work;
        final TinyScheduler scheduler = new TinyScheduler(1, new TinyDriver() {
            @Override
            public void run(long seqno, Object payload) {
                super.run(seqno, payload);
                if (payload instanceof Job job) {
                    work = job.work;
                }
            }
        });
        final FenceIssuer gate = FenceIssuer.create("gate");
        final Entity<Object> busy = scheduler.entity();
        final Entity<Object> entity = scheduler.entity();
        final PointFence first;

        /** Puts the job of another entity on the device. */
        public RealScheduler() {
            TinyScheduler.submit(busy);
            Job job = new Job();
            job.work = 42;
            first = entity.trySubmitFence(job, gate.fence());
        }

        @Actor
        public void opener() {
            gate.signal();
        }

        @Actor
        public void submitter() {
            TinyScheduler.submit(entity);
        }

        @Arbiter
        public void afterwards(III_Result result) {
            result.r1 = entity.scheduled(first).isDone() ? 1 : 0;
            scheduler.completeAll();
            result.r2 = work;
            result.r3 = entity.scheduled(first).isDone() ? 1 : 0;
            scheduler.end();
        }
    }

    /** The first job is looked for, then what is sorted is read. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "Nothing was sorted yet, or the job was found.")
    @Outcome(id = "1", expect = ACCEPTABLE_INTERESTING,
            desc = "No job, then sorted up to it: it is passed as if it had been handed over.")
    @State
    public static class HeadFirst {

        final AtomicLong offered = new AtomicLong();
        final AtomicLong sorted = new AtomicLong();

        @Actor
        public void issueTurn() {
            offered.setRelease(1);
            sorted.setRelease(1);
        }

        @Actor
        public void home(I_Result result) {
            boolean head = offered.get() != 0;
            long last = sorted.get();
            result.r1 = head ? 0 : (int) last;
        }
    }

    /** It is stored that the job is offered, then the job. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The look came before the offer.")
    @Outcome(id = "1, 42", expect = ACCEPTABLE, desc = "The offer brought the job.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING, desc = "The look came between the offer and the job.")
    @State
    public static class OffersFirst {

        private static final VarHandle OFFERED = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "offered",
                VarHandle.class, OffersFirst.class, long.class);

        long offered;
        int job;

        @Actor
        public void issueTurn() {
            OFFERED.setRelease(this, 1L);
            job = 42;
        }

        @Actor
        public void home(II_Result result) {
            if ((long) OFFERED.getVolatile(this) == 1) {
                result.r1 = 1;
                result.r2 = job;
            }
        }
    }
}
