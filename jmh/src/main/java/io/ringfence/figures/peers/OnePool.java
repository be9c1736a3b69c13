package io.ringfence.figures.peers;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;

import com.lmax.disruptor.Sequence;

/** Futures that are completed by the one thread of a pool; what it runs counts. */
public final class OnePool {

    private final ForkJoinPool pool = new ForkJoinPool(1);
    private final Sequence count = new Sequence(0);
    private final Runnable task = this::count;

    private void count() {
        count.set(count.get() + 1);
    }

    /** Gives it a job. */
    public CompletableFuture<Void> run() {
        return CompletableFuture.runAsync(task, pool);
    }

    /** How many were run. */
    public long done() {
        return count.get();
    }

    /** Ends its thread. */
    public void stop() {
        pool.close();
    }
}
