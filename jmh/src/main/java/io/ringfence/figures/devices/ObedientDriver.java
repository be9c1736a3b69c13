package io.ringfence.figures.devices;

import io.ringfence.driver.Completions;
import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.queue.QueueOptions;

/** A device without a ring, which has completed what it was told to have completed. */
public class ObedientDriver implements Driver<Object> {

    private volatile long done;

    /** From now on, every job up to this one is complete; the queue learns of it when it polls. */
    public final void completeThrough(long seqno) {
        done = seqno;
    }

    @Override
    public void open(DriverLink link) {
    }

    @Override
    public int maxInFlight() {
        return QueueOptions.MAX_CAPACITY;
    }

    @Override
    public void run(long seqno, Object payload) {
    }

    @Override
    public void poll(Completions completions) {
        completions.completedThrough(done);
    }

    @Override
    public void arm(long seqno) {
    }

    @Override
    public void close() {
    }
}
