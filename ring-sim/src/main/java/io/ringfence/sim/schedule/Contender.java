package io.ringfence.sim.schedule;

import io.ringfence.scheduler.Priority;

/**
 * One who wants the device: submits some jobs, waits for the last of them or not, rests, and begins anew.
 *
 * @param priority   how urgent its jobs are
 * @param jobs       how many jobs a cycle has
 * @param jobMicros  how long each takes
 * @param waitMicros how long it rests
 * @param sync       whether it waits for the last job of a cycle
 */
public record Contender(Priority priority, int jobs, long jobMicros, long waitMicros, boolean sync) {

    /**
     * How many cycles it takes to fill a time, alone on the device.
     *
     * @param millis the time
     * @return at least 1
     */
    public int cycles(long millis) {
        long cycle = workMicros() + waitMicros;
        return (int) Math.max(1, Math.ceilDiv(millis * 1_000, cycle));
    }

    /**
     * What the jobs of a cycle take together.
     *
     * @return microseconds
     */
    public long workMicros() {
        return jobs * jobMicros;
    }
}
