package io.ringfence.sim.replay;

import java.util.Map;
import java.util.function.Supplier;

import io.ringfence.scheduler.Policy;
import io.ringfence.scheduler.Priority;

/**
 * How the rings of a recording are replayed.
 *
 * @param policy       makes the policy that decides whose job goes next
 * @param credits      how many jobs may be on a ring at a time; 0 for as many as there were at most in the recording
 * @param priorities   the priorities of contexts by their number; normal if they are not there
 * @param serviceTimes whether a job takes as long as it did on the device, instead of being done when it was
 */
public record RingSettings(Supplier<Policy> policy, int credits, Map<Integer, Priority> priorities,
        boolean serviceTimes) {

    /** Checks and copies. */
    public RingSettings {
        if (credits < 0) {
            throw new IllegalArgumentException("credits " + credits + ": must be 1 or more");
        }
        priorities = Map.copyOf(priorities);
    }
}
