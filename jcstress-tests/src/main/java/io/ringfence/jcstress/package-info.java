/**
 * The orderings that the core rests on, one file each: a test of the code itself, and a control, which is the same test
 * with the ordering weakened or the steps exchanged. A control does not fail a run; what it must show is graded as
 * interesting.
 *
 * <p>Two actors and at most an arbiter, so that every test runs on two processors. Where a class of the core cannot be
 * reached from here, the test goes through a {@link io.ringfence.queue.JobQueue} with a driver of a few lines, or
 * through a model with the same accesses.
 */
package io.ringfence.jcstress;
