package io.ringfence.internal.turn;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.internal.seam.Seam;

import org.jspecify.annotations.Nullable;

/**
 * Knows whether the calling thread is inside a turn or inside user code called on behalf of one.
 *
 * <p>The mark is an entry of a table. A thread's id chooses a cell with room for four ids; an entry is taken by a
 * compare-and-set and given back by a store, and only the thread itself ever looks for its id. If four threads whose ids
 * differ by a multiple of the table's size are inside already, the fifth takes an entry of any other cell and its own
 * cell counts it, so that a thread searches the whole table only while one of its cell is abroad. Nothing is allocated
 * and no mark is ever lost: whoever is inside is known to be.
 *
 * <p>What arises inside is put on a list that belongs to the entry, and is taken by the same thread when it leaves.
 */
public final class UserCode {

    private static final int CELLS = 1024;
    /** 128 bytes between two cells: neighbouring ids are neighbouring threads, which run at the same time. */
    private static final int STRIDE = 16;
    /** Threads of one cell that can be inside at a time without going abroad, in the same cache line. */
    private static final int MARKS = 4;
    /** Where in a cell it is counted how many of its threads have their mark in another one. */
    private static final int ABROAD = MARKS;

    /** Bits of a token below the entry. */
    private static final int INTERRUPTED = 1;
    private static final int NESTED = 2;
    private static final int ENTRY = 2;

    private static final long CROWDED_PARK_NANOS = 50_000;

    private static final long[] INSIDE = new long[(CELLS + 2) * STRIDE];
    private static final @Nullable Deferred[] FIRST = new Deferred[CELLS * MARKS];
    private static final @Nullable Deferred[] LAST = new Deferred[CELLS * MARKS];

    private static final VarHandle MARK = MethodHandles.arrayElementVarHandle(long[].class);

    private UserCode() {
    }

    private static int cell(long threadId) {
        return (int) threadId & (CELLS - 1);
    }

    private static int word(int cell, int at) {
        return (cell + 1) * STRIDE + at;
    }

    private static int word(int entry) {
        return word(entry / MARKS, entry % MARKS);
    }

    /**
     * Marks the calling thread as inside and takes its interrupt status away: what runs there is not what was
     * interrupted. Inside already, it stays marked until the outermost leaves.
     *
     * @return a token for {@link #exit(int)}
     */
    public static int enter() {
        int interrupted = Thread.interrupted() ? INTERRUPTED : 0;
        long id = Thread.currentThread().threadId();
        int home = cell(id);
        int entry = find(home, id);
        if (entry >= 0) {
            return entry << ENTRY | NESTED | interrupted;
        }
        entry = take(home, id);
        if (entry < 0) {
            entry = find();
            if (entry >= 0) {
                return entry << ENTRY | NESTED | interrupted;
            }
            entry = takeAbroad(home, id);
        }
        return entry << ENTRY | interrupted;
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
        for (int mark = 0; mark < MARKS; mark++) {
            int word = word(cell, mark);
            if ((long) MARK.getOpaque(INSIDE, word) == 0 && MARK.compareAndSet(INSIDE, word, 0L, id)) {
                return cell * MARKS + mark;
            }
        }
        return -1;
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
        int home = cell(Thread.currentThread().threadId());
        MARK.setRelease(INSIDE, word(entry), 0L);
        if (entry / MARKS != home) {
            MARK.getAndAdd(INSIDE, word(home, ABROAD), -1L);
        }
        return arisen;
    }

    /** The entry of the calling thread, or -1. */
    private static int find() {
        long id = Thread.currentThread().threadId();
        int home = cell(id);
        int entry = find(home, id);
        if (entry < 0 && (long) MARK.getOpaque(INSIDE, word(home, ABROAD)) != 0) {
            for (int cell = 0; cell < CELLS && entry < 0; cell++) {
                entry = find(cell, id);
            }
        }
        return entry;
    }

    private static int find(int cell, long id) {
        for (int mark = 0; mark < MARKS; mark++) {
            if ((long) MARK.getOpaque(INSIDE, word(cell, mark)) == id) {
                return cell * MARKS + mark;
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
