package io.ringfence.figures.stream;

import com.lmax.disruptor.dsl.ProducerType;

import io.ringfence.figures.peers.DisruptorRing;
import io.ringfence.figures.peers.Way;

/** The Disruptor, one handler that spins. Carries a reference to its handler. */
final class DisruptorWay extends Way {

    private final DisruptorRing ring;
    private final int size;

    /** With so many jobs for each claim. */
    DisruptorWay(ProducerType producers, int size) {
        ring = new DisruptorRing(producers);
        this.size = size;
    }

    @Override
    protected long give(int count) {
        if (size == 1) {
            for (int i = 0; i < count; i++) {
                ring.publish();
            }
        } else {
            for (int i = 0; i < count; i += size) {
                ring.publish(size);
            }
        }
        return 0;
    }

    @Override
    protected long done() {
        return ring.done();
    }

    @Override
    protected void stop() throws InterruptedException {
        ring.stop();
    }
}
