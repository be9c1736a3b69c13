package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.function.BooleanSupplier;

import io.ringfence.internal.ring.Slots;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;

import org.jspecify.annotations.Nullable;

/**
 * How long the first job on a queue's device has made no progress. The clock looks at progress, not at jobs: it runs while the same
 * (epoch, seqno) is seen to be the first that the device has not completed and the driver says that the device is at work on the ring. One
 * that is complete and waits for its inputs is not waited for.
 *
 * <p>The watchdog's, but for {@link #watch}, {@link #clear}, {@link #suspend} and {@link #resume}, which are any thread's. The
 * handshake by which a queue comes under the watchdog's eyes: {@code issued} is stored and the turn left (read-modify-write), then the
 * flag is looked at; a pass clears the flag (volatile), then looks at {@code issued} once more.
 */
final class HangClock {

    /** So many passes a queue is idle before it is not looked at any more: otherwise each job of a slow user would wake the watchdog. */
    private static final int IDLE_PASSES = 16;

    /** What the limits of single jobs are taken to be until one is seen, in nanoseconds. */
    private static final long UNKNOWN_LIMIT = 500_000_000;

    private static final VarHandle WATCHED;

    static {
        try {
            WATCHED = MethodHandles.lookup().findVarHandle(HangClock.class, "watched", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final QueueCore<?> core;
    private final BooleanSupplier isExecuting;
    /** Nanoseconds; {@code Long.MAX_VALUE} for none. */
    private final long limit;

    private volatile boolean watched;
    /** Counts what makes the clock begin anew. */
    private volatile int cleared;
    private volatile boolean suspended;
    /** What is left at a resumption, or -1. */
    private volatile long resumedWith = -1;

    // The watchdog's from here on; the times are read by others for diagnosis.
    private int seenCleared;
    private int seenEpoch;
    private long seenHead;
    private volatile long executed;
    private volatile long headLimit;
    /** The clock was stopped for another job. */
    private boolean replaced;
    private boolean asked;
    private long shortest;
    private int idle;
    private long seenRun;
    private long inRun;
    private boolean runTold;
    private boolean letGo;

    private HangClock(QueueCore<?> core, long limit, long shortest, BooleanSupplier isExecuting) {
        this.core = core;
        this.limit = limit;
        headLimit = limit;
        this.shortest = shortest;
        this.isExecuting = isExecuting;
    }

    /** The clock of a queue, or null if no job of it is ever taken to hang. */
    static @Nullable HangClock of(QueueCore<?> core, boolean hasDomain, boolean hasLimits,
            BooleanSupplier isExecuting) {
        Duration timeout = core.options().timeout();
        if (timeout == null) {
            timeout = hasDomain ? QueueOptions.DEFAULT_TIMEOUT : QueueOptions.NO_TIMEOUT;
        }
        long nanos = saturated(timeout);
        return nanos == Long.MAX_VALUE && !hasLimits ? null
                : new HangClock(core, nanos, hasLimits ? Math.min(nanos, UNKNOWN_LIMIT) : nanos, isExecuting);
    }

    private static long saturated(Duration time) {
        return time.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0 ? Long.MAX_VALUE : time.toNanos();
    }

    /** The shortest limit that is known, in nanoseconds: some looks must come within it. */
    long shortest() {
        return shortest;
    }

    // ---- any thread

    /** Puts the queue under the watchdog's eyes if it is not; whoever has just handed jobs over, after having left the turn. */
    void watch() {
        if (!watched) {
            Seam.at(Site.WATCH);
            if (WATCHED.compareAndSet(this, false, true)) {
                core.runtime().threads().watchdog().add(core);
            }
        }
    }

    /** Begins anew: what was seen so far means nothing any more. */
    void clear() {
        synchronized (this) {
            cleared++;
        }
    }

    /** Whether the clock has not begun anew since it had done so often. */
    boolean isSince(int clears) {
        return cleared == clears;
    }

    /** The clock stands still until {@link #resume}; what is left of the time. */
    Duration suspend() {
        suspended = true;
        long known = headLimit;
        long longest = known == Long.MAX_VALUE ? known : Math.max(0, known - executed);
        return Duration.ofNanos(longest);
    }

    void resume(Duration left) {
        resumedWith = saturated(left);
        suspended = false;
    }

    /** Nanoseconds without progress, for diagnosis. */
    long executedVolatile() {
        return executed;
    }

    // ---- the watchdog

    /**
     * One look.
     *
     * @param passed nanoseconds since the last one that count
     * @return whether there is more to look at; if not, the watchdog lets the queue go and looks at {@link #isBusy()} once more
     */
    boolean pass(long passed) {
        harvest();
        lookAtRun(passed);
        long issued = core.issue().issuedVolatile();
        long head = headOf(issued);
        if (head > issued) {
            executed = 0;
            seenHead = 0;
            headLimit = limit;
            anotherJob();
            return isBusy() || ++idle < IDLE_PASSES || seenRun != 0;
        }
        idle = 0;
        if (head != seenHead || core.epochVolatile() != seenEpoch || cleared != seenCleared) {
            seenCleared = cleared;
            seenEpoch = core.epochVolatile();
            seenHead = head;
            executed = 0;
            asked = false;
            headLimit = limitOf(head);
            anotherJob();
            return true;
        }
        takeResumption(head);
        if (!suspended && !asked && isExecuting()) {
            long missed = executed + passed;
            executed = missed;
            expire(head, missed);
        }
        return true;
    }

    /** The first that the device has not completed. Jobs that are just being finished may seem not to be complete, one after the other. */
    private long headOf(long issued) {
        long head = core.completion().headOpaque(issued);
        return core.epochVolatile() == seenEpoch ? Math.max(head, seenHead) : head;
    }

    private void takeResumption(long head) {
        long left = resumedWith;
        if (left >= 0) {
            resumedWith = -1;
            executed = replaced ? 0 : Math.max(0, limitOf(head) - left);
            replaced = false;
        }
    }

    /** What another job had left when the clock was stopped means nothing to this one. */
    private void anotherJob() {
        replaced = suspended;
        resumedWith = -1;
    }

    /** A look at the device by a worker: what it leads to, anybody's code, must not keep the watchdog. Recovery harvests once more. */
    private void harvest() {
        try (var _ = new UserCall(core.runtime())) {
            core.completion().poll();
        }
    }

    private void expire(long head, long missed) {
        long longest = limitOf(head);
        if (missed < longest || core.completion().headOpaque(head) > head) {
            return;
        }
        core.recovery().request(new RecoveryRequest(core, seenEpoch, head, missed, seenCleared,
                "no progress for " + millis(missed) + " ms, where " + millis(longest) + " ms are allowed"));
        // Not before: what could not be asked for want of memory is asked for at the next look.
        asked = true;
    }

    /** The limit of a live job. */
    private long limitOf(long seqno) {
        Slots slots = core.slotsAcquire();
        long millis = slots == null ? 0 : slots.limitMillisOpaque(seqno);
        long nanos = millis == 0 ? limit : millis * 1_000_000;
        shortest = Math.min(shortest, nanos);
        return nanos;
    }

    static long millis(long nanos) {
        return nanos / 1_000_000;
    }

    private boolean isExecuting() {
        return UserCall.ask(core.runtime(), isExecuting::getAsBoolean, thrown -> {
            core.faults().report("isExecuting", thrown);
            return true;
        });
    }

    /** Whether a run of the driver does not return: it is told once, with where it is. */
    private void lookAtRun(long passed) {
        long running = core.issue().runs().runningOpaque();
        if (running == 0 || running != seenRun) {
            seenRun = running;
            inRun = 0;
            runTold = false;
            return;
        }
        inRun += passed;
        if (inRun >= limitOf(running) && !runTold) {
            runTold = true;
            QueueFaults.warn(core.issue().runs().describe(running, inRun));
        }
    }

    /** Whoever hands a job over from now on puts the queue under the watchdog's eyes again. */
    void letGo() {
        letGo = true;
        Seam.at(Site.WATCH);
        watched = false;
    }

    /** Whether {@link #letGo()} was called at the last pass. */
    boolean wasLetGo() {
        boolean was = letGo;
        letGo = false;
        return was;
    }

    /** Nobody watches, for there was no memory to say that somebody should. Any thread. */
    void unwatched() {
        watched = false;
    }

    /** Puts it back, after {@link #letGo()}; whether nobody else has done so. */
    boolean isMine() {
        return WATCHED.compareAndSet(this, false, true);
    }

    /** Whether something is on the device, or being handed to it. */
    boolean isBusy() {
        return core.issue().runs().runningOpaque() != 0
                || core.issue().issuedVolatile() != core.timelineState().signaledVolatile();
    }
}
