package io.ringfence.queue;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

import io.ringfence.fence.Fence;

/**
 * The time of all {@link MockGpu}s of a test. It moves only while threads wait for it, and then from event to event: the
 * next job that completes by itself, or the end of a wait. Whoever moves it polls the queues, so whatever a completion
 * brings about happens at its moment and before the next one.
 *
 * <p>Several threads may wait at once; the last of them to do so moves the clock. A thread that does not wait holds the
 * clock, so that what it submits is submitted at the moment it woke up at.
 */
final class MockClock {
    private final List<MockGpu> gpus = new ArrayList<>();
    private volatile long micros;
    /** Threads that the clock does not move without. */
    private int threads = 1;
    /** How many of them wait, and the first end of those waits. */
    private int waiting;
    private long firstEnd = Long.MAX_VALUE;
    /** How often the clock was moved: those who waited then look again. */
    private long moves;

    synchronized void add(MockGpu gpu) {
        gpus.add(gpu);
    }

    /** Microseconds since the beginning of the test. */
    long micros() {
        return micros;
    }

    Duration now() {
        return Duration.of(micros, ChronoUnit.MICROS);
    }

    /** The clock moves only when as many threads wait; each leaves when it has done its part. */
    synchronized void threads(int count) {
        threads = count;
    }

    /** A thread that waits no more. */
    synchronized void leave() {
        threads--;
        if (threads != 0 && waiting == threads) {
            move();
        }
    }

    /** Lets time go by. */
    void elapse(Duration time) throws InterruptedException {
        boolean _ = await(() -> false, time);
    }

    /** Waits until a job has been handed to its GPU; false if the time was over first. */
    boolean waitScheduled(MockJob job, Duration timeout) throws InterruptedException {
        return await(job::isScheduled, timeout);
    }

    /** Waits until a job's GPU has completed it and its fence is signalled; false if the time was over first. */
    boolean waitFinished(MockJob job, Duration timeout) throws InterruptedException {
        return await(() -> job.is(MockJob.DONE) && job.fence().isDone(), timeout);
    }

    /** Waits until a fence is signalled; false if the time was over first. */
    boolean waitFinished(Fence fence, Duration timeout) throws InterruptedException {
        return await(fence::isDone, timeout);
    }

    private synchronized boolean await(BooleanSupplier condition, Duration timeout) throws InterruptedException {
        long end = micros + timeout.toNanos() / 1_000;
        while (!condition.getAsBoolean()) {
            if (micros >= end) {
                return false;
            }
            firstEnd = Math.min(firstEnd, end);
            waiting++;
            if (waiting == threads) {
                move();
                continue;
            }
            for (long seen = moves; seen == moves;) {
                wait();
            }
        }
        return true;
    }

    private void move() {
        long next = firstEnd;
        for (MockGpu gpu : gpus) {
            next = Math.min(next, gpu.due());
        }
        micros = Math.max(micros, next);
        gpus.forEach(MockGpu::timer);
        waiting = 0;
        firstEnd = Long.MAX_VALUE;
        moves++;
        notifyAll();
    }
}
