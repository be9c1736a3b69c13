package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.ringfence.fence.Fence;
import io.ringfence.fence.Fences;
import io.ringfence.queue.JobQueue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Room / finished: a fence for room is signalled when room has come. Its place stands in the line before it is looked whether
 * there is room; a waiter hangs on the timeline before the counter is looked at again.
 */
public final class RoomFence {

    private RoomFence() {
    }

    /** A full ring, a completion, and somebody who asks for room. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Signalled.")
    @Outcome(expect = FORBIDDEN, desc = "There is room, and nobody is told.")
    @State
    public static class RealQueue {

        final TinyDriver device = new TinyDriver();
        final JobQueue<Object> queue = device.open(4);
        Fence room = Fences.signalled();

        /** Fills the ring; the device has completed one job. */
        public RealQueue() {
            for (int i = 0; i < 4; i++) {
                queue.trySubmit("job");
            }
        }

        @Actor
        public void asker() {
            room = queue.room(1);
        }

        @Actor
        public void device() {
            device.completed = 1;
            queue.timeline().poll();
        }

        @Arbiter
        public void afterwards(I_Result result) {
            queue.timeline().poll();
            result.r1 = room.isDone() ? 1 : 0;
            device.completed = 4;
            queue.startClose();
        }
    }

    /** Two who ask: the one who leaves the line tells the next. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "Both are signalled.")
    @Outcome(expect = FORBIDDEN, desc = "The second is not told that it is the first now.")
    @State
    public static class TwoPlaces {

        final TinyDriver device = new TinyDriver();
        final JobQueue<Object> queue = device.open(4);
        final Fence first;
        Fence second = Fences.signalled();

        /** Fills the ring; one waits for room. */
        public TwoPlaces() {
            for (int i = 0; i < 4; i++) {
                queue.trySubmit("job");
            }
            first = queue.room(1);
            device.completed = 2;
        }

        @Actor
        public void asker() {
            second = queue.room(1);
        }

        @Actor
        public void device() {
            queue.timeline().poll();
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = (first.isDone() ? 1 : 0) + (second.isDone() ? 1 : 0);
            device.completed = 4;
            queue.startClose();
        }
    }

    /** Looks for room, then takes its place, and does not look again. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Signalled.")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING,
            desc = "The completion found nobody in the line; the place was taken after that.")
    @State
    public static class LooksFirst {

        volatile int finished;
        volatile int waiting;
        volatile int signalled;

        @Actor
        public void asker() {
            if (finished != 0) {
                signalled = 1;
            } else {
                waiting = 1;
            }
        }

        @Actor
        public void device() {
            finished = 1;
            if (waiting != 0) {
                signalled = 1;
            }
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = signalled;
        }
    }
}
