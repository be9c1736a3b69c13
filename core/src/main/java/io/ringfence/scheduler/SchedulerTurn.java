package io.ringfence.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.fence.Failure;
import io.ringfence.fence.FenceFailedException;
import io.ringfence.fence.PointFence;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.DeferredList;
import io.ringfence.internal.turn.StackRoom;
import io.ringfence.internal.turn.Turn;
import io.ringfence.queue.QueueClosedException;

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

    private static final VarHandle CREDITS_USED;
    private static final VarHandle LOAD;
    private static final VarHandle DECISIONS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
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
    private final Admission<P> admission;
    private final Arrivals<P> arrivals = new Arrivals<>();

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
    private final DeferredList after = new DeferredList();

    SchedulerTurn(SchedulerCore<P> core, SchedulerOptions options, @Nullable Prepare<? super P> prepare) {
        this.core = core;
        admission = new Admission<>(core, prepare);
        times = new AverageTime();
        runQueue = new RunQueue(options.name(), options.policy().get(), times, options.credits());
        creditLimit = options.credits();
        skips = options.headOfLine() == HeadOfLine.SKIPPING;
    }

    // ---- any thread

    /** An entity has something new. */
    void arrived(EntityCore<P> entity) {
        arrivals.add(entity);
        news();
    }

    /**
     * Jobs have come back from the hardware queue, which is done with them. The caller brings news, or has it brought.
     *
     * @param last  the last one, from which the others can be reached
     * @param first the first one, behind which nothing hangs
     */
    void cameBack(EntityJob<P> last, EntityJob<P> first) {
        arrivals.addBack(last, first);
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
        if (admission.isPoisoned()) {
            return DONE;
        }
        admission.poison();
        try {
            core.poison();
        } catch (Throwable again) {
            Reports.report(core.toString(), "its end", again);
        }
        return MORE;
    }

    private void takeDone() {
        EntityJob<P> job = arrivals.takeBack();
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
        EntityCore<P> without = arrivals.takeMissed();
        while (without != null) {
            EntityCore<P> next = without.nextMissed;
            without.nextMissed = null;
            arrives(without);
            without = next;
        }
        for (EntityCore<P> entity = arrivals.poll(); entity != null; entity = arrivals.poll()) {
            arrives(entity);
        }
        if (admission.isPoisoned()) {
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
        boolean rests = entity.inFlight() == 0 && (!has || admission.mustGo(entity) && admission.mayLeave(entity));
        if (!admission.isPoisoned()) {
            place(entity, has && !rests, ready);
        } else {
            Standing.readinessOpaque(entity, Readiness.IDLE);
        }
        if (rests) {
            rest(entity);
        }
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
        } else if (admission.mustGo(entity) || entity.home().candidatesVolatile().size() > 1) {
            entity.leaveHome();
            if (admission.mustGo(entity)) {
                // Whoever said so meanwhile has perhaps seen that it was here.
                core.settle(entity);
            }
        } else if (entity.hasJobs()) {
            // It may stay after all.
            entity.wake();
        }
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
            Failure refusal = admission.refusal(head);
            if (refusal == null && admission.isReady(head)) {
                return true;
            }
            // What had to be prepared for it may have failed.
            refusal = refusal == null ? admission.refusal(head) : refusal;
            if (refusal == null) {
                return false;
            }
            if (!admission.isPoisoned()) {
                // It was nobody's turn: the next one is placed by itself when it can go, not by when the refused one came.
                runQueue.ready(entity, false);
            }
            entity.take(head);
            refuse(head, refusal);
        }
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

    // ---- decisions

    /** Hands jobs over as long as there are credits; whether it stopped at its bound. */
    private boolean decide() {
        while (!admission.isPoisoned() && !frozen) {
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
            if (job == null || !admission.isPassed(job) || admission.refusal(job) != null) {
                look(next);
            } else {
                handOver(next, job);
            }
        }
        return false;
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
            if (position == null) {
                admission.ringRefuses();
            }
        } catch (Throwable thrown) {
            refusal = new Failure.DriverError(thrown);
        }
        boolean refused = position == null && refusal == null;
        if (refused && core.isClosing()) {
            // It may come here only since everybody else was told to go.
            entity.home().loses(core);
        }
        if (refused && admission.mustGo(entity)) {
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
