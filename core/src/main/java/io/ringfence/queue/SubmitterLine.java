package io.ringfence.queue;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.internal.ring.ClaimCursor;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.timeline.TimelineState;
import io.ringfence.internal.waiting.Await;

/**
 * Submitters that found the ring full, served in the order in which they came. The first waits for the point that frees
 * a slot; the others wait for their turn to be first. As long as one waits, {@code trySubmit} answers FULL.
 */
final class SubmitterLine {

    private final ClaimCursor cursor;
    private final TimelineState timeline;
    private final int capacity;
    private final Queue<Place> places = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    private static final class Place {
        final Thread thread = Thread.currentThread();
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

    /** How many submitters wait. */
    int length() {
        return waiting.get();
    }

    /**
     * Waits for room and claims one seqno.
     *
     * @return the seqno, or {@link ClaimCursor#CLOSED}
     * @throws InterruptedException if the thread is interrupted first; nothing is claimed then
     */
    long claim() throws InterruptedException {
        Place mine = new Place();
        places.add(mine);
        waiting.incrementAndGet();
        try {
            while (places.peek() != mine) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                Seam.park(this);
            }
            for (;;) {
                long seqno = cursor.claim(1);
                if (seqno != ClaimCursor.FULL) {
                    return seqno;
                }
                awaitRoom();
            }
        } finally {
            places.remove(mine);
            waiting.decrementAndGet();
            wakeFirst();
        }
    }

    private void awaitRoom() throws InterruptedException {
        Await room = new Await();
        if (!timeline.register(room, cursor.claimedVolatile() + 1 - capacity)) {
            return;
        }
        try {
            while (!room.isDecided() && !cursor.closedVolatile()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                Seam.park(this);
            }
        } finally {
            if (room.decide()) {
                timeline.unregister(room);
            }
        }
    }

    /** Lets the first look again; called when the queue was closed, and by the one who was first before. */
    void wakeFirst() {
        Place first = places.peek();
        if (first != null) {
            Seam.unpark(first.thread);
        }
    }

    @Override
    public String toString() {
        return "line of submitters";
    }
}
