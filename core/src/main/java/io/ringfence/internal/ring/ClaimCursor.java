package io.ringfence.internal.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.timeline.TimelineState;

/** Keeps the claim word away from what lies before it. */
@SuppressWarnings("unused") // padding
abstract class ClaimPadBefore {
    long p00, p01, p02, p03, p04, p05, p06, p07, p08, p09, p0a, p0b, p0c, p0d, p0e, p0f;
}

/** What producers share. */
abstract class ClaimWord extends ClaimPadBefore {

    static final VarHandle CLAIMED;
    static final VarHandle FINISHED_CACHE;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            CLAIMED = lookup.findVarHandle(ClaimWord.class, "claimed", long.class);
            FINISHED_CACHE = lookup.findVarHandle(ClaimWord.class, "finishedCache", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The last claimed seqno; negative once closed, the seqno in the other 63 bits. */
    volatile long claimed;
    /**
     * A copy of the timeline's counter, so that producers do not read that line for each job. May be older, even go
     * back: then a producer reads the counter itself. Acquire and release: a producer that relies on it writes into a
     * slot that the completion turn cleared before it advanced the counter.
     */
    long finishedCache;
    /** How many seqnos may be live at a time; here, for whoever claims has this line, and so wide that no gap is left behind it. */
    final long capacity;

    ClaimWord(int capacity) {
        this.capacity = capacity;
    }
}

/** Keeps the claim word away from what lies behind it. */
@SuppressWarnings("unused") // padding
abstract class ClaimPadAfter extends ClaimWord {
    long p10, p11, p12, p13, p14, p15, p16, p17, p18, p19, p1a, p1b, p1c, p1d, p1e, p1f;

    ClaimPadAfter(int capacity) {
        super(capacity);
    }
}

/**
 * Where producers claim seqnos. The claim is the sequence number and the position in the queue in one atomic step, and
 * the closed bit stands in the same word: a claim comes either before the close or not at all. Threads: any. Cost: one
 * compare-and-set, repeated as often as another producer came first.
 */
public final class ClaimCursor extends ClaimPadAfter {

    /** Answer of {@link #claim}: no room. */
    public static final long FULL = -1;
    /** Answer of {@link #claim}: closed. */
    public static final long CLOSED = -2;

    private static final long CLOSED_BIT = Long.MIN_VALUE;

    private final TimelineState timeline;

    /**
     * Makes a cursor with nothing claimed.
     *
     * @param timeline the timeline whose counter frees slots
     * @param capacity how many seqnos may be live at a time
     */
    public ClaimCursor(TimelineState timeline, int capacity) {
        super(capacity);
        this.timeline = timeline;
    }

    /**
     * Claims consecutive seqnos.
     *
     * @param count how many
     * @return the first of them, or {@link #FULL} or {@link #CLOSED}
     */
    public long claim(int count) {
        for (;;) {
            long last = (long) CLAIMED.getOpaque(this);
            if (last < 0) {
                return CLOSED;
            }
            if (last + count - (long) FINISHED_CACHE.getAcquire(this) > capacity) {
                long finished = timeline.signaledAcquire();
                FINISHED_CACHE.setRelease(this, finished);
                if (last + count - finished > capacity) {
                    return FULL;
                }
            }
            Seam.at(Site.CLAIM);
            if (CLAIMED.compareAndSet(this, last, last + count)) {
                return last + 1;
            }
        }
    }

    /**
     * Claims consecutive seqnos if nobody has claimed any since.
     *
     * @param first the first of them: the one after the last that was claimed
     * @param count how many
     * @return {@code first}; {@link #FULL} if there is no room, or others were quicker; or {@link #CLOSED}
     */
    public long claimAt(long first, int count) {
        if (first - 1 + count - timeline.signaledAcquire() <= capacity) {
            Seam.at(Site.CLAIM);
            if (CLAIMED.compareAndSet(this, first - 1, first - 1 + count)) {
                return first;
            }
        }
        return closedVolatile() ? CLOSED : FULL;
    }

    /**
     * How many seqnos could be claimed now.
     *
     * @return the room; 0 or more
     */
    public int room() {
        long finished = timeline.signaledAcquire();
        FINISHED_CACHE.setRelease(this, finished);
        // What was claimed since the counter was read may have been freed since, too.
        return (int) Math.max(0, capacity - (claimedVolatile() - finished));
    }

    /**
     * How many seqnos are live as far as producers know.
     *
     * @param seqno the seqno just claimed
     * @return an upper bound of the distance to the oldest live seqno
     */
    public long depth(long seqno) {
        return seqno - (long) FINISHED_CACHE.getOpaque(this);
    }

    /** Takes a fresh copy of the timeline's counter. */
    public void refresh() {
        FINISHED_CACHE.setRelease(this, timeline.signaledAcquire());
    }

    /**
     * The last claimed seqno.
     *
     * @return the seqno, 0 if none was claimed yet
     */
    public long claimedVolatile() {
        return (long) CLAIMED.getVolatile(this) & ~CLOSED_BIT;
    }

    /**
     * Whether claims are refused.
     *
     * @return true once {@link #close()} was called
     */
    public boolean closedVolatile() {
        return (long) CLAIMED.getVolatile(this) < 0;
    }

    /**
     * Refuses claims from now on.
     *
     * @return true for the first caller
     */
    public boolean close() {
        Seam.at(Site.CLOSE);
        return (long) CLAIMED.getAndBitwiseOr(this, CLOSED_BIT) >= 0;
    }
}
