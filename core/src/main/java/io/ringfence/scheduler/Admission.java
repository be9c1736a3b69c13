package io.ringfence.scheduler;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Fences;
import io.ringfence.fence.Outcome;

import org.jspecify.annotations.Nullable;

/**
 * Whether the first job of an entity may go to the hardware ring, and whether its entity may stay. The holder's of the scheduler's turn.
 *
 * @param <P> the user's payload
 */
final class Admission<P> {

    private static final Failure BROKEN = new Failure.Cancelled("its scheduler broke");

    private final SchedulerCore<P> core;
    private final @Nullable Prepare<? super P> prepare;
    /** The hardware queue takes no jobs any more. */
    private boolean refusing;
    /** The scheduler's own code broke: nothing is handed over any more. */
    private boolean poisoned;

    Admission(SchedulerCore<P> core, @Nullable Prepare<? super P> prepare) {
        this.core = core;
        this.prepare = prepare;
    }

    /** The hardware queue has said, once and for all, that it takes no jobs any more. */
    void ringRefuses() {
        refusing = true;
    }

    /** From now on no job may go. */
    void poison() {
        poisoned = true;
    }

    boolean isPoisoned() {
        return poisoned;
    }

    // ---- the entity

    /** Whether an entity may not be here, but for jobs of it that are on the device. */
    boolean mustGo(EntityCore<P> entity) {
        return !entity.home().mayBeAt(core);
    }

    /** One whose gang stands before its device does not: elsewhere it would have to be prepared anew, for which all gangs would wait. */
    boolean mayLeave(EntityCore<P> entity) {
        EntityJob<P> head = entity.head();
        GangRun gang = head == null ? null : head.gang;
        // In this order: also from a ring that takes nothing any more, a job goes as one that is not ready.
        return head == null || gang == null || gang.letsGo(head) || refusing;
    }

    // ---- the job

    /** Why a job will never go, as far as it is known; null if it may. */
    @Nullable
    Failure refusal(EntityJob<P> job) {
        String guilty = job.entity.guiltyVolatile();
        if (poisoned) {
            return BROKEN;
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

    /** Whether a job has nothing to wait for any more; if it has, its entity is woken when that has come. */
    boolean isReady(EntityJob<P> job) {
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

    /** Once more: what a job stood behind on the ring may have come back since, and not have told its failure yet. */
    boolean isPassed(EntityJob<P> job) {
        Pipelined inputs = job.inputs;
        return inputs == null || inputs.isPassed(core);
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
}
