package io.ringfence.sim.workload;

/** Where events of jobs stand in a file. The arrays are shared; nobody writes to them. */
public final class EventPlaces {

    final int[] submit;
    final int[] ready;
    final int[] run;

    EventPlaces(int jobs) {
        submit = new int[jobs];
        ready = new int[jobs];
        run = new int[jobs];
    }

    /**
     * Where a job was submitted.
     *
     * @param job the job's number
     * @return counted from the first event
     */
    public int submit(int job) {
        return submit[job];
    }

    /**
     * Where a job became ready.
     *
     * @param job the job's number
     * @return counted from the first event
     */
    public int ready(int job) {
        return ready[job];
    }

    /**
     * Where a job was handed to the device.
     *
     * @param job the job's number
     * @return counted from the first event
     */
    public int run(int job) {
        return run[job];
    }
}
