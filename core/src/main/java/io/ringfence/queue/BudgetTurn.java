package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.DeferredList;
import io.ringfence.internal.turn.Turn;

import org.jspecify.annotations.Nullable;

/**
 * Grants a budget's credits to the queues that wait for it, first come, first served. News for it: a queue began to wait or
 * waits no more, credits came back.
 */
final class BudgetTurn extends Turn {

    private static final VarHandle ARRIVED;

    static {
        try {
            ARRIVED = MethodHandles.lookup().findVarHandle(BudgetTurn.class, "arrived", BudgetPlace.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final CreditBudget budget;
    /** Who came since the last look, the last one first. */
    private volatile @Nullable BudgetPlace arrived;
    /** Who waits, the first one first. */
    private @Nullable BudgetPlace first;
    private @Nullable BudgetPlace last;
    private final DeferredList granted = new DeferredList();

    BudgetTurn(CreditBudget budget) {
        this.budget = budget;
    }

    /** Puts a place into the line; the caller brings news afterwards. */
    void push(BudgetPlace place) {
        BudgetPlace top;
        do {
            top = arrived;
            place.next = top;
        } while (!ARRIVED.compareAndSet(this, top, place));
    }

    private void takeArrived() {
        BudgetPlace place = arrived == null ? null : (BudgetPlace) ARRIVED.getAndSet(this, (BudgetPlace) null);
        BudgetPlace end = place;
        BudgetPlace line = null;
        while (place != null) {
            BudgetPlace before = place.next;
            place.next = line;
            line = place;
            place = before;
        }
        if (line == null) {
            return;
        }
        if (last == null) {
            first = line;
        } else {
            last.next = line;
        }
        last = end;
    }

    @Override
    protected int work(boolean begins) {
        takeArrived();
        boolean served = true;
        while (served && first != null) {
            served = serve(first);
        }
        return DONE;
    }

    /** Serves the first; false if it has to wait further. */
    private boolean serve(BudgetPlace place) {
        int cost = place.waitsForVolatile();
        if (cost != 0 && !budget.take(cost)) {
            return false;
        }
        // Off the line first: once it is granted it may come again at once.
        takeFirst(place);
        if (cost == 0 ? place.letGo() : place.grant(cost)) {
            budget.stopsWaiting();
            IssueTurn<?> issue = place.core().issue();
            if (cost != 0 && issue.enter()) {
                granted.append(issue, issue);
            }
            return true;
        }
        // It was withdrawn, or waits for something else, just now.
        if (cost != 0) {
            budget.giveBack(cost);
        }
        putBack(place);
        return true;
    }

    private void takeFirst(BudgetPlace place) {
        first = place.next;
        place.next = null;
        if (first == null) {
            last = null;
        }
    }

    private void putBack(BudgetPlace place) {
        place.next = first;
        first = place;
        if (last == null) {
            last = place;
        }
    }

    @Override
    protected @Nullable Deferred takeAfter() {
        return granted.take();
    }

    @Override
    protected @Nullable Deferred left(int report) {
        return null;
    }

    @Override
    protected void broke(Throwable thrown) {
        QueueFaults.reportFor("budget ", budget.name(), "granting", thrown);
    }
}
