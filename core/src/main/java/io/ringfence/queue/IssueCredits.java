package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.turn.Deferred;

import org.jspecify.annotations.Nullable;

/**
 * What a queue's jobs are paid with before they are run: credits of its own, then some of the budget that it shares. The issue turn's;
 * others read what it has come to.
 */
final class IssueCredits {

    private static final VarHandle ISSUED;

    static {
        try {
            ISSUED = MethodHandles.lookup().findVarHandle(IssueCredits.class, "issued", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Workings<?> parts;
    private final int limit;
    private final @Nullable CreditBudget shared;
    private final BudgetPlace place;

    /** What all jobs that were run have cost together. */
    private long issued;
    private long returnedCache;
    private volatile boolean blocked;
    private volatile long headSince;

    IssueCredits(QueueCore<?> core, Workings<?> parts) {
        this.parts = parts;
        QueueOptions options = core.options();
        limit = options.credits();
        shared = options.budget();
        place = new BudgetPlace(core);
    }

    // ---- any thread

    /** Whether the head waits for credits; the completion turn then arms the device. */
    boolean blockedVolatile() {
        return blocked;
    }

    /** What all jobs that were run have cost together. */
    long issuedOpaque() {
        return (long) ISSUED.getOpaque(this);
    }

    /** What the jobs on the device cost together. */
    long inUseOpaque() {
        long returned = parts.completion().settlement().creditsReturnedOpaque();
        return Math.max(0, issuedOpaque() - returned);
    }

    /** What the head waits for to come back to the budget, 0 if it does not. */
    int waitsForBudgetVolatile() {
        return place.waitsForVolatile();
    }

    /** Since when the head waits, if it does; on the scale of the seam's clock. */
    long headSinceVolatile() {
        return headSince;
    }

    // ---- the issue turn

    /** {@link IssueTurn#RAN} if a job has its credits now, else what there is to report. */
    int pay(int cost) {
        if (!affordable(cost)) {
            boolean known = blocked;
            Seam.at(Site.BLOCK);
            blocked = true;
            return known ? IssueTurn.WAIT : waits(IssueTurn.BLOCKED);
        }
        unblock();
        if (shared != null) {
            int step = draw(shared, cost);
            if (step != IssueTurn.RAN) {
                return step;
            }
        }
        ISSUED.setOpaque(this, issued + cost);
        return IssueTurn.RAN;
    }

    /** The head waits for credits no more. */
    void unblock() {
        if (blocked) {
            blocked = false;
        }
    }

    /** A job that will not run wants nothing from the budget any more, which others may be waiting for. What there is to report. */
    int withdraw(int cost) {
        if (shared == null) {
            return IssueTurn.WAIT;
        }
        int found = place.withdraw();
        if (found == BudgetPlace.TAKEN) {
            return shared.giveBack(cost) ? IssueTurn.BUDGET : IssueTurn.WAIT;
        }
        return found == BudgetPlace.WAITS ? IssueTurn.BUDGET : IssueTurn.WAIT;
    }

    private int waits(int step) {
        headSince = Seam.nanoTime();
        return step;
    }

    private boolean affordable(int cost) {
        if (issued + cost - returnedCache <= limit) {
            return true;
        }
        returnedCache = parts.creditsReturnedVolatile();
        return issued + cost - returnedCache <= limit;
    }

    /** Draws on the budget; RAN if that succeeded. */
    private int draw(CreditBudget budget, int cost) {
        int found = place.look();
        if (found == BudgetPlace.WAITS) {
            return IssueTurn.WAIT;
        }
        return found == BudgetPlace.TAKEN || budget.tryTake(cost) ? IssueTurn.RAN : startWaiting(budget, cost);
    }

    private int startWaiting(CreditBudget budget, int cost) {
        boolean first = place.startsWaiting(cost) && budget.startsWaiting(place);
        return waits(first ? IssueTurn.BUDGET | IssueTurn.BUDGET_FIRST : IssueTurn.BUDGET);
    }

    // ---- having left the turn

    /** Whether others wait for what jobs of this queue give back. */
    boolean areWantedVolatile() {
        return shared != null && shared.isWantedVolatile();
    }

    /** Who has to be told because of a report. */
    @Nullable
    Deferred news(int report) {
        if ((report & (IssueTurn.BUDGET | IssueTurn.BUDGET_FIRST)) == 0 || shared == null) {
            return null;
        }
        Deferred news = shared.granting().enter() ? shared.granting() : null;
        if ((report & IssueTurn.BUDGET_FIRST) != 0) {
            for (QueueCore<?> member : shared.members()) {
                Workings<?> used = member.workingsVolatile();
                // One that is just running a job sees that the budget is wanted when it has stored issued.
                if (used != null && used.issue().issuedVolatile() != used.timeline().signaledVolatile()
                        && used.completion().enter()) {
                    used.completion().next(news);
                    news = used.completion();
                }
            }
        }
        return news;
    }
}
