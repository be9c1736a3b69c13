package io.ringfence.figures.roundtrip;

import io.ringfence.figures.peers.OnePool;
import io.ringfence.figures.peers.Way;

/** A future, joined. */
final class FutureTrip extends Way {

    private final OnePool pool = new OnePool();

    @Override
    protected long give(int count) {
        for (int i = 0; i < count; i++) {
            pool.run().join();
        }
        return 0;
    }

    @Override
    protected long done() {
        return pool.done();
    }

    @Override
    protected void stop() {
        pool.stop();
    }
}
