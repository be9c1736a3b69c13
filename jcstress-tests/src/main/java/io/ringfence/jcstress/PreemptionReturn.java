package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.driver.LongRunningDriver;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Fences;
import io.ringfence.fence.Reservation;
import io.ringfence.fence.Usage;
import io.ringfence.queue.LongRunningQueue;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Memory / return to the device: in every reservation that a long-running queue uses stands its present preempt fence before the queue is
 * resumed. Who adds memory reads the present fence and counts the change under one monitor, and puts the fence into the reservation
 * under its lock; who lets the queue return looks under the locks of all reservations that it saw, and begins anew if there was a change.
 */
public final class PreemptionReturn {

    private PreemptionReturn() {
    }

    /** Can be taken off and put back at once. */
    private static final class Device extends TinyDriver implements LongRunningDriver<Object> {

        private volatile boolean away;
        private final CountDownLatch returned = new CountDownLatch(1);

        LongRunningQueue<Object> openLongRunning() {
            return runtime().openLongRunningQueue(this, options(4));
        }

        @Override
        public Fence suspend() {
            away = true;
            return Fences.signalled();
        }

        @Override
        public Fence resume() {
            away = false;
            returned.countDown();
            return Fences.signalled();
        }

        @Override
        public Duration minRun() {
            return Duration.ZERO;
        }

        /** Whether it is back; waits for that. */
        boolean isBack() {
            try {
                return returned.await(1, TimeUnit.MINUTES) && !away;
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    private static AssertionError interrupted(InterruptedException thrown) {
        return new AssertionError("nobody interrupts here", thrown);
    }

    /** A queue leaves and returns because somebody waits, and begins to use memory meanwhile. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "It is back, and who wants its memory has it leave again.")
    @Outcome(expect = FORBIDDEN, desc = "It does not come back, or its memory seems to be free although it may run.")
    @State
    public static class RealQueue {

        final Device device = new Device();
        final LongRunningQueue<Object> queue = device.openLongRunning();
        final Reservation memory = Reservation.create("memory");
        final Fence first = queue.preemptFence();

        @Actor
        public void waiter() {
            first.onDone(() -> {
            });
        }

        @Actor
        public void user() {
            try {
                queue.uses(memory);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }

        @Arbiter
        public void afterwards(II_Result result) {
            result.r1 = device.isBack() ? 1 : 0;
            result.r2 = memory.isDone(Usage.BOOKKEEP) ? 0 : 1;
            queue.kill();
        }
    }

    /** Who lets the queue return does not look whether it uses more by now. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "The fence of the present round stands in the reservation.")
    @Outcome(id = "1", expect = ACCEPTABLE_INTERESTING,
            desc = "The memory came after the look and got the old fence, which is signalled.")
    @State
    public static class LooksOnce {

        private final Object monitor = new Object();
        private int present = 1;
        private boolean used;
        /** The fence that stands in the reservation. */
        final AtomicInteger reservation = new AtomicInteger();

        @Actor
        public void user() {
            int fence;
            synchronized (monitor) {
                fence = present;
                used = true;
            }
            reservation.compareAndSet(0, fence);
        }

        @Actor
        public void round() {
            boolean seen;
            synchronized (monitor) {
                seen = used;
            }
            synchronized (monitor) {
                present = 2;
                if (seen) {
                    reservation.set(2);
                }
            }
        }

        @Arbiter
        public void afterwards(I_Result result) {
            result.r1 = reservation.get();
        }
    }
}
