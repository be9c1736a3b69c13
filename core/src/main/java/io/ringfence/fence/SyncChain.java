package io.ringfence.fence;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.DeferredList;
import io.ringfence.internal.turn.StackRoom;

import org.jspecify.annotations.Nullable;

/**
 * The points of a sync object between two resets, oldest first.
 *
 * <p>A linked queue after Michael and Scott: appending is a compare-and-set of the last point's link, so the order of
 * points and their place are one step; the first point is the last that is done. Whoever finds the leaf of the next one
 * done settles it and moves on; many may do so at once, a point is settled once by its own word. Of the points that are
 * done only the last holds the one after it, and the chain holds only that last one. Nothing recurses.
 *
 * <p>The handshake: a leaf is signalled, then whoever was told looks at the first points; two leaves signalled at the same
 * time are both seen by one of the two.
 */
final class SyncChain {

    /** Failed points that can be asked for after they were passed. */
    static final int REMEMBERED = 1024;
    /** Every so many points one can be found without walking. */
    private static final int INDEXED = 64;

    private static final VarHandle HEAD;
    private static final VarHandle TAIL;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(SyncChain.class, "head", SyncPoint.class);
            TAIL = lookup.findVarHandle(SyncChain.class, "tail", SyncPoint.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Why the points after {@code previous}, up to the one it is kept under, failed. */
    private record Failed(long previous, Failure cause) {
    }

    /** What is left of the chain in points that are done. */
    record Identity(String name, long id) {
    }

    private final String name;
    private final Identity identity;
    /** The last point that is done. */
    private volatile SyncPoint head;
    /** The last point, or one before it. */
    private volatile SyncPoint tail;
    /** The last point known to be watched; may lag, which costs a walk. */
    private volatile SyncPoint watched;
    private final ConcurrentNavigableMap<Long, SyncPoint> index = new ConcurrentSkipListMap<>();
    private final ConcurrentNavigableMap<Long, Failed> failures = new ConcurrentSkipListMap<>();
    private final AtomicInteger remembered = new AtomicInteger();
    private final AtomicLong forgotten = new AtomicLong();

    /**
     * Makes a chain.
     *
     * @param before what must be done before its first point, or null
     */
    SyncChain(String name, @Nullable Fence before) {
        this.name = name;
        identity = new Identity(name, Timeline.nextId());
        SyncPoint origin = new SyncPoint(this, 0, SignalledFence.STUB);
        origin.settleBefore(null, 0);
        head = origin;
        tail = origin;
        watched = origin;
        if (before != null) {
            prepare(before);
            SyncPoint first = new SyncPoint(this, 0, before);
            origin.appendVolatile(first);
            tail = first;
        }
    }

    private static void prepare(Fence leaf) {
        leaf.prepareWaiting();
        if (leaf instanceof SyncPoint || leaf instanceof AnyFence) {
            // Told to watch its own leaves, so that asking this chain never asks a chain of chains, and everybody who asks
            // finds the same one first.
            leaf.arm();
        }
    }

    Identity identity() {
        return identity;
    }

    /**
     * Appends a point.
     *
     * @param leaf what it stands for
     * @throws IllegalArgumentException unless the seqno is higher than that of the last point
     */
    SyncPoint append(long seqno, Fence leaf) {
        prepare(leaf);
        SyncPoint made = new SyncPoint(this, seqno, leaf);
        for (;;) {
            SyncPoint last = last();
            if (seqno <= last.seqno()) {
                throw new IllegalArgumentException("point " + seqno + " of " + name + ": must be higher than "
                        + last.seqno() + ", the last point submitted");
            }
            made.follows(last);
            if (last.appendVolatile(made)) {
                TAIL.compareAndSet(this, last, made);
                enter(made);
                Deferred.run(advance());
                return made;
            }
        }
    }

    /** The last point. */
    SyncPoint last() {
        for (;;) {
            SyncPoint last = tail;
            SyncPoint next = last.nextVolatile();
            if (next == null) {
                return last;
            }
            // Somebody appended and has not moved the tail yet, or moved it just now.
            if (next != last) {
                TAIL.compareAndSet(this, last, next);
            }
        }
    }

    private void enter(SyncPoint made) {
        if (made.ordinal() % INDEXED == 0) {
            index.put(made.seqno(), made);
            // Whoever moves the head over the point takes it out again, or is seen here; the index is read plain.
            VarHandle.fullFence();
            if (made.isSettled()) {
                index.remove(made.seqno());
            }
        }
    }

    /** Settles the points whose turn was found to have come by asking, if there is room on the stack. */
    void advanceFound() {
        try {
            StackRoom.require(1);
        } catch (StackOverflowError noRoom) {
            return;
        }
        Deferred.run(advance());
    }

    /**
     * Settles the points whose turn has come.
     *
     * @return the waiters of those settled here, in the order of points, or null
     */
    @Nullable
    Deferred advance() {
        // Second half of the handshake: a leaf was signalled before, now the others are looked at.
        VarHandle.fullFence();
        DeferredList due = new DeferredList();
        for (;;) {
            SyncPoint done = head;
            SyncPoint first = done.nextVolatile();
            if (first == done) {
                continue;
            }
            if (first == null) {
                return due.take();
            }
            Fence leaf = first.leaf();
            if (leaf != null) {
                if (!leaf.looksDone()) {
                    return due.take();
                }
                Failure cause = leaf.looksFailed();
                if (cause != null) {
                    remember(first, cause);
                }
                due.append(first.settled(cause));
            }
            TAIL.compareAndSet(this, done, first);
            Seam.at(Site.SYNC);
            if (HEAD.compareAndSet(this, done, first)) {
                done.passedRelease();
                if (first.ordinal() % INDEXED == 0) {
                    VarHandle.fullFence();
                    index.remove(first.seqno());
                }
            }
        }
    }

    private void remember(SyncPoint point, Failure cause) {
        if (failures.putIfAbsent(point.seqno(), new Failed(point.previous(), cause)) == null
                && remembered.incrementAndGet() > REMEMBERED) {
            Map.Entry<Long, Failed> oldest = failures.firstEntry();
            if (oldest != null) {
                // First said to be forgotten, then forgotten, so that nobody takes a failed point for ok.
                forgotten.accumulateAndGet(oldest.getKey(), Math::max);
                if (failures.remove(oldest.getKey(), oldest.getValue())) {
                    remembered.decrementAndGet();
                }
            }
        }
    }

    /** The last point that is done. Asked point by point, for another thread may have moved the head over some of them so far. */
    long query() {
        Deferred.run(advance());
        SyncPoint done = head;
        for (SyncPoint next = done.nextVolatile(); next != null; next = done.nextVolatile()) {
            if (next == done) {
                // Passed meanwhile.
                done = head;
                continue;
            }
            Fence leaf = next.leaf();
            if (leaf != null && !leaf.looksDone()) {
                break;
            }
            done = next;
        }
        return done.seqno();
    }

    /** The first point that is not done, as far as known. */
    @Nullable
    SyncPoint firstPending() {
        SyncPoint done = head;
        SyncPoint first = done.nextVolatile();
        return first == done ? null : first;
    }

    /** The first point whose own fence does not look done; settles nothing. */
    @Nullable
    SyncPoint firstUnsignalled() {
        SyncPoint at = firstPending();
        while (at != null) {
            Fence leaf = at.leaf();
            if (leaf != null && !leaf.looksDone()) {
                return at;
            }
            SyncPoint next = at.nextVolatile();
            at = next == at ? firstPending() : next;
        }
        return null;
    }

    /**
     * What a seqno stands for: the first point that is not lower.
     *
     * @return its fence, or null if there is no such point yet
     * @throws IllegalStateException if the point was passed so long ago that its outcome is not known any more
     */
    @Nullable
    Fence find(long seqno) {
        SyncPoint at = start(seqno);
        for (;;) {
            if (at.seqno() >= seqno) {
                return passed(seqno);
            }
            SyncPoint next = at.nextVolatile();
            if (next == at) {
                at = head;
            } else if (next == null || next.seqno() >= seqno) {
                return next;
            } else {
                at = next;
            }
        }
    }

    /**
     * What a seqno stands for that was submitted with a point just added.
     *
     * @param seqno a seqno that is not higher than the point, or 0
     * @param added the point
     */
    Fence findSubmitted(long seqno, SyncPoint added) {
        if (seqno <= added.previous()) {
            try {
                Fence found = seqno == 0 ? null : find(seqno);
                return found == null ? added : found;
            } catch (IllegalStateException outcomeForgotten) {
                // Done long ago; the point just added was not before it, and is as good to wait for.
                return added;
            }
        }
        return added;
    }

    private SyncPoint start(long seqno) {
        Map.Entry<Long, SyncPoint> near = index.lowerEntry(seqno);
        SyncPoint first = head;
        return near != null && near.getKey() > first.seqno() ? near.getValue() : first;
    }

    private Fence passed(long seqno) {
        Map.Entry<Long, Failed> near = failures.ceilingEntry(seqno);
        if (near != null && near.getValue().previous() < seqno) {
            return SignalledFence.stub(name + ":" + seqno, near.getValue().cause());
        }
        if (seqno <= forgotten.get()) {
            throw new IllegalStateException("point " + seqno + " of " + name + " was signalled, and more than "
                    + REMEMBERED + " failed points ago: its outcome is not known any more; keep its fence instead");
        }
        return SignalledFence.stub(name + ":" + seqno, null);
    }

    /** Has every leaf up to a point tell when it is signalled. */
    void watchThrough(SyncPoint through) {
        SyncPoint at = watched;
        boolean late = false;
        while (at.seqno() < through.seqno()) {
            SyncPoint next = at.nextVolatile();
            if (next == null) {
                break;
            }
            if (next == at) {
                at = head;
                continue;
            }
            late |= !next.watch();
            at = next;
        }
        watched = at;
        // A leaf that was signalled before it was watched tells nobody.
        if (late || through.isSeenDone()) {
            Deferred.run(advance());
        }
    }

    /** The leaves that a point still waits for, its own included. */
    void pendingLeaves(SyncPoint through, Collection<Fence> to) {
        SyncPoint at = head;
        while (at.seqno() < through.seqno()) {
            SyncPoint next = at.nextVolatile();
            if (next == null) {
                return;
            }
            if (next == at) {
                at = head;
                continue;
            }
            Fence leaf = next.leaf();
            if (leaf != null) {
                to.add(leaf);
            }
            at = next;
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
