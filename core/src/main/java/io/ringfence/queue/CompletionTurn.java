package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;

import io.ringfence.driver.Completions;
import io.ringfence.driver.Driver;
import io.ringfence.fence.Failure;
import io.ringfence.internal.ring.Slots;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.timeline.TimelineState;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.DeferredList;
import io.ringfence.internal.turn.Turn;

import org.jspecify.annotations.Nullable;

/**
 * Learns from the driver what is complete, and has it {@linkplain Settlement settled}.
 *
 * <p>News for it: the device raised its interrupt, slots were marked done that the device will not report, somebody
 * began to wait. It owns the slots from the timeline's counter to {@code issued}, and never goes beyond {@code issued}.
 */
final class CompletionTurn<P> extends Turn implements Completions {

    /** Having finished so many, a holder looks no more, has the others told, and offers the turn to a thread of the runtime. */
    static final int BOUND = 4096;

    /** Report: the issue turn must look again. */
    private static final int ISSUE_NEWS = 1;

    private static final VarHandle DEVICE_DONE;

    static {
        try {
            DEVICE_DONE = MethodHandles.lookup().findVarHandle(CompletionTurn.class, "deviceDone", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final QueueCore<P> core;
    private final Workings<P> parts;
    private final Driver<P> driver;
    private final TimelineState timeline;

    /** What this look takes for issued. */
    private long seenIssued;
    /** The device has completed everything up to here, as far as it has told. */
    private long deviceDone;
    /** Jobs that the present holder has finished. */
    private long settled;
    private @Nullable Failure lost;
    /** The driver has been told so. */
    private boolean lossTold;
    /** The issue turn was told that the queue is stopped. */
    private boolean stopTold;
    private volatile boolean ended;
    /** The device told of a seqno that {@code issued} had not reached, or that it is lost; this look or the next tells the issue turn. */
    private boolean beyond;
    /** The device has told of something since this was last taken back. */
    private boolean heard;
    private final Arming arming;
    private final Settlement<P> settlement;
    /** Those of the present epoch. */
    private volatile PushedReports pushed;
    /** Those of the first epoch. */
    private final PushedReports firstPushed = new PushedReports();
    private final CancelRequests aborts = new CancelRequests();
    /** The driver was asked to give up everything up to here. */
    private long aborted;
    /** What {@link #finishAhead}, {@link #finishAtOnce} or {@link #endSteps} has left for the next look to report. */
    private int owed;
    /** What any of them, or a step, broke on first, if one did; the next look breaks on it too. */
    private @Nullable Throwable broke;
    /** Of those who have borrowed this turn: which other ones they have. The holder's. */
    @Nullable
    CompletionTurn<?> nextBorrowed;

    /** Of workings that have all but the turns. */
    CompletionTurn(QueueCore<P> core, Workings<P> parts, Driver<P> driver) {
        this.core = core;
        this.parts = parts;
        this.driver = driver;
        timeline = parts.timeline();
        arming = new Arming(core, parts);
        settlement = new Settlement<>(core, parts, this);
        pushed = firstPushed;
    }

    /** What is done with the slots of finished jobs. */
    Settlement<P> settlement() {
        return settlement;
    }

    /** What the device pushes. */
    PushedReports pushed() {
        return pushed;
    }

    /** What the device has pushed, and pushes, over its first link. */
    PushedReports firstPushed() {
        return firstPushed;
    }

    /** Requests to cancel jobs that are on the device. */
    CancelRequests aborts() {
        return aborts;
    }

    /**
     * The first job that the device has not completed, as far as it has told, or what comes after {@code issued}; those before it wait for
     * inputs, perhaps. Any thread: what it sees may be over.
     */
    long headOpaque(long issued) {
        long seqno = Math.max(timeline.signaledVolatile(), (long) DEVICE_DONE.getOpaque(this)) + 1;
        Slots slots = parts.slotsAcquire();
        while (slots != null && seqno <= issued && slots.hasOpaque(seqno, Slots.DONE)) {
            seqno++;
        }
        return seqno;
    }

    @Override
    protected int work(boolean first) {
        if (first) {
            settled = 0;
        }
        try {
            if (broke != null) {
                throw broke;
            }
            return look();
        } catch (Throwable broken) {
            broke = null;
            parts.faults().poison("completion turn", broken);
            lose(QueueFaults.BROKEN);
            return ISSUE_NEWS | MORE;
        }
    }

    private int look() {
        if (parts.issue().parkedVolatile()) {
            settlement.passOnRest();
            ended = true;
            return PARKED;
        }
        int report = owed;
        owed = 0;
        boolean again;
        do {
            // Read once: what is reported beyond it waits, and is not passed, though issued may move meanwhile.
            long issued = parts.issue().issuedAcquire();
            seenIssued = issued;
            parts.issue().deviceAhead(false);
            giveUp(issued);
            pollDriver();
            report |= advance(issued, Long.MAX_VALUE);
            again = arm();
            if (beyond) {
                beyond = false;
                Seam.at(Site.BLOCK);
                // First half of "a report beyond issued waits"; the issue turn stores issued, leaves, and looks here.
                parts.issue().deviceAhead(true);
                Seam.at(Site.BLOCK);
                again |= parts.issue().issuedVolatile() != issued;
            }
        } while (again && settled < BOUND);
        if (settled >= BOUND) {
            settled = 0;
            report |= MORE;
        }
        Seam.at(Site.DRAINED);
        boolean stopped = !stopTold && parts.faults().stoppedVolatile() != null;
        stopTold |= stopped;
        if (stopped || isAtItsEnd()) {
            report |= ISSUE_NEWS;
        }
        return report;
    }

    /** Whether the issue turn has to be told that all is finished. */
    private boolean isAtItsEnd() {
        return parts.end().closingVolatile() && parts.drained(parts.issue().issuedAcquire());
    }

    /** Polls the driver; what it takes for issued, which is as far as what it tells may be finished. */
    private long pollUpToIssued() {
        long issued = parts.issue().issuedAcquire();
        seenIssued = issued;
        pollDriver();
        return issued;
    }

    private void pollDriver() {
        Failure gone = core.lostVolatile();
        if (gone != null) {
            lose(gone);
        }
        if (lost == null) {
            try {
                Seam.at(Site.POLL);
                driver.poll(this);
                pushed.report(this);
            } catch (Throwable thrown) {
                lose(parts.faults().broken("poll", thrown));
            }
        }
        if (lost != null && !lossTold) {
            lossTold = true;
            tellLoss();
        }
    }

    private void tellLoss() {
        try {
            driver.lost();
        } catch (Throwable thrown) {
            parts.faults().report("lost", thrown);
        }
    }

    /**
     * Finishes what is complete, if that is known or can be found out, for somebody who has entered this turn and performs it later: that
     * look does all the rest.
     *
     * @param seqno how far the device has got at least
     * @return how many jobs were finished
     */
    long finishAhead(long seqno) {
        long from = timeline.signaledPlain();
        try {
            if (mayFinishAhead()) {
                if (deviceDone < seqno || seenIssued < seqno) {
                    long _ = pollUpToIssued();
                }
                // Not beyond what the last poll took for issued: failures of later jobs were told in vain, and are told again.
                owed |= advance(seenIssued, seqno);
            }
        } catch (Throwable broken) {
            // Not the affair of whoever has this queue look: that of the look that follows.
            broke = broken;
        }
        return timeline.signaledPlain() - from;
    }

    /** How far steps may go ahead in this queue: as far as the last look at its device has told, if the next one breaks on nothing. */
    long endAhead() {
        return mayFinishAhead() ? Math.min(seenIssued, deviceDone) : 0;
    }

    private boolean mayFinishAhead() {
        return broke == null && lost == null && core.lostVolatile() == null && !parts.issue().parkedVolatile();
    }

    /** One of the steps of a {@link Lockstep}; how far it went. What breaks is not the affair of whoever has this queue step. */
    long stepAhead(Slots slots, long from, long end) {
        try {
            return broke == null ? settlement.step(slots, from, end) : from;
        } catch (Throwable broken) {
            broke = broken;
            return timeline.signaledPlain();
        }
    }

    /** After the last step and a full fence: tells who waits for any of them, and the look that follows whether jobs may have waited. */
    void endSteps(DeferredList to) {
        tellAhead(timeline.signaledPlain(), to);
        owed |= newsOfFinished();
    }

    /** As {@link #stepAhead}: tells who waits for what was finished up to a seqno. */
    void tellAhead(long through, DeferredList to) {
        try {
            settlement.tell(through, to);
        } catch (Throwable broken) {
            broke = broke == null ? broken : broke;
        }
    }

    /** For the issue turn, after the counter was stored: whether there are jobs that may have waited for that. */
    private int newsOfFinished() {
        return parts.claim().claimedVolatile() != parts.issue().issuedVolatile() ? ISSUE_NEWS : 0;
    }

    /** What its submitters and its issue turn have made. */
    @Nullable
    Slots slotsAcquire() {
        return parts.slotsAcquire();
    }

    /**
     * Finishes what is complete, for the issue turn of another queue, whose next job waits for it and is inside: if nobody has this turn, and
     * what follows from it is nothing that others wait for, it is left again before the job is run.
     *
     * @return false if this turn is kept, and is performed when the caller has left its own: it may not run anything before
     */
    boolean finishAtOnce() {
        if (!tryEnter()) {
            return true;
        }
        boolean left = false;
        try {
            left = needsNoLook() && leaveAtOnce();
        } finally {
            if (!left) {
                Deferred.run(this);
                // Also if this turn comes to stand still before it is performed.
                Deferred.run(settlement.takeAfter());
            }
        }
        return left;
    }

    /** Looks at the device, and finishes what can be finished; whether that was all that a look would have done. */
    private boolean needsNoLook() {
        try {
            if (lost != null || broke != null || settlement.isHeldUp() || parts.issue().parkedVolatile()
                    || !stopTold && parts.faults().stoppedVolatile() != null) {
                return false;
            }
            heard = false;
            long issued = pollUpToIssued();
            if (!heard) {
                return true;
            }
            if (lost != null) {
                return false;
            }
            owed |= advance(issued, issued);
            Seam.at(Site.DRAINED);
            return owed == 0 && !beyond && !settlement.isHeldUp() && settlement.isNobodyTold() && !isAtItsEnd()
                    && !arm();
        } catch (Throwable broken) {
            // Not the affair of whoever has this queue look: that of the look that follows.
            broke = broken;
            return false;
        }
    }

    // ---- for recovery, while this turn stands still

    /** Whether this turn has ended for good. */
    boolean endedVolatile() {
        return ended;
    }

    /** One look at the device. */
    @Nullable
    Deferred harvest() {
        try {
            int _ = advance(pollUpToIssued(), Long.MAX_VALUE);
        } catch (Throwable broken) {
            parts.faults().poison("harvest", broken);
            lose(QueueFaults.BROKEN);
        }
        return settlement.takeAfter();
    }

    /** Whether the device has said that it has completed everything up to a seqno. */
    boolean isTold(long seqno) {
        return seqno <= deviceDone;
    }

    /** A job that was handed to the device will not be completed by it. */
    void failOnDevice(long seqno, Failure why) {
        Slots slots = parts.slotsAcquire();
        if (slots != null) {
            Settlement.fail(slots, seqno, why);
        }
    }

    /** What was pushed in the former epoch is not looked at any more, nor what the device was asked for in it. */
    PushedReports beginEpoch() {
        PushedReports fresh = new PushedReports();
        pushed = fresh;
        aborted = timeline.signaledPlain();
        // The issue turn has noted them too.
        CancelRequests.Request _ = aborts.takeAll();
        arming.forget();
        return fresh;
    }

    // ---- the look

    /** Asks the driver to give up what is on the device, if somebody asked for that. */
    private void giveUp(long issued) {
        CancelRequests.Request request = aborts.anyVolatile() ? aborts.takeAll() : null;
        for (; request != null; request = request.next) {
            if (request.seqno > timeline.signaledPlain()) {
                abort(request.seqno);
            }
        }
        if (parts.end().killedVolatile()) {
            long seqno = Math.max(aborted, timeline.signaledPlain());
            while (seqno < issued) {
                abort(++seqno);
            }
            aborted = seqno;
        }
    }

    private void abort(long seqno) {
        Slots slots = parts.slotsAcquire();
        // What the device has completed may still be here, for want of inputs that it waited for itself.
        if (lost != null || slots == null || seqno <= deviceDone || slots.hasPlain(seqno, Slots.DONE)) {
            return;
        }
        Object payload = slots.payloadPlain(seqno);
        if (payload != null) {
            try {
                driver.abort(seqno, core.payload(payload));
            } catch (Throwable thrown) {
                parts.faults().report("abort", seqno, thrown);
            }
        }
    }

    /**
     * Has settled what is complete.
     *
     * @param asked how far another queue needs it, which has it finished ahead; {@code Long.MAX_VALUE} in a look of this turn's own
     */
    private int advance(long issued, long asked) {
        Slots slots = parts.slotsAcquire();
        if (slots == null) {
            return 0;
        }
        long from = timeline.signaledPlain();
        try {
            if (asked == Long.MAX_VALUE) {
                settlement.advance(slots, issued, deviceDone, lost);
            } else {
                settlement.pass(slots, issued, deviceDone, lost, asked);
            }
        } finally {
            settled += timeline.signaledPlain() - from;
        }
        beyond |= deviceDone > issued;
        return timeline.signaledPlain() != from ? newsOfFinished() : 0;
    }

    /**
     * Asks the device for an interrupt if somebody waits, unless that has been done.
     *
     * @return whether the device was asked, so that it has to be polled once more
     */
    private boolean arm() {
        long target = lost == null ? arming.next() : 0;
        if (target == 0) {
            return false;
        }
        try {
            driver.arm(target);
        } catch (Throwable thrown) {
            lose(parts.faults().broken("arm", thrown));
        }
        return true;
    }

    @Override
    public void completedThrough(long seqno) {
        if (seqno > deviceDone) {
            if (neverSubmitted(seqno)) {
                return;
            }
            DEVICE_DONE.setOpaque(this, seqno);
            heard = true;
        }
    }

    private boolean neverSubmitted(long seqno) {
        if (seqno <= parts.issue().issuedAcquire() || seqno <= parts.claim().claimedVolatile()) {
            return false;
        }
        deviceLost("it reported seqno " + seqno + ", which was never submitted");
        return true;
    }

    @Override
    public boolean completed(long seqno) {
        return mark(seqno, null);
    }

    @Override
    public boolean failed(long seqno, Throwable cause) {
        return mark(seqno, Objects.requireNonNull(cause, "cause"));
    }

    private boolean mark(long seqno, @Nullable Throwable cause) {
        if (seqno <= timeline.signaledPlain()) {
            return true;
        }
        heard = true;
        Slots slots = parts.slotsAcquire();
        if (slots == null || seqno > seenIssued) {
            if (!neverSubmitted(seqno)) {
                beyond = true;
            }
            return false;
        }
        if (!slots.hasPlain(seqno, Slots.DONE)) {
            if (cause == null) {
                slots.markPlain(seqno, Slots.DONE);
            } else {
                Settlement.fail(slots, seqno, cause);
            }
        }
        return true;
    }

    @Override
    public void deviceLost(String reason) {
        lose(new Failure.DeviceLost(Objects.requireNonNull(reason, "reason")));
    }

    private void lose(Failure gone) {
        heard = true;
        if (lost == null) {
            lost = gone;
            parts.faults().stop(gone);
            // It concerns whatever was run meanwhile too: issued must be read once more, after the stop was stored.
            beyond = true;
        }
    }

    @Override
    protected void halted() {
        core.turnChanged();
    }

    @Override
    protected void broke(Throwable thrown) {
        parts.faults().poison("completion turn", thrown);
    }

    @Override
    protected @Nullable Deferred takeAfter() {
        return settlement.takeAfter();
    }

    @Override
    protected @Nullable Deferred left(int report) {
        if ((report & PARKED) != 0) {
            core.turnChanged();
            return parts.end().finisher();
        }
        return (report & ISSUE_NEWS) != 0 && parts.issue().enter() ? parts.issue() : null;
    }

    @Override
    protected boolean handOver(Deferred chain) {
        return core.handOver(chain);
    }

    @Override
    public String toString() {
        return "completion turn of queue " + core.timeline();
    }
}
