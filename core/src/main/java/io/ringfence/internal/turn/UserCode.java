package io.ringfence.internal.turn;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;

import io.ringfence.internal.seam.Seam;

import org.jspecify.annotations.Nullable;

/**
 * Knows whether the calling thread is inside a turn or inside user code called on behalf of one.
 *
 * <p>The mark is an entry of a table, in a cell that a thread's id chooses. Only the thread itself ever looks for its mark.
 *
 * <ul>
 * <li>A platform thread makes a cell its own, the first time, for as long as it lives. The owner's entry is nobody else's: a
 * store marks it and a store takes the mark away.
 * <li>Others, virtual threads above all, share four entries a cell: they are taken by a compare-and-set and hold the id.
 * <li>If four threads of one cell are inside already, the fifth takes an entry of another cell and its own cell counts it, so
 * that a thread searches the whole table only while one of its cell is abroad.
 * </ul>
 *
 * <p>No mark is ever lost: whoever is inside is known to be. Nothing is allocated but, once, a platform thread's claim to its
 * cell; without memory it does without. What arises inside is put on a list that belongs to the entry, and is taken by the
 * same thread when it leaves.
 */
public final class UserCode {

    private static final int CELLS = 1024;
    /** 128 bytes between two cells: neighbouring ids are neighbouring threads, which run at the same time. */
    private static final int STRIDE = 16;
    /** Entries of a cell that are shared, in the same cache line. */
    private static final int SHARED = 4;
    /** The entry of the cell's owner, behind those. */
    private static final int OWN = SHARED;
    /** Where in a cell it is counted how many of its threads have their mark in another one. */
    private static final int ABROAD = OWN + 1;
    /** Bits of an entry's number below its cell; room for more than there are, for a division costs more than the places. */
    private static final int IN_CELL = 3;
    private static final int ENTRIES = 1 << IN_CELL;

    /** Bits of a token below the entry. */
    private static final int INTERRUPTED = 1;
    private static final int NESTED = 2;
    private static final int ENTRY = 2;

    private static final long CROWDED_PARK_NANOS = 50_000;

    private static final long[] INSIDE = new long[(CELLS + 2) * STRIDE];
    private static final @Nullable Owner[] OWNERS = new Owner[CELLS];
    private static final @Nullable Deferred[] FIRST = new Deferred[CELLS * ENTRIES];
    private static final @Nullable Deferred[] LAST = new Deferred[CELLS * ENTRIES];

    private static final VarHandle MARK = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle OWNER = MethodHandles.arrayElementVarHandle(Owner[].class);

    /** A platform thread's claim to a cell; void when the thread has ended. */
    private static final class Owner extends WeakReference<Thread> {
        final long id;

        Owner(Thread thread) {
            super(thread);
            id = thread.threadId();
        }

        boolean hasEnded() {
            Thread thread = get();
            return thread == null || !thread.isAlive();
        }
    }

    private UserCode() {
    }

    private static int cell(long threadId) {
        return (int) threadId & (CELLS - 1);
    }

    private static int word(int cell, int at) {
        return (cell + 1) * STRIDE + at;
    }

    private static int word(int entry) {
        return word(entry >> IN_CELL, entry & ENTRIES - 1);
    }

    private static boolean owns(int cell, long id) {
        Owner owner = (Owner) OWNER.getAcquire(OWNERS, cell);
        return owner != null && owner.id == id;
    }

    /**
     * Marks the calling thread as inside and takes its interrupt status away: what runs there is not what was
     * interrupted. Inside already, it stays marked until the outermost leaves.
     *
     * @return a token for {@link #exit(int)}
     */
    public static int enter() {
        int interrupted = Thread.interrupted() ? INTERRUPTED : 0;
        Thread thread = Thread.currentThread();
        long id = thread.threadId();
        int home = cell(id);
        int own = word(home, OWN);
        if (owns(home, id)) {
            int entry = home * ENTRIES + OWN << ENTRY;
            if ((long) MARK.getOpaque(INSIDE, own) != 0) {
                return entry | NESTED | interrupted;
            }
            MARK.setOpaque(INSIDE, own, id);
            return entry | interrupted;
        }
        return enterShared(thread, id, home) | interrupted;
    }

    private static int enterShared(Thread thread, long id, int home) {
        int entry = find();
        if (entry >= 0) {
            return entry << ENTRY | NESTED;
        }
        if (!thread.isVirtual() && claim(thread, home)) {
            MARK.setOpaque(INSIDE, word(home, OWN), id);
            return home * ENTRIES + OWN << ENTRY;
        }
        entry = take(home, id);
        return (entry >= 0 ? entry : takeAbroad(home, id)) << ENTRY;
    }

    /** Makes the calling thread the owner of its cell, if the cell has none that lives. */
    private static boolean claim(Thread thread, int cell) {
        Owner known = (Owner) OWNER.getAcquire(OWNERS, cell);
        if (known != null && !known.hasEnded()) {
            return false;
        }
        try {
            return OWNER.compareAndSet(OWNERS, cell, known, new Owner(thread));
        } catch (OutOfMemoryError noClaim) {
            return false;
        }
    }

    private static int takeAbroad(int home, long id) {
        MARK.getAndAdd(INSIDE, word(home, ABROAD), 1L);
        for (;;) {
            for (int step = 1; step < CELLS; step++) {
                int entry = take(home + step & CELLS - 1, id);
                if (entry >= 0) {
                    return entry;
                }
            }
            // Thousands are inside, perhaps on carriers that are needed to let one of them out.
            Seam.parkNanos(UserCode.class, CROWDED_PARK_NANOS);
        }
    }

    private static int take(int cell, long id) {
        for (int mark = 0; mark < SHARED; mark++) {
            int word = word(cell, mark);
            if ((long) MARK.getOpaque(INSIDE, word) == 0 && MARK.compareAndSet(INSIDE, word, 0L, id)) {
                return cell * ENTRIES + mark;
            }
        }
        return -1;
    }

    /**
     * Whether the thread was inside before.
     *
     * @param token what {@link #enter()} returned
     * @return true unless this was the outermost
     */
    static boolean isNested(int token) {
        return (token & NESTED) != 0;
    }

    /**
     * Takes the mark away and gives the interrupt status back.
     *
     * @param token what {@link #enter()} returned
     * @return what was deferred meanwhile, in the order in which it arose, or null; null also if the thread is still inside
     */
    public static @Nullable Deferred exit(int token) {
        if ((token & INTERRUPTED) != 0) {
            Thread.currentThread().interrupt();
        }
        if ((token & NESTED) != 0) {
            return null;
        }
        int entry = token >> ENTRY;
        Deferred arisen = FIRST[entry];
        if (arisen != null) {
            FIRST[entry] = null;
            LAST[entry] = null;
        }
        MARK.setRelease(INSIDE, word(entry), 0L);
        if ((entry & ENTRIES - 1) != OWN) {
            leaveShared(entry >> IN_CELL);
        }
        return arisen;
    }

    private static void leaveShared(int cell) {
        int home = cell(Thread.currentThread().threadId());
        if (cell != home) {
            MARK.getAndAdd(INSIDE, word(home, ABROAD), -1L);
        }
    }

    /** The entry of the calling thread, or -1. */
    private static int find() {
        long id = Thread.currentThread().threadId();
        int home = cell(id);
        if (owns(home, id)) {
            // An owner uses no other entry: it became one while it was outside.
            return (long) MARK.getOpaque(INSIDE, word(home, OWN)) == 0 ? -1 : home * ENTRIES + OWN;
        }
        int entry = find(home, id);
        if (entry < 0 && (long) MARK.getOpaque(INSIDE, word(home, ABROAD)) != 0) {
            for (int cell = 0; cell < CELLS && entry < 0; cell++) {
                entry = find(cell, id);
            }
        }
        return entry;
    }

    private static int find(int cell, long id) {
        for (int mark = 0; mark < SHARED; mark++) {
            if ((long) MARK.getOpaque(INSIDE, word(cell, mark)) == id) {
                return cell * ENTRIES + mark;
            }
        }
        return -1;
    }

    /**
     * Whether the calling thread is inside.
     *
     * @return true between {@link #enter()} and {@link #exit(int)}
     */
    public static boolean inside() {
        return find() >= 0;
    }

    /**
     * Puts a chain aside until the calling thread leaves, if it is inside.
     *
     * @param chain the chain
     * @return false if the thread is not inside and has to do it itself
     */
    static boolean defer(Deferred chain) {
        int entry = find();
        if (entry < 0) {
            return false;
        }
        Deferred last = LAST[entry];
        if (last == null) {
            FIRST[entry] = chain;
        } else {
            last.next(chain);
        }
        LAST[entry] = Deferred.last(chain);
        return true;
    }

    /**
     * Refuses a call that could park where parking is not allowed.
     *
     * @param call what was called, for the message
     * @param on   what it was called on, for the message
     * @throws IllegalStateException inside a turn, a driver method, a callback or an inline hook
     */
    public static void refuseParking(String call, Object on) {
        if (inside()) {
            throw new IllegalStateException(
                    call + " " + on + " could park, and this thread is inside a driver method or a callback;"
                            + " use trySubmit, a callback, or another thread");
        }
    }
}
