package io.ringfence.fence;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.turn.UserCode;
import io.ringfence.internal.waiting.Await;
import io.ringfence.internal.waiting.FifoLock;
import io.ringfence.internal.waiting.FifoLock.Place;

import org.jspecify.annotations.Nullable;

/**
 * The locks on some reservations, held by one thread until closed, and what may be done to them under it.
 *
 * <p>{@link #lock(Reservation...)} takes many at once. Whoever finds out only while locking which others are needed takes them
 * one by one:
 *
 * <pre>{@code
 * try (ReservationLocks locks = ReservationLocks.begin()) {
 *     while (!(locks.lockAlso(a) && locks.lockAlso(b))) {
 *         // had to let go of the other one; holds the one that was in the way
 *     }
 *     locks.reserve(a, 1);
 *     ...
 * }
 * }</pre>
 *
 * <p>Neither can deadlock, whatever order others use: who is older waits, who is younger lets go first. The kernel's wound/wait
 * mutexes and {@code drm_exec}. Used by one thread, which must not wait for further locks with a second object of this class.
 */
public final class ReservationLocks implements AutoCloseable {

    private static final AtomicLong AGES = new AtomicLong();

    private final long age = AGES.incrementAndGet();
    private final Map<Reservation, Place> held = new LinkedHashMap<>();

    private ReservationLocks() {
    }

    /**
     * Begins without a lock.
     *
     * @return locks to be added to; close them
     */
    public static ReservationLocks begin() {
        return new ReservationLocks();
    }

    /**
     * Locks reservations, waiting for each as long as it takes, in the order in which those who wait came.
     *
     * @param reservations any number, in any order, none twice
     * @return the locks; close them
     * @throws IllegalArgumentException if a reservation is named twice; nothing is locked then
     * @throws InterruptedException     if the thread is interrupted while it waits; nothing is locked then
     * @throws IllegalStateException    inside a driver method or a callback
     */
    public static ReservationLocks lock(Reservation... reservations) throws InterruptedException {
        return lockAll(Long.MAX_VALUE, sorted(reservations));
    }

    /**
     * As {@link #lock(Reservation...)}, for at most the given time.
     *
     * @param timeout      the longest wait; zero or less only looks
     * @param reservations any number, in any order, none twice
     * @return the locks; close them
     * @throws TimeoutException         if the time was over first; nothing is locked then
     * @throws IllegalArgumentException if a reservation is named twice; nothing is locked then
     * @throws InterruptedException     if the thread is interrupted while it waits; nothing is locked then
     * @throws IllegalStateException    inside a driver method or a callback
     */
    public static ReservationLocks lock(Duration timeout, Reservation... reservations)
            throws InterruptedException, TimeoutException {
        ReservationLocks locks = lockAll(Await.nanos(timeout), sorted(reservations));
        if (reservations.length != 0 && locks.held.isEmpty()) {
            throw new TimeoutException("not all of " + reservations.length + " reservations could be locked within "
                    + timeout);
        }
        return locks;
    }

    /** Holds nothing if the time was over first. */
    private static ReservationLocks lockAll(long nanos, Reservation... sorted) throws InterruptedException {
        boolean bounded = nanos != Long.MAX_VALUE;
        long start = bounded ? Seam.nanoTime() : 0;
        ReservationLocks locks = new ReservationLocks();
        boolean all = false;
        try {
            // Whatever had to be let go for the sake of somebody older is taken again, from the beginning.
            for (int i = 0; i < sorted.length; i++) {
                long left = bounded ? nanos - (Seam.nanoTime() - start) : Long.MAX_VALUE;
                Taken taken = locks.take(sorted[i], left);
                if (taken == Taken.TOO_LATE) {
                    return locks;
                }
                if (taken == Taken.ALONE && i > 0) {
                    i = -1;
                }
            }
            all = true;
            return locks;
        } finally {
            if (!all) {
                locks.close();
            }
        }
    }

    /**
     * Locks reservations if all of them are free, and nobody else is just trying. Never waits; allowed everywhere.
     *
     * @param reservations any number, in any order, none twice
     * @return the locks, or null if one of them was taken or being tried
     * @throws IllegalArgumentException if a reservation is named twice; nothing is locked then
     */
    public static @Nullable ReservationLocks tryLock(Reservation... reservations) {
        ReservationLocks locks = new ReservationLocks();
        for (Reservation reservation : sorted(reservations)) {
            Place place = reservation.fifo().tryLock(locks.age);
            if (place == null) {
                locks.close();
                return null;
            }
            locks.held.put(reservation, place);
        }
        return locks;
    }

    private static Reservation[] sorted(Reservation... reservations) {
        Reservation[] sorted = reservations.clone();
        Arrays.sort(sorted, Comparator.comparingLong(Reservation::number));
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i] == sorted[i - 1]) {
                throw new IllegalArgumentException(sorted[i] + " is named twice: each may be locked once");
            }
        }
        return sorted;
    }

    /**
     * Locks one more reservation; does nothing if it is locked here already.
     *
     * @param reservation the reservation
     * @return true if it is locked and so are those that were before; false if, so as not to deadlock with somebody older,
     *         all those had to be let go: only this one is locked now, and the caller begins again with the others
     * @throws InterruptedException  if the thread is interrupted while it waits; this one is not locked then, and the others may
     *                               have been let go
     * @throws IllegalStateException inside a driver method or a callback, or if this thread has locked it by other locks
     */
    public boolean lockAlso(Reservation reservation) throws InterruptedException {
        return take(reservation, Long.MAX_VALUE) == Taken.WITH_THE_OTHERS;
    }

    private enum Taken {
        WITH_THE_OTHERS, ALONE, TOO_LATE
    }

    private Taken take(Reservation reservation, long nanos) throws InterruptedException {
        UserCode.refuseParking("locking", Objects.requireNonNull(reservation, "reservation"));
        if (held.containsKey(reservation)) {
            return Taken.WITH_THE_OTHERS;
        }
        FifoLock lock = reservation.fifo();
        if (lock.isHeldByCaller()) {
            throw new IllegalStateException(
                    "this thread has locked " + reservation + " by other locks already, and would wait for itself");
        }
        Place place = lock.enter(age);
        boolean taken = false;
        try {
            boolean all = held.isEmpty() || !lock.olderAhead(place);
            if (!all) {
                close();
            }
            if (!lock.await(place, nanos)) {
                return Taken.TOO_LATE;
            }
            held.put(reservation, place);
            taken = true;
            return all ? Taken.WITH_THE_OTHERS : Taken.ALONE;
        } finally {
            if (!taken) {
                lock.unlock(place);
            }
        }
    }

    private Reservation mine(Reservation reservation) {
        if (!held.containsKey(reservation)) {
            throw new IllegalStateException(reservation + " is not locked here");
        }
        return reservation;
    }

    /**
     * Makes room for fences, so that adding them cannot fail. Fences that are signalled are dropped on this occasion. What is not
     * used when the lock is released is lost.
     *
     * @param reservation a reservation locked here
     * @param more        for how many, 1 or more; counts from now, not in addition to what was reserved before
     * @throws IllegalArgumentException unless {@code more} is 1 or more
     * @throws IllegalStateException    if the reservation is not locked here
     */
    public void reserve(Reservation reservation, int more) {
        if (more < 1) {
            throw new IllegalArgumentException("room for " + more + " fences: must be 1 or more");
        }
        mine(reservation).reserve(more);
    }

    /**
     * Adds a fence, for which room was reserved. Allocates one small object and cannot fail otherwise.
     *
     * @param reservation a reservation locked here
     * @param fence       the fence
     * @param usage       what it is there for
     * @throws IllegalStateException if the reservation is not locked here, or no room is left
     */
    public void add(Reservation reservation, Fence fence, Usage usage) {
        add(reservation, new Reservation.Entry(Objects.requireNonNull(fence, "fence"),
                Objects.requireNonNull(usage, "usage")));
    }

    /**
     * Adds a fence, for which room was reserved. Allocates nothing.
     *
     * @param reservation a reservation locked here
     * @param entry       the fence, and what it is there for
     * @throws IllegalStateException if the reservation is not locked here, or no room is left
     */
    public void add(Reservation reservation, Reservation.Entry entry) {
        mine(reservation).add(entry);
    }

    /**
     * Puts one fence in place of another, and of all others of that one's timeline; such as the fence of an unmapping in place of
     * a preempt fence. Only right if the new fence means that what the old one stood for has ended.
     *
     * @param reservation a reservation locked here
     * @param old         the fence to be replaced, or another one of its timeline
     * @param fence       the fence to come
     * @param usage       what it is there for
     * @return how many were replaced
     * @throws IllegalStateException if the reservation is not locked here
     */
    public int replace(Reservation reservation, Fence old, Fence fence, Usage usage) {
        return mine(reservation).replace(old, Objects.requireNonNull(fence, "fence"),
                Objects.requireNonNull(usage, "usage"));
    }

    /**
     * Adds everything pending that another reservation holds now.
     *
     * @param reservation a reservation locked here
     * @param from        where to copy from; need not be locked
     * @throws IllegalStateException if the reservation is not locked here
     */
    public void copy(Reservation reservation, Reservation from) {
        mine(reservation);
        var entries = from.entries(Usage.BOOKKEEP);
        if (!entries.isEmpty()) {
            reservation.reserve(Math.addExact(entries.size(), reservation.room()));
            entries.forEach(reservation::add);
        }
    }

    /** Releases all locks held here. */
    @Override
    public void close() {
        held.forEach((reservation, place) -> {
            reservation.unreserve();
            reservation.fifo().unlock(place);
        });
        held.clear();
    }

    @Override
    public String toString() {
        return "locks on " + held.keySet();
    }
}
