package io.ringfence.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;

import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * What comes to a scheduler from other threads: entities that have something new, jobs that have come back. Whoever puts something here
 * brings the scheduler's turn news, or has it brought; the holder of that turn takes.
 *
 * @param <P> the user's payload
 */
final class Arrivals<P> {

    private static final int CHUNK = 256;

    private static final VarHandle DONE_JOBS;
    private static final VarHandle MISSED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            DONE_JOBS = lookup.findVarHandle(Arrivals.class, "doneJobs", EntityJob.class);
            MISSED = lookup.findVarHandle(Arrivals.class, "missed", EntityCore.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final MpscUnboundedVarHandleArrayQueue<EntityCore<P>> inbox = new MpscUnboundedVarHandleArrayQueue<>(
            CHUNK);
    /** Jobs that have come back, the last one first. */
    @SuppressWarnings("UnusedVariable") // read and written through DONE_JOBS only
    private volatile @Nullable EntityJob<P> doneJobs;
    /** Entities for which there was no room in the inbox. */
    @SuppressWarnings("UnusedVariable") // read and written through MISSED only
    private volatile @Nullable EntityCore<P> missed;

    // ---- any thread

    /** An entity that has something new. */
    void add(EntityCore<P> entity) {
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
    }

    /**
     * Jobs that have come back from the hardware queue, which is done with them.
     *
     * @param last  the last one, from which the others can be reached
     * @param first the first one, behind which nothing hangs
     */
    void addBack(EntityJob<P> last, EntityJob<P> first) {
        EntityJob<?> top;
        do {
            top = (EntityJob<?>) DONE_JOBS.getAcquire(this);
            first.nextDone = cast(top);
            Seam.at(Site.SCHEDULE);
        } while (!DONE_JOBS.compareAndSet(this, top, last));
    }

    // ---- the holder of the turn

    /** All jobs that have come back, the last one first; linked by {@link EntityJob#nextDone}. */
    @Nullable
    EntityJob<P> takeBack() {
        return cast((EntityJob<?>) DONE_JOBS.getAndSet(this, (EntityJob<?>) null));
    }

    /** All entities for which there was no room, linked by {@link EntityCore#nextMissed}. */
    @Nullable
    EntityCore<P> takeMissed() {
        return cast((EntityCore<?>) MISSED.getAndSet(this, (EntityCore<?>) null));
    }

    /** One of the others; null also if somebody is just putting one there, for he brings news when he has. */
    @Nullable
    EntityCore<P> poll() {
        return inbox.relaxedPoll();
    }

    @SuppressWarnings("unchecked") // only jobs of this scheduler come back to it
    private @Nullable EntityJob<P> cast(@Nullable EntityJob<?> job) {
        return (EntityJob<P>) job;
    }

    @SuppressWarnings("unchecked") // only entities of this scheduler come to it
    private @Nullable EntityCore<P> cast(@Nullable EntityCore<?> entity) {
        return (EntityCore<P>) entity;
    }
}
