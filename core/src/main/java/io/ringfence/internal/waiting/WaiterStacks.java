package io.ringfence.internal.waiting;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.DeferredList;

import org.jspecify.annotations.Nullable;

/**
 * Waiters of a timeline, one stack per slot index: as many stacks as slots, so that live seqnos never share one.
 *
 * <p>Pushing counts in one any-waiters word first and is a compare-and-set of the stack's top then; whoever signals
 * looks at that word and visits the stacks of what it signalled. The word counts waiters that are not decided; whoever
 * decides one takes it off the count. Threads: any.
 */
public final class WaiterStacks {

    /** From so many stacks on, those that are not empty are noted. */
    private static final int MANY = 8192;
    /** Stacks that are looked at together. */
    private static final int TOGETHER = 16;

    private static final VarHandle TOP = MethodHandles.arrayElementVarHandle(Waiter[].class);
    private static final VarHandle WAITING;
    private static final VarHandle LOWEST;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WAITING = lookup.findVarHandle(WaiterStacks.class, "waiting", long.class);
            LOWEST = lookup.findVarHandle(WaiterStacks.class, "lowest", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable Waiter[] tops;
    private final int mask;
    /** Which stacks are not empty; null where there are so few that looking through them costs less. */
    private final @Nullable SlotBits used;
    @SuppressWarnings("UnusedVariable") // read and written through WAITING only
    private volatile long waiting;
    @SuppressWarnings("UnusedVariable") // read and written through LOWEST only
    private volatile long lowest = Long.MAX_VALUE;

    /**
     * Makes empty stacks.
     *
     * @param slots how many; a power of two
     */
    public WaiterStacks(int slots) {
        tops = new Waiter[slots];
        mask = slots - 1;
        used = slots < MANY ? null : new SlotBits(slots);
    }

    /**
     * Whether anybody may be waiting: the word that guards the sweep.
     *
     * @return false only if every waiter counted before was decided
     */
    public boolean anyVolatile() {
        return (long) WAITING.getVolatile(this) != 0;
    }

    /**
     * The lowest seqno that was waited for since this was last asked; one asker, the one who advances the timeline.
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
     */
    public void push(Waiter waiter, long seqno) {
        int index = (int) seqno & mask;
        waiter.seqno(seqno);
        WAITING.getAndAdd(this, 1L);
        Seam.at(Site.WAITER_PUSH);
        Waiter top;
        do {
            top = (Waiter) TOP.getAcquire(tops, index);
            WaiterChain.link(waiter, top);
        } while (!TOP.compareAndSet(tops, index, top, waiter));
        if (used != null) {
            used.set(index);
        }
        if (WaiterChain.overgrown(waiter)) {
            thin(index, waiter);
        }
        lower(seqno);
    }

    /**
     * Has a seqno counted among those waited for, though nobody does. The caller looks at the counter afterwards.
     *
     * @param seqno the seqno
     * @return what was pushed, or null if the seqno is wanted already
     */
    public @Nullable Waiter want(long seqno) {
        Waiter top = (Waiter) TOP.getVolatile(tops, (int) seqno & mask);
        if (!(top instanceof Wanted && top.seqno() == seqno && !top.isDecided())) {
            Waiter wanted = new Wanted();
            push(wanted, seqno);
            return wanted;
        }
        return null;
    }

    /** Hangs on a point that is wanted and does nothing when it is signalled. */
    private static final class Wanted extends Waiter {
        @Override
        protected @Nullable Deferred fired() {
            return null;
        }

        @Override
        public String toString() {
            return "somebody who polls";
        }
    }

    private void thin(int index, Waiter top) {
        Waiter kept = WaiterChain.thinned(top);
        if (kept != top) {
            TOP.compareAndSet(tops, index, top, kept);
        }
    }

    /**
     * Forgets a waiter that its owner decided.
     *
     * @param waiter a waiter that was pushed here and decided by the caller
     */
    public void withdraw(Waiter waiter) {
        WAITING.getAndAdd(this, -1L);
        int index = (int) waiter.seqno() & mask;
        if (TOP.getVolatile(tops, index) == waiter) {
            TOP.compareAndSet(tops, index, waiter, WaiterChain.undecided(waiter));
        }
    }

    /**
     * Decides the waiters of a range that was signalled; takes all of them off the count at once.
     *
     * @param after   the range begins behind this seqno
     * @param through the range ends with this seqno, and waiters for it and lower ones fire
     * @param to      where to append them, slot by slot in the order of registration but for a {@link Crowd}
     */
    public void sweep(long after, long through, DeferredList to) {
        int decided = 0;
        int room = Crowd.LEAST + TOGETHER;
        Deferred before = to.last();
        Crowd crowd = null;
        try {
            for (long seqno = after + 1; seqno <= through; seqno++) {
                boolean begins = (seqno - after) % TOGETHER == 1 && through - seqno >= TOGETHER - 1;
                if (begins && room < dueIn(seqno, through)) {
                    // As long as they are in the cache; and if they are no crowd, not before they are twice as many.
                    crowd = Crowd.gather(crowd, to, before);
                    room = crowd == null ? decided : Crowd.SHARE;
                }
                int due = decideDue(seqno, through, to);
                decided += due;
                room -= due;
            }
        } finally {
            if (decided >= Crowd.LEAST) {
                Crowd.end(Crowd.gather(crowd, to, before), to);
            }
            uncount(decided);
        }
    }

    /**
     * In how many of the next stacks the top is due. All are looked at before the first waiter is decided, for that is a locked instruction,
     * beyond which no processor asks for the lines of the next: so they come together.
     */
    private int dueIn(long from, long due) {
        int found = 0;
        for (int i = 0; i < TOGETHER; i++) {
            Waiter top = (Waiter) TOP.getVolatile(tops, (int) (from + i) & mask);
            if (top != null && top.seqno() <= due && !top.isDecided()) {
                found++;
            }
        }
        return found;
    }

    /** Decides the waiters of the slot of a seqno that wait for {@code due} or less; how many those were, who are still counted. */
    int decideDue(long seqno, long due, DeferredList to) {
        int index = (int) seqno & mask;
        Waiter top = (Waiter) TOP.getVolatile(tops, index);
        if (top == null) {
            return 0;
        }
        Seam.at(Site.WAITER_SWEEP);
        int decided = WaiterChain.takeDue(top, due, to);
        thin(index, top);
        return decided;
    }

    void uncount(int decided) {
        if (decided != 0) {
            WAITING.getAndAdd(this, (long) -decided);
        }
    }

    /**
     * The lowest seqno in a range whose stack is not empty. One that holds only decided waiters counts: too low an answer
     * costs a look, too high a one a lost wake-up.
     *
     * @param after   the range begins behind this seqno
     * @param through the range ends with this seqno
     * @return the seqno, or {@code Long.MAX_VALUE} if there is none
     */
    public long firstWaited(long after, long through) {
        if (used != null) {
            return firstUsed(used, after, through);
        }
        for (long seqno = after + 1; seqno <= through; seqno++) {
            if (TOP.getVolatile(tops, (int) seqno & mask) != null) {
                return seqno;
            }
        }
        return Long.MAX_VALUE;
    }

    /** Only here is it noted that slots are empty: nobody else looks at the bits while one is missing that is about to come back. */
    private long firstUsed(SlotBits bits, long after, long through) {
        int from = (int) (after + 1) & mask;
        for (;;) {
            int index = bits.next(from);
            long seqno = after + 1 + (index - from & mask);
            if (index < 0 || seqno > through) {
                return Long.MAX_VALUE;
            }
            if (TOP.getVolatile(tops, index) != null) {
                return seqno;
            }
            bits.clear(index);
            Seam.at(Site.WAITER_LOOK);
            if (TOP.getVolatile(tops, index) != null) {
                bits.set(index);
            }
        }
    }

    /** Is shown who waits. */
    @FunctionalInterface
    public interface Reader {
        /**
         * One waiter.
         *
         * @param seqno  what it waits for
         * @param waiter who waits
         */
        void waits(long seqno, Waiter waiter);
    }

    /**
     * Shows those who wait, for diagnosis. Any thread, while others come and go.
     *
     * @param reader is shown them, slot by slot
     */
    public void forEach(Reader reader) {
        for (int index = 0; index <= mask; index++) {
            for (Waiter waiter = WaiterChain.undecided((Waiter) TOP.getVolatile(tops, index)); waiter != null; waiter =
                    WaiterChain.undecided(waiter.belowOpaque())) {
                reader.waits(waiter.seqno(), waiter);
            }
        }
    }
}
