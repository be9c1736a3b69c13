package io.ringfence.queue;

import io.ringfence.fence.Failure;
import io.ringfence.internal.turn.Deferred;

import org.jspecify.annotations.Nullable;

/**
 * Where the jobs of a queue go back to if they come from other queues. Called by the holder of the queue's completion turn, unless something
 * else is said; must neither throw nor call anybody's code.
 *
 * @param <J> a job
 * @hidden
 */
public interface ReturnLine<J> {

    /**
     * A job is finished and its slot is empty; nobody has been told yet.
     *
     * @param job     the job
     * @param failure why it failed, or null
     */
    void finished(J job, @Nullable Failure failure);

    /**
     * All that are finished have been signalled, and their slots are free: now they may go back, many at once.
     *
     * @return what tells of them, to be done when the turn was left; null if that is on its way already, or there are none
     */
    @SuppressWarnings("exports")
    @Nullable
    Deferred passOn();

    /**
     * The queue has ended: nothing else is finished. By whoever ends it.
     *
     * @param then what is to be done when it was told of all jobs
     * @return the same if that is so; if not, it is done by whoever tells of them
     */
    @SuppressWarnings("exports")
    @Nullable
    Deferred ended(Deferred then);
}
