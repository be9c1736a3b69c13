package io.ringfence.queue;

import io.ringfence.driver.Completions;
import io.ringfence.driver.DeviceWaits;
import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;

/** Completes a job before run returns, is right wherever the stack ends, and allocates nothing. */
final class FrugalDriver implements Driver<Object> {
    private volatile long done;

    @Override
    public void open(DriverLink link) {
    }

    @Override
    public int maxInFlight() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void run(long seqno, Object payload) {
        done = seqno;
    }

    @Override
    public int maxWaits() {
        return 1;
    }

    @Override
    public boolean canWaitFor(Driver<?> producer) {
        return producer instanceof FrugalDriver;
    }

    @Override
    public void runAfter(long seqno, Object payload, DeviceWaits waits) {
        run(seqno, payload);
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
