package io.ringfence.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.ringfence.driver.Completions;

/**
 * A device with a thread of its own that is asked what it has completed, and interrupts only where that was asked for. A payload
 * that is a throwable fails with it. Out of order, it works on what it finds backwards.
 */
class PollDriver extends CheckedDriver {
    private record Job(long seqno, Object payload) {
    }

    private final LinkedBlockingQueue<Job> ring = new LinkedBlockingQueue<>();
    /** What was not taken by the queue yet; payloads, for those that failed. */
    private final NavigableMap<Long, Object> singles = new ConcurrentSkipListMap<>();
    private final boolean inOrder;
    private volatile long through;

    PollDriver(boolean inOrder) {
        this.inOrder = inOrder;
        Thread device = new Thread(this::work, "device-poll");
        device.setDaemon(true);
        device.start();
    }

    @Override
    void started(long seqno, Object payload) {
        ring.add(new Job(seqno, payload));
    }

    private void work() {
        try {
            while (closes.get() == 0) {
                Job first = ring.poll(1, TimeUnit.SECONDS);
                if (first != null) {
                    List<Job> batch = new ArrayList<>(List.of(first));
                    ring.drainTo(batch, 7);
                    complete(inOrder ? batch : batch.reversed());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void complete(List<Job> batch) {
        for (Job job : batch) {
            if (!inOrder || job.payload instanceof Throwable) {
                singles.put(job.seqno, job.payload);
            }
            if (inOrder) {
                through = job.seqno;
                interruptIfCrossed(job.seqno);
            } else {
                interruptIfAsked(job.seqno);
            }
        }
    }

    @Override
    void report(Completions completions) {
        // What was completed first is read last: its failure is there then.
        long done = through;
        var waiting = singles.entrySet().iterator();
        while (waiting.hasNext()) {
            var single = waiting.next();
            long seqno = single.getKey();
            boolean taken = single.getValue() instanceof Throwable thrown ? completions.failed(seqno, thrown)
                    : completions.completed(seqno);
            if (taken) {
                waiting.remove();
            } else {
                // A failure that the queue does not take yet is told again before what lies behind it.
                done = Math.min(done, seqno - 1);
            }
        }
        if (done > 0) {
            completions.completedThrough(done);
        }
    }
}
