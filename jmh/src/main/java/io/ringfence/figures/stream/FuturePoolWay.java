package io.ringfence.figures.stream;

import io.ringfence.figures.peers.OnePool;

/** A {@code CompletableFuture} for each job, run by a pool of one thread. Carries a task, and tells that it was done. */
final class FuturePoolWay extends BoundedWay {

    private final OnePool pool = new OnePool();

    @Override
    void start() {
        var _ = pool.run();
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
