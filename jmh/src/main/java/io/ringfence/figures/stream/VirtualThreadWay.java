package io.ringfence.figures.stream;

import java.util.concurrent.atomic.AtomicLong;

/** A virtual thread for each job, on as many carriers as there are processors. Carries a task; keeps no order. */
final class VirtualThreadWay extends BoundedWay {

    private final AtomicLong count = new AtomicLong();
    private final Runnable task = count::incrementAndGet;

    @Override
    void start() {
        Thread.startVirtualThread(task);
    }

    @Override
    protected long done() {
        return count.get();
    }

    @Override
    protected void stop() {
    }
}
