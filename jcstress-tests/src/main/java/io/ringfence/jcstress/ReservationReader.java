package io.ringfence.jcstress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Reservation;
import io.ringfence.fence.ReservationLocks;
import io.ringfence.fence.Usage;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Reading a reservation / adding to it: a reader sees the entries of one moment, in the order in which they were added,
 * and never a place that is not filled yet.
 */
public final class ReservationReader {

    private ReservationReader() {
    }

    /** A writer that adds a fence, makes room, which copies the list, and adds another. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "Before the first.")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The first.")
    @Outcome(id = "12", expect = ACCEPTABLE, desc = "The first, then the second.")
    @Outcome(expect = FORBIDDEN, desc = "No state that the list ever had.")
    @State
    public static class RealReservation {

        private static final FenceIssuer FIRST = FenceIssuer.create("first");
        private static final FenceIssuer SECOND = FenceIssuer.create("second");

        final Reservation reservation = Reservation.create("jcstress");
        final ReservationLocks locks = ReservationLocks.tryLock(reservation);

        /** Makes room for the first. */
        public RealReservation() {
            locks.reserve(reservation, 1);
        }

        @Actor
        public void writer() {
            locks.add(reservation, FIRST.fence(), Usage.WRITE);
            locks.reserve(reservation, 1);
            locks.add(reservation, SECOND.fence(), Usage.READ);
        }

        @Actor
        public void reader(I_Result result) {
            int seen = 0;
            for (Fence fence : reservation.fences(Usage.BOOKKEEP)) {
                seen = 10 * seen + (fence == FIRST.fence() ? 1 : fence == SECOND.fence() ? 2 : 9);
            }
            result.r1 = seen;
        }
    }

    /** One array that everybody reads; the count has the right accesses but is stored before the element. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "Before the first.")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The first.")
    @Outcome(id = "12", expect = ACCEPTABLE, desc = "The first, then the second.")
    @Outcome(id = {"9", "19", "99"}, expect = ACCEPTABLE_INTERESTING,
            desc = "The reader came between the count and the element.")
    @State
    public static class CountFirst {

        private static final VarHandle COUNT = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "count",
                VarHandle.class, CountFirst.class, int.class);

        final Integer[] entries = new Integer[2];
        int count;

        @Actor
        public void writer() {
            COUNT.setRelease(this, 1);
            entries[0] = 1;
            COUNT.setRelease(this, 2);
            entries[1] = 2;
        }

        @Actor
        public void reader(I_Result result) {
            int seen = 0;
            int there = (int) COUNT.getAcquire(this);
            for (int i = 0; i < there; i++) {
                Integer entry = entries[i];
                seen = 10 * seen + (entry == null ? 9 : entry);
            }
            result.r1 = seen;
        }
    }
}
