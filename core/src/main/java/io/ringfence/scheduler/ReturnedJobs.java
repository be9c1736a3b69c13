package io.ringfence.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.fence.Failure;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.queue.ReturnLine;
import io.ringfence.queue.RingfenceRuntime;

import org.jspecify.annotations.Nullable;

/**
 * Jobs on their way from the hardware queue back to their scheduler: as many as are finished in one look at the device take one step, one
 * reading of the clock, and one look of the scheduler. As something to be done, it brings the scheduler news of them, once the completion
 * turn was left: before that, nobody's decision is to wait for what that turn still does with its driver.
 *
 * <p>Knows the scheduler only while jobs are on their way, for it must not keep alive one that nobody else does.
 *
 * @param <P> the user's payload
 */
final class ReturnedJobs<P> extends Deferred implements ReturnLine<EntityJob<P>> {

    private static final VarHandle TOLD;
    private static final VarHandle LAST;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TOLD = lookup.findVarHandle(ReturnedJobs.class, "told", SchedulerTurn.class);
            LAST = lookup.findVarHandle(ReturnedJobs.class, "last", Deferred.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final RingfenceRuntime runtime;

    // The holder's of the completion turn.
    private @Nullable EntityJob<P> newest;
    private @Nullable EntityJob<P> oldest;

    /** Who is to be told by what is on its way; null if nothing is. */
    @SuppressWarnings("UnusedVariable") // read and written through TOLD only
    private volatile @Nullable SchedulerTurn<?> told;
    /** What to do when the queue has ended and nothing is on its way any more. */
    @SuppressWarnings("UnusedVariable") // read and written through LAST only
    private volatile @Nullable Deferred last;

    ReturnedJobs(RingfenceRuntime runtime) {
        this.runtime = runtime;
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
        EntityJob<P> end = newest;
        EntityJob<P> first = oldest;
        SchedulerTurn<P> turn = first == null ? null : first.turn;
        if (end == null || first == null || turn == null) {
            return null;
        }
        // The device has told of all of them at once: what it took goes to the first, as nobody knows better.
        long now = Seam.nanoTime();
        for (EntityJob<P> job = end; job != null; job = job == first ? null : job.nextDone) {
            job.finished = now;
        }
        // Kept if this breaks: they are passed on with the next, or when the turn looks again.
        turn.cameBack(end, first);
        newest = null;
        oldest = null;
        return TOLD.compareAndSet(this, (SchedulerTurn<?>) null, turn) ? this : null;
    }

    @Override
    public @Nullable Deferred ended(Deferred then) {
        LAST.setVolatile(this, then);
        return TOLD.getVolatile(this) == null ? (Deferred) LAST.getAndSet(this, (Deferred) null) : null;
    }

    @Override
    protected @Nullable Deferred perform() {
        // Before the look: jobs that come from now on have it asked for anew.
        SchedulerTurn<?> turn = (SchedulerTurn<?>) TOLD.getAndSet(this, (SchedulerTurn<?>) null);
        Deferred end = (Deferred) LAST.getAndSet(this, (Deferred) null);
        return join(turn != null && turn.enter() ? turn : null, end);
    }

    /** Short, and what waits behind it is not to have the turns before it given away. */
    @Override
    protected boolean isPrompt() {
        return true;
    }

    @Override
    protected boolean handOver(Deferred chain) {
        return runtime.takesOver(chain);
    }

    @Override
    public String toString() {
        return "jobs on their way back";
    }
}
