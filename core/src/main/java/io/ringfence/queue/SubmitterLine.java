package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import io.ringfence.internal.seam.Site;
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

    private static final VarHandle WAITING;

    static {
        try {
            WAITING = MethodHandles.lookup().findVarHandle(SubmitterLine.class, "waiting", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ClaimCursor cursor;
    private final TimelineState timeline;
    private final int capacity;
    private final Queue<Place> places = new ConcurrentLinkedQueue<>();
    private final Queue<Place> watching = new ConcurrentLinkedQueue<>();
    /** How many stand in the line; looked at by each job, and so without another object in between. */
    private volatile int waiting;
    /** Claims past the line that signalled fences stand for; void when nobody waits. */
    private final AtomicInteger promised = new AtomicInteger();

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

    SubmitterLine(ClaimCursor cursor, TimelineState timeline, int capacity) {
        this.cursor = cursor;
        this.timeline = timeline;
        this.capacity = capacity;
    }

    /** Whether somebody waits, so that others may not claim past them. */
    boolean anyVolatile() {
        return waiting != 0;
    }

    /**
     * Whether one who does not wait may claim: nobody stands in the line, or room was promised to one who stood there.
     *
     * @param jobs how many are to be claimed
     */
    boolean lets(int jobs) {
        Seam.at(Site.LINE_LOOK);
        if (waiting == 0) {
            return true;
        }
        for (;;) {
            int known = promised.get();
            if (known < jobs) {
                return false;
            }
            if (promised.compareAndSet(known, known - jobs)) {
                return true;
            }
        }
    }

    /** How many wait. */
    int length() {
        return waiting;
    }

    /** Shows those who wait, in their order. */
    void forEach(Consumer<Place> reader) {
        places.forEach(reader);
    }

    /**
     * Waits for room and lets the first claim. What it claims it also publishes, for when it has left the line others are told,
     * which may run anybody's code; it brings the news of it afterwards.
     *
     * @param nanos   the longest wait, or {@code Long.MAX_VALUE}
     * @param attempt what to do when there may be room for one
     * @return what the attempt answered; {@link ClaimCursor#FULL} if the time was over first
     * @throws InterruptedException if the thread is interrupted first
     */
    long claim(long nanos, LongSupplier attempt) throws InterruptedException {
        Bound bound = new Bound(nanos);
        Place mine = new ThreadPlace(1);
        enter(mine);
        try {
            // One that is closed serves its line too, one after the other.
            if (!awaitFirst(mine, bound, () -> false)) {
                return ClaimCursor.FULL;
            }
            for (;;) {
                long answer = attempt.getAsLong();
                if (answer != ClaimCursor.FULL || !awaitRoom(1, bound, cursor::closedVolatile)) {
                    return answer;
                }
            }
        } finally {
            leave(mine);
        }
    }

    /** How long somebody is ready to wait. */
    static final class Bound {
        private final long nanos;
        private final long start;

        Bound(long nanos) {
            this.nanos = nanos;
            start = nanos == Long.MAX_VALUE ? 0 : Seam.nanoTime();
        }

        /** Zero or less if the time is over, {@code Long.MAX_VALUE} without a bound. */
        long left() {
            return nanos == Long.MAX_VALUE ? nanos : nanos - (Seam.nanoTime() - start);
        }
    }

    /** A place for the calling thread. */
    static Place placeFor(int jobs) {
        return new ThreadPlace(jobs);
    }

    /** Waits until a place is the first, or there is no need any more; false if the time was over before. */
    boolean awaitFirst(Place mine, Bound bound, BooleanSupplier needless) throws InterruptedException {
        Seam.at(Site.LINE_LOOK);
        while (places.peek() != mine && !needless.getAsBoolean()) {
            if (!park(bound.left())) {
                return false;
            }
        }
        return true;
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

    /** The first waits until there may be room, or there is no need any more; false if the time was over before. */
    boolean awaitRoom(int jobs, Bound bound, BooleanSupplier needless) throws InterruptedException {
        Await room = new Await();
        if (!timeline.register(room, seqnoThatFrees(jobs))) {
            return true;
        }
        try {
            while (!room.isDecided() && !needless.getAsBoolean()) {
                if (!park(bound.left())) {
                    return false;
                }
            }
            return true;
        } finally {
            if (room.decide()) {
                timeline.unregister(room);
            } else {
                room.goOn();
            }
        }
    }

    /** The seqno with whose end there is room for so many, if nobody claims meanwhile. */
    long seqnoThatFrees(int jobs) {
        return cursor.claimedVolatile() + jobs - capacity;
    }

    // ---- who only wants to know of the close

    /** Has a place told when the queue is closed, though it does not stand in this line. */
    void watch(Place place) {
        watching.add(place);
    }

    void unwatch(Place place) {
        watching.remove(place);
    }

    /** The queue was closed. */
    void closed() {
        wakeFirst();
        watching.forEach(Place::lookAgain);
    }

    // ---- places

    /** First half of the handshake with those who leave: the place is there, then it is asked whether it is the first. */
    void enter(Place place) {
        // Counted first: whoever leaves meanwhile finds that the line is not empty.
        Seam.at(Site.LINE_ENTER);
        int _ = (int) WAITING.getAndAdd(this, 1);
        try {
            Seam.at(Site.LINE_ENTER);
            places.add(place);
        } catch (Throwable noPlace) {
            uncount();
            wakeFirst();
            throw noPlace;
        }
    }

    private void uncount() {
        if ((int) WAITING.getAndAdd(this, -1) == 1 && promised.get() != 0) {
            promised.set(0);
        }
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
        return leave(place, 0);
    }

    /**
     * Gives a place up. If it was still there, room is promised: whoever submits because of it is not to be sent to the end of the
     * line.
     *
     * @param promise how many jobs there is room for
     * @return whether it was still there
     */
    boolean leave(Place place, int promise) {
        Seam.at(Site.LINE_LEAVE);
        if (!places.remove(place)) {
            return false;
        }
        Seam.at(Site.LINE_LEAVE);
        if (promise != 0) {
            promised.accumulateAndGet(promise, (known, more) -> Math.min(capacity, known + more));
        }
        uncount();
        wakeFirst();
        return true;
    }

    /** Lets the first look again; called when the queue was closed, and by the one who was first before. */
    void wakeFirst() {
        Seam.at(Site.LINE_LEAVE);
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
