package io.ringfence.figures.peers;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * A way to have jobs done by somebody else. Who does them counts them, and in the end as many must have been done as were given.
 */
public abstract class Way {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

    /** What each job is for those who take objects. */
    protected static final Object JOB = new Object();

    private final LongAdder given = new LongAdder();

    /**
     * Gives so many jobs.
     *
     * @return how often there was no room, as far as that can be told
     */
    public final long jobs(int count) throws InterruptedException {
        long full = give(count);
        given.add(count);
        return full;
    }

    /** Gives so many jobs; returns how often there was no room, as far as that can be told. */
    protected abstract long give(int count) throws InterruptedException;

    /** How many jobs have been done; while they are being done, perhaps fewer. */
    protected abstract long done();

    /** Ends all threads. */
    protected abstract void stop() throws InterruptedException;

    /** Waits until all jobs have been done, at most for a while, ends all threads, and fails unless as many were done as were given. */
    public final void close() throws InterruptedException {
        long expected = given.sum();
        long start = System.nanoTime();
        while (done() < expected && System.nanoTime() - start < PATIENCE) {
            Thread.onSpinWait();
        }
        long done = done();
        stop();
        if (done != expected) {
            throw new IllegalStateException(expected + " jobs were given, " + done + " were done");
        }
    }
}
