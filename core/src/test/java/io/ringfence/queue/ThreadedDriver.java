package io.ringfence.queue;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToIntFunction;

import io.ringfence.driver.Completions;

/**
 * A device with a thread of its own. It sleeps until the doorbell rings and interrupts only when it crosses the armed
 * seqno, so a doorbell or an arm that was lost shows as a hang. It counts what is in flight.
 */
class ThreadedDriver extends CheckedDriver implements Runnable {
    private static final int RING = 1 << 14;

    final AtomicLong inFlight = new AtomicLong();
    final AtomicLong mostInFlight = new AtomicLong();
    private final AtomicReferenceArray<Object> ring = new AtomicReferenceArray<>(RING);
    private final ToIntFunction<Object> cost;
    private final Thread device = new Thread(this, "device");
    private volatile long tail;
    private volatile long done;
    private volatile boolean asleep;
    private volatile boolean stopped;

    ThreadedDriver() {
        this(_ -> 1);
    }

    ThreadedDriver(ToIntFunction<Object> cost) {
        this.cost = cost;
        device.setDaemon(true);
        device.start();
    }

    @Override
    public int maxInFlight() {
        return RING;
    }

    @Override
    void started(long seqno, Object payload) throws Exception {
        mostInFlight.accumulateAndGet(inFlight.addAndGet(cost.applyAsInt(payload)), Math::max);
        ring.set((int) seqno & (RING - 1), payload);
        tail = seqno;
    }

    @Override
    public void doorbell() {
        super.doorbell();
        if (asleep) {
            LockSupport.unpark(device);
        }
    }

    @Override
    public void run() {
        while (!stopped) {
            long last = tail;
            if (last == done) {
                asleep = true;
                while (tail == last && !stopped) {
                    LockSupport.park(this);
                }
                asleep = false;
                continue;
            }
            for (long seqno = done + 1; seqno <= last; seqno++) {
                // Seqnos that never reached the device leave their places empty.
                Object payload = ring.getAndSet((int) seqno & (RING - 1), null);
                if (payload != null) {
                    inFlight.addAndGet(-cost.applyAsInt(payload));
                }
                done = seqno;
                interruptIfCrossed(seqno);
            }
        }
    }

    @Override
    void report(Completions completions) {
        completions.completedThrough(done);
    }

    @Override
    public void close() {
        super.close();
        stopped = true;
        LockSupport.unpark(device);
    }
}
