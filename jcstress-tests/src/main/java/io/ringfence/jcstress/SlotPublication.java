package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.internal.ring.Slots;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Publish slot / issue turn: whoever sees the stamp of a seqno sees the payload, what is in it, and the credits. The
 * stamp is stored with release and loaded with acquire; all the rest is plain.
 */
public final class SlotPublication {

    private SlotPublication() {
    }

    static final class Job {
        int work;
    }

    /** The slots of the core. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The look came before the stamp.")
    @Outcome(id = "1, 42", expect = ACCEPTABLE, desc = "The stamp brought the payload and the credits.")
    @Outcome(expect = FORBIDDEN, desc = "A stamp without what it stands for.")
    @State
    public static class Stamped {

        final Slots slots = new Slots(2);

        @Actor
        public void producer() {
            Job job = new Job();
            job.work = 40;
            slots.publishRelease(1, job, null, null, false, 2);
        }

        @Actor
        public void issueTurn(II_Result result) {
            if (slots.publishedAcquire(1)) {
                result.r1 = 1;
                Object payload = slots.payloadPlain(1);
                result.r2 = payload instanceof Job job ? job.work + slots.creditsPlain(1) : -1;
            }
        }
    }

    /** A slot whose stamp is stored and loaded like everything else. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The look came before the stamp.")
    @Outcome(id = "1, 42", expect = ACCEPTABLE, desc = "The stamp brought the rest.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING,
            desc = "The payload was loaded before the producer stored it, the stamp after.")
    @State
    public static class PlainStamp {

        long stamp;
        int payload;

        @Actor
        public void producer() {
            payload = 42;
            stamp = 1;
        }

        @Actor
        public void issueTurn(II_Result result) {
            int seen = (int) stamp;
            int work = payload;
            result.r1 = seen;
            result.r2 = seen == 0 ? 0 : work;
        }
    }

    /** The stamp has the right accesses but is not written last. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The look came before the stamp.")
    @Outcome(id = "1, 42", expect = ACCEPTABLE, desc = "The producer was through in time.")
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING, desc = "The look came between the stamp and the payload.")
    @State
    public static class StampFirst {

        private static final VarHandle STAMP = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "stamp",
                VarHandle.class, StampFirst.class, long.class);

        long stamp;
        int payload;

        @Actor
        public void producer() {
            STAMP.setRelease(this, 1L);
            payload = 42;
        }

        @Actor
        public void issueTurn(II_Result result) {
            if ((long) STAMP.getAcquire(this) == 1) {
                result.r1 = 1;
                result.r2 = payload;
            }
        }
    }
}
