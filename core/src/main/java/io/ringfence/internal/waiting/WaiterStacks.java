package io.ringfence.internal.waiting;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.turn.Deferred;

import org.jspecify.annotations.Nullable;

/**
 * Waiters of a timeline, one stack per slot index: as many stacks as slots, so that live seqnos never share one.
 *
 * <p>Pushing is a compare-and-set of the stack's head and counts in one any-waiters word first; whoever signals looks
 * at that word and takes whole stacks. The word counts linked nodes, cancelled ones included, until they are taken off.
 * A stack that has grown to a power of two is rid of cancelled nodes by the one who pushes, so waiting in a loop with a
 * timeout costs a bounded number of nodes. Threads: any.
 */
public final class WaiterStacks {

    private static final int FIRST_PRUNING = 64;

    private static final VarHandle HEAD = MethodHandles.arrayElementVarHandle(Waiter[].class);
    private static final VarHandle LINKED;
    private static final VarHandle LOWEST;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            LINKED = lookup.findVarHandle(WaiterStacks.class, "linked", long.class);
            LOWEST = lookup.findVarHandle(WaiterStacks.class, "lowest", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable Waiter[] heads;
    private final int mask;
    @SuppressWarnings("UnusedVariable") // read and written through LINKED only
    private volatile long linked;
    @SuppressWarnings("UnusedVariable") // read and written through LOWEST only
    private volatile long lowest = Long.MAX_VALUE;

    /**
     * Makes empty stacks.
     *
     * @param slots how many; a power of two
     */
    public WaiterStacks(int slots) {
        heads = new Waiter[slots];
        mask = slots - 1;
    }

    /**
     * Whether any node may be linked: the word that guards the sweep.
     *
     * @return false only if every push that was counted before has been taken off again
     */
    public boolean anyVolatile() {
        return (long) LINKED.getVolatile(this) != 0;
    }

    /**
     * The lowest seqno that was made visible since this was last asked; one asker, the one who advances the timeline.
     *
     * @return the seqno, or {@code Long.MAX_VALUE} if none was
     */
    public long takeLowest() {
        return (long) LOWEST.getVolatile(this) == Long.MAX_VALUE ? Long.MAX_VALUE
                : (long) LOWEST.getAndSet(this, Long.MAX_VALUE);
    }

    private void lower(long seqno) {
        for (long known = (long) LOWEST.getVolatile(this); seqno < known;) {
            long before = (long) LOWEST.compareAndExchange(this, known, seqno);
            if (before == known) {
                return;
            }
            known = before;
        }
    }

    /**
     * Makes a waiter visible to the signaller. The caller looks at the counter of the timeline afterwards.
     *
     * @param waiter a waiter that is in no stack
     * @param seqno  what it waits for
     * @return true if the stack has grown so deep that the caller should {@link #sweep} it for cancelled nodes
     */
    public boolean push(Waiter waiter, long seqno) {
        waiter.seqno(seqno);
        LINKED.getAndAdd(this, 1L);
        Seam.at(Site.WAITER_PUSH);
        int depth = link((int) seqno & mask, waiter);
        lower(seqno);
        return depth >= FIRST_PRUNING && Integer.bitCount(depth) == 1;
    }

    private int link(int index, Waiter waiter) {
        for (;;) {
            Waiter head = (Waiter) HEAD.getAcquire(heads, index);
            int depth = head == null ? 1 : head.depth() + 1;
            waiter.next(head);
            waiter.depth(depth);
            if (HEAD.compareAndSet(heads, index, head, waiter)) {
                return depth;
            }
        }
    }

    /**
     * Takes a waiter off again that was decided before it was swept, if that is cheap: when it is still on top.
     *
     * @param waiter a decided waiter that was pushed here
     */
    public void unlink(Waiter waiter) {
        int index = (int) waiter.seqno() & mask;
        // Only an owner of the whole stack changes links, so the link of a node on top of the stack is stable.
        if (HEAD.getVolatile(heads, index) == waiter
                && HEAD.compareAndSet(heads, index, waiter, (Waiter) waiter.next())) {
            LINKED.getAndAdd(this, -1L);
        }
    }

    /**
     * Takes off the waiters of one slot that are due, and drops those that are decided.
     *
     * <p>The others are out of sight for a moment. That is nothing to the one who advances the timeline, for it sweeps
     * again when they are due; anybody else looks at the counter afterwards and sweeps again if it has moved.
     *
     * @param seqno a seqno of the slot
     * @param due   what has been signalled: waiters for this seqno and lower ones are taken
     * @return them in the order of registration, or null
     */
    public @Nullable Deferred sweep(long seqno, long due) {
        int index = (int) seqno & mask;
        if (HEAD.getVolatile(heads, index) == null) {
            return null;
        }
        Seam.at(Site.WAITER_SWEEP);
        return separate(index, due);
    }

    /** Takes the whole stack, keeps what is due, drops what is decided, puts the rest back. */
    private @Nullable Deferred separate(int index, long through) {
        Deferred rest = (Waiter) HEAD.getAndSet(heads, index, null);
        Deferred due = null;
        Deferred later = null;
        long taken = 0;
        while (rest != null) {
            Waiter node = (Waiter) rest;
            rest = node.next();
            if (node.isDecided()) {
                taken++;
            } else if (node.seqno() <= through) {
                taken++;
                node.next(due);
                due = node;
            } else {
                node.next(later);
                later = node;
            }
        }
        if (taken != 0) {
            LINKED.getAndAdd(this, -taken);
        }
        if (later == null) {
            return due;
        }
        long lowestPutBack = Long.MAX_VALUE;
        while (later != null) {
            Waiter node = (Waiter) later;
            later = node.next();
            lowestPutBack = Math.min(lowestPutBack, node.seqno());
            link(index, node);
        }
        // They were out of sight: whoever looked for the lowest meanwhile has missed them.
        lower(lowestPutBack);
        return due;
    }

    /**
     * The lowest seqno in a range whose stack is not empty. A node that is decided but still linked counts: too low an
     * answer costs a look, too high a one a lost wake-up.
     *
     * @param after   the range begins behind this seqno
     * @param through the range ends with this seqno
     * @return the seqno, or {@code Long.MAX_VALUE} if there is none
     */
    public long firstWaited(long after, long through) {
        for (long seqno = after + 1; seqno <= through; seqno++) {
            if (HEAD.getVolatile(heads, (int) seqno & mask) != null) {
                return seqno;
            }
        }
        return Long.MAX_VALUE;
    }
}
