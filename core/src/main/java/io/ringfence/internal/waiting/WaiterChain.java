package io.ringfence.internal.waiting;

import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.DeferredList;

import org.jspecify.annotations.Nullable;

/**
 * What is done with the waiters that hang below the word of a stack. The word itself belongs to the caller.
 *
 * <p>Waiters are never taken out of a stack and put back: whoever signals decides those that are due where they hang.
 * Links only ever come to point deeper, past waiters that are decided. So from any waiter of the stack, the links lead
 * to every undecided one that was pushed before it, whoever thins the stack meanwhile: nobody is out of sight for a
 * moment, and the order of registration is that of the links.
 */
public final class WaiterChain {

    private static final int FIRST_THINNING = 64;

    private WaiterChain() {
    }

    /**
     * Puts a waiter above the present top; the caller then makes it the top by a compare-and-set.
     *
     * @param waiter a waiter that is in no stack
     * @param top    the present top, or null
     */
    public static void link(Waiter waiter, @Nullable Waiter top) {
        waiter.belowOpaque(top);
        if (top == null) {
            waiter.growth(1, FIRST_THINNING);
        } else {
            waiter.growth(top.pushes() + 1, top.limit());
        }
    }

    /**
     * Whether the stack should be thinned by the one who pushed: as many were pushed since the last time as were left
     * then. So waiting in a loop with a timeout keeps a bounded number of waiters, at a constant cost each.
     *
     * @param top the waiter just pushed
     * @return whether {@link #thinned} is due
     */
    public static boolean overgrown(Waiter top) {
        return top.pushes() >= top.limit();
    }

    /**
     * The first undecided waiter from here downwards.
     *
     * @param from where to begin, or null
     * @return the waiter, or null if there is none
     */
    public static @Nullable Waiter undecided(@Nullable Waiter from) {
        Waiter waiter = from;
        while (waiter != null && waiter.isDecided()) {
            waiter = waiter.belowOpaque();
        }
        return waiter;
    }

    /**
     * Lets the links of a stack lead past those that are decided. Costs a walk down the stack; any thread, many at once.
     *
     * @param top where to begin, or null
     * @return what may stand in the stack's word in place of {@code top}
     */
    public static @Nullable Waiter thinned(@Nullable Waiter top) {
        Waiter first = undecided(top);
        if (first == null) {
            return null;
        }
        int left = 1;
        Waiter kept = first;
        for (;;) {
            Waiter linked = kept.belowOpaque();
            Waiter next = undecided(linked);
            if (next != linked) {
                kept.belowOpaque(next);
            }
            if (next == null) {
                break;
            }
            kept = next;
            left++;
        }
        first.growth(0, Math.max(FIRST_THINNING, left));
        return first;
    }

    /**
     * Decides every waiter of a stack that nobody will look at any more.
     *
     * @param top the waiter that stood in the stack's word, or null
     * @return those that fire, in the order of registration but for a {@link Crowd}, or null
     */
    public static @Nullable Deferred takeAll(@Nullable Waiter top) {
        Deferred due = null;
        int taken = 0;
        Waiter waiter = top;
        while (waiter != null) {
            Waiter deeper = waiter.belowOpaque();
            // Whoever keeps one of them, to be able to cancel it, does not keep the others.
            waiter.belowOpaque(null);
            if (waiter.decide()) {
                waiter.next(due);
                due = waiter;
                taken++;
            }
            waiter = deeper;
        }
        return taken < Crowd.LEAST ? due : Crowd.of(due);
    }

    /**
     * Decides the waiters of a stack that wait for a seqno or a lower one.
     *
     * @param top the stack's top
     * @param due the seqno
     * @param to  where to append those that fire, in the order of registration
     * @return how many those are
     */
    static int takeDue(Waiter top, long due, DeferredList to) {
        Deferred first = null;
        Deferred last = null;
        int taken = 0;
        for (Waiter waiter = top; waiter != null; waiter = waiter.belowOpaque()) {
            if (waiter.seqno() <= due && waiter.decide()) {
                waiter.next(first);
                first = waiter;
                if (last == null) {
                    last = waiter;
                }
                taken++;
            }
        }
        if (first != null && last != null) {
            to.append(first, last);
        }
        return taken;
    }
}
