package io.ringfence.sim.replay;

/** When a device is done with a job. */
@FunctionalInterface
interface DeviceTimes {

    /**
     * When a job will be done; never earlier than it was handed over.
     *
     * @param job        its number in the workload
     * @param now        when it was handed over
     * @param lastOnRing when the job before it on its ring will be done; 0 if there was none
     * @return nanoseconds of the recording
     */
    long doneAt(int job, long now, long lastOnRing);
}
