package io.ringfence.internal.turn;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.jspecify.annotations.Nullable;

/**
 * Knows whether the calling thread is inside a turn or inside user code called on behalf of one.
 *
 * <p>The mark is a cell of a table chosen by the thread's id and holding that id: one opaque store to set it, one to
 * clear it, no thread-local, no locked instruction, nothing kept per thread. Only the thread itself ever looks for its
 * id, so no ordering is needed. A cell has room for four threads. If more whose ids differ by a multiple of the table's
 * size are inside at the same time, or two of them enter in the same nanoseconds, a mark is lost for that moment:
 * parking calls of that thread are not refused, and its news is worked off at once instead of later.
 *
 * <p>What arises inside is put on a list beside the mark. The list is taken by the thread that put something there, at
 * the latest when it leaves, or by the one that shares its cell: never lost, never done twice.
 */
public final class UserCode {

    private static final int CELLS = 1024;
    /** 128 bytes between two marks: neighbouring ids are neighbouring threads, which run at the same time. */
    private static final int STRIDE = 16;
    /** Threads of one cell that can be inside at a time, in the same cache line. */
    private static final int MARKS = 4;

    private static final long[] INSIDE = new long[(CELLS + 2) * STRIDE];
    private static final @Nullable Deferred[] AFTER = new Deferred[CELLS];

    private static final VarHandle MARK = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle LIST = MethodHandles.arrayElementVarHandle(Deferred[].class);

    private UserCode() {
    }

    private static int cell(long threadId) {
        return (int) threadId & (CELLS - 1);
    }

    private static int firstMark(long threadId) {
        return (cell(threadId) + 1) * STRIDE;
    }

    /** Where in its cell the thread's mark is, or -1. */
    private static int find(long threadId, long content) {
        int first = firstMark(threadId);
        for (int mark = first; mark < first + MARKS; mark++) {
            if ((long) MARK.getOpaque(INSIDE, mark) == content) {
                return mark;
            }
        }
        return -1;
    }

    /**
     * Marks the calling thread as inside and takes its interrupt status away: what runs there is not what was
     * interrupted.
     *
     * @return the interrupt status, for {@link #exit(boolean)}
     */
    public static boolean enter() {
        boolean interrupted = Thread.interrupted();
        long id = Thread.currentThread().threadId();
        int free = find(id, 0);
        MARK.setOpaque(INSIDE, free < 0 ? firstMark(id) : free, id);
        return interrupted;
    }

    /**
     * Takes the mark away and gives the interrupt status back.
     *
     * @param interrupted what {@link #enter()} returned
     * @return what was deferred meanwhile, in the order in which it arose, or null
     */
    public static @Nullable Deferred exit(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        long id = Thread.currentThread().threadId();
        int mark = find(id, id);
        if (mark >= 0) {
            MARK.setOpaque(INSIDE, mark, 0L);
        }
        int cell = cell(id);
        if (LIST.getOpaque(AFTER, cell) == null) {
            return null;
        }
        return Deferred.reverse((Deferred) LIST.getAndSet(AFTER, cell, null));
    }

    /**
     * Whether the calling thread is inside.
     *
     * @return true between {@link #enter()} and {@link #exit(boolean)}
     */
    public static boolean inside() {
        long id = Thread.currentThread().threadId();
        return find(id, id) >= 0;
    }

    /**
     * Puts a chain aside until the calling thread leaves, if it is inside.
     *
     * @param chain the chain
     * @return false if the thread is not inside and has to do it itself
     */
    static boolean defer(Deferred chain) {
        if (!inside()) {
            return false;
        }
        int cell = cell(Thread.currentThread().threadId());
        @Nullable
        Deferred item = chain;
        while (item != null) {
            Deferred pushed = item;
            item = pushed.next();
            @Nullable
            Deferred head;
            do {
                head = (Deferred) LIST.getOpaque(AFTER, cell);
                pushed.next(head);
            } while (!LIST.compareAndSet(AFTER, cell, head, pushed));
        }
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
