package io.ringfence.queue;

import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;

/** A job that counts what its driver saw of it; the driver must be one of those below. */
final class TrackedJob implements Work {
    final AtomicInteger runs = new AtomicInteger();
    final AtomicInteger cancels = new AtomicInteger();
    volatile Fence fence;

    @Override
    public void run(long seqno) {
        runs.incrementAndGet();
    }

    boolean isUntouched() {
        return runs.get() == 0 && cancels.get() == 0;
    }

    /** Whether it was run once and is ok, or was cancelled once and failed as one that was not run. */
    boolean isAccountedFor() {
        if (runs.get() + cancels.get() != 1) {
            return false;
        }
        return runs.get() == 1 ? fence.outcome() == Outcome.OK
                : fence.outcome() == Outcome.FAILED && fence.failure().root() instanceof Failure.Cancelled;
    }

    @Override
    public String toString() {
        return "runs " + runs + ", cancels " + cancels + ", " + fence + ": "
                + (fence == null ? "not submitted" : fence.outcome() + " " + fence.failure());
    }

    private static void cancelled(Object payload) {
        if (payload instanceof TrackedJob job) {
            job.cancels.incrementAndGet();
        }
    }

    static final class Inline extends InlineDriver {
        @Override
        void cancelled(long seqno, Object payload) {
            TrackedJob.cancelled(payload);
        }
    }

    static final class Threaded extends ThreadedDriver {
        @Override
        void cancelled(long seqno, Object payload) {
            TrackedJob.cancelled(payload);
        }
    }
}
