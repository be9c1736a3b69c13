package io.ringfence.figures.roundtrip;

import com.lmax.disruptor.Sequence;

import io.ringfence.figures.peers.Way;

/** A virtual thread, joined. */
final class VirtualThreadTrip extends Way {

    private final Sequence count = new Sequence(0);
    /** One at a time. */
    private final Runnable task = this::count;

    private void count() {
        count.set(count.get() + 1);
    }

    @Override
    protected long give(int jobs) throws InterruptedException {
        for (int i = 0; i < jobs; i++) {
            Thread.startVirtualThread(task).join();
        }
        return 0;
    }

    @Override
    protected long done() {
        return count.get();
    }

    @Override
    protected void stop() {
    }
}
