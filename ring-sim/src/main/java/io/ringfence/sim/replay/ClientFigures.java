package io.ringfence.sim.replay;

import io.ringfence.scheduler.Priority;

/**
 * What one context got of its ring.
 *
 * @param queue      the context's number
 * @param priority   its priority
 * @param jobs       how many jobs it had
 * @param share      its part of the device's time while it was not alone in having something to do, 0 to 1; of contexts that never had
 *                   company 0
 * @param waitP50    how long half of its jobs waited at most, from being ready until the device began with them, in nanoseconds
 * @param waitP99    how long 99 of 100 waited at most
 * @param waitWorst  the longest
 */
public record ClientFigures(int queue, Priority priority, int jobs, double share, long waitP50, long waitP99,
        long waitWorst) {
}
