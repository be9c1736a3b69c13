package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.internal.seam.Site;
import io.ringfence.internal.seam.Seam;
import org.jspecify.annotations.Nullable;

/**
 * A queue's place among those that wait for a budget; made once and used again and again.
 *
 * <p>The queue's issue turn says what it waits for, or that it waits no more; the granting turn says that it was granted. Each
 * does so by a compare-and-set of one word, so a job that is cancelled while its credits are being granted either has them or
 * does not.
 */
final class BudgetPlace {

    /** Neither waiting nor in the line. */
    private static final int IDLE = 0;
    /** In the line, but its job waits no more. */
    private static final int WITHDRAWN = -1;
    /** Taken off the line with all it asked for. */
    private static final int GRANTED = -2;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(BudgetPlace.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final QueueCore<?> core;
    /** One of the above, or the credits that are waited for. */
    @SuppressWarnings("UnusedVariable") // read and written through STATE only
    private volatile int state;
    /** The next in the line; whoever holds that part of it. */
    @Nullable
    BudgetPlace next;

    BudgetPlace(QueueCore<?> core) {
        this.core = core;
    }

    QueueCore<?> core() {
        return core;
    }

    private int stateVolatile() {
        return (int) STATE.getVolatile(this);
    }

    /** What it waits for, 0 if it does not. */
    int waitsForVolatile() {
        return Math.max(0, stateVolatile());
    }

    // ---- the issue turn

    // What the issue turn finds; numbers, for a switch over an enum loads a class of its own, perhaps deep in a user's stack.

    /** It has not asked, so it may try. */
    static final int NOTHING = 0;
    /** It has asked and will be told. */
    static final int WAITS = 1;
    /** What it asked for has just been taken, or has to be given back. */
    static final int TAKEN = 2;

    /** Looks once, so that a grant cannot come between two looks and be missed by both; takes it if there is one. */
    int look() {
        int known = stateVolatile();
        if (known == GRANTED) {
            STATE.setVolatile(this, IDLE);
            return TAKEN;
        }
        return known > IDLE ? WAITS : NOTHING;
    }

    /**
     * Waits from now on.
     *
     * @return whether the place has to be put into the line; false if it still stands there
     */
    boolean startsWaiting(int cost) {
        Seam.at(Site.BUDGET_WAIT);
        if (STATE.compareAndSet(this, WITHDRAWN, cost)) {
            return false;
        }
        STATE.setVolatile(this, cost);
        return true;
    }

    /**
     * Waits no more.
     *
     * @return {@link #NOTHING} if it did not wait; {@link #WAITS} if it now stands in the line without waiting, and the granting
     *         turn has to take it off; {@link #TAKEN} if it had been granted, and the credits have to be given back
     */
    int withdraw() {
        for (;;) {
            int known = stateVolatile();
            if (known == IDLE || known == WITHDRAWN) {
                return NOTHING;
            }
            Seam.at(Site.BUDGET_WAIT);
            if (STATE.compareAndSet(this, known, known == GRANTED ? IDLE : WITHDRAWN)) {
                return known == GRANTED ? TAKEN : WAITS;
            }
        }
    }

    // ---- the granting turn

    /** Grants what was asked for; the place was taken off the line before. */
    boolean grant(int cost) {
        Seam.at(Site.BUDGET_GRANT);
        return STATE.compareAndSet(this, cost, GRANTED);
    }

    /** Lets go of a place that was taken off the line and waits no more. */
    boolean letGo() {
        Seam.at(Site.BUDGET_GRANT);
        return STATE.compareAndSet(this, WITHDRAWN, IDLE);
    }
}
