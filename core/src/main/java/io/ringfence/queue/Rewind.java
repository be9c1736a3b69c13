package io.ringfence.queue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

import io.ringfence.driver.Driver;
import io.ringfence.driver.Verdict;
import io.ringfence.fence.Failure;
import io.ringfence.internal.ring.Slots;
import io.ringfence.internal.timeline.TimelineState;
import io.ringfence.internal.turn.UserCode;

import org.jspecify.annotations.Nullable;

/**
 * What recovery does with one queue. But for the counters, everything here is done by the recovery's thread while both turns of the
 * queue stand still, so that all slots up to {@code issued} are its own.
 */
final class Rewind<P> {

    private final QueueCore<P> core;
    private final Driver<P> driver;
    private final @Nullable Predicate<? super P> repeatable;

    /** Of which job, and in which epoch, it was said last that it does not hang; and how often in a row. */
    private long alarmSeqno;
    private int alarmEpoch;
    private int alarms;
    /** How often in a row the ring was reset without a job of it having completed. */
    private int fruitless;
    private long headBefore = -1;

    private final AtomicInteger hangs = new AtomicInteger();
    private final AtomicInteger falseAlarms = new AtomicInteger();
    private final AtomicLong replayed = new AtomicLong();
    private final AtomicLong victims = new AtomicLong();

    Rewind(QueueCore<P> core, Driver<P> driver, @Nullable Predicate<? super P> repeatable) {
        this.core = core;
        this.driver = driver;
        this.repeatable = repeatable;
    }

    // ---- any thread

    /** How many jobs were guilty. */
    int hangsVolatile() {
        return hangs.get();
    }

    int falseAlarmsVolatile() {
        return falseAlarms.get();
    }

    /** How many jobs were handed over again, or are to be. */
    long replayedVolatile() {
        return replayed.get();
    }

    /** How many jobs failed for the sake of another one. */
    long victimsVolatile() {
        return victims.get();
    }

    // ---- recovery

    /** Takes what the device has completed. What that lets go on is done by others. */
    void harvest() {
        try (var _ = new UserCall(core.runtime())) {
            core.runtime().threads().post(core.completion().harvest());
        }
    }

    /** The first job that the device has not completed, 0 if there is none; those before it wait for inputs, perhaps. */
    long head() {
        long issued = core.issue().issuedAcquire();
        long head = core.completion().headOpaque(issued);
        return head > issued ? 0 : head;
    }

    /** Whether a job was handed to the device and not completed by it, as far as was harvested. */
    boolean isUnfinished(long seqno) {
        Slots slots = core.slotsAcquire();
        return slots != null && seqno > core.timelineState().signaledPlain() && seqno <= core.issue().issuedAcquire()
                && !slots.hasPlain(seqno, Slots.DONE) && !core.completion().isTold(seqno);
    }

    /** What the driver says of a job that was not completed. */
    Verdict ask(long seqno, long executed) {
        Verdict verdict = guarded("timedOut", new Verdict.DeviceLost("the driver's timedOut threw"),
                () -> driver.timedOut(seqno, payload(seqno), executed));
        if (!(verdict instanceof Verdict.NoHang)) {
            return verdict;
        }
        falseAlarms.incrementAndGet();
        boolean same = seqno == alarmSeqno && core.epochVolatile() == alarmEpoch;
        alarmSeqno = seqno;
        alarmEpoch = core.epochVolatile();
        alarms = same ? alarms + 1 : 1;
        int most = guarded("noHangLimit", 0, driver::noHangLimit);
        return alarms <= most ? verdict : new Verdict.Guilty(seqno);
    }

    /** Whether the device has begun a job, which it has not completed. */
    boolean hasStarted(long seqno) {
        return guarded("hasStarted", true, () -> driver.hasStarted(seqno));
    }

    /** Counts resets that brought the queue nothing; how many there were in a row, with the one to come. */
    int fruitless() {
        long head = head();
        fruitless = head == headBefore ? fruitless + 1 : 1;
        headBefore = head;
        return fruitless;
    }

    /**
     * Says of each job on the device what becomes of it: completed, guilty, victim, or to be handed over again.
     *
     * @param guilty who is to blame, or 0 if nobody of this queue is
     */
    void giveUp(long guilty, Failure blame, Failure victim) {
        Slots slots = core.slotsAcquire();
        long issued = core.issue().issuedAcquire();
        long seqno = core.timelineState().signaledPlain();
        while (slots != null && ++seqno <= issued) {
            if (slots.hasPlain(seqno, Slots.DONE)) {
                if (slots.hasPlain(seqno, Slots.FAILED)) {
                    // The device may have told so by itself, and who needs it is not to be handed over again.
                    core.issue().failed(seqno);
                }
                continue;
            }
            if (core.completion().isTold(seqno)) {
                slots.markPlain(seqno, Slots.DONE);
            } else if (seqno == guilty) {
                hangs.incrementAndGet();
                blame(seqno);
                fail(seqno, blame);
            } else if (hasStarted(seqno) && !isRepeatable(seqno)) {
                victims.incrementAndGet();
                fail(seqno, victim);
            } else {
                replayed.incrementAndGet();
            }
        }
    }

    private void blame(long seqno) {
        boolean _ = guarded("blamed", false, () -> {
            driver.blamed(seqno, payload(seqno));
            return true;
        });
    }

    private void fail(long seqno, Failure why) {
        core.completion().failOnDevice(seqno, why);
        core.issue().failed(seqno);
    }

    private boolean isRepeatable(long seqno) {
        P payload = payload(seqno);
        return guarded("isRepeatable", false,
                () -> repeatable == null ? driver.isRepeatable(payload) : repeatable.test(payload));
    }

    private P payload(long seqno) {
        Slots slots = core.slots();
        Object job = slots.payloadPlain(seqno);
        if (job == null) {
            throw new IllegalStateException("no job at seqno " + seqno);
        }
        return core.payload(job);
    }

    /** The ring is empty: {@code issued} goes back, and the next epoch begins. */
    void restart(int resets) throws Exception {
        core.resets(resets);
        TimelineState timeline = core.timelineState();
        leaveDevice(timeline.signaledPlain());
        core.issue().rewind(timeline.signaledPlain());
        int epoch = core.beginEpoch();
        PushedReports reports = core.completion().beginEpoch();
        try (var _ = new UserCall(core.runtime())) {
            driver.restart(epoch, new EpochLink(core, epoch, reports));
        }
    }

    /** Not before the device has let go: one that is lost with it is signalled after its inputs. */
    private void leaveDevice(long finished) {
        Slots slots = core.slotsAcquire();
        long issued = core.issue().issuedAcquire();
        long seqno = finished;
        while (slots != null && ++seqno <= issued) {
            if (!slots.hasPlain(seqno, Slots.DONE) && slots.extraPlain(seqno) instanceof JobDependencies named) {
                named.leftDevice();
            }
        }
    }

    /** A question to the driver or the user; what it throws is reported. */
    private <R> R guarded(String what, R otherwise, UserCall.Question<R> question) {
        return UserCall.ask(core.runtime(), question, thrown -> {
            core.faults().report(what, thrown);
            return otherwise;
        });
    }
}
