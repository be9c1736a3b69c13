package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.driver.Driver;
import io.ringfence.fence.Failure;
import io.ringfence.fence.PointFence;
import io.ringfence.internal.ring.Slots;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.Turn;
import io.ringfence.internal.turn.UserCode;

import org.jspecify.annotations.Nullable;

/**
 * Hands published jobs to the driver, in order, as far as dependencies and credits allow.
 *
 * <p>News for it: a slot was published, the head's dependencies are signalled, credits came back, the queue was told to
 * stop. It owns the slots that are published and not yet passed by {@code issued}, which it stores with release after
 * its last touch of a slot.
 */
final class IssueTurn<P> extends Turn implements JobDependencies.OwnFailures {

    /** Jobs a holder issues before it offers the turn to a thread of the runtime. */
    private static final int BOUND = 1024;

    private static final int WAIT = 0;
    /** Report: jobs were handed to the driver. */
    private static final int RAN = 1;
    /** Report: slots were marked done that the device will not report. */
    private static final int MARKED = 2;
    /** Report: the head has begun to wait for credits. */
    private static final int BLOCKED = 4;

    private static final VarHandle ISSUED;

    static {
        try {
            ISSUED = MethodHandles.lookup().findVarHandle(IssueTurn.class, "issued", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final QueueCore<P> core;
    private final Driver<P> driver;
    private final int creditLimit;
    private final boolean onRuntimeOnly;

    /** The last seqno handed to the driver or refused. */
    private long issued;
    private long creditsIssued;
    private long creditsReturnedCache;
    /** Jobs that the present holder may still issue. */
    private int budget;
    private volatile boolean blocked;
    private volatile boolean parked;
    /** Per slot the seqno of the last job that this turn failed there; dependencies inside the queue look it up. */
    private long @Nullable [] failedHere;

    IssueTurn(QueueCore<P> core, Driver<P> driver, QueueOptions options) {
        this.core = core;
        this.driver = driver;
        this.creditLimit = options.credits();
        this.onRuntimeOnly = driver.mayBlock();
    }

    long issuedAcquire() {
        return (long) ISSUED.getAcquire(this);
    }

    long issuedVolatile() {
        return (long) ISSUED.getVolatile(this);
    }

    /** Whether the head waits for credits; the completion turn then arms the device. */
    boolean blockedVolatile() {
        return blocked;
    }

    /** Whether this turn has ended for good: the driver is not called from here any more. */
    boolean parkedVolatile() {
        return parked;
    }

    @Override
    protected int work(boolean first) {
        if (blocking() && shouldHandOver()) {
            return MORE;
        }
        try {
            return look(first);
        } catch (Throwable broken) {
            core.poison("issue turn", broken);
            // What the interrupted look had to report is lost with it; both are true often enough to be harmless.
            return RAN | MARKED | MORE;
        }
    }

    @Override
    protected boolean blocking() {
        return onRuntimeOnly;
    }

    private int look(boolean first) {
        int report = 0;
        if (first) {
            budget = BOUND;
        }
        Slots slots = core.slotsAcquire();
        if (slots != null) {
            for (;;) {
                long seqno = issued + 1;
                Seam.at(Site.SLOT_LOOK);
                if (!slots.publishedAcquire(seqno)) {
                    break;
                }
                if (budget == 0) {
                    // Whoever goes on may take a while to be scheduled: the device need not wait for it.
                    VarHandle.fullFence();
                    doorbell();
                    return report | MORE;
                }
                budget--;
                int step = issue(slots, seqno);
                if ((step & (RAN | MARKED)) == 0) {
                    report |= step;
                    break;
                }
                report |= step;
                Seam.at(Site.ISSUED);
                ISSUED.setRelease(this, seqno);
            }
        }
        if (core.closingVolatile() && core.drained(issued)) {
            parked = true;
            return report | PARKED;
        }
        return report;
    }

    @SuppressWarnings("unchecked") // only payloads of this queue are published
    private int issue(Slots slots, long seqno) {
        Object payload = slots.payloadPlain(seqno);
        if (payload == null) {
            return MARKED;
        }
        JobDependencies dependencies = slots.extraPlain(seqno) instanceof JobDependencies named ? named : null;
        // A queue whose own code broke does not count on any news.
        if (dependencies != null && !core.brokenVolatile() && !dependencies.ready()) {
            return WAIT;
        }
        Failure stopped = core.stoppedVolatile();
        if (stopped != null) {
            slots.extraPlain(seqno, stopped);
            return refuse(slots, seqno, (P) payload);
        }
        if (dependencies != null && core.failWithDependency() && dependencies.failed(this)) {
            return refuse(slots, seqno, (P) payload);
        }
        int cost = slots.creditsPlain(seqno);
        if (!affordable(cost)) {
            boolean known = blocked;
            blocked = true;
            return known ? WAIT : BLOCKED;
        }
        if (blocked) {
            blocked = false;
        }
        creditsIssued += cost;
        return run(slots, seqno, (P) payload);
    }

    private boolean affordable(int cost) {
        if (creditsIssued + cost - creditsReturnedCache <= creditLimit) {
            return true;
        }
        creditsReturnedCache = core.creditsReturnedVolatile();
        return creditsIssued + cost - creditsReturnedCache <= creditLimit;
    }

    private int run(Slots slots, long seqno, P payload) {
        try {
            Seam.at(Site.RUN);
            driver.run(seqno, payload);
            return RAN;
        } catch (Throwable thrown) {
            slots.extraPlain(seqno, thrown);
            mark(slots, seqno);
            return RAN | MARKED;
        }
    }

    private int refuse(Slots slots, long seqno, P payload) {
        slots.clearCreditsPlain(seqno);
        if (blocked) {
            blocked = false;
        }
        mark(slots, seqno);
        try {
            driver.cancel(seqno, payload);
        } catch (Throwable thrown) {
            core.report("cancel of " + seqno, thrown);
        }
        return MARKED;
    }

    private void mark(Slots slots, long seqno) {
        slots.markPlain(seqno, Slots.FAILED | Slots.DONE);
        long[] failures = failedHere;
        if (failures == null) {
            failures = core.failureMarks();
            failedHere = failures;
        }
        failures[(int) seqno & (failures.length - 1)] = seqno;
    }

    @Override
    public boolean has(PointFence point) {
        long[] failures = failedHere;
        long seqno = point.seqno();
        return failures != null && failures[(int) seqno & (failures.length - 1)] == seqno
                || point.recordedFailure() != null;
    }

    @Override
    protected @Nullable Deferred left(int report) {
        Deferred arisen = (report & RAN) != 0 ? ring() : null;
        // The other half of two handshakes: issued was stored before this turn was left, and now it is asked whether
        // the device told of a seqno beyond issued, or was lost while run was inside.
        boolean news = (report & (MARKED | BLOCKED | PARKED)) != 0 || core.completion().aheadVolatile()
                || (report & RAN) != 0 && core.stoppedVolatile() != null;
        return news && core.completion().enter() ? join(arisen, core.completion()) : arisen;
    }

    /** Rings the doorbell outside of the turn, where the full fence that leaving it was lies between. */
    private @Nullable Deferred ring() {
        int token = UserCode.enter();
        doorbell();
        return UserCode.exit(token);
    }

    private void doorbell() {
        try {
            driver.doorbell();
        } catch (Throwable thrown) {
            core.report("doorbell", thrown);
        }
    }

    @Override
    protected @Nullable Deferred takeAfter() {
        return null;
    }

    @Override
    protected boolean handOver(Deferred chain) {
        return core.handOver(chain);
    }
}
