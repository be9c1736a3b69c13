package io.ringfence.sim.workload;

/**
 * Who submits to a ring in order: a fence context, a stream, a lane.
 *
 * @param ring   the number of the ring
 * @param name   what it is called there
 * @param client who submitted its first job, as far as it was recorded; empty if it was not
 */
public record Context(int ring, String name, String client) {
}
