package io.ringfence.sim.device;

/**
 * Where a ring stands, by the firmware's word.
 *
 * @param completed the last job that it has completed, 0 if none
 * @param started   the last job that it has begun, the same as {@code completed} if none is in progress
 */
public record Standing(long completed, long started) {

    /**
     * Whether the job after the last completed one has begun, so that it may have had effects.
     *
     * @return true if it has
     */
    public boolean isNextStarted() {
        return started > completed;
    }
}
