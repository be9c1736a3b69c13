package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.driver.DeviceWaits;
import io.ringfence.driver.Driver;
import io.ringfence.fence.Failure;
import io.ringfence.fence.PointFence;
import io.ringfence.internal.ring.Slots;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.Turn;
import io.ringfence.internal.turn.UserCode;

import org.jspecify.annotations.Nullable;

/**
 * Hands published jobs to the driver, in order, as far as dependencies and credits allow.
 *
 * <p>News for it: a slot was published, the head's dependencies are signalled, credits came back, the queue was told to
 * stop. It owns the slots that are published and not yet passed by {@code issued}, which it stores with release after
 * its last touch of a slot.
 */
final class IssueTurn<P> extends Turn implements JobDependencies.OwnFailures {

    /** Jobs a holder issues before it offers the turn to a thread of the runtime. */
    private static final int BOUND = 1024;

    private static final int WAIT = 0;
    /** Report: jobs were handed to the driver. */
    private static final int RAN = 1;
    /** Report: slots were marked done that the device will not report. */
    private static final int MARKED = 2;
    /** Report: the head has begun to wait for credits. */
    private static final int BLOCKED = 4;
    /** Report: the queue has begun or ceased to wait for its budget, or gave credits back that others wait for. */
    private static final int BUDGET = 8;
    /** Report: it is the first to wait for its budget, so completions must be noticed on all that share it. */
    private static final int BUDGET_FIRST = 16;
    /** Report: a job is to be cancelled that is on the device. */
    private static final int ABORT = 32;

    private static final VarHandle ISSUED;
    private static final VarHandle CREDITS;
    private static final VarHandle RUNNING;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            ISSUED = lookup.findVarHandle(IssueTurn.class, "issued", long.class);
            CREDITS = lookup.findVarHandle(IssueTurn.class, "creditsIssued", long.class);
            RUNNING = lookup.findVarHandle(IssueTurn.class, "running", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final QueueCore<P> core;
    private final Driver<P> driver;
    private final int creditLimit;
    private final boolean onRuntimeOnly;
    private final @Nullable CreditBudget shared;
    private final BudgetPlace place;
    private final IssueWatch watch = new IssueWatch();

    /** The last seqno handed to the driver or refused. */
    private long issued;
    private long creditsIssued;
    private long creditsReturnedCache;
    /** In this look, a job was asked to be cancelled that is on the device. */
    private boolean aborts;
    /** Jobs that the present holder may still issue. */
    private int budget;
    private volatile boolean blocked;
    private volatile boolean parked;
    private final FailureMarks failures;
    private final CancelMarks cancelled;
    /** What was handed over up to here was handed over before the device was reset, and has kept its credits. */
    private long replayThrough;
    /** The last job that was given to the driver; beyond {@code issued} while it is inside. */
    @SuppressWarnings("UnusedVariable") // read and written through RUNNING only
    private long running;
    /** Who gave it; a reference is stored only when it is another one. */
    private volatile @Nullable Thread runner;
    private volatile boolean frozen;
    /** Since when the head waits, on the scale of the seam's clock; for diagnosis. */
    private volatile long headSince;

    IssueTurn(QueueCore<P> core, Driver<P> driver, QueueOptions options) {
        this.core = core;
        this.driver = driver;
        this.creditLimit = options.credits();
        this.onRuntimeOnly = driver.mayBlock();
        this.shared = options.budget();
        this.place = new BudgetPlace(core);
        this.failures = new FailureMarks(core);
        this.cancelled = new CancelMarks(core);
    }

    long issuedAcquire() {
        return (long) ISSUED.getAcquire(this);
    }

    long issuedVolatile() {
        return (long) ISSUED.getVolatile(this);
    }

    /** Whether the head waits for credits; the completion turn then arms the device. */
    boolean blockedVolatile() {
        return blocked;
    }

    /** What all jobs that were run have cost together. */
    long creditsIssuedOpaque() {
        return (long) CREDITS.getOpaque(this);
    }

    /** What the jobs on the device cost together. */
    long creditsInUseOpaque() {
        long returned = core.completion().creditsReturnedOpaque();
        return Math.max(0, creditsIssuedOpaque() - returned);
    }

    /** What the head waits for to come back to the budget, 0 if it does not. */
    int waitsForBudgetVolatile() {
        return place.waitsForVolatile();
    }

    /** Since when the head waits, if it does. */
    long headSinceVolatile() {
        return headSince;
    }

    /** Heads of other queues that the device could hold back, if a job of this one were on it. */
    IssueWatch watch() {
        return watch;
    }

    /** Whether this turn has ended for good: the driver is not called from here any more. */
    boolean parkedVolatile() {
        return parked;
    }

    @Override
    protected int work(boolean first) {
        if (blocking() && shouldHandOver()) {
            return MORE;
        }
        try {
            int report = look(first);
            report |= aborts ? ABORT : 0;
            aborts = false;
            return report;
        } catch (Throwable broken) {
            core.faults().poison("issue turn", broken);
            // What the interrupted look had to report is lost with it; news too much is harmless.
            return RAN | MARKED | BUDGET | BUDGET_FIRST | ABORT | MORE;
        }
    }

    @Override
    public boolean blocking() {
        return onRuntimeOnly;
    }

    private int look(boolean first) {
        int report = 0;
        if (first) {
            budget = bound();
        }
        if (frozen) {
            core.freeze().seen();
        }
        Slots slots = core.slotsAcquire();
        if (slots != null) {
            for (;;) {
                if (isHaltWanted()) {
                    break;
                }
                long seqno = issued + 1;
                takeCancels();
                Seam.at(Site.SLOT_LOOK);
                if (!slots.publishedAcquire(seqno)) {
                    break;
                }
                if (budget == 0) {
                    // Whoever goes on may take a while to be scheduled: the device need not wait for it.
                    VarHandle.fullFence();
                    doorbell();
                    // For the case that nobody takes over.
                    budget = bound();
                    return report | MORE;
                }
                budget--;
                int step = issue(slots, seqno);
                if ((step & (RAN | MARKED)) == 0) {
                    report |= step;
                    break;
                }
                report |= step;
                try {
                    Seam.at(Site.ISSUED);
                } finally {
                    // It was run or refused, and neither may happen again.
                    ISSUED.setRelease(this, seqno);
                }
            }
        }
        Seam.at(Site.DRAINED);
        if (core.closingVolatile() && core.drained(issued)) {
            parked = true;
            core.freeze().seen();
            return report | PARKED;
        }
        return report;
    }

    /** A run that blocks may push completions, which are taken once the turn is out of it. */
    private int bound() {
        return onRuntimeOnly ? 1 : BOUND;
    }

    private int issue(Slots slots, long seqno) {
        // Afterwards what counts was drawn already, and what is done is only passed once more.
        boolean again = seqno <= replayThrough;
        if (again && slots.hasPlain(seqno, Slots.DONE)) {
            return MARKED;
        }
        Object payload = slots.payloadPlain(seqno);
        JobDependencies dependencies = slots.extraPlain(seqno) instanceof JobDependencies named ? named : null;
        // A queue whose own code broke does not count on any news.
        if (dependencies != null && !core.faults().brokenVolatile() && !dependencies.ready()) {
            return WAIT;
        }
        if (payload == null) {
            if (!maySignal(dependencies)) {
                return WAIT;
            }
            failures.add(seqno);
            return MARKED;
        }
        if (dependencies != null) {
            // It may have been cancelled before the last of what it waits for was signalled, in the middle of this look.
            takeCancels();
        }
        Failure refusal = refusal(seqno);
        if (refusal != null) {
            if (!maySignal(dependencies)) {
                return again ? WAIT : waitsToBeRefused(slots.creditsPlain(seqno));
            }
            slots.extraPlain(seqno, refusal);
            return refuse(slots, seqno, core.payload(payload), again);
        }
        if (dependencies != null && core.failWithDependency() && dependencies.failed(this)) {
            if (!maySignal(dependencies)) {
                return again ? WAIT : waitsToBeRefused(slots.creditsPlain(seqno));
            }
            return refuse(slots, seqno, core.payload(payload), again);
        }
        if (frozen) {
            // Its last look was before this; thawing is news.
            core.freeze().seen();
            return WAIT;
        }
        int step = again ? RAN : pay(slots.creditsPlain(seqno));
        if (step != RAN) {
            return step;
        }
        return run(slots, seqno, core.payload(payload), dependencies == null ? null : dependencies.deviceWaits());
    }

    /** RAN if the job has its credits now. */
    private int pay(int cost) {
        if (!affordable(cost)) {
            boolean known = blocked;
            Seam.at(Site.BLOCK);
            blocked = true;
            return known ? WAIT : waits(BLOCKED);
        }
        if (blocked) {
            blocked = false;
        }
        if (shared != null) {
            int step = draw(shared, cost);
            if (step != RAN) {
                return step;
            }
        }
        CREDITS.setOpaque(this, creditsIssued + cost);
        return RAN;
    }

    /** A job that will not run is signalled after all its inputs, also after those that would have been left to the device. */
    private boolean maySignal(@Nullable JobDependencies dependencies) {
        return dependencies == null || core.faults().brokenVolatile() || dependencies.inputsSettled();
    }

    /** It wants nothing from the budget any more, which others may be waiting for. */
    private int waitsToBeRefused(int cost) {
        return shared == null ? WAIT : withdraw(shared, cost);
    }

    private @Nullable Failure refusal(long seqno) {
        Failure stopped = core.faults().stoppedVolatile();
        return stopped != null ? stopped : cancelled.of(seqno);
    }

    private int waits(int step) {
        headSince = Seam.nanoTime();
        return step;
    }

    private boolean affordable(int cost) {
        if (creditsIssued + cost - creditsReturnedCache <= creditLimit) {
            return true;
        }
        creditsReturnedCache = core.creditsReturnedVolatile();
        return creditsIssued + cost - creditsReturnedCache <= creditLimit;
    }

    /** Draws on the budget; RAN if that succeeded. */
    private int draw(CreditBudget budget, int cost) {
        int found = place.look();
        if (found == BudgetPlace.WAITS) {
            return WAIT;
        }
        return found == BudgetPlace.TAKEN || budget.tryTake(cost) ? RAN : startWaiting(budget, cost);
    }

    private int startWaiting(CreditBudget budget, int cost) {
        boolean first = place.startsWaiting(cost) && budget.startsWaiting(place);
        return waits(first ? BUDGET | BUDGET_FIRST : BUDGET);
    }

    /** A job that will not run wants nothing from the budget any more. */
    private int withdraw(CreditBudget budget, int cost) {
        int found = place.withdraw();
        if (found == BudgetPlace.TAKEN) {
            return budget.giveBack(cost) ? BUDGET : 0;
        }
        return found == BudgetPlace.WAITS ? BUDGET : 0;
    }

    private int run(Slots slots, long seqno, P payload, @Nullable DeviceWaits waits) {
        try {
            Seam.at(Site.RUN);
            startsRunning(seqno);
            if (waits == null) {
                driver.run(seqno, payload);
            } else {
                handOver(slots, seqno);
                driver.runAfter(seqno, payload, waits);
            }
            return RAN;
        } catch (Throwable thrown) {
            if (waits != null && slots.extraPlain(seqno) instanceof JobDependencies named) {
                named.failedOnDevice(thrown);
            } else {
                slots.extraPlain(seqno, thrown);
            }
            mark(slots, seqno);
            return RAN | MARKED;
        }
    }

    private void startsRunning(long seqno) {
        Thread me = Thread.currentThread();
        if (runner != me) {
            runner = me;
        }
        RUNNING.setOpaque(this, seqno);
        // Looked at once more when the turn was left; here for a run that does not return.
        beWatched();
    }

    private void beWatched() {
        HangClock clock = core.clock();
        if (clock != null) {
            clock.watchFrom(core.runtime().watchdog());
        }
    }

    /** The job that the driver has been given and has not given back, 0 if there is none; by whoever looks now and then. */
    long runningOpaque() {
        long given = (long) RUNNING.getOpaque(this);
        return given > issuedVolatile() ? given : 0;
    }

    /** Where a job is that the driver does not give back; for people. */
    String describeRun(long seqno, long nanos) {
        Thread thread = runner;
        StringBuilder text = new StringBuilder("queue ").append(core.timeline()).append(": run of seqno ").append(seqno)
                .append(" has not returned for ").append(HangClock.millis(nanos)).append(" ms");
        if (thread != null) {
            text.append(", on thread ").append(thread.getName()).append('#').append(thread.threadId());
            for (StackTraceElement frame : thread.getStackTrace()) {
                text.append(System.lineSeparator()).append("    at ").append(frame);
            }
        }
        return text.toString();
    }

    /** Before the device can complete it: whoever settles the job has to know that its inputs may not be signalled yet. */
    private static void handOver(Slots slots, long seqno) {
        if (slots.extraPlain(seqno) instanceof JobDependencies named) {
            named.handedOver();
        }
    }

    private int refuse(Slots slots, long seqno, P payload, boolean again) {
        int step = MARKED;
        if (!again) {
            step |= shared == null ? 0 : withdraw(shared, slots.creditsPlain(seqno));
            slots.clearCreditsPlain(seqno);
        }
        if (blocked) {
            blocked = false;
        }
        mark(slots, seqno);
        try {
            driver.cancel(seqno, payload);
        } catch (Throwable thrown) {
            core.faults().report("cancel", seqno, thrown);
        }
        return step;
    }

    private void mark(Slots slots, long seqno) {
        slots.markPlain(seqno, Slots.FAILED | Slots.DONE);
        failures.add(seqno);
    }

    /** Whether a seqno was passed without having been handed to the device. Any thread, having read {@code issued} first. */
    boolean hasRefused(long seqno) {
        return failures.isMarkedAcquire(seqno);
    }

    /**
     * Sorts the requests, before each job: whoever asked before it is looked at is in time. All are noted here, for what is on the
     * device may have to be handed over again; those of jobs on the device are the completion turn's business too.
     */
    private void takeCancels() {
        CancelRequests.Request request = core.cancels().anyVolatile() ? core.cancels().takeAll() : null;
        while (request != null) {
            CancelRequests.Request next = request.next;
            cancelled.add(request);
            request.next = null;
            if (request.seqno <= issued) {
                core.completion().aborts().push(request);
                aborts = true;
            }
            request = next;
        }
    }

    // ---- for recovery, while this turn stands still

    /** The device is empty: what is not finished is handed over again, as far as it is not done. */
    void rewind(long finished) {
        replayThrough = Math.max(replayThrough, issued);
        Seam.at(Site.ISSUED);
        ISSUED.setVolatile(this, finished);
    }

    /** A job that was on the device has failed there. */
    void failed(long seqno) {
        failures.add(seqno);
    }

    /** Whether jobs are kept from the driver; brings no news. */
    void freeze(boolean yes) {
        frozen = yes;
    }

    @Override
    public boolean has(PointFence point) {
        return failures.isMarkedPlain(point.seqno()) || point.recordedFailure() != null;
    }

    @Override
    protected @Nullable Deferred left(int report) {
        Deferred arisen = (report & RAN) != 0 ? ring() : null;
        if ((report & RAN) != 0) {
            beWatched();
        }
        if ((report & PARKED) != 0) {
            core.recovery().turnChanged();
        }
        // The other half of three handshakes: issued was stored before this turn was left, and now it is asked whether
        // the device told of a seqno beyond issued, was lost while run was inside, or others wait for what it gives back.
        boolean news = (report & (MARKED | BLOCKED | ABORT | PARKED)) != 0 || core.completion().aheadVolatile()
                || (report & RAN) != 0
                        && (core.faults().stoppedVolatile() != null || shared != null && shared.isWantedVolatile());
        if (news && core.completion().enter()) {
            arisen = join(arisen, core.completion());
        }
        if ((report & (RAN | MARKED | PARKED)) != 0 && watch.anyVolatile()) {
            arisen = join(tellWatch(), arisen);
        }
        return shared == null || (report & (BUDGET | BUDGET_FIRST)) == 0 ? arisen
                : join(arisen, budgetNews(shared, report));
    }

    /** Others may hand over the next jobs meanwhile. */
    private @Nullable Deferred tellWatch() {
        Deferred news = null;
        long told;
        do {
            told = issuedVolatile();
            news = join(watch.tell(told), news);
        } while (watch.anyVolatile() && issuedVolatile() != told);
        return news;
    }

    private static @Nullable Deferred budgetNews(CreditBudget budget, int report) {
        Deferred news = budget.granting().enter() ? budget.granting() : null;
        if ((report & BUDGET_FIRST) != 0) {
            for (QueueCore<?> member : budget.members()) {
                CompletionTurn<?> completion = member.completion();
                // One that is just running a job sees that the budget is wanted when it has stored issued.
                boolean busy = member.issue().issuedVolatile() != member.timelineState().signaledVolatile();
                if (busy && completion.enter()) {
                    completion.next(news);
                    news = completion;
                }
            }
        }
        return news;
    }

    /** Rings the doorbell outside of the turn, where the full fence that leaving it was lies between. */
    private @Nullable Deferred ring() {
        int token = UserCode.enter();
        doorbell();
        return UserCode.exit(token);
    }

    private void doorbell() {
        try {
            driver.doorbell();
        } catch (Throwable thrown) {
            core.faults().report("doorbell", thrown);
        }
    }

    @Override
    protected void halted() {
        core.recovery().turnChanged();
    }

    @Override
    protected void broke(Throwable thrown) {
        core.faults().poison("issue turn", thrown);
    }

    @Override
    protected @Nullable Deferred takeAfter() {
        return null;
    }

    @Override
    protected boolean handOver(Deferred chain) {
        return core.handOver(chain);
    }

    @Override
    public String toString() {
        return "queue " + core.timeline();
    }
}
