package io.ringfence.sim.replay;

import java.util.List;

import io.ringfence.sim.workload.Recording;

/**
 * What was found when a recording was followed.
 *
 * @param recording what was followed
 * @param slots     how many contexts may be on a ring at a time
 * @param rings     what was found on each ring
 * @param decisions those of all rings together
 * @param times     when each job could have begun, given everything before it as recorded
 */
public record FollowedResult(Recording recording, int slots, List<FollowedRing> rings, Decisions decisions,
        ReplayResult times) {

    /**
     * Starts for which several contexts had a job that could run.
     *
     * @return how many
     */
    public long contested() {
        return rings.stream().mapToLong(FollowedRing::contested).sum();
    }

    /**
     * Contested starts for which the policy would have chosen the recorded one.
     *
     * @return how many
     */
    public long contestedMatched() {
        return rings.stream().mapToLong(FollowedRing::contestedMatched).sum();
    }

    /**
     * Whether policy and slots are not contradicted: every contested choice is the policy's, and no job began before the slots allow.
     * That some begin later than they could is told, but decides nothing: the driver is slower than its rule now and then.
     *
     * @return false if one of them cannot be what the recorded driver did
     */
    public boolean isExplained() {
        return contestedMatched() == contested() && decisions.early() == 0;
    }
}
