package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicBoolean;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Kill / preemption: who kills a long-running queue while it is opened lets whoever waits for it to leave the device go on at once. A model
 * of {@code Preemption.begin} and {@code QueueEnd.kill}: the one stores how the queue is preempted, then looks whether it was killed; the
 * other stores that, then looks how it is preempted.
 */
public final class PreemptionKilled {

    private PreemptionKilled() {
    }

    private abstract static class Model {
        final AtomicBoolean preemption = new AtomicBoolean();
        final AtomicBoolean killed = new AtomicBoolean();
        /** Signalled any number of times. */
        final AtomicBoolean stopped = new AtomicBoolean();

        final int outcome() {
            return stopped.get() ? 1 : 0;
        }
    }

    /** Each stores, then looks. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Who waits goes on.")
    @Outcome(expect = FORBIDDEN, desc = "Who waits does so for the minimum run period of a queue that was killed.")
    @State
    public static class StoresFirst extends Model {

        @Actor
        public void opener() {
            preemption.set(true);
            if (killed.get()) {
                stopped.set(true);
            }
        }

        @Actor
        public void killer() {
            killed.set(true);
            if (preemption.get()) {
                stopped.set(true);
            }
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = outcome();
        }
    }

    /** Who opens it looks whether it was killed, then stores how it is preempted. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Who waits goes on.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING,
            desc = "Not killed, read the one; the other killed it and found nobody to tell.")
    @State
    public static class LooksFirst extends Model {

        @Actor
        public void opener() {
            boolean isKilled = killed.get();
            preemption.set(true);
            if (isKilled) {
                stopped.set(true);
            }
        }

        @Actor
        public void killer() {
            killed.set(true);
            if (preemption.get()) {
                stopped.set(true);
            }
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = outcome();
        }
    }

    /** Both store with release and look with acquire. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Who waits goes on.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING,
            desc = "Each looked before its own store had reached the other.")
    @State
    public static class AcquireLooks extends Model {

        @Actor
        public void opener() {
            preemption.setRelease(true);
            if (killed.getAcquire()) {
                stopped.set(true);
            }
        }

        @Actor
        public void killer() {
            killed.setRelease(true);
            if (preemption.getAcquire()) {
                stopped.set(true);
            }
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = outcome();
        }
    }
}
