package io.ringfence.sim.workload;

/**
 * Jobs of one ring that the recording does not tell the whole of: they are left out.
 *
 * @param ring           the ring
 * @param onlySubmitted  jobs that were submitted and never run
 * @param notDone        jobs that were run and whose end is missing
 * @param neverSubmitted jobs that were run and whose submission is missing
 */
public record Skipped(String ring, long onlySubmitted, long notDone, long neverSubmitted) {

    /**
     * All of them.
     *
     * @return 0 or more
     */
    public long total() {
        return onlySubmitted + notDone + neverSubmitted;
    }
}
