package io.ringfence.sim.soak;

import java.util.List;

/**
 * What a soak has come to.
 *
 * @param seconds         how long it took, with the time to end everything
 * @param jobs            jobs that were accepted
 * @param traced          of these, those that leave a trace on the device: how often or when they were executed
 * @param ok              of these, those that were reported ok
 * @param lost            jobs that were reported ok and never executed, and rings that did not come back
 * @param runTwice        jobs that were handed over again in the same epoch or after they had completed, or had their effect twice
 * @param unsignaled      jobs whose fence was not settled in the end, and queues that did not end
 * @param orderViolations jobs that were executed before what they depend on, or before their predecessor, or ok though an input failed
 * @param hangs           jobs found guilty
 * @param resets          rings that were reset
 * @param replayed        jobs handed over again
 * @param victims         innocent jobs that failed for the sake of a guilty one
 * @param kills           queues that were killed, one by one or with their client
 * @param bans            queues that the soak has banned
 * @param cancels         jobs that were asked to be cancelled
 * @param closes          queues that were closed
 * @param devicesLost     devices that were taken away
 * @param wrong           the first things that must not be, in words
 */
public record SoakResult(double seconds, long jobs, long traced, long ok, long lost, long runTwice, long unsignaled,
        long orderViolations, long hangs, long resets, long replayed, long victims, long kills, long bans,
        long cancels, long closes, long devicesLost, List<String> wrong) {

    /**
     * Whether nothing happened that must not.
     *
     * @return true if nothing was lost, run twice, left unsignalled or out of order
     */
    public boolean isClean() {
        return lost == 0 && runTwice == 0 && unsignaled == 0 && orderViolations == 0;
    }
}
