package io.ringfence.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

import io.ringfence.fence.PointFence;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;

import org.jspecify.annotations.Nullable;

/**
 * By when jobs of an entity are wanted, until they are handed over: for each the earliest moment that was named for it or for one behind
 * it. Any thread adds to it; the home reads it after it has been told so, and when it hands a job over.
 */
final class Hints {

    /** So many moments are kept; of more, those for the last jobs become one. */
    static final int MOST = 16;

    private static final VarHandle FIRST;

    static {
        try {
            FIRST = MethodHandles.lookup().findVarHandle(Hints.class, "first", Hint.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** All jobs through one are wanted by a moment; those behind it later, if at all. */
    private record Hint(long seqno, long nanoTime, @Nullable Hint later) {

        boolean covers(Hint other) {
            return seqno >= other.seqno && nanoTime - other.nanoTime <= 0;
        }
    }

    private volatile @Nullable Hint first;
    /** What was passed on last for jobs that were handed over; the home's. */
    private @Nullable Hint told;

    /**
     * Adds a moment. Who does so brings news to the home.
     *
     * @param finished the jobs up to this one are not wanted any more
     */
    void add(long seqno, long nanoTime, long finished) {
        Hint known;
        Hint changed;
        do {
            known = first;
            changed = with(known, new Hint(seqno, nanoTime, null), finished);
            Seam.at(Site.SCHEDULE);
        } while (!FIRST.compareAndSet(this, known, changed));
    }

    private static @Nullable Hint with(@Nullable Hint known, Hint added, long finished) {
        List<Hint> all = new ArrayList<>(MOST + 1);
        boolean covered = false;
        int place = 0;
        for (Hint each = known; each != null; each = each.later) {
            covered |= each.covers(added);
            if (each.seqno > finished && !added.covers(each)) {
                all.add(each);
                place += each.seqno < added.seqno ? 1 : 0;
            }
        }
        if (!covered) {
            all.add(place, added);
        }
        if (all.size() > MOST) {
            // Sooner than anybody asked for is no harm.
            Hint last = all.removeLast();
            all.add(new Hint(last.seqno, all.removeLast().nanoTime, null));
        }
        Hint later = null;
        for (Hint each : all.reversed()) {
            later = new Hint(each.seqno, each.nanoTime, later);
        }
        return later;
    }

    /** A job is handed over: the device is told by when it is wanted. */
    void pass(long seqno, PointFence position) {
        for (Hint each = first; each != null; each = each.later) {
            if (each.seqno >= seqno) {
                position.hintDeadline(each.nanoTime);
                return;
            }
        }
    }

    /**
     * Tells the device of what has changed for jobs that were handed over already.
     *
     * @param taken     the last of them
     * @param positions where they stand, each at its seqno modulo the length, which is a power of two
     */
    void passNew(long taken, @Nullable PointFence[] positions) {
        Hint known = first;
        if (known == told) {
            return;
        }
        told = known;
        for (Hint each = known; each != null; each = each.seqno < taken ? each.later : null) {
            PointFence position = positions[(int) Math.min(each.seqno, taken) & positions.length - 1];
            if (position != null) {
                position.hintDeadline(each.nanoTime);
            }
        }
    }
}
