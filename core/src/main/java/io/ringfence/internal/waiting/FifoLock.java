package io.ringfence.internal.waiting;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.ringfence.internal.seam.Site;
import io.ringfence.internal.seam.Seam;

import org.jspecify.annotations.Nullable;

/**
 * A lock whose holder is the first of a line; the others of the line get it in the order in which they came. Threads: any; a
 * place belongs to the thread that took it, but any may give it up.
 */
public final class FifoLock {

    /** A place in the line. */
    public static final class Place {
        private final Thread thread = Thread.currentThread();
        private final long age;

        private Place(long age) {
            this.age = age;
        }
    }

    private final Queue<Place> line = new ConcurrentLinkedQueue<>();

    /** Makes a lock that is free. */
    public FifoLock() {
    }

    /**
     * Takes the lock if nobody has it.
     *
     * @param age a number that is lower the older who asks is
     * @return the holder's place, or null
     */
    public @Nullable Place tryLock(long age) {
        if (!line.isEmpty()) {
            return null;
        }
        Place mine = new Place(age);
        Seam.at(Site.LOCK);
        line.add(mine);
        Seam.at(Site.LOCK);
        if (line.peek() == mine) {
            return mine;
        }
        unlock(mine);
        return null;
    }

    /**
     * Gets into the line; {@link #await} then waits for the lock.
     *
     * @param age a number that is lower the older who asks is
     * @return the place
     */
    public Place enter(long age) {
        Place mine = new Place(age);
        Seam.at(Site.LOCK);
        line.add(mine);
        return mine;
    }

    /**
     * Whether the calling thread has the lock.
     *
     * @return whether the first place is its own
     */
    public boolean isHeldByCaller() {
        Place first = line.peek();
        return first != null && first.thread == Thread.currentThread();
    }

    /**
     * Whether somebody older stands before a place, holding the lock or waiting for it.
     *
     * @param mine the place
     * @return whether there is somebody
     */
    public boolean olderAhead(Place mine) {
        for (Place ahead : line) {
            if (ahead == mine) {
                return false;
            }
            if (ahead.age < mine.age) {
                return true;
            }
        }
        return false;
    }

    /**
     * Waits until a place is the first.
     *
     * @param mine  the place
     * @param nanos the longest wait, or {@code Long.MAX_VALUE}
     * @return false if the time was over first; the caller then gives the place up
     * @throws InterruptedException if the thread is interrupted first; the caller then gives the place up
     */
    public boolean await(Place mine, long nanos) throws InterruptedException {
        for (int spins = Await.spins(); spins > 0 && line.peek() != mine; spins--) {
            Seam.spin();
        }
        boolean bounded = nanos != Long.MAX_VALUE;
        long start = bounded ? Seam.nanoTime() : 0;
        while (line.peek() != mine) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (!bounded) {
                Seam.park(this);
                continue;
            }
            long left = nanos - (Seam.nanoTime() - start);
            if (left <= 0) {
                return false;
            }
            Seam.parkNanos(this, left);
        }
        return true;
    }

    /**
     * Gives a place up, whether it is the first or not.
     *
     * @param mine the place
     */
    public void unlock(Place mine) {
        Seam.at(Site.LOCK);
        line.remove(mine);
        Seam.at(Site.LOCK);
        Place first = line.peek();
        if (first != null) {
            Seam.unpark(first.thread);
        }
    }
}
