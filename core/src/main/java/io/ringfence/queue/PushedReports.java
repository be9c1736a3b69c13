package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.internal.seam.Site;
import io.ringfence.internal.seam.Seam;
import io.ringfence.driver.Completions;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.Turn;

import org.jspecify.annotations.Nullable;

/**
 * Completions that a device pushes, on their way to the completion turn. Whoever pushes makes the report visible and then
 * brings news to the turn; the holder reports all it finds as if it had polled it.
 */
final class PushedReports {

    private static final VarHandle ARRIVED;
    private static final VarHandle THROUGH;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            ARRIVED = lookup.findVarHandle(PushedReports.class, "arrived", Report.class);
            THROUGH = lookup.findVarHandle(PushedReports.class, "through", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** One job, complete or failed. */
    private static final class Report {
        final long seqno;
        final @Nullable Throwable cause;
        @Nullable
        Report next;

        Report(long seqno, @Nullable Throwable cause) {
            this.seqno = seqno;
            this.cause = cause;
        }
    }

    private volatile @Nullable Report arrived;
    private volatile long through;
    /** Reports of jobs that {@code issued} had not reached; the holder's. */
    private @Nullable Report early;

    /** Whether anything came that nobody has taken. */
    boolean anyVolatile() {
        return arrived != null || through != 0;
    }

    /** Everything up to here is complete; any thread. */
    void through(long seqno) {
        for (long known = through; seqno > known; known = through) {
            Seam.at(Site.PUSH);
            if (THROUGH.compareAndSet(this, known, seqno)) {
                return;
            }
        }
    }

    /** One job is complete; any thread. */
    void single(long seqno, @Nullable Throwable cause) {
        Report report = new Report(seqno, cause);
        Report top;
        do {
            top = arrived;
            report.next = top;
            Seam.at(Site.PUSH);
        } while (!ARRIVED.compareAndSet(this, top, report));
    }

    /** Passes on what came; the holder of the turn. */
    void report(Completions to) {
        // Read before the single ones are taken: a failure that was pushed before its job was passed is among them.
        long done = through;
        Seam.at(Site.PUSH);
        Report report = early;
        early = null;
        keep(report, to);
        if (arrived != null) {
            keep((Report) ARRIVED.getAndSet(this, (Report) null), to);
        }
        if (done != 0) {
            to.completedThrough(done);
        }
    }

    private void keep(@Nullable Report first, Completions to) {
        Report report = first;
        while (report != null) {
            Report next = report.next;
            boolean known = report.cause == null ? to.completed(report.seqno) : to.failed(report.seqno, report.cause);
            if (!known) {
                report.next = early;
                early = report;
            }
            report = next;
        }
    }
}
