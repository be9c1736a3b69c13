package io.ringfence.figures.scheduler;

import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * What a program without a scheduler uses to have jobs of many run in an order of its own: an executor with one worker that takes
 * tasks from a priority queue. It knows neither dependencies nor credits nor a device, and tells of no job that it is done.
 */
final class PriorityExecutor implements AutoCloseable {

    /** First of all, then by its rank. */
    private record Task(long rank, Runnable body) implements Runnable, Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            return Long.compare(rank, other.rank);
        }

        @Override
        public void run() {
            body.run();
        }
    }

    private final ThreadPoolExecutor executor =
            new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new PriorityBlockingQueue<>());
    private volatile long done;
    private final Runnable job = this::count;

    /** One worker counts. */
    private void count() {
        long before = done;
        done = before + 1;
    }

    /** How many jobs are done. */
    long done() {
        return done;
    }

    /** Submits a job; the lower its rank the sooner it runs. */
    void submit(long rank) {
        executor.execute(new Task(rank, job));
    }

    /** Submits what comes before all that waits. */
    void submitFirst(Runnable body) {
        executor.execute(new Task(Long.MIN_VALUE, body));
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
