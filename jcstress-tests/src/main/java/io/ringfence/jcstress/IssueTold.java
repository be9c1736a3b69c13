package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.JobQueue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.J_Result;

/**
 * Head that waits for a hand-over / hand-over: a head that could be left to its device once another job is there is told when that is
 * so. The head adds its place, then looks at {@code issued}; the producer's issue turn stores {@code issued}, leaves, then looks
 * for places.
 */
public final class IssueTold {

    private IssueTold() {
    }

    /** A job that is handed over, and does not end, beside the submission of one that waits for it. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The job that waits was handed over too.")
    @Outcome(expect = FORBIDDEN, desc = "The head sleeps although what it waits for was handed over.")
    @State
    public static class RealQueues {

        final FenceIssuer gate = FenceIssuer.create("gate");
        final TinyWaitingDriver producer = new TinyWaitingDriver();
        final TinyWaitingDriver waiter = new TinyWaitingDriver();
        final JobQueue<Object> producing = producer.open(4);
        final JobQueue<Object> waiting = waiter.open(4);
        final PointFence first = producing.trySubmitFence("job", gate.fence());

        @Actor
        public void opener() {
            gate.signal();
        }

        @Actor
        public void submitter() {
            waiting.trySubmit("job", first);
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = waiter.left;
            producer.completed = 1;
            producing.timeline().poll();
            waiter.completed = 1;
            waiting.timeline().poll();
            producing.startClose();
            waiting.startClose();
        }
    }

    /** Two jobs that are handed over by two, of which the second is waited for: who tells of the first holds its waiter aside. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The job that waits was handed over too.")
    @Outcome(expect = FORBIDDEN, desc = "The head sleeps although what it waits for was handed over.")
    @State
    public static class TwoHandOvers {

        final FenceIssuer one = FenceIssuer.create("one");
        final FenceIssuer two = FenceIssuer.create("two");
        final TinyWaitingDriver producer = new TinyWaitingDriver();
        final TinyWaitingDriver waiter = new TinyWaitingDriver();
        final JobQueue<Object> producing = producer.open(4);
        final JobQueue<Object> waiting = waiter.open(4);

        /** Three heads, of which none can be handed over. */
        public TwoHandOvers() {
            producing.trySubmit("job", one.fence());
            waiting.trySubmit("job", producing.trySubmitFence("job", two.fence()));
        }

        @Actor
        public void firstOpener() {
            one.signal();
        }

        @Actor
        public void secondOpener() {
            two.signal();
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = waiter.left;
            producer.completed = 2;
            producing.timeline().poll();
            waiter.completed = 1;
            waiting.timeline().poll();
            producing.startClose();
            waiting.startClose();
        }
    }

    /** The head looks, then adds its place. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The job that waits was handed over too.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING,
            desc = "The head read issued; issued moved and there was no place; then the place was added.")
    @State
    public static class LooksFirst {

        final AtomicLong issued = new AtomicLong();
        final AtomicLong turn = new AtomicLong(1);
        final AtomicReference<Object> places = new AtomicReference<>();
        final AtomicLong told = new AtomicLong();

        @Actor
        public void opener() {
            issued.setRelease(1);
            turn.getAndAdd(-1);
            if (places.get() != null && places.getAndSet(null) != null) {
                told.set(1);
            }
        }

        @Actor
        public void submitter() {
            if (issued.get() == 1) {
                told.set(1);
            } else {
                places.compareAndSet(null, "place");
            }
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = told.get();
        }
    }

    /** Who has told of the first job puts the others back, and does not look whether one of theirs was handed over meanwhile. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The job that waits was handed over too.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING,
            desc = "The place was held aside when the second hand-over looked for places, and then put back.")
    @State
    public static class PutsBackBlindly {

        final AtomicLong issued = new AtomicLong();
        final AtomicReference<Object> places = new AtomicReference<>("place");
        final AtomicLong told = new AtomicLong();

        private void tell(long through) {
            Object place = places.getAndSet(null);
            if (place != null && through == 2) {
                told.set(1);
            } else if (place != null) {
                places.compareAndSet(null, place);
            }
        }

        @Actor
        public void firstOpener() {
            // The second can be handed over when the first was.
            tell(1);
        }

        @Actor
        public void secondOpener() {
            issued.set(2);
            if (places.get() != null) {
                tell(issued.get());
            }
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = told.get();
        }
    }
}
