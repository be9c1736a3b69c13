package io.ringfence.queue;

import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.internal.seam.Site;
import io.ringfence.fence.Failure;
import io.ringfence.fence.Timeline;
import io.ringfence.internal.seam.Seam;

import org.jspecify.annotations.Nullable;

/** Why a queue runs no further jobs, and where what no fence can carry is reported. */
final class QueueFaults {

    static final Failure HOLE = new Failure.Cancelled("the slot carried no job");
    static final Failure BROKEN = new Failure.DeviceLost("the queue's own code failed; the log says how");
    static final Failure UNKNOWN = new Failure.Cancelled("the cause was lost: out of memory while it was recorded");

    private static final System.Logger LOG = System.getLogger("io.ringfence.queue");

    /** Breaking so often, it is no accident. */
    private static final int OFTEN = 64;
    private static final long BROKEN_PARK_NANOS = 1_000_000;

    private static final VarHandle STOPPED;
    private static final VarHandle POISONED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STOPPED = lookup.findVarHandle(QueueFaults.class, "stopped", Failure.class);
            POISONED = lookup.findVarHandle(QueueFaults.class, "poisoned", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Workings<?> parts;
    private final Timeline timeline;
    /** Why no further job is run, once the queue is killed, banned, broken, or without a device. */
    private volatile @Nullable Failure stopped;
    private volatile boolean broken;
    @SuppressWarnings("UnusedVariable") // counted through POISONED only
    private volatile int poisoned;

    /** Of workings that have nothing yet. */
    QueueFaults(Workings<?> parts, Timeline timeline) {
        this.parts = parts;
        this.timeline = timeline;
    }

    /** Whether the queue's own code broke, so that it can count on no news. */
    boolean brokenVolatile() {
        return broken;
    }

    @Nullable
    Failure stoppedVolatile() {
        return stopped;
    }

    /** Refuses to run any further job; the first cause stays. The caller brings news to the issue turn. */
    void stop(Failure cause) {
        parts.issue().beWary();
        Seam.at(Site.STOP);
        STOPPED.compareAndSet(this, (Failure) null, cause);
    }

    /** The queue's own code broke: it fails what it holds and refuses what comes. Allocates nothing before that. */
    void poison(String where, Throwable thrown) {
        try {
            // First: who knows that it is broken counts on no news, and must find that nothing is run any more.
            stop(BROKEN);
        } finally {
            broken = true;
        }
        int times = (int) POISONED.getAndAdd(this, 1) + 1;
        // What breaks once may break for ever; a log that is full of it helps nobody.
        if (Integer.bitCount(times) == 1) {
            report(where, thrown);
        }
        if (times > OFTEN) {
            // The turn is taken over again and again; not at the cost of a processor.
            Seam.parkNanos(this, BROKEN_PARK_NANOS);
        }
    }

    /** A driver method broke that no single job can be blamed for. */
    Failure broken(String what, Throwable thrown) {
        report(what + " of the driver", thrown);
        try {
            return new Failure.DeviceLost("the driver's " + what + " threw " + thrown);
        } catch (Throwable _) {
            return BROKEN;
        }
    }

    /** As {@link #report(String, Throwable)}, of one job; makes the text where nothing it throws gets out. */
    void report(String what, long seqno, Throwable thrown) {
        try {
            report(what + " of seqno " + seqno, thrown);
        } catch (Throwable noText) {
            report(what, thrown);
        }
    }

    /** Tells about something thrown that no fence can carry. */
    void report(String what, Throwable thrown) {
        reportFor("queue ", timeline, what, thrown);
    }

    static void reportFor(String kind, Object whose, String what, Throwable thrown) {
        try {
            LOG.log(Level.ERROR, kind + whose + ": " + what + " failed", thrown);
        } catch (Throwable ignored) {
            // The logger is foreign code; there is nobody else to tell.
            return;
        }
    }

    /** Tells people something. */
    static void warn(String message) {
        try {
            LOG.log(Level.WARNING, message);
        } catch (Throwable ignored) {
            // The logger is foreign code; there is nobody else to tell.
            return;
        }
    }
}
