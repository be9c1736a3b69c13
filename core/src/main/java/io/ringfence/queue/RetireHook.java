package io.ringfence.queue;

import io.ringfence.fence.Failure;

import org.jspecify.annotations.Nullable;

/**
 * Takes a payload back when its job is finished: the place to release what the job held.
 *
 * @param <P> the payload of a job
 */
@FunctionalInterface
public interface RetireHook<P> {

    /**
     * A job is finished and its fence is signalled. Called exactly once for each job that was submitted, whether it ran, failed or
     * was cancelled; for jobs found complete together in the order of their seqnos. What it throws is reported and harms nobody.
     *
     * @param payload the job's payload, which belongs to the caller of {@code submit} again
     * @param seqno   the job's seqno
     * @param failure why the job failed, or null if it is ok
     * @throws Exception to have it reported
     */
    void retired(P payload, long seqno, @Nullable Failure failure) throws Exception;
}
