package io.ringfence.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.ringfence.driver.Completions;

/**
 * A device that tells of completions by itself. A payload that is a throwable fails with it. In order, one thread tells of
 * everything up to a job; out of order, several threads tell of single jobs, each backwards. Without threads, jobs are complete
 * before {@code run} returns.
 */
class PushDriver extends CheckedDriver {
    private record Job(long seqno, Object payload) {
    }

    private final LinkedBlockingQueue<Job> ring = new LinkedBlockingQueue<>();
    private final boolean inOrder;
    private final int threads;

    PushDriver(int threads, boolean inOrder) {
        this.threads = threads;
        this.inOrder = inOrder;
        for (int i = 0; i < threads; i++) {
            Thread device = new Thread(this::work, "device-push-" + i);
            device.setDaemon(true);
            device.start();
        }
    }

    @Override
    void started(long seqno, Object payload) throws Exception {
        Job job = new Job(seqno, payload);
        if (threads == 0) {
            tell(List.of(job));
        } else {
            ring.add(job);
        }
    }

    private void work() {
        try {
            while (closes.get() == 0) {
                Job first = ring.poll(1, TimeUnit.SECONDS);
                if (first != null) {
                    List<Job> batch = new ArrayList<>(List.of(first));
                    ring.drainTo(batch, 7);
                    tell(batch);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(List<Job> batch) {
        if (inOrder) {
            for (Job job : batch) {
                if (job.payload instanceof Throwable thrown) {
                    link().failed(job.seqno, thrown);
                }
            }
            link().completedThrough(batch.getLast().seqno);
        } else {
            for (Job job : batch.reversed()) {
                if (job.payload instanceof Throwable thrown) {
                    link().failed(job.seqno, thrown);
                } else {
                    link().completed(job.seqno);
                }
            }
        }
    }

    /** It has nothing to add to what it tells. */
    @Override
    void report(Completions completions) {
    }
}
