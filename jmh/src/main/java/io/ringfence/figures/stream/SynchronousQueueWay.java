package io.ringfence.figures.stream;

import java.util.concurrent.SynchronousQueue;

import com.lmax.disruptor.Sequence;

import io.ringfence.figures.peers.VirtualTask;
import io.ringfence.figures.peers.Way;

/** Each job handed from one virtual thread to another, nothing outstanding. Carries a reference to its consumer. */
final class SynchronousQueueWay extends Way {

    private static final Object STOP = new Object();

    private final SynchronousQueue<Object> queue = new SynchronousQueue<>();
    private final Sequence count = new Sequence(0);
    private final Thread consumer = VirtualTask.start(this::run);

    private void run() throws InterruptedException {
        for (Object job = queue.take(); job != STOP; job = queue.take()) {
            count.set(count.get() + 1);
        }
    }

    @Override
    protected long give(int jobs) throws InterruptedException {
        VirtualTask.start(() -> {
            for (int i = 0; i < jobs; i++) {
                queue.put(JOB);
            }
        }).join();
        return 0;
    }

    @Override
    protected long done() {
        return count.get();
    }

    @Override
    protected void stop() throws InterruptedException {
        queue.put(STOP);
        consumer.join();
    }
}
