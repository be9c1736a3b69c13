package io.ringfence.queue;

import io.ringfence.fence.PointFence;

/** A job of a {@link MockGpu}; the test keeps it and asks it what became of it. */
final class MockJob {
    /** The GPU has completed it. */
    static final int DONE = 1;
    /** It was cancelled before the GPU saw it. */
    static final int CANCELLED = 2;

    /** How long the GPU works on it; 0 if only {@link MockGpu#advance} completes it. */
    final long durationMicros;
    private volatile int flags;
    private volatile long scheduledAt = -1;
    private volatile PointFence fence;

    // The GPU's, under its lock.
    long seqno;
    long hwSeqno;
    /** When the GPU completes it by itself, 0 if it does not. */
    long finishAt;

    MockJob(long durationMicros) {
        this.durationMicros = durationMicros;
    }

    boolean is(int flag) {
        return (flags & flag) != 0;
    }

    /** Only where the queue promises that nobody else is: in run, in cancel, or under the GPU's lock. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // read by others, written by one at a time
    void set(int flag) {
        flags |= flag;
    }

    void scheduledAt(long micros) {
        scheduledAt = micros;
    }

    /** The moment it was handed to the GPU, in microseconds; -1 if it was not. */
    long scheduledAt() {
        return scheduledAt;
    }

    boolean isScheduled() {
        return scheduledAt >= 0;
    }

    void fence(PointFence submitted) {
        fence = submitted;
    }

    PointFence fence() {
        return fence;
    }
}
