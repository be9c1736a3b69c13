package io.ringfence.queue;

import io.ringfence.internal.seam.Site;
import io.ringfence.internal.seam.Seam;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Objects;

/**
 * Credits that several queues share: what the jobs of all of them may cost together while they are on their devices. A job
 * takes its cost from its queue's own limit and from the budget, or waits.
 *
 * <p>Queues whose next job waits for the budget are served in the order in which they came to wait; each takes all its job needs or
 * nothing, and nobody overtakes the first. So a job that needs much is not starved by those that need little; it holds them back
 * until enough has come back.
 *
 * <p>Any number of queues, of any runtimes. Taking and giving back costs one compare-and-set as long as nobody waits. All methods
 * may be called by any thread.
 */
public final class CreditBudget {

    /** The largest limit. */
    public static final int MAX_LIMIT = 1 << 30;

    private static final long ONE_WAITS = 1L << 32;

    private static final VarHandle STATE;
    private static final VarHandle MEMBERS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(CreditBudget.class, "state", long.class);
            MEMBERS = lookup.findVarHandle(CreditBudget.class, "members", QueueCore[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String name;
    private final int limit;
    private final BudgetTurn granting = new BudgetTurn(this);
    /** In the lower half the credits that are free, in the upper half how many queues wait. */
    @SuppressWarnings("UnusedVariable") // read and written through STATE only
    private volatile long state;
    private volatile QueueCore<?>[] members = {};

    private CreditBudget(String name, int limit) {
        this.name = name;
        this.limit = limit;
        state = limit;
    }

    /**
     * Makes a budget.
     *
     * @param name  what it is called in messages
     * @param limit what all jobs on devices may cost together
     * @return a new budget, to be given to queues by {@link QueueOptions#withBudget}
     * @throws IllegalArgumentException unless {@code limit} is 1 to {@link #MAX_LIMIT}
     */
    public static CreditBudget create(String name, int limit) {
        Objects.requireNonNull(name, "name");
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException(
                    "limit " + limit + " of budget " + name + ": must be 1 to " + MAX_LIMIT);
        }
        return new CreditBudget(name, limit);
    }

    /**
     * The budget's name.
     *
     * @return the name given when it was made
     */
    public String name() {
        return name;
    }

    /**
     * What all jobs may cost together.
     *
     * @return the limit
     */
    public int limit() {
        return limit;
    }

    /**
     * The credits that are free at this moment.
     *
     * @return 0 to the limit
     */
    public int available() {
        return free(stateVolatile());
    }

    /**
     * How many queues have a job that waits for this budget.
     *
     * @return how many, at this moment
     */
    public int waiting() {
        return (int) (stateVolatile() >>> 32);
    }

    private long stateVolatile() {
        return (long) STATE.getVolatile(this);
    }

    private static int free(long known) {
        return (int) known;
    }

    // ---- queues; what follows is called by their turns

    void join(QueueCore<?> core) {
        QueueCore<?>[] known;
        QueueCore<?>[] more;
        do {
            known = members;
            more = Arrays.copyOf(known, known.length + 1);
            more[known.length] = core;
        } while (!MEMBERS.compareAndSet(this, known, more));
    }

    void leave(QueueCore<?> core) {
        QueueCore<?>[] known;
        QueueCore<?>[] fewer;
        do {
            known = members;
            fewer = Arrays.stream(known).filter(member -> member != core).toArray(QueueCore<?>[]::new);
        } while (!MEMBERS.compareAndSet(this, known, fewer));
    }

    QueueCore<?>[] members() {
        return members;
    }

    BudgetTurn granting() {
        return granting;
    }

    /** Whether somebody waits, so that completions have to be noticed without anybody polling. */
    boolean isWantedVolatile() {
        return stateVolatile() >= ONE_WAITS;
    }

    /** Takes credits unless somebody waits. */
    boolean tryTake(int cost) {
        for (;;) {
            long known = stateVolatile();
            if (known >= ONE_WAITS || free(known) < cost) {
                return false;
            }
            Seam.at(Site.BUDGET_TAKE);
            if (STATE.compareAndSet(this, known, known - cost)) {
                return true;
            }
        }
    }

    /**
     * One more waits; it is found by the granting turn then.
     *
     * @return whether it is the first
     */
    boolean startsWaiting(BudgetPlace place) {
        Seam.at(Site.BUDGET_WAIT);
        boolean first = (long) STATE.getAndAdd(this, ONE_WAITS) < ONE_WAITS;
        Seam.at(Site.BUDGET_WAIT);
        granting.push(place);
        return first;
    }

    /** Takes credits for the first of those who wait. */
    boolean take(int cost) {
        for (;;) {
            long known = stateVolatile();
            if (free(known) < cost) {
                return false;
            }
            Seam.at(Site.BUDGET_TAKE);
            if (STATE.compareAndSet(this, known, known - cost)) {
                return true;
            }
        }
    }

    void stopsWaiting() {
        Seam.at(Site.BUDGET_GRANT);
        STATE.getAndAdd(this, -ONE_WAITS);
    }

    /**
     * Gives credits back.
     *
     * @return whether somebody waits: then the caller brings news to the granting turn
     */
    boolean giveBack(long credits) {
        Seam.at(Site.BUDGET_RETURN);
        return (long) STATE.getAndAdd(this, credits) >= ONE_WAITS;
    }

    @Override
    public String toString() {
        return "budget " + name + " (" + available() + " of " + limit + " free, " + waiting() + " queues wait)";
    }

    /** Who waits, for people. */
    void describe(StringBuilder to) {
        to.append(this);
        for (QueueCore<?> member : members) {
            Workings<?> used = member.workingsVolatile();
            int cost = used == null ? 0 : used.issue().credits().waitsForBudgetVolatile();
            if (cost > 0) {
                to.append(System.lineSeparator()).append("  ").append(member.timeline()).append(" waits for ")
                        .append(cost);
            }
        }
    }
}
