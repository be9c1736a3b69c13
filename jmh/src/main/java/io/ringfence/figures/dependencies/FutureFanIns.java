package io.ringfence.figures.dependencies;

import java.util.concurrent.CompletableFuture;

/** Futures that {@link CompletableFuture#allOf} waits for; the job is run by who completes the last. No queue, no device, no order. */
final class FutureFanIns implements FanIns {

    private static final CompletableFuture<Object> DONE = CompletableFuture.completedFuture(null);

    private long given;
    private long run;

    @Override
    public CompletableFuture<Void> pending() {
        CompletableFuture<?>[] futures = made();
        given++;
        CompletableFuture<Void> job = CompletableFuture.allOf(futures).thenRun(() -> run++);
        complete(futures);
        return job;
    }

    @Override
    public CompletableFuture<Void> none() {
        complete(made());
        given++;
        return DONE.thenRun(() -> run++);
    }

    private static CompletableFuture<?>[] made() {
        CompletableFuture<?>[] futures = new CompletableFuture<?>[MEMBERS];
        for (int i = 0; i < futures.length; i++) {
            futures[i] = new CompletableFuture<>();
        }
        return futures;
    }

    private static void complete(CompletableFuture<?>[] futures) {
        for (CompletableFuture<?> future : futures) {
            boolean _ = future.complete(null);
        }
    }

    @Override
    public void close() {
        if (run != given) {
            throw new IllegalStateException(given + " jobs were given, " + run + " were run");
        }
    }
}
