package io.ringfence.queue;

import io.ringfence.driver.Completions;
import io.ringfence.driver.DeviceWaits;
import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;

import org.jspecify.annotations.Nullable;

/** Completes a job before run returns, is right wherever the stack ends, and allocates nothing. */
final class FrugalDriver implements Driver<Object> {
    private final boolean waits;
    private volatile long done;
    private volatile long armed;
    private volatile @Nullable DriverLink queue;

    FrugalDriver() {
        this(true);
    }

    /** Whether it waits by itself for others of its kind. */
    FrugalDriver(boolean waits) {
        this.waits = waits;
    }

    @Override
    public void open(DriverLink link) {
        queue = link;
    }

    @Override
    public int maxInFlight() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void run(long seqno, Object payload) {
        done = seqno;
        DriverLink link = queue;
        if (armed == seqno && link != null) {
            link.interrupt();
        }
    }

    @Override
    public int maxWaits() {
        return waits ? 1 : 0;
    }

    @Override
    public boolean canWaitFor(Driver<?> producer) {
        return waits && producer instanceof FrugalDriver;
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
        armed = seqno;
    }

    @Override
    public void close() {
    }
}
