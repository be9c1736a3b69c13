package io.ringfence.queue;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.ringfence.internal.ring.ClaimCursor;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.timeline.TimelineState;
import io.ringfence.internal.waiting.Await;

/**
 * Those who found no room in the ring, served in the order in which they came: threads that submit, and fences for room. The
 * first waits for the point that frees enough slots; the others wait to become the first. As long as one waits,
 * {@code trySubmit} answers FULL.
 */
final class SubmitterLine {

    private final ClaimCursor cursor;
    private final TimelineState timeline;
    private final int capacity;
    private final Queue<Place> places = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    /** One who waits. */
    abstract static class Place {
        final int jobs;
        final long since = Seam.nanoTime();

        Place(int jobs) {
            this.jobs = jobs;
        }

        /** It is the first now, or the queue was closed. Any thread. */
        abstract void lookAgain();

        /** Who waits, for people. */
        abstract String describe();
    }

    /** A thread that waits. */
    private static final class ThreadPlace extends Place {
        private final Thread thread = Thread.currentThread();

        ThreadPlace(int jobs) {
            super(jobs);
        }

        @Override
        void lookAgain() {
            Seam.unpark(thread);
        }

        @Override
        String describe() {
            return "thread " + thread.getName() + "#" + thread.threadId();
        }
    }

    /** What the first of the line does, as often as there might be room. */
    interface Attempt {
        /**
         * Claims, without waiting.
         *
         * @return {@link ClaimCursor#FULL} to wait further, anything else to end it
         */
        long claim() throws InterruptedException;
    }

    SubmitterLine(ClaimCursor cursor, TimelineState timeline, int capacity) {
        this.cursor = cursor;
        this.timeline = timeline;
        this.capacity = capacity;
    }

    /** Whether somebody waits, so that others may not claim past them. */
    boolean anyVolatile() {
        return waiting.get() != 0;
    }

    /** How many wait. */
    int length() {
        return waiting.get();
    }

    /** Shows those who wait, in their order. */
    void forEach(Consumer<Place> reader) {
        places.forEach(reader);
    }

    /**
     * Waits for room and claims one seqno.
     *
     * @param nanos the longest wait, or {@code Long.MAX_VALUE}
     * @return the seqno, {@link ClaimCursor#CLOSED}, or {@link ClaimCursor#FULL} if the time was over first
     * @throws InterruptedException if the thread is interrupted first; nothing is claimed then
     */
    long claim(long nanos) throws InterruptedException {
        return claim(1, nanos, () -> cursor.claim(1));
    }

    /**
     * Waits for room and lets the first claim.
     *
     * @param jobs    room for how many
     * @param nanos   the longest wait, or {@code Long.MAX_VALUE}
     * @param attempt what to do when there may be room
     * @return what the attempt answered; {@link ClaimCursor#FULL} if the time was over first
     * @throws InterruptedException if the thread is interrupted first
     */
    long claim(int jobs, long nanos, Attempt attempt) throws InterruptedException {
        boolean bounded = nanos != Long.MAX_VALUE;
        long start = bounded ? Seam.nanoTime() : 0;
        Place mine = new ThreadPlace(jobs);
        enter(mine);
        try {
            while (places.peek() != mine) {
                if (!park(bounded ? nanos - (Seam.nanoTime() - start) : Long.MAX_VALUE)) {
                    return ClaimCursor.FULL;
                }
            }
            for (;;) {
                long answer = attempt.claim();
                if (answer != ClaimCursor.FULL) {
                    return answer;
                }
                if (!awaitRoom(jobs, bounded ? nanos - (Seam.nanoTime() - start) : Long.MAX_VALUE)) {
                    return ClaimCursor.FULL;
                }
            }
        } finally {
            leave(mine);
        }
    }

    private boolean park(long nanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (nanos == Long.MAX_VALUE) {
            Seam.park(this);
            return true;
        }
        Seam.parkNanos(this, nanos);
        return nanos > 0;
    }

    /** The first waits until there may be room, or the queue is closed. */
    private boolean awaitRoom(int jobs, long nanos) throws InterruptedException {
        Await room = new Await();
        if (!timeline.register(room, seqnoThatFrees(jobs))) {
            return true;
        }
        boolean bounded = nanos != Long.MAX_VALUE;
        long start = bounded ? Seam.nanoTime() : 0;
        try {
            while (!room.isDecided() && !cursor.closedVolatile()) {
                if (!park(bounded ? nanos - (Seam.nanoTime() - start) : Long.MAX_VALUE)) {
                    return false;
                }
            }
            return true;
        } finally {
            if (room.decide()) {
                timeline.unregister(room);
            }
        }
    }

    /** The seqno with whose end there is room for so many, if nobody claims meanwhile. */
    long seqnoThatFrees(int jobs) {
        return cursor.claimedVolatile() + jobs - capacity;
    }

    // ---- places

    /** First half of the handshake with those who leave: the place is there, then it is asked whether it is the first. */
    void enter(Place place) {
        places.add(place);
        waiting.incrementAndGet();
    }

    boolean isFirst(Place place) {
        return places.peek() == place;
    }

    /**
     * Gives a place up.
     *
     * @return whether it was still there
     */
    boolean leave(Place place) {
        if (!places.remove(place)) {
            return false;
        }
        waiting.decrementAndGet();
        wakeFirst();
        return true;
    }

    /** Lets the first look again; called when the queue was closed, and by the one who was first before. */
    void wakeFirst() {
        Place first = places.peek();
        if (first != null) {
            first.lookAgain();
        }
    }

    @Override
    public String toString() {
        return "line of submitters";
    }
}
