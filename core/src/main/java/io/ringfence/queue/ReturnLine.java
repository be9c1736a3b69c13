package io.ringfence.queue;

import io.ringfence.fence.Failure;
import io.ringfence.internal.turn.Deferred;

import org.jspecify.annotations.Nullable;

/**
 * Where the jobs of a queue go back to if they come from other queues. Called by the holder of the queue's completion turn only; must
 * neither throw nor call anybody's code.
 *
 * @param <J> a job
 * @hidden
 */
public interface ReturnLine<J> {

    /**
     * A job is finished; nobody has been told yet, and its slot is not free.
     *
     * @param job     the job
     * @param failure why it failed, or null
     */
    void finished(J job, @Nullable Failure failure);

    /**
     * All that are finished have been signalled, and their slots are free: now they may go back, many at once.
     *
     * @return a turn that was entered and has to be performed, or null
     */
    @SuppressWarnings("exports")
    @Nullable
    Deferred passOn();
}
