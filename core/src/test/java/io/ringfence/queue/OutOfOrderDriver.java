package io.ringfence.queue;

import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.ringfence.driver.Completions;

/** A device with a thread of its own that completes what it finds in its ring backwards, one by one. */
class OutOfOrderDriver extends CheckedDriver implements Runnable {
    private final LinkedBlockingQueue<Long> ring = new LinkedBlockingQueue<>();
    private final Queue<Long> completed = new ConcurrentLinkedQueue<>();
    private final Thread device = new Thread(this, "device-out-of-order");

    OutOfOrderDriver() {
        device.setDaemon(true);
        device.start();
    }

    @Override
    void started(long seqno, Object payload) throws Exception {
        ring.add(seqno);
    }

    @Override
    public void run() {
        try {
            while (closes.get() == 0) {
                Long first = ring.poll(1, TimeUnit.SECONDS);
                if (first == null) {
                    continue;
                }
                TreeSet<Long> batch = new TreeSet<>();
                batch.add(first);
                ring.drainTo(batch, 15);
                for (long seqno : batch.descendingSet()) {
                    completed.add(seqno);
                    interruptIfAsked(seqno);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    void report(Completions completions) {
        completed.removeIf(completions::completed);
    }
}
