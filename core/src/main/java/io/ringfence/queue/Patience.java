package io.ringfence.queue;

import java.time.Duration;

import io.ringfence.internal.seam.Seam;

/**
 * A time that something may take, looked at now and then. A look that comes late, because the process stood still, counts as one
 * that was on time. One thread's.
 */
final class Patience {

    /** Looks in the time that something may take. */
    private static final int SHARE = 8;
    /** What a clock of nanoseconds can tell from the past. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private long left;
    /** How much one look may count. */
    private long tick;
    private long lastLook;

    void begin(Duration bound) {
        left = (bound.compareTo(LONGEST) >= 0 ? LONGEST : bound).toNanos();
        tick = Math.max(1, left / SHARE);
        lastLook = Seam.nanoTime();
    }

    /** One look: whether the time is over. */
    boolean isOver() {
        long now = Seam.nanoTime();
        left -= Math.min(now - lastLook, tick);
        lastLook = now;
        return left <= 0;
    }

    /** When the next look is due, on the scale of the seam's clock. */
    long nextLook() {
        return lastLook + tick;
    }
}
