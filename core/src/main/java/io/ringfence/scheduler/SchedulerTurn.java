package io.ringfence.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceFailedException;
import io.ringfence.fence.Fences;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.DeferredList;
import io.ringfence.internal.turn.StackRoom;
import io.ringfence.internal.turn.Turn;
import io.ringfence.queue.QueueClosedException;

import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Decides whose job goes to the hardware ring next. News for it: an entity has something new, a job has come back.
 *
 * <p>What it lets go on (the hardware queue, the queues of entities, who waits for a job to be scheduled) is done after it.
 *
 * @param <P> the user's payload
 */
final class SchedulerTurn<P> extends Turn {

    /** Decisions before the turn is offered to a thread of the runtime. */
    private static final int BOUND = 256;
    private static final int CHUNK = 256;
    private static final Failure BROKEN = new Failure.Cancelled("its scheduler broke");

    private static final VarHandle DONE_JOBS;
    private static final VarHandle MISSED;
    private static final VarHandle CREDITS_USED;
    private static final VarHandle LOAD;
    private static final VarHandle DECISIONS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            DONE_JOBS = lookup.findVarHandle(SchedulerTurn.class, "doneJobs", EntityJob.class);
            MISSED = lookup.findVarHandle(SchedulerTurn.class, "missed", EntityCore.class);
            CREDITS_USED = lookup.findVarHandle(SchedulerTurn.class, "creditsUsed", long.class);
            LOAD = lookup.findVarHandle(SchedulerTurn.class, "load", long.class);
            DECISIONS = lookup.findVarHandle(SchedulerTurn.class, "decisions", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SchedulerCore<P> core;
    private final RunQueue runQueue;
    private final AverageTime times;
    private final int creditLimit;
    private final boolean skips;
    private final @Nullable Prepare<? super P> prepare;
    private final MpscUnboundedVarHandleArrayQueue<EntityCore<P>> inbox = new MpscUnboundedVarHandleArrayQueue<>(
            CHUNK);
    /** Jobs that have come back, the last one first. */
    @SuppressWarnings("UnusedVariable") // read and written through DONE_JOBS only
    private volatile @Nullable EntityJob<P> doneJobs;
    /** Entities for which there was no room in the inbox. */
    @SuppressWarnings("UnusedVariable") // read and written through MISSED only
    private volatile @Nullable EntityCore<P> missed;

    // The holder's; read by others for what they are.
    private long creditsUsed;
    /** Jobs of the entities that are here, whether they can run or not, with those on the device. */
    private long load;
    private long lastFinished;
    private long decisions;
    private int budget;
    /** Jobs that have come back and were not looked at, the first one first. */
    private @Nullable EntityJob<P> back;
    /** Jobs of whose end there was no memory to tell. */
    private @Nullable EntityJob<P> untold;
    private volatile boolean frozen;
    /** The hardware queue takes no jobs any more. */
    private boolean refusing;
    /** The scheduler's own code broke: nothing is handed over any more. */
    private @Nullable Failure poisoned;
    private final DeferredList after = new DeferredList();

    SchedulerTurn(SchedulerCore<P> core, SchedulerOptions options, @Nullable Prepare<? super P> prepare) {
        this.core = core;
        this.prepare = prepare;
        times = new AverageTime();
        runQueue = new RunQueue(options.name(), options.policy().get(), times, options.credits());
        creditLimit = options.credits();
        skips = options.headOfLine() == HeadOfLine.SKIPPING;
    }

    // ---- any thread

    /** An entity has something new. */
    void arrived(EntityCore<P> entity) {
        try {
            boolean _ = inbox.offer(entity);
        } catch (OutOfMemoryError noPlace) {
            EntityCore<?> top;
            do {
                top = (EntityCore<?>) MISSED.getAcquire(this);
                entity.nextMissed = cast(top);
                Seam.at(Site.SCHEDULE);
            } while (!MISSED.compareAndSet(this, top, entity));
        }
        news();
    }

    /**
     * Jobs have come back from the hardware queue, which is done with them. The caller brings news, or has it brought.
     *
     * @param last  the last one, from which the others can be reached
     * @param first the first one, behind which nothing hangs
     */
    void cameBack(EntityJob<P> last, EntityJob<P> first) {
        EntityJob<?> top;
        do {
            top = (EntityJob<?>) DONE_JOBS.getAcquire(this);
            first.nextDone = cast(top);
            Seam.at(Site.SCHEDULE);
        } while (!DONE_JOBS.compareAndSet(this, top, last));
    }

    @SuppressWarnings("unchecked") // only jobs of this scheduler come back to it
    private @Nullable EntityJob<P> cast(@Nullable EntityJob<?> job) {
        return (EntityJob<P>) job;
    }

    @SuppressWarnings("unchecked") // only entities of this scheduler come to it
    private @Nullable EntityCore<P> cast(@Nullable EntityCore<?> entity) {
        return (EntityCore<P>) entity;
    }

    /** Whether jobs are kept where they are; who lets them go on brings news. */
    void frozenVolatile(boolean keeps) {
        frozen = keeps;
    }

    long creditsUsedOpaque() {
        return (long) CREDITS_USED.getOpaque(this);
    }

    long loadOpaque() {
        return (long) LOAD.getOpaque(this);
    }

    long decisionsOpaque() {
        return (long) DECISIONS.getOpaque(this);
    }

    // ---- the turn

    @Override
    protected int work(boolean first) {
        if (first) {
            budget = BOUND;
            if (shouldHandOver() && !StackRoom.isAmple()) {
                // To submit, to cancel and to tell of an end requires room once more, where nothing can be undone any more.
                return MORE;
            }
        }
        try {
            takeUntold();
            takeBack();
            takeDone();
            takeArrived();
            return decide() ? MORE : DONE;
        } catch (Throwable thrown) {
            return poison(thrown);
        }
    }

    /** What is here is given back, in a look of its own; what breaks once more waits for the next news. */
    private int poison(Throwable thrown) {
        Reports.report(core.toString(), "decision", thrown);
        if (poisoned != null) {
            return DONE;
        }
        poisoned = BROKEN;
        try {
            core.poison();
        } catch (Throwable again) {
            Reports.report(core.toString(), "its end", again);
        }
        return MORE;
    }

    private void takeDone() {
        EntityJob<P> job = cast((EntityJob<?>) DONE_JOBS.getAndSet(this, (EntityJob<?>) null));
        while (job != null) {
            EntityJob<P> before = job.nextDone;
            job.nextDone = back;
            back = job;
            job = before;
        }
        takeBack();
    }

    private void takeBack() {
        for (EntityJob<P> job = back; job != null; job = back) {
            back = job.nextDone;
            job.nextDone = null;
            account(job);
        }
    }

    private void takeUntold() {
        EntityJob<P> job = untold;
        untold = null;
        while (job != null) {
            EntityJob<P> next = job.nextDone;
            tell(job);
            job = next;
        }
    }

    /** Tells the queue of a job how it ended, now or, if there is no memory for that, with the next news. */
    private void tell(EntityJob<P> job) {
        try {
            Failure failure = job.failure;
            job.entity.tell(job, failure == null ? null : passedOn(job, failure));
        } catch (OutOfMemoryError | StackOverflowError noReport) {
            job.nextDone = untold;
            untold = job;
        }
    }

    /** The device worked on a job from when the one before it was finished, if it had it by then. */
    private void account(EntityJob<P> job) {
        EntityCore<P> entity = job.entity;
        long nanos = Math.max(0, job.finished - Math.max(job.scheduled, lastFinished));
        if (job.ran) {
            lastFinished = Math.max(lastFinished, job.finished);
            times.add(nanos);
        }
        CREDITS_USED.setOpaque(this, creditsUsed - credits(job));
        // Who still asks for its being cancelled must not cancel what has that position in another ring.
        job.hardwareSeqno = 0;
        entity.cameBack(nanos, job.ran);
        try {
            if (job.failure != null) {
                breakGang(job, job.ran);
            }
            // Before its queue is told: whoever has seen the end of the last job finds the entity without a home.
            look(entity);
        } finally {
            tell(job);
        }
    }

    private static Throwable passedOn(EntityJob<?> job, Failure failure) {
        return new FenceFailedException(job.toString(), failure);
    }

    private int credits(EntityJob<P> job) {
        // More than there are, if it was submitted for another scheduler: it goes alone.
        return Math.min(job.cost, creditLimit);
    }

    private void takeArrived() {
        EntityCore<P> without = cast((EntityCore<?>) MISSED.getAndSet(this, (EntityCore<?>) null));
        while (without != null) {
            EntityCore<P> next = without.nextMissed;
            without.nextMissed = null;
            arrives(without);
            without = next;
        }
        // Relaxed: nobody is waited for who is just putting one there, for he brings news when he has.
        for (EntityCore<P> entity = inbox.relaxedPoll(); entity != null; entity = inbox.relaxedPoll()) {
            arrives(entity);
        }
        if (poisoned != null) {
            core.entities().forEach(this::look);
        }
    }

    private void arrives(EntityCore<P> entity) {
        entity.looked();
        if (entity.homeVolatile() == core) {
            look(entity);
        } else if (entity.homeVolatile() != null || entity.hasJobs() || entity.isOverVolatile()) {
            // It has another home by now, or none, and whoever brought news meanwhile saw it in this list.
            entity.wake();
        }
    }

    /** Sees to everything that may have changed with an entity. */
    private void look(EntityCore<P> entity) {
        if (entity.homeVolatile() != core) {
            return;
        }
        passAbortsOn(entity);
        entity.passHint();
        boolean ready = isReady(entity);
        entity.passRefused(after);
        LOAD.setOpaque(this, load + entity.countAnew());
        boolean has = entity.hasJobs();
        boolean rests = entity.inFlight() == 0 && (!has || mustGo(entity) && mayLeave(entity));
        if (poisoned == null) {
            place(entity, has && !rests, ready);
        } else {
            Standing.readinessOpaque(entity, Readiness.IDLE);
        }
        if (rests) {
            rest(entity);
        }
    }

    /** One whose gang stands before its device does not: elsewhere it would have to be prepared anew, for which all gangs would wait. */
    private boolean mayLeave(EntityCore<P> entity) {
        EntityJob<P> head = entity.head();
        GangRun gang = head == null ? null : head.gang;
        // In this order: also from a ring that takes nothing any more, a job goes as one that is not ready.
        return head == null || gang == null || gang.letsGo(head) || refusing;
    }

    private void place(EntityCore<P> entity, boolean has, boolean ready) {
        if (has != runQueue.contains(entity)) {
            if (has) {
                runQueue.join(entity);
            } else {
                runQueue.leave(entity);
            }
        }
        if (has) {
            runQueue.ready(entity, ready);
        }
    }

    /** Nothing of it is on the device, and it has no jobs or may not stay. */
    private void rest(EntityCore<P> entity) {
        LOAD.setOpaque(this, load - entity.uncount());
        Seam.at(Site.SCHEDULE);
        if (entity.isOverVolatile()) {
            entity.home().goesForGood();
            core.settle(entity);
        } else if (mustGo(entity) || entity.home().candidatesVolatile().size() > 1) {
            entity.leaveHome();
            if (mustGo(entity)) {
                // Whoever said so meanwhile has perhaps seen that it was here.
                core.settle(entity);
            }
        } else if (entity.hasJobs()) {
            // It may stay after all.
            entity.wake();
        }
    }

    /** Whether an entity may not be here, but for jobs of it that are on the device. */
    private boolean mustGo(EntityCore<P> entity) {
        return !entity.home().mayBeAt(core);
    }

    private void passAbortsOn(EntityCore<P> entity) {
        for (EntityJob<P> job = entity.nextAbort(); job != null; job = entity.nextAbort()) {
            if (job.hardwareSeqno > 0) {
                boolean _ = core.hardware().cancel(job.hardwareSeqno);
            }
        }
    }

    // ---- whether the first job of an entity can go

    /** Those that never will are taken off. */
    private boolean isReady(EntityCore<P> entity) {
        for (;;) {
            EntityJob<P> head = entity.head();
            if (head == null) {
                return false;
            }
            Failure refusal = refusal(head);
            if (refusal == null && isReady(head)) {
                return true;
            }
            // What had to be prepared for it may have failed.
            refusal = refusal == null ? refusal(head) : refusal;
            if (refusal == null) {
                return false;
            }
            if (poisoned == null) {
                // It was nobody's turn: the next one is placed by itself when it can go, not by when the refused one came.
                runQueue.ready(entity, false);
            }
            entity.take(head);
            refuse(head, refusal);
        }
    }

    private @Nullable Failure refusal(EntityJob<P> job) {
        String guilty = job.entity.guiltyVolatile();
        if (poisoned != null) {
            return poisoned;
        }
        GangRun gang = job.gang;
        Failure broken = gang == null ? null : gang.brokenVolatile();
        if (broken != null) {
            // First: what broke it has had the job aborted too.
            return broken;
        }
        if (job.isAbortedVolatile()) {
            return new Failure.Cancelled(job + " was cancelled");
        }
        if (guilty != null) {
            return new Failure.Cancelled(job.entity + " is guilty: " + guilty);
        }
        Pipelined inputs = job.inputs;
        Failure failed = inputs == null ? null : inputs.failure();
        Fence preparing = job.preparing;
        Failure unprepared = failed != null || preparing == null ? null : preparing.failure();
        if (preparing != null && unprepared != null) {
            failed = new Failure.DependencyFailed(preparing.toString(), unprepared.root());
        }
        return failed;
    }

    /** It never gets to a device. */
    private void refuse(EntityJob<P> job, Failure failure) {
        EntityCore<P> entity = job.entity;
        job.failure = failure;
        try {
            breakGang(job, false);
            entity.pass(job.seqno, failure, after);
        } finally {
            tell(job);
        }
        entity.tellWatches();
    }

    private static void breakGang(EntityJob<?> job, boolean ran) {
        GangRun gang = job.gang;
        if (gang != null && ran) {
            gang.failed(job);
        } else if (gang != null) {
            gang.broke(job, "was not run");
        }
    }

    private boolean isReady(EntityJob<P> job) {
        Pipelined inputs = job.inputs;
        // What it has to wait for is another matter at another home.
        if (isKept(job) || inputs != null && !inputs.isPassed(core)
                && !inputs.isPassedWatched(job.entity, core)) {
            return false;
        }
        if (prepare != null && !job.prepared && !isPrepared(job, prepare)) {
            return false;
        }
        GangRun gang = job.gang;
        return gang == null || gang.mayGo(job);
    }

    /** Whether a job is kept for its entity's next home, where that goes as soon as what is on this ring has come back. */
    private boolean isKept(EntityJob<P> job) {
        // Else a closed scheduler would never end if there is always something of the entity on the ring.
        return (refusing || core.isClosing()) && mustGo(job.entity) && mayLeave(job.entity);
    }

    /** Asks for as long as there is something to wait for. */
    private boolean isPrepared(EntityJob<P> job, Prepare<? super P> prepares) {
        while (!job.prepared) {
            Fence preparing = job.preparing;
            if (preparing != null && preparing.outcome() != Outcome.OK) {
                return false;
            }
            preparing = asked(job, prepares);
            job.preparing = preparing;
            if (preparing == null) {
                job.prepared = true;
            } else {
                var _ = preparing.onDone(job.entity::wake);
            }
        }
        return true;
    }

    private @Nullable Fence asked(EntityJob<P> job, Prepare<? super P> prepares) {
        try {
            return prepares.prepare(job.payload);
        } catch (Throwable thrown) {
            return Fences.failed("preparation of " + job, new Failure.DriverError(thrown));
        }
    }

    // ---- decisions

    /** Hands jobs over as long as there are credits; whether it stopped at its bound. */
    private boolean decide() {
        while (poisoned == null && !frozen) {
            EntityCore<P> next = chosen();
            if (next == null) {
                return false;
            }
            if (budget == 0) {
                budget = BOUND;
                return true;
            }
            budget--;
            EntityJob<P> job = next.head();
            // In this order: an input that is done by the first look has told by the second how it ended.
            if (job == null || !isPassed(job) || refusal(job) != null) {
                look(next);
            } else {
                handOver(next, job);
            }
        }
        return false;
    }

    /** Once more: what a job stood behind on the ring may have come back since, and not have told its failure yet. */
    private boolean isPassed(EntityJob<P> job) {
        Pipelined inputs = job.inputs;
        return inputs == null || inputs.isPassed(core);
    }

    @SuppressWarnings("unchecked") // only entities of this scheduler are in its run queue
    private @Nullable EntityCore<P> chosen() {
        return (EntityCore<P>) runQueue.choose(creditLimit - creditsUsed, skips);
    }

    private void handOver(EntityCore<P> entity, EntityJob<P> job) {
        job.scheduled = Seam.nanoTime();
        job.turn = this;
        PointFence position = null;
        Failure refusal = null;
        try {
            position = submitted(job);
            refusing |= position == null;
        } catch (Throwable thrown) {
            refusal = new Failure.DriverError(thrown);
        }
        boolean refused = position == null && refusal == null;
        if (refused && core.isClosing()) {
            // It may come here only since everybody else was told to go.
            entity.home().loses(core);
        }
        if (refused && mustGo(entity)) {
            // It goes on elsewhere, when what is on the device has come back.
            look(entity);
            return;
        }
        entity.take(job);
        if (position == null) {
            refuse(job, refusal == null ? new Failure.Cancelled(core + " was closed") : refusal);
        } else {
            goes(entity, job, position);
        }
        if (entity.hasJobs()) {
            runQueue.next(entity);
        }
        look(entity);
    }

    /** What stands for it on the hardware ring, or null if that takes no jobs any more. */
    private @Nullable PointFence submitted(EntityJob<P> job) {
        Pipelined inputs = job.inputs;
        try {
            return inputs == null ? core.hardware().trySubmitFence(job)
                    : core.hardware().trySubmitFence(job, inputs.positionsOn(core));
        } catch (QueueClosedException closed) {
            return null;
        }
    }

    private void goes(EntityCore<P> entity, EntityJob<P> job, PointFence position) {
        job.inputs = null;
        job.hardwareSeqno = position.seqno();
        CREDITS_USED.setOpaque(this, creditsUsed + credits(job));
        DECISIONS.setOpaque(this, decisions + 1);
        try {
            entity.goes(job, position);
            entity.pass(job.seqno, null, after);
            entity.tellWatches();
        } finally {
            GangRun gang = job.gang;
            if (gang != null) {
                gang.goes(job);
            }
        }
    }

    // ---- the turn, as a turn

    @Override
    protected @Nullable Deferred takeAfter() {
        return after.take();
    }

    @Override
    protected @Nullable Deferred left(int report) {
        return null;
    }

    @Override
    protected boolean handOver(Deferred chain) {
        return core.handOver(chain);
    }

    @Override
    protected void broke(Throwable thrown) {
        Reports.report(core.toString(), "decision", thrown);
    }

    RunQueue runQueue() {
        return runQueue;
    }

    @Override
    public String toString() {
        return core.toString();
    }
}
