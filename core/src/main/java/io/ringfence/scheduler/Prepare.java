package io.ringfence.scheduler;

import io.ringfence.fence.Fence;

import org.jspecify.annotations.Nullable;

/**
 * What has to be prepared before a job can be handed to the device, when everything that it names is done: the kernel's {@code
 * prepare_job}.
 *
 * @param <P> the payload of a job
 */
@FunctionalInterface
public interface Prepare<P> {

    /**
     * Asked when a job is its entity's first, and again when the fence that it gave is signalled, until it gives none. Not
     * asked for jobs that will not run. Called as driver methods are, one call at a time for each scheduler: must not wait.
     *
     * @param payload the job
     * @return what the job still has to wait for, or null if it can go; one that fails has the job fail
     * @throws Exception if the job cannot be prepared: it fails with this as the cause
     */
    @Nullable
    Fence prepare(P payload) throws Exception;
}
