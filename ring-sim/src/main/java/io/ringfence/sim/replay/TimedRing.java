package io.ringfence.sim.replay;

import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;

import org.jspecify.annotations.Nullable;

/** One ring of a {@link TimedDevice}. */
final class TimedRing implements Driver<TimedJob> {

    private static final int MOST_IN_FLIGHT = 1 << 20;

    private final String name;
    private final TimedDevice device;
    private final DeviceTimes times;
    private final boolean inOrder;
    private @Nullable DriverLink link;
    private long last;

    /**
     * Makes a ring.
     *
     * @param name    what it is called
     * @param device  whose ring it is
     * @param times   when jobs are done
     * @param inOrder whether a job that waits for another one of this ring need only be handed over behind it
     */
    TimedRing(String name, TimedDevice device, DeviceTimes times, boolean inOrder) {
        this.name = name;
        this.device = device;
        this.times = times;
        this.inOrder = inOrder;
    }

    @Override
    public void open(DriverLink opened) {
        link = opened;
        device.opened();
    }

    @Override
    public int maxInFlight() {
        return MOST_IN_FLIGHT;
    }

    @Override
    public boolean executesInOrder() {
        return inOrder;
    }

    @Override
    public void run(long seqno, TimedJob job) {
        DriverLink told = link;
        if (told == null) {
            throw new IllegalStateException("ring " + name + " is not open");
        }
        long now = device.now();
        long done = Math.max(now, times.doneAt(job.number(), now, last));
        last = Math.max(last, done);
        device.add(done, told, seqno, job.number(), now);
    }

    @Override
    public void abort(long seqno, TimedJob job) {
        device.abort(job.number());
    }

    @Override
    public void doorbell() {
        device.wake();
    }

    @Override
    public void arm(long seqno) {
        // It tells of everything.
    }

    @Override
    public void close() {
        device.closed();
    }

    @Override
    public String toString() {
        return "ring " + name;
    }
}
