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

import org.jspecify.annotations.Nullable;

/**
 * Hands published jobs to the driver, in order, as far as dependencies and credits allow.
 *
 * <p>News for it: a slot was published, the head's dependencies are signalled, credits came back, the queue was told to
 * stop. It owns the slots that are published and not yet passed by {@code issued}, which it stores with release after
 * its last touch of a slot.
 */
final class IssueTurn<P> extends Turn implements JobDependencies.OwnFailures, JobDependencies.LaterLook {

    /** Jobs a holder issues before it offers the turn to a thread of the runtime. */
    private static final int BOUND = 1024;

    static final int WAIT = 0;
    /** Report: jobs were handed to the driver. */
    static final int RAN = 1;
    /** Report: slots were marked done that the device will not report. */
    private static final int MARKED = 2;
    /** Report: the head has begun to wait for credits. */
    static final int BLOCKED = 4;
    /** Report: the queue has begun or ceased to wait for its budget, or gave credits back that others wait for. */
    static final int BUDGET = 8;
    /** Report: it is the first to wait for its budget, so completions must be noticed on all that share it. */
    static final int BUDGET_FIRST = 16;
    /** Report: a job is to be cancelled that is on the device. */
    private static final int ABORT = 32;

    private static final VarHandle ISSUED;

    static {
        try {
            ISSUED = MethodHandles.lookup().findVarHandle(IssueTurn.class, "issued", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final QueueCore<P> core;
    private final Workings<P> parts;
    private final Driver<P> driver;
    private final CompletionTurn<P> completion;
    private final QueueFaults faults;
    private final CancelRequests requests;
    private final @Nullable HangClock clock;
    private final boolean onRuntimeOnly;
    /** Those of the core, once it has any. */
    private @Nullable Slots slots;
    private final IssueCredits credits;
    private final RunWatch runs;
    private final IssueWatch watch = new IssueWatch();

    /** The last seqno handed to the driver or refused. */
    private long issued;
    /** The completion turn's: the device told of more than {@code issued} when that turn was left, which wants news when it moves. */
    private volatile boolean ahead;
    /**
     * Whether anything but jobs was ever asked of this queue: to stop, close, freeze, cancel, tell others, share credits. Stored before
     * that is, and never taken back; until then one look at it spares a look at each of those.
     */
    private volatile boolean wary;
    /** Whether payloads stand in the slots as they were given. */
    private final boolean hookless;
    /** Whether other queues wait for all jobs of this one. */
    private final boolean below;
    /** The present holder looks no more: he owes others a turn first, and then brings news. */
    private boolean looksLater;
    /** In this look, a job was asked to be cancelled that is on the device. */
    private boolean aborts;
    /** Jobs that the present holder may still issue. */
    private int budget;
    private volatile boolean parked;
    private final FailureMarks failures;
    private final CancelMarks cancelled;
    /** What was handed over up to here was handed over before the device was reset, and has kept its credits. */
    private long replayThrough;
    private volatile boolean frozen;

    /** Of workings that have all but this. */
    IssueTurn(QueueCore<P> core, Workings<P> parts, Driver<P> driver) {
        this.core = core;
        this.parts = parts;
        this.driver = driver;
        completion = parts.completion();
        faults = parts.faults();
        requests = parts.cancels();
        clock = core.clock();
        onRuntimeOnly = core.mayBlock();
        credits = new IssueCredits(core, parts);
        runs = new RunWatch(core);
        failures = new FailureMarks(parts);
        cancelled = new CancelMarks(parts);
        hookless = core.isHookless();
        below = core.isBelowVolatile();
        wary = core.options().budget() != null;
    }

    /**
     * Looks out from now on for what may be asked beside jobs. Any thread, before it stores what it asks for: whoever then does not see
     * this has not seen that either, and the news that follows is for both.
     */
    void beWary() {
        if (!wary) {
            wary = true;
        }
    }

    long issuedAcquire() {
        return (long) ISSUED.getAcquire(this);
    }

    long issuedVolatile() {
        return (long) ISSUED.getVolatile(this);
    }

    /** What jobs are paid with. */
    IssueCredits credits() {
        return credits;
    }

    /** What the driver has been given. */
    RunWatch runs() {
        return runs;
    }

    /** Tells the head of another queue, which the device could hold back if a job of this one were on it, when it is. */
    void watch(IssueWatch.Place place, long seqno) {
        beWary();
        watch.add(place, seqno);
    }

    /** The completion turn's. */
    void deviceAhead(boolean is) {
        if (ahead != is) {
            ahead = is;
        }
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
            faults.poison("issue turn", broken);
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
            looksLater = false;
        } else if (looksLater) {
            return report;
        }
        if (frozen) {
            parts.freeze().seen();
        }
        Slots slots = slots();
        if (slots != null) {
            for (;;) {
                if (isHaltWanted()) {
                    break;
                }
                long seqno = issued + 1;
                if (wary) {
                    takeCancels();
                }
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
        if (wary && parts.end().closingVolatile() && parts.drained(issued)) {
            parked = true;
            parts.freeze().seen();
            return report | PARKED;
        }
        return report;
    }

    /** The holder. */
    @Override
    public boolean looksLater() {
        try {
            Deferred.run(newsLater());
            looksLater = true;
            return true;
        } catch (OutOfMemoryError now) {
            return false;
        }
    }

    private @Nullable Slots slots() {
        Slots known = slots;
        if (known == null) {
            known = parts.slotsAcquire();
            slots = known;
        }
        return known;
    }

    /** A run that blocks may push completions, which are taken once the turn is out of it. */
    private int bound() {
        return onRuntimeOnly ? 1 : BOUND;
    }

    /** Short, so that it becomes part of the loop: most jobs name nothing, and nobody wants anything of them. */
    private int issue(Slots slots, long seqno) {
        Object payload = slots.payloadPlain(seqno);
        if (payload == null || !slots.isBarePlain(seqno) || wary && isConcerned(seqno)) {
            return issueAny(slots, seqno);
        }
        int step = credits.pay(slots.creditsPlain(seqno));
        return step == RAN ? run(slots, seqno, payload(payload), null) : step;
    }

    /** Whether somebody wants something of a job, or of all. */
    private boolean isConcerned(long seqno) {
        return seqno <= replayThrough || frozen || refusal(seqno) != null;
    }

    /** The payload that a slot's content stands for, without a look at the core in most cases: each line of memory counts here. */
    @SuppressWarnings("unchecked") // only payloads of this queue are published
    private P payload(Object job) {
        return hookless ? (P) job : core.payload(job);
    }

    private int issueAny(Slots slots, long seqno) {
        // Afterwards what counts was drawn already, and what is done is only passed once more.
        boolean again = seqno <= replayThrough;
        if (again && slots.hasPlain(seqno, Slots.DONE)) {
            return MARKED;
        }
        Object payload = slots.payloadPlain(seqno);
        JobDependencies dependencies = slots.extraPlain(seqno) instanceof JobDependencies named ? named : null;
        // A queue whose own code broke does not count on any news.
        if (dependencies != null && !faults.brokenVolatile() && !dependencies.ready(this)) {
            return WAIT;
        }
        if (payload == null) {
            if (!maySignal(dependencies)) {
                return WAIT;
            }
            failures.add(seqno);
            skip(seqno);
            return MARKED;
        }
        if (dependencies != null) {
            // It may have been cancelled before the last of what it waits for was signalled, in the middle of this look.
            takeCancels();
        }
        Failure refusal = refusal(seqno);
        if (refusal != null) {
            if (!maySignal(dependencies)) {
                return again ? WAIT : credits.withdraw(slots.creditsPlain(seqno));
            }
            slots.extraPlain(seqno, refusal);
            return refuse(slots, seqno, payload(payload), again);
        }
        if (dependencies != null && core.failWithDependency() && dependencies.failed(this)) {
            if (!maySignal(dependencies)) {
                return again ? WAIT : credits.withdraw(slots.creditsPlain(seqno));
            }
            return refuse(slots, seqno, payload(payload), again);
        }
        if (frozen) {
            // Its last look was before this; thawing is news.
            parts.freeze().seen();
            // What it drew is not kept from others meanwhile.
            return again ? WAIT : credits.withdraw(slots.creditsPlain(seqno));
        }
        int step = again ? RAN : credits.pay(slots.creditsPlain(seqno));
        if (step != RAN) {
            return step;
        }
        return run(slots, seqno, payload(payload), dependencies == null ? null : dependencies.deviceWaits());
    }

    /** A job that will not run is signalled after all its inputs, also after those that would have been left to the device. */
    private boolean maySignal(@Nullable JobDependencies dependencies) {
        return dependencies == null || faults.brokenVolatile() || dependencies.inputsSettled();
    }

    private @Nullable Failure refusal(long seqno) {
        Failure stopped = faults.stoppedVolatile();
        return stopped != null ? stopped : cancelled.of(seqno);
    }

    private int run(Slots slots, long seqno, P payload, @Nullable DeviceWaits waits) {
        try {
            if (waits != null) {
                // First: who settles what breaks from here on looks for the cause where a job that waits on its device has it.
                handOver(slots, seqno);
            }
            Seam.at(Site.RUN);
            runs.given(seqno);
            // Looked at once more when the turn was left; here for a run that does not return.
            beWatched();
            if (waits == null) {
                driver.run(seqno, payload);
            } else {
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

    private void beWatched() {
        if (clock != null) {
            clock.watch();
        }
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
            step |= credits.withdraw(slots.creditsPlain(seqno));
            slots.clearCreditsPlain(seqno);
        }
        credits.unblock();
        mark(slots, seqno);
        try {
            driver.cancel(seqno, payload);
        } catch (Throwable thrown) {
            faults.report("cancel", seqno, thrown);
        }
        return step;
    }

    private void skip(long seqno) {
        try {
            driver.skip(seqno);
        } catch (Throwable thrown) {
            faults.report("skip", seqno, thrown);
        }
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
        CancelRequests.Request request = requests.anyVolatile() ? requests.takeAll() : null;
        while (request != null) {
            CancelRequests.Request next = request.next;
            cancelled.add(request);
            request.next = null;
            if (request.seqno <= issued) {
                completion.aborts().push(request);
                aborts = true;
            }
            request = next;
        }
    }

    // ---- for recovery, while this turn stands still

    /** The device is empty: what is not finished is handed over again, as far as it is not done. */
    void rewind(long finished) {
        beWary();
        replayThrough = Math.max(replayThrough, issued);
        Seam.at(Site.ISSUED);
        ISSUED.setVolatile(this, finished);
        runs.noneBeyond(finished);
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
        if ((report & RAN) != 0) {
            doorbell();
            beWatched();
        }
        if ((report & PARKED) != 0) {
            core.turnChanged();
        }
        // The other half of three handshakes: issued was stored before this turn was left, and now it is asked whether
        // the device told of a seqno beyond issued, was lost while run was inside, or others wait for what it gives back.
        boolean news = (report & (MARKED | BLOCKED | ABORT | PARKED)) != 0 || ahead
                || (report & RAN) != 0
                        && (below || wary && (faults.stoppedVolatile() != null || credits.areWantedVolatile()));
        Deferred arisen = news && completion.enter() ? completion : null;
        if ((report & (RAN | MARKED | PARKED)) != 0 && wary && watch.anyVolatile()) {
            arisen = join(tellWatch(), arisen);
        }
        return join(arisen, credits.news(report));
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

    /** Outside of the turn when it was left: the full fence that leaving was lies between. */
    private void doorbell() {
        try {
            driver.doorbell();
        } catch (Throwable thrown) {
            faults.report("doorbell", thrown);
        }
    }

    @Override
    protected void halted() {
        core.turnChanged();
    }

    @Override
    protected void broke(Throwable thrown) {
        faults.poison("issue turn", thrown);
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
