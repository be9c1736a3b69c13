package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

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

import org.jspecify.annotations.Nullable;

/**
 * Ends jobs in their order: records what became of each, returns its credits, empties its slot, advances the timeline, and collects who is
 * to be told. A slot is cleared first, and the counter advanced then. The completion turn's, but for what is said to be for others.
 */
final class Settlement<P> implements JobDependencies.OwnFailures {

    private static final VarHandle RETURNED;
    private static final VarHandle FAILED_JOBS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            RETURNED = lookup.findVarHandle(Settlement.class, "creditsReturned", long.class);
            FAILED_JOBS = lookup.findVarHandle(Settlement.class, "failedJobs", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final QueueCore<P> core;
    private final Workings<P> parts;
    private final CompletionTurn<P> turn;
    private final TimelineState timeline;
    private final boolean hookless;
    private final @Nullable CreditBudget shared;
    /** Finishes chains of plain jobs; null if the queue has none that wait on their device, or more is to be done for each job. */
    private final @Nullable Lockstep lockstep;
    /** Where jobs go back to that come from other queues. */
    private final @Nullable ReturnLine<? super P> returns;
    @SuppressWarnings("UnusedVariable") // stored through RETURNED
    private long creditsReturned;
    @SuppressWarnings("UnusedVariable") // stored through FAILED_JOBS
    private long failedJobs;
    /** Waiters were fired up to here; behind the counter only if that broke, or between a step and its end. */
    private long swept;
    private final DeferredList after = new DeferredList();
    /** Finished jobs on their way to the retire hook; those of this look. */
    private final DeferredList retired = new DeferredList();
    /** The job that the last pass or step did not finish only because its inputs are not signalled. */
    private @Nullable JobDependencies unsettled;
    /** Turns that this one's holder has taken and not performed yet; linked by {@link CompletionTurn#nextBorrowed}. */
    private @Nullable CompletionTurn<?> borrowed;
    /** How many jobs those have finished in this look. */
    private long finishedAhead;

    Settlement(QueueCore<P> core, Workings<P> parts, CompletionTurn<P> turn) {
        this.core = core;
        this.parts = parts;
        this.turn = turn;
        timeline = parts.timeline();
        returns = core.traits().returns();
        hookless = core.isHookless() && returns == null;
        shared = core.options().budget();
        lockstep = hookless && shared == null && core.maxWaits() != 0 ? new Lockstep(this) : null;
    }

    /** How many jobs have failed, holes not counted. Any thread. */
    long failedJobsOpaque() {
        return (long) FAILED_JOBS.getOpaque(this);
    }

    /** The credits of all finished jobs; read after the counter of the timeline, before which they are stored. Any thread. */
    long creditsReturnedOpaque() {
        return (long) RETURNED.getOpaque(this);
    }

    /** Who is to be told, once the turn was left. */
    @Nullable
    Deferred takeAfter() {
        // Who has been taken is performed from now on.
        for (CompletionTurn<?> taken = borrowed; taken != null; taken = borrowed) {
            borrowed = taken.nextBorrowed;
            taken.nextBorrowed = null;
        }
        finishedAhead = 0;
        return after.take();
    }

    /** Whether a job is complete that its inputs keep from being finished. */
    boolean isHeldUp() {
        return unsettled != null;
    }

    /** Whether there is nobody to be told when the turn was left. */
    boolean isNobodyTold() {
        return after.last() == null;
    }

    /**
     * Finishes what is complete, as far as nothing in between is not; tells who waits for it. What has been settled is passed even if the
     * next one broke something.
     *
     * @param slots      the queue's
     * @param issued     the last job that was handed to the device or refused
     * @param deviceDone the last job that the device has told of
     * @param lost       how jobs fail that the device has not told of, or null as long as it may
     */
    void advance(Slots slots, long issued, long deviceDone, @Nullable Failure lost) {
        pass(slots, issued, deviceDone, lost, Long.MAX_VALUE);
        for (JobDependencies waited = unsettled; waited != null && inputsSettled(waited); waited = unsettled) {
            stepOn(waited.finisher(), slots, Math.min(issued, deviceDone));
            pass(slots, issued, deviceDone, lost, Long.MAX_VALUE);
        }
    }

    /** Goes on in step with the queue that has finished the input of the next job, if both have nothing but plain jobs. */
    private void stepOn(@Nullable CompletionTurn<?> finisher, Slots slots, long end) {
        if (lockstep != null && finisher != null && finisher.settlement().lockstep != null && isBorrowed(finisher)
                && mayHaveOthersFinish()) {
            finishedAhead += lockstep.finish(slots, end, finisher, after);
        }
    }

    private boolean mayHaveOthersFinish() {
        return !turn.isStanding() && finishedAhead < CompletionTurn.BOUND;
    }

    /**
     * As {@link #advance}, but only as far as inputs are signalled: nobody is asked for those that are not.
     *
     * @param asked beyond this one, only jobs that name nothing are finished: what they waited for need not be looked at
     */
    void pass(Slots slots, long issued, long deviceDone, @Nullable Failure lost, long asked) {
        unsettled = null;
        long from = timeline.signaledPlain();
        long through = from;
        long creditsBefore = creditsReturned;
        try {
            for (;;) {
                through = passPlain(slots, through, Math.min(issued, deviceDone), asked);
                if (through >= issued || unsettled != null || through >= asked && hasInputs(slots, through + 1)
                        || !settled(slots, through + 1, deviceDone, lost)) {
                    break;
                }
                through++;
            }
        } finally {
            if (through != swept) {
                publish(from, through, creditsReturned - creditsBefore);
            } else {
                // What broke before it was passed on.
                passOn();
            }
        }
    }

    private void publish(long from, long through, long credits) {
        try {
            advances(from, through);
        } finally {
            timeline.signaledVolatile(through);
            fire(through, credits);
        }
    }

    // ---- for a lockstep

    /** The counter. */
    long signaledPlain() {
        return timeline.signaledPlain();
    }

    /** Finishes what {@link #passPlain} can; nobody is told, and nobody looked for, before a full fence. */
    long step(Slots slots, long from, long to) {
        // A step may pass what the one before it has stopped at.
        unsettled = null;
        long through = passPlain(slots, from, to, Long.MAX_VALUE);
        if (through != from) {
            try {
                advances(from, through);
            } finally {
                timeline.signaledRelease(through);
            }
        }
        return through;
    }

    /** Whether anybody waits for a job of this queue. */
    boolean isAwaitedVolatile() {
        return timeline.isAwaitedVolatile();
    }

    // ---- who is told

    /** Everybody who waits for what was signalled up to a seqno. */
    void tell(long through, DeferredList to) {
        timeline.sweep(swept, through, to);
        swept = through;
    }

    /** Everybody who waits for what was just signalled, then the retire hook, then the others who share the budget. */
    private void fire(long through, long credits) {
        try {
            tell(through, after);
        } finally {
            after.append(retired.take());
            passOn();
            if (shared != null && credits != 0 && shared.giveBack(credits) && shared.granting().enter()) {
                after.append(shared.granting(), shared.granting());
            }
        }
    }

    /** What something that broke has kept from those who wait; the end of the queue. */
    void passOnRest() {
        try {
            tell(timeline.signaledPlain(), after);
        } finally {
            passOn();
        }
    }

    /** Has jobs that came from other queues go back there, also those that something that broke has kept. */
    private void passOn() {
        if (returns != null) {
            after.append(returns.passOn());
        }
    }

    /** Before the counter is stored. */
    private void advances(long from, long through) {
        if (Checked.ON) {
            check(from, through);
        }
        timeline.recordTime(from, through);
        Seam.at(Site.FINISHED);
    }

    private void check(long from, long through) {
        Checked.that(from <= through && through <= parts.issue().issuedAcquire(),
                () -> "queue " + core.timeline() + ": finished goes from " + from + " to " + through + " beyond issued "
                        + parts.issue().issuedAcquire());
        Checked.that(creditsReturned <= parts.issue().credits().issuedOpaque(), () -> "queue " + core.timeline()
                + ": more credits came back than were spent, up to seqno " + through);
    }

    /**
     * Finishes slots of jobs of which there is nothing to say but that the device has completed them, perhaps after one that it has waited
     * for; the last of them.
     */
    private long passPlain(Slots slots, long from, long to, long asked) {
        long seqno = from;
        long returned = creditsReturned;
        while (seqno < to && hookless) {
            boolean bare = slots.isBarePlain(seqno + 1);
            if (!bare && (seqno >= asked || !isAfterInput(slots, seqno + 1))) {
                break;
            }
            seqno++;
            returned += slots.creditsPlain(seqno);
            if (bare) {
                slots.clearBarePlain(seqno);
            } else {
                slots.clearPlain(seqno);
            }
        }
        if (seqno != from) {
            RETURNED.setOpaque(this, returned);
        }
        return seqno;
    }

    /** Whether there is nothing more to say of a job than that the one its device has waited for was ok. */
    private boolean isAfterInput(Slots slots, long seqno) {
        if (!slots.isOnlyLadenPlain(seqno) || !(slots.extraPlain(seqno) instanceof JobDependencies named)
                || !named.waitsForOneOnDevice()) {
            return false;
        }
        if (named.allDone()) {
            return named.isOneOk();
        }
        unsettled = parts.faults().brokenVolatile() ? null : named;
        return false;
    }

    /** Finishes one slot if it is complete: records its outcome, returns its credits, empties it. */
    private boolean settled(Slots slots, long seqno, long deviceDone, @Nullable Failure lost) {
        boolean marked = slots.hasPlain(seqno, Slots.DONE);
        if (!marked && seqno > deviceDone && lost == null) {
            return false;
        }
        JobDependencies waited = waitedOnDevice(slots, seqno);
        if (waited != null && !waited.allDone() && !parts.faults().brokenVolatile()) {
            unsettled = waited;
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
        if (returns != null && payload != null) {
            returns.finished(core.payload(payload), failure);
        }
        return true;
    }

    /**
     * Has the inputs of a job settled that its device has waited for, if that can be done now; else this turn has news when they are. What
     * was finished before the job is signalled already, for the producers may have waited for that.
     */
    private boolean inputsSettled(JobDependencies waited) {
        if (!waited.finishProducers(this) || waited.allDone()) {
            return waited.inputsSettled();
        }
        // Some may be settled by whoever holds their turns, or wait for others themselves: most often nobody has to be told.
        Deferred again = turn.pollLater();
        if (again == null) {
            // Another one is about to, perhaps while this turn is still held: he would not look.
            return waited.inputsSettled();
        }
        after.append(again);
        return false;
    }

    /**
     * Has a producer finish what a job of this queue waited for, and what lies before. If nobody has its turn, that is done here and now:
     * two queues whose jobs wait for each other in turn would else leave and enter their turns for each of them. A recovery only has it
     * done, and so does a look that has had others finish too much already.
     *
     * @param producer its turn
     * @param seqno    what is waited for
     * @return false if somebody else has its turn, who has been told
     */
    boolean finishBefore(CompletionTurn<?> producer, long seqno) {
        if (!isBorrowed(producer)) {
            if (!producer.enter()) {
                return false;
            }
            // At once: from here on it is the holder of this turn who has to see to it that it is performed.
            after.append(producer, producer);
            producer.nextBorrowed = borrowed;
            borrowed = producer;
        }
        if (mayHaveOthersFinish()) {
            finishedAhead += producer.finishAhead(seqno);
            // Whoever waits for it is told before those who wait for the job, and also if the producer is to stand still.
            after.append(producer.settlement().after.take());
        }
        return true;
    }

    private boolean isBorrowed(CompletionTurn<?> producer) {
        CompletionTurn<?> taken = borrowed;
        while (taken != null && taken != producer) {
            taken = taken.nextBorrowed;
        }
        return taken != null;
    }

    private static boolean hasInputs(Slots slots, long seqno) {
        return slots.extraPlain(seqno) instanceof JobDependencies;
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

    /** Notes in the slot of a job that it will not be completed. */
    static void fail(Slots slots, long seqno, Object cause) {
        JobDependencies waited = waitedOnDevice(slots, seqno);
        if (waited != null) {
            waited.failedOnDevice(cause);
        } else {
            slots.extraPlain(seqno, cause);
        }
        slots.markPlain(seqno, Slots.DONE | Slots.FAILED);
    }
}
