package io.ringfence.sim.replay;

/**
 * A job that only takes time.
 *
 * @param number its number in the workload
 */
record TimedJob(int number) {
}
