package io.ringfence.figures.roundtrip;

import java.util.concurrent.SynchronousQueue;

import com.lmax.disruptor.Sequence;

import io.ringfence.figures.peers.VirtualTask;
import io.ringfence.figures.peers.Way;

/** Handed from a virtual thread to another, which hands it back. */
final class SynchronousQueueTrip extends Way {

    private static final Object STOP = new Object();

    private final SynchronousQueue<Object> there = new SynchronousQueue<>();
    private final SynchronousQueue<Object> back = new SynchronousQueue<>();
    private final Sequence count = new Sequence(0);
    private final Thread other = VirtualTask.start(this::run);

    private void run() throws InterruptedException {
        for (Object job = there.take(); job != STOP; job = there.take()) {
            count.set(count.get() + 1);
            back.put(job);
        }
    }

    @Override
    protected long give(int jobs) throws InterruptedException {
        VirtualTask.start(() -> {
            for (int i = 0; i < jobs; i++) {
                there.put(JOB);
                back.take();
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
        there.put(STOP);
        other.join();
    }
}
