package io.ringfence.fence;

import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.driver.Completions;
import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;

/**
 * A device that completes jobs at once or, if it was made to hold them, when the test says so. A job that is an exception
 * fails with it.
 */
final class TestDevice implements Driver<Object> {
    private final boolean holds;
    private final AtomicLong armed = new AtomicLong();
    private volatile DriverLink link;
    private volatile long last;
    private volatile long done;

    TestDevice(boolean holds) {
        this.holds = holds;
    }

    @Override
    public void open(DriverLink opened) {
        link = opened;
    }

    @Override
    public int maxInFlight() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void run(long seqno, Object payload) throws Exception {
        if (payload instanceof Exception failure) {
            throw failure;
        }
        last = seqno;
        if (!holds) {
            finishAll();
        }
    }

    /** Completes everything that the device has been given. */
    void finishAll() {
        done = last;
        long asked = armed.get();
        if (asked != 0 && asked <= done && armed.compareAndSet(asked, 0)) {
            link.interrupt();
        }
    }

    @Override
    public void poll(Completions completions) {
        if (done != 0) {
            completions.completedThrough(done);
        }
    }

    @Override
    public void arm(long seqno) {
        armed.set(seqno);
    }

    @Override
    public void close() {
        link = null;
    }
}
