package io.ringfence.scheduler;

import io.ringfence.fence.Failure;
import io.ringfence.queue.ReturnLine;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.turn.Deferred;

import org.jspecify.annotations.Nullable;

/**
 * Jobs on their way from the hardware queue back to the scheduler: as many as are finished in one look at the device take one step, one
 * reading of the clock, and one look of the scheduler. The hardware queue's completion turn's.
 *
 * @param <P> the user's payload
 */
final class ReturnedJobs<P> implements ReturnLine<EntityJob<P>> {

    private final SchedulerTurn<P> turn;
    private @Nullable EntityJob<P> newest;
    private @Nullable EntityJob<P> oldest;

    ReturnedJobs(SchedulerTurn<P> turn) {
        this.turn = turn;
    }

    @Override
    public void finished(EntityJob<P> job, @Nullable Failure failure) {
        job.failure = failure;
        job.nextDone = newest;
        newest = job;
        oldest = oldest == null ? job : oldest;
    }

    @Override
    public @Nullable Deferred passOn() {
        EntityJob<P> last = newest;
        EntityJob<P> first = oldest;
        if (last == null || first == null) {
            return null;
        }
        long now = Seam.nanoTime();
        for (EntityJob<P> job = last; job != null; job = job == first ? null : job.nextDone) {
            job.finished = now;
        }
        // Kept if this breaks: they are passed on with the next.
        turn.cameBack(last, first);
        newest = null;
        oldest = null;
        return turn.enter() ? turn : null;
    }
}
