package io.ringfence.figures.devices;

import io.ringfence.fence.PointFence;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;

/** A queue whose jobs are complete when a benchmark says so. */
public final class ObedientQueue implements AutoCloseable {

    private final ObedientDriver driver = new ObedientDriver();
    private final RingfenceRuntime runtime = RingfenceRuntime.start();
    private final JobQueue<Object> queue;
    private long submitted;

    public ObedientQueue(int capacity) {
        queue = runtime.openQueue(driver,
                QueueOptions.named("obedient").withCapacity(capacity).withCredits(capacity));
    }

    /** Submits a job that stays on the device until it is told. */
    public PointFence submit() throws InterruptedException {
        PointFence fence = queue.submit(this);
        submitted = fence.seqno();
        return fence;
    }

    /** Completes every job that was submitted; returns when the timeline has passed them. */
    public void complete() {
        driver.completeThrough(submitted);
        while (!queue.timeline().isDone(submitted)) {
            // Another thread that is just polling may have looked before the device was told.
            queue.timeline().poll();
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        complete();
        runtime.close();
    }
}
