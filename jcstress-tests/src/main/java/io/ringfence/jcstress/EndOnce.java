package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.Turn;
import io.ringfence.queue.JobQueue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.I_Result;

/** The end of a queue / a poll that is just leaving: the driver is closed once. */
public final class EndOnce {

    private EndOnce() {
    }

    /** A queue without jobs. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The driver was closed once.")
    @Outcome(expect = FORBIDDEN, desc = "The driver was closed twice, or not at all.")
    @State
    public static class RealQueue {

        final TinyDriver device = new TinyDriver();
        final JobQueue<Object> queue = device.open(4);

        @Actor
        public void poller() {
            queue.timeline().poll();
        }

        @Actor
        public void closer() {
            queue.startClose();
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = device.closes;
        }
    }

    /** A turn that keeps in a field of the holder what it looks at after it was left. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The end came once.")
    @Outcome(id = "2", expect = ACCEPTABLE_INTERESTING,
            desc = "The poll left the turn, the closer took it and parked it, the poll read that it is parked.")
    @State
    public static class FieldReadAfterLeaving {

        volatile boolean closing;
        volatile int firstEnd;
        volatile int secondEnd;

        final Turn turn = new Turn() {
            private boolean finished;

            @Override
            protected int work(boolean first) {
                if (closing) {
                    finished = true;
                    return PARKED;
                }
                return DONE;
            }

            @Override
            protected Deferred left(int report) {
                if (finished) {
                    if ((report & PARKED) != 0) {
                        firstEnd = 1;
                    } else {
                        secondEnd = 1;
                    }
                }
                return null;
            }

            @Override
            protected Deferred takeAfter() {
                return null;
            }
        };

        @Actor
        public void poller() {
            turn.poll();
        }

        @Actor
        public void closer() {
            closing = true;
            turn.news();
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = firstEnd + secondEnd;
        }
    }
}
