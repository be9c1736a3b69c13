package io.ringfence.figures.roundtrip;

import com.lmax.disruptor.dsl.ProducerType;

import io.ringfence.figures.peers.DisruptorRing;
import io.ringfence.figures.peers.Way;

/** Published; the publisher spins on the sequence of the handler. */
final class DisruptorTrip extends Way {

    private final DisruptorRing ring = new DisruptorRing(ProducerType.MULTI);

    @Override
    protected long give(int count) {
        for (int i = 0; i < count; i++) {
            ring.spin(ring.publish());
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
