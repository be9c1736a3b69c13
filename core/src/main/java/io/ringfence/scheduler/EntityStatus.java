package io.ringfence.scheduler;

import io.ringfence.queue.QueueStatus;

import org.jspecify.annotations.Nullable;

/**
 * Where an entity stands, in numbers that were read one after the other.
 *
 * @param name         its name
 * @param priority     its priority
 * @param scheduled    all jobs up to this seqno were handed to a device, or never will be
 * @param runtimeNanos for how long its jobs have been on the device
 * @param karma        how many of its jobs were guilty of a hang
 * @param home         the name of the scheduler that it is at, or null
 * @param readiness    whether it has a job for the device
 * @param rank         what the policy of its home answered last: the lowest goes first, within a priority if the policy is strict. Under
 *                     {@link Policies#fair()} the entity's virtual runtime in nanoseconds. Out of date while it is idle
 * @param queue        where its queue stands; issued are those whose dependencies are done
 */
public record EntityStatus(String name, Priority priority, long scheduled, long runtimeNanos, int karma,
        @Nullable String home, Readiness readiness, long rank, QueueStatus queue) {

    /**
     * Jobs that were submitted and not handed to a device.
     *
     * @return 0 or more
     */
    public long waiting() {
        return Math.max(0, queue.claimed() - scheduled);
    }

    /**
     * Jobs on the device.
     *
     * @return 0 or more
     */
    public long onDevice() {
        return Math.max(0, scheduled - queue.finished());
    }
}
