package io.ringfence.scheduler;

import io.ringfence.queue.QueueStatus;

/**
 * Where a scheduler stands, in numbers that were read one after the other.
 *
 * @param name        its name
 * @param entities    how many entities may come to it
 * @param credits     its credit limit
 * @param creditsUsed what the jobs on the device cost together
 * @param load        jobs of entities that are here, with those on the device
 * @param decisions   how many jobs it has handed over
 * @param hardware    where its hardware queue stands
 */
public record SchedulerStatus(String name, int entities, int credits, long creditsUsed, long load, long decisions,
        QueueStatus hardware) {
}
