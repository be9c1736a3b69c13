package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.waiting.Waiter;
import io.ringfence.queue.JobQueue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.J_Result;

/** Dependency registration / signal: a job whose dependency is signalled while it is registered runs, once. */
public final class DependencySignal {

    private DependencySignal() {
    }

    /** A queue and a job that depends on a fence. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The job was handed to the device.")
    @Outcome(expect = FORBIDDEN, desc = "The job sleeps although its dependency is signalled, or ran twice.")
    @State
    public static class RealQueue {

        final FenceIssuer input = FenceIssuer.create("input");
        final TinyDriver device = new TinyDriver() {
            @Override
            public void run(long seqno, Object payload) {
                // One holder of the issue turn at a time writes it.
                long before = ran;
                ran = before + seqno;
            }
        };
        final JobQueue<Object> queue = device.open(4);

        @Actor
        public void submitter() {
            queue.trySubmit(device, input.fence());
        }

        @Actor
        public void signaller() {
            input.signal();
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = device.ran;
            device.completed = 1;
            queue.timeline().poll();
            queue.startClose();
        }
    }

    /** A job that looks at its dependency, registers, and relies on being woken. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The job was handed to the device.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING,
            desc = "The job found the fence pending; it was signalled; the registration was refused and nobody wakes.")
    @State
    public static class IgnoresRefusal {

        final FenceIssuer input = FenceIssuer.create("input");
        long ran;

        final TinyTurn issue = new TinyTurn() {
            private boolean registered;

            @Override
            protected int work(boolean first) {
                if (input.fence().isDone()) {
                    ran = 1;
                } else if (!registered) {
                    registered = true;
                    input.fence().addWaiter(wakeUp);
                }
                return DONE;
            }
        };
        final Waiter wakeUp = new Waiter() {
            @Override
            protected Deferred fired() {
                return issue.enter() ? issue : null;
            }
        };

        @Actor
        public void submitter() {
            issue.news();
        }

        @Actor
        public void signaller() {
            input.signal();
        }

        @Arbiter
        public void afterwards(J_Result result) {
            result.r1 = ran;
        }
    }
}
