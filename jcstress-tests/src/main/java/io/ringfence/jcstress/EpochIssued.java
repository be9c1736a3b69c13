package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;

import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Issued / epoch: another queue that reads the epoch and then {@code issued} never takes a job for handed over in an epoch in which it
 * was not. A model of {@code Rewind.restart} and {@code NativeWaits.handedOverIn}.
 */
public final class EpochIssued {

    private EpochIssued() {
    }

    /** A job that was handed over in epoch 0, and is not again. */
    private abstract static class Ring {

        final AtomicLong issued = new AtomicLong(1);
        final AtomicInteger epoch = new AtomicInteger();

        final void look(II_Result result) {
            result.r1 = epoch.get();
            result.r2 = issued.get() >= 1 ? 1 : 0;
        }
    }

    /** Issued goes back, then the epoch begins. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE,
            desc = "Handed over in the former epoch, which the device knows to be over.")
    @Outcome(id = {"0, 0", "1, 0"}, expect = ACCEPTABLE, desc = "Not handed over.")
    @Outcome(expect = FORBIDDEN, desc = "Handed over in an epoch in which it was not.")
    @State
    public static class IssuedFirst extends Ring {

        @Actor
        public void recovery() {
            issued.set(0);
            epoch.set(1);
        }

        @Actor
        public void waiter(II_Result result) {
            look(result);
        }
    }

    /** The epoch begins, then issued goes back. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE,
            desc = "Handed over in the former epoch, which the device knows to be over.")
    @Outcome(id = {"0, 0", "1, 0"}, expect = ACCEPTABLE, desc = "Not handed over.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE_INTERESTING,
            desc = "The new epoch was read, and issued before it went back: the device waits for what it was never given.")
    @State
    public static class EpochFirst extends Ring {

        @Actor
        public void recovery() {
            epoch.set(1);
            issued.set(0);
        }

        @Actor
        public void waiter(II_Result result) {
            look(result);
        }
    }
}
