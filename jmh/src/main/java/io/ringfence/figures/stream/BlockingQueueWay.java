package io.ringfence.figures.stream;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

import com.lmax.disruptor.Sequence;

import io.ringfence.figures.devices.SpinningDevice;
import io.ringfence.figures.peers.Way;

/** The JDK's bounded queue, one thread that takes; both sides park as the queue has it. Carries a reference to its consumer. */
final class BlockingQueueWay extends Way {

    private static final Object STOP = new Object();

    private final BlockingQueue<Object> queue = new ArrayBlockingQueue<>(SpinningDevice.CAPACITY);
    private final Sequence count = new Sequence(0);
    private final Thread thread = Thread.ofPlatform().daemon().name("consumer").start(this::run);

    private void run() {
        try {
            for (Object job = queue.take(); job != STOP; job = queue.take()) {
                count.set(count.get() + 1);
            }
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts here", e);
        }
    }

    @Override
    protected long give(int jobs) throws InterruptedException {
        for (int i = 0; i < jobs; i++) {
            queue.put(JOB);
        }
        return 0;
    }

    @Override
    protected long done() {
        return count.get();
    }

    @Override
    protected void stop() throws InterruptedException {
        queue.put(STOP);
        thread.join();
    }
}
