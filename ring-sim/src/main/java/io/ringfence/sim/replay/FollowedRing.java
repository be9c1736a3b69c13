package io.ringfence.sim.replay;

/**
 * What was found on one ring whose recording was followed.
 *
 * @param ring             its name
 * @param decisions        when the slots would have allowed each start, beside when it was
 * @param contested        starts for which several contexts had a job that could run
 * @param contestedMatched those for which the policy would have chosen the recorded one
 */
public record FollowedRing(String ring, Decisions decisions, long contested, long contestedMatched) {
}
