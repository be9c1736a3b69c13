package io.ringfence.queue;

import io.ringfence.driver.Driver;
import io.ringfence.internal.ring.Slots;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.UserCode;

import org.jspecify.annotations.Nullable;

/** Passes on by when points of a queue are wanted: to the driver, and to what waiting jobs wait for. Any thread. */
final class DeadlineHints {

    private final QueueCore<?> core;
    private final Driver<?> driver;
    private volatile @Nullable Told told;

    /** The last hint that was passed on. */
    private record Told(long seqno, long nanoTime) {
    }

    DeadlineHints(QueueCore<?> core, Driver<?> driver) {
        this.core = core;
        this.driver = driver;
    }

    void hint(long seqno, long nanoTime) {
        Told known = told;
        // Up to here, everybody has been told of a moment that is as early.
        long through = known != null && nanoTime - known.nanoTime >= 0 ? known.seqno : 0;
        if (seqno <= through) {
            return;
        }
        int token = UserCode.enter();
        try {
            driver.hintDeadline(seqno, nanoTime);
        } catch (Throwable thrown) {
            core.faults().report("hintDeadline", thrown);
        }
        Deferred.run(UserCode.exit(token));
        // Racing hints may displace each other: then somebody is told twice.
        told = new Told(tellWaiting(Math.max(core.issue().issuedVolatile(), through) + 1, seqno, nanoTime), nanoTime);
    }

    /**
     * Tells what waiting jobs wait for. Jobs run in order: what the ones before it wait for, a job waits for too.
     *
     * @return up to where all jobs were told; one that is not published yet ends that
     */
    private long tellWaiting(long from, long through, long nanoTime) {
        Slots slots = core.slotsAcquire();
        if (slots == null) {
            return from - 1;
        }
        long all = through;
        for (long seqno = from; seqno <= through; seqno++) {
            if (!slots.publishedAcquire(seqno)) {
                all = Math.min(all, seqno - 1);
            } else if (slots.extraPlain(seqno) instanceof JobDependencies dependencies) {
                dependencies.hintDeadline(nanoTime);
            }
        }
        return all;
    }
}
