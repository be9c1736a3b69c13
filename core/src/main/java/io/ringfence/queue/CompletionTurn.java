package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;

import io.ringfence.driver.Completions;
import io.ringfence.driver.Driver;
import io.ringfence.fence.Failure;
import io.ringfence.fence.FenceFailedException;
import io.ringfence.fence.PointFence;
import io.ringfence.internal.ring.Slots;
import io.ringfence.internal.seam.Checked;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.timeline.TimelineState;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.DeferredList;
import io.ringfence.internal.turn.Turn;

import org.jspecify.annotations.Nullable;

/**
 * Learns from the driver what is complete, empties the slots in order, signals the fences.
 *
 * <p>News for it: the device raised its interrupt, slots were marked done that the device will not report, somebody
 * began to wait. It owns the slots from the timeline's counter to {@code issued}, never goes beyond {@code issued},
 * clears a slot first and advances the counter then.
 */
final class CompletionTurn<P> extends Turn implements Completions, JobDependencies.OwnFailures {

    /** Jobs a holder finishes before others are told, and before it offers the turn to a thread of the runtime. */
    private static final int BOUND = 4096;

    /** Report: the issue turn must look again. */
    private static final int ISSUE_NEWS = 1;

    private static final VarHandle RETURNED;
    private static final VarHandle FAILED_JOBS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            RETURNED = lookup.findVarHandle(CompletionTurn.class, "creditsReturned", long.class);
            FAILED_JOBS = lookup.findVarHandle(CompletionTurn.class, "failedJobs", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final QueueCore<P> core;
    private final Driver<P> driver;
    private final TimelineState timeline;

    /** What this look takes for issued. */
    private long seenIssued;
    /** The device has completed everything up to here, as far as it has told. */
    private long deviceDone;
    /** Jobs that the present holder has finished. */
    private long settled;
    private @Nullable Failure lost;
    /** The driver has been told so. */
    private boolean lossTold;
    /** The issue turn was told that the queue is stopped. */
    private boolean stopTold;
    private volatile boolean ended;
    @SuppressWarnings("UnusedVariable") // stored through RETURNED
    private long creditsReturned;
    /** In this look, the device told of a seqno that {@code issued} had not reached, or that it is lost. */
    private boolean beyond;
    /** The same, when the turn was left: the issue turn brings news when it has moved {@code issued}. */
    private volatile boolean ahead;
    private final Arming arming;
    private final boolean hookless;
    /** Waiters were fired up to here; behind the counter only if that broke. */
    private long swept;
    private final DeferredList after = new DeferredList();
    /** Finished jobs on their way to the retire hook; those of this look. */
    private final DeferredList retired = new DeferredList();
    /** Those of the present epoch. */
    private volatile PushedReports pushed = new PushedReports();
    private final CancelRequests aborts = new CancelRequests();
    /** The driver was asked to give up everything up to here. */
    private long aborted;
    private final @Nullable CreditBudget shared;
    @SuppressWarnings("UnusedVariable") // stored through FAILED_JOBS
    private long failedJobs;

    CompletionTurn(QueueCore<P> core, Driver<P> driver, TimelineState timeline) {
        this.core = core;
        this.driver = driver;
        this.timeline = timeline;
        this.shared = core.options().budget();
        this.arming = new Arming(core, timeline);
        this.hookless = core.isHookless();
    }

    /** What the device pushes. */
    PushedReports pushed() {
        return pushed;
    }

    /** Requests to cancel jobs that are on the device. */
    CancelRequests aborts() {
        return aborts;
    }

    /** How many jobs have failed, holes not counted. */
    long failedJobsOpaque() {
        return (long) FAILED_JOBS.getOpaque(this);
    }

    boolean aheadVolatile() {
        return ahead;
    }

    /** The credits of all finished jobs; read after the counter of the timeline, before which they are stored. */
    long creditsReturnedOpaque() {
        return (long) RETURNED.getOpaque(this);
    }

    @Override
    protected int work(boolean first) {
        if (first) {
            settled = 0;
        }
        try {
            return look();
        } catch (Throwable broken) {
            core.faults().poison("completion turn", broken);
            lose(QueueFaults.BROKEN);
            return ISSUE_NEWS | MORE;
        }
    }

    private int look() {
        if (core.issue().parkedVolatile()) {
            ended = true;
            return PARKED;
        }
        int report = 0;
        boolean again;
        do {
            // Read once: what is reported beyond it waits, and is not passed, though issued may move meanwhile.
            long issued = core.issue().issuedAcquire();
            seenIssued = issued;
            if (ahead) {
                ahead = false;
            }
            beyond = false;
            giveUp(issued);
            pollDriver();
            report |= advance(issued);
            again = arm();
            if (beyond) {
                Seam.at(Site.BLOCK);
                // First half of "a report beyond issued waits"; the issue turn stores issued, leaves, and looks here.
                ahead = true;
                Seam.at(Site.BLOCK);
                again |= core.issue().issuedVolatile() != issued;
            }
        } while (again && settled < BOUND);
        if (settled >= BOUND) {
            settled = 0;
            report |= MORE;
        }
        Seam.at(Site.DRAINED);
        boolean stopped = !stopTold && core.faults().stoppedVolatile() != null;
        stopTold |= stopped;
        if (stopped || core.closingVolatile() && core.drained(core.issue().issuedAcquire())) {
            report |= ISSUE_NEWS;
        }
        return report;
    }

    private void pollDriver() {
        Failure gone = core.lostVolatile();
        if (gone != null) {
            lose(gone);
        }
        if (lost == null) {
            try {
                Seam.at(Site.POLL);
                driver.poll(this);
                pushed.report(this);
            } catch (Throwable thrown) {
                lose(core.faults().broken("poll", thrown));
            }
        }
        if (lost != null && !lossTold) {
            lossTold = true;
            tellLoss();
        }
    }

    private void tellLoss() {
        try {
            driver.lost();
        } catch (Throwable thrown) {
            core.faults().report("lost", thrown);
        }
    }

    // ---- for recovery, while this turn stands still

    /** Whether this turn has ended for good. */
    boolean endedVolatile() {
        return ended;
    }

    /** One look at the device. */
    @Nullable
    Deferred harvest() {
        try {
            long issued = core.issue().issuedAcquire();
            seenIssued = issued;
            pollDriver();
            int _ = advance(issued);
        } catch (Throwable broken) {
            core.faults().poison("harvest", broken);
            lose(QueueFaults.BROKEN);
        }
        return after.take();
    }

    /** Whether the device has said that it has completed everything up to a seqno. */
    boolean isTold(long seqno) {
        return seqno <= deviceDone;
    }

    /** A job that was handed to the device will not be completed by it. */
    void failOnDevice(long seqno, Failure why) {
        Slots slots = core.slotsAcquire();
        if (slots != null) {
            fail(slots, seqno, why);
        }
    }

    /** What was pushed in the former epoch is not looked at any more, nor what the device was asked for in it. */
    PushedReports beginEpoch() {
        PushedReports fresh = new PushedReports();
        pushed = fresh;
        aborted = timeline.signaledPlain();
        // The issue turn has noted them too.
        CancelRequests.Request _ = aborts.takeAll();
        arming.forget();
        return fresh;
    }

    // ---- the look

    /** Asks the driver to give up what is on the device, if somebody asked for that. */
    private void giveUp(long issued) {
        CancelRequests.Request request = aborts.anyVolatile() ? aborts.takeAll() : null;
        for (; request != null; request = request.next) {
            if (request.seqno > timeline.signaledPlain()) {
                abort(request.seqno);
            }
        }
        if (core.killedVolatile()) {
            long seqno = Math.max(aborted, timeline.signaledPlain());
            while (seqno < issued) {
                abort(++seqno);
            }
            aborted = seqno;
        }
    }

    private void abort(long seqno) {
        Slots slots = core.slotsAcquire();
        if (lost != null || slots == null || slots.hasPlain(seqno, Slots.DONE)) {
            return;
        }
        Object payload = slots.payloadPlain(seqno);
        if (payload != null) {
            try {
                driver.abort(seqno, core.payload(payload));
            } catch (Throwable thrown) {
                core.faults().report("abort", seqno, thrown);
            }
        }
    }

    private int advance(long issued) {
        Slots slots = core.slotsAcquire();
        if (slots == null) {
            return 0;
        }
        long from = timeline.signaledPlain();
        long through = from;
        long creditsBefore = creditsReturned;
        try {
            for (;;) {
                through = passBare(slots, through, Math.min(issued, deviceDone));
                if (through >= issued || !settled(slots, through + 1)) {
                    break;
                }
                through++;
            }
        } finally {
            // What has been settled is cleared: it must be passed even if the next one broke something.
            settled += through - from;
            if (through != swept) {
                publish(from, through, creditsReturned - creditsBefore);
            }
        }
        beyond |= deviceDone > issued;
        return through != from && core.claim().claimedVolatile() != core.issue().issuedVolatile() ? ISSUE_NEWS : 0;
    }

    private void publish(long from, long through, long credits) {
        if (Checked.ON) {
            check(from, through);
        }
        try {
            timeline.recordTime(from, through);
            Seam.at(Site.FINISHED);
        } finally {
            timeline.signaledVolatile(through);
            fire(through, credits);
        }
    }

    /** Everybody who waits for what was just signalled, then the retire hook, then the others who share the budget. */
    private void fire(long through, long credits) {
        try {
            timeline.sweep(swept, through, after);
            swept = through;
        } finally {
            after.append(retired.take());
            if (shared != null && credits != 0 && shared.giveBack(credits) && shared.granting().enter()) {
                after.append(shared.granting(), shared.granting());
            }
        }
    }

    private void check(long from, long through) {
        Checked.that(from <= through && through <= core.issue().issuedAcquire(),
                () -> "queue " + core.timeline() + ": finished goes from " + from + " to " + through + " beyond issued "
                        + core.issue().issuedAcquire());
        Checked.that(creditsReturned <= core.issue().credits().issuedOpaque(), () -> "queue " + core.timeline()
                + ": more credits came back than were spent, up to seqno " + through);
    }

    /** Finishes slots of jobs of which there is nothing to say but that the device has completed them; the last of them. */
    private long passBare(Slots slots, long from, long to) {
        long seqno = from;
        long returned = creditsReturned;
        while (seqno < to && hookless && slots.isBarePlain(seqno + 1)) {
            seqno++;
            returned += slots.creditsPlain(seqno);
            slots.clearBarePlain(seqno);
        }
        if (seqno != from) {
            RETURNED.setOpaque(this, returned);
        }
        return seqno;
    }

    /** Finishes one slot if it is complete: records its outcome, returns its credits, empties it. */
    private boolean settled(Slots slots, long seqno) {
        boolean marked = slots.hasPlain(seqno, Slots.DONE);
        if (!marked && seqno > deviceDone && lost == null) {
            return false;
        }
        JobDependencies waited = waitedOnDevice(slots, seqno);
        if (waited != null && !core.faults().brokenVolatile() && !inputsSettled(waited)) {
            return false;
        }
        Failure failure = null;
        if (slots.hasPlain(seqno, Slots.FAILED)) {
            failure = failure(waited == null ? slots.extraPlain(seqno)
                    : waited.failed(this) ? waited : waited.deviceCause());
        } else if (!marked && seqno > deviceDone) {
            failure = lost;
        } else if (slots.hasPlain(seqno, Slots.HOLE)) {
            failure = QueueFaults.HOLE;
        } else if (core.failWithDependency() && slots.extraPlain(seqno) instanceof JobDependencies named
                && named.failed(this)) {
            failure = failure(named);
        }
        Object payload = slots.payloadPlain(seqno);
        PointFence fence = (PointFence) slots.fencePlain(seqno);
        if (failure == null && fence != null && payload != null) {
            failure = fence.complete(core.payload(payload));
        }
        if (failure != null) {
            timeline.failures().append(seqno, failure);
            if (fence != null) {
                fence.failed(failure);
            }
            if (payload != null) {
                FAILED_JOBS.setOpaque(this, failedJobs + 1);
            }
        }
        if (payload instanceof Retirements.Retirement<?> retirement) {
            retirement.settled(seqno, failure);
            retired.append(retirement, retirement);
        }
        RETURNED.setOpaque(this, creditsReturned + slots.creditsPlain(seqno));
        slots.clearPlain(seqno);
        return true;
    }

    /** If not, this turn has news when they are. */
    private boolean inputsSettled(JobDependencies waited) {
        if (waited.areInputsDone()) {
            return true;
        }
        Deferred producers = waited.askProducers();
        if (producers == null) {
            return waited.inputsSettled();
        }
        // The device has completed what the job waited for, too: when they have looked there, most often nobody has to be told.
        after.append(producers);
        Deferred again = pollLater();
        if (again == null) {
            // Another one is about to, perhaps while this turn is still held: he would not look.
            return waited.inputsSettled();
        }
        after.append(again);
        return false;
    }

    private static @Nullable JobDependencies waitedOnDevice(Slots slots, long seqno) {
        return slots.extraPlain(seqno) instanceof JobDependencies named && named.isOnDevice() ? named : null;
    }

    private static Failure failure(@Nullable Object extra) {
        try {
            return switch (extra) {
                case Failure failure -> failure;
                case FenceFailedException passedOn -> passedOn.failure();
                case Throwable thrown -> new Failure.DriverError(thrown);
                case JobDependencies named -> named.failure();
                case null, default -> QueueFaults.UNKNOWN;
            };
        } catch (OutOfMemoryError e) {
            return QueueFaults.UNKNOWN;
        }
    }

    @Override
    public boolean has(PointFence point) {
        return point.recordedFailure() != null;
    }

    /**
     * Asks the device for an interrupt if somebody waits, unless that has been done.
     *
     * @return whether the device was asked, so that it has to be polled once more
     */
    private boolean arm() {
        long target = lost == null ? arming.next() : 0;
        if (target == 0) {
            return false;
        }
        try {
            driver.arm(target);
        } catch (Throwable thrown) {
            lose(core.faults().broken("arm", thrown));
        }
        return true;
    }

    @Override
    public void completedThrough(long seqno) {
        if (seqno > deviceDone) {
            if (neverSubmitted(seqno)) {
                return;
            }
            deviceDone = seqno;
        }
    }

    private boolean neverSubmitted(long seqno) {
        if (seqno <= core.issue().issuedAcquire() || seqno <= core.claim().claimedVolatile()) {
            return false;
        }
        deviceLost("it reported seqno " + seqno + ", which was never submitted");
        return true;
    }

    @Override
    public boolean completed(long seqno) {
        return mark(seqno, null);
    }

    @Override
    public boolean failed(long seqno, Throwable cause) {
        return mark(seqno, Objects.requireNonNull(cause, "cause"));
    }

    private boolean mark(long seqno, @Nullable Throwable cause) {
        if (seqno <= timeline.signaledPlain()) {
            return true;
        }
        Slots slots = core.slotsAcquire();
        if (slots == null || seqno > seenIssued) {
            if (!neverSubmitted(seqno)) {
                beyond = true;
            }
            return false;
        }
        if (!slots.hasPlain(seqno, Slots.DONE)) {
            if (cause == null) {
                slots.markPlain(seqno, Slots.DONE);
            } else {
                fail(slots, seqno, cause);
            }
        }
        return true;
    }

    private static void fail(Slots slots, long seqno, Object cause) {
        JobDependencies waited = waitedOnDevice(slots, seqno);
        if (waited != null) {
            waited.failedOnDevice(cause);
        } else {
            slots.extraPlain(seqno, cause);
        }
        slots.markPlain(seqno, Slots.DONE | Slots.FAILED);
    }

    @Override
    public void deviceLost(String reason) {
        lose(new Failure.DeviceLost(Objects.requireNonNull(reason, "reason")));
    }

    private void lose(Failure gone) {
        if (lost == null) {
            lost = gone;
            core.faults().stop(gone);
            // It concerns whatever was run meanwhile too: issued must be read once more, after the stop was stored.
            beyond = true;
        }
    }

    @Override
    protected void halted() {
        core.recovery().turnChanged();
    }

    @Override
    protected void broke(Throwable thrown) {
        core.faults().poison("completion turn", thrown);
    }

    @Override
    protected @Nullable Deferred takeAfter() {
        return after.take();
    }

    @Override
    protected @Nullable Deferred left(int report) {
        if ((report & PARKED) != 0) {
            core.recovery().turnChanged();
            return core.finisher();
        }
        return (report & ISSUE_NEWS) != 0 && core.issue().enter() ? core.issue() : null;
    }

    @Override
    protected boolean handOver(Deferred chain) {
        return core.handOver(chain);
    }

    @Override
    public String toString() {
        return "completion turn of queue " + core.timeline();
    }
}
