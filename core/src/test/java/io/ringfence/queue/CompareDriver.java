package io.ringfence.queue;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;

/**
 * A device that stores the last seqno it has completed in memory and is compared with that; it interrupts only where that was
 * asked for. Nothing is overridden that need not be.
 */
class CompareDriver implements Driver<Object> {
    final AtomicLong runs = new AtomicLong();
    final AtomicLong cancels = new AtomicLong();
    final AtomicInteger closes = new AtomicInteger();
    private final LinkedBlockingQueue<Long> ring = new LinkedBlockingQueue<>();
    private final AtomicLong armed = new AtomicLong();
    private final AtomicLong completed = new AtomicLong();
    private volatile DriverLink link;

    @Override
    public void open(DriverLink opened) {
        link = opened;
        Thread device = new Thread(this::work, "device-compare");
        device.setDaemon(true);
        device.start();
    }

    @Override
    public int maxInFlight() {
        return 1 << 20;
    }

    @Override
    public void run(long seqno, Object payload) throws Exception {
        runs.incrementAndGet();
        if (payload instanceof Exception thrown) {
            throw thrown;
        }
        ring.add(seqno);
    }

    @Override
    public void cancel(long seqno, Object payload) {
        cancels.incrementAndGet();
    }

    private void work() {
        try {
            while (closes.get() == 0) {
                Long seqno = ring.poll(1, TimeUnit.SECONDS);
                if (seqno != null) {
                    complete(seqno);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    final void complete(long seqno) {
        completed.accumulateAndGet(seqno, Math::max);
        long asked = armed.get();
        if (asked != 0 && asked <= seqno && armed.compareAndSet(asked, 0)) {
            link.interrupt();
        } else if (asked != armed.get()) {
            complete(seqno);
        }
    }

    @Override
    public long completedSeqno() {
        return completed.get();
    }

    @Override
    public void arm(long seqno) {
        armed.set(seqno);
    }

    @Override
    public void close() {
        closes.incrementAndGet();
    }
}
