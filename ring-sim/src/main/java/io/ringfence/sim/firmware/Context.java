package io.ringfence.sim.firmware;

import java.lang.invoke.VarHandle;
import java.util.LinkedHashSet;
import java.util.Set;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

import org.jspecify.annotations.Nullable;

/**
 * What the firmware knows of one registered ring: how far its slots are taken, what is in progress, who waits for it. Used by the
 * firmware's thread only.
 */
final class Context {

    /** Commands of one ring before the others are looked at. */
    private static final int BATCH = 256;
    /** One of these is in the state of a ring that may be halted. */
    private static final int HALTING = RingLayout.STATE_SUSPENDED | RingLayout.STATE_QUIESCED | RingLayout.STATE_BANNED;

    private final Board board;
    private final SharedMemory memory;
    private final int ring;
    private final Group group;
    private final boolean longRunning;
    private final long slots;
    private final long waits;
    private final int mask;
    private final long descriptor;
    private final long completion;
    private final Running running;
    private final Outcomes outcomes;
    private final HiddenStamp hidden;
    private final Interrupt interrupt;
    private final long deviceRequestBefore;
    /** Rings whose next command waits for one of this ring; null instead of none. */
    private @Nullable Set<Context> waiters;

    /** It is among those whose hosts may want to know. */
    boolean isAdvanced;
    private int epoch;
    private boolean gone;
    private @Nullable Context follower;
    private int priority;
    private long minRun;
    private long preemptTimeout;
    private boolean suspended;
    private boolean quiesced;
    /** Together with the whole device: only that is resumed, or the ring reset. */
    private boolean quiescedWithAll;
    private boolean banned;
    /** The device was reset: what was begun is lost, so it cannot simply go on. */
    private boolean awaitsReset;
    private int state;

    /** Slots taken so far; the next one is at this position. */
    private long taken;
    private long lastSeqno;
    /** The epoch that the last reset has ended, and the last command that was complete then. */
    private int formerEpoch;
    private long settledSeqno;
    private long startedSeqno;
    private long faults;

    Context(Board board, int ring, Group group, boolean longRunning, int epoch) {
        this.board = board;
        this.ring = ring;
        this.group = group;
        this.longRunning = longRunning;
        memory = board.memory;
        slots = board.geometry.slots(ring);
        waits = board.geometry.waits(ring);
        mask = board.geometry.slots() - 1;
        descriptor = board.geometry.descriptor(ring);
        completion = descriptor + (longRunning ? RingLayout.RETIRED_OFFSET : RingLayout.COMPLETION_OFFSET);
        this.epoch = epoch;
        deviceRequestBefore = memory.longPlain(descriptor + RingLayout.DEVICE_REQUEST_BEFORE_OFFSET);
        outcomes = new Outcomes(board.geometry.slots());
        running = new Running(board, this);
        hidden = new HiddenStamp(board, ring);
        interrupt = new Interrupt(board, this, descriptor);
    }

    void registered() {
        // The former user's count may have come when the host had cleared it; the host looks when something is complete.
        memory.longRelease(descriptor + RingLayout.FAULTS_OFFSET, 0);
        state(RingLayout.STATE_REGISTERED, true);
    }

    int ring() {
        return ring;
    }

    int epoch() {
        return epoch;
    }

    /** Whether it is in an epoch, and has not gone. */
    boolean isIn(int one) {
        return epoch == one && !gone;
    }

    /** Whether it is the one that is registered for a ring. */
    boolean isStill(int number) {
        return ring == number && !gone;
    }

    /** The ring that began last to wait for this one only, or null. */
    @Nullable
    Context follower() {
        return follower;
    }

    /** The command in progress of another ring waits for one of this ring only. */
    void follower(Context other) {
        if (follower != other) {
            follower = other;
        }
    }

    boolean isOnSlot() {
        return !gone && group.place == Group.Place.ON_SLOT;
    }

    /** What the host had asked of the device last when it registered the ring. */
    long deviceRequestBefore() {
        return deviceRequestBefore;
    }

    Group group() {
        return group;
    }

    int priority() {
        return priority;
    }

    long minRun() {
        return minRun;
    }

    long preemptTimeout() {
        return preemptTimeout;
    }

    boolean isLongRunning() {
        return longRunning;
    }

    void properties(int newPriority, long newMinRun, long newPreemptTimeout) {
        priority = newPriority;
        minRun = newMinRun;
        preemptTimeout = newPreemptTimeout;
    }

    /** The last completed command, or of a long-running ring the last whose slot is free again. */
    long completionWord() {
        return RingLayout.word(epoch, lastSeqno);
    }

    long startedWord() {
        return RingLayout.word(epoch, Math.max(startedSeqno, lastSeqno));
    }

    // ---- what it could do

    /** Whether it would get on if it were on a slot. */
    boolean canGoOn() {
        if (isHalted()) {
            return false;
        }
        // A slot that is not seen for a time only is as one that is taken then.
        return running.isBusy() ? running.canGoOn()
                : hasNext() || hidden.isForAWhile();
    }

    /** Whether its next command waits for others. */
    boolean isBlocked() {
        return !isHalted() && running.isBusy() && !running.canGoOn();
    }

    /** Who is quiesced stands still wherever it is: nothing keeps it on its slot. */
    boolean isAtBorder() {
        return quiesced || running.isAtBorder();
    }

    /** Whether a poll now would complete something, or begin something. */
    boolean hasWork() {
        if (isHalted()) {
            return false;
        }
        return running.isBusy() ? running.isDue() : !group.leaving && hasNext();
    }

    /** When something in progress will end by itself, or {@code Long.MAX_VALUE}. */
    long nextMoment() {
        long end = isHalted() || !running.isBusy() ? Long.MAX_VALUE : running.end();
        return Math.min(end, hidden.end());
    }

    private boolean isHalted() {
        // Who is only suspended yet finishes what it is in the middle of, and ends what the host gives up.
        return quiesced || banned || suspended && running.isAtBorder() && !isGivenUp();
    }

    /** Whether the command in progress, or else the next one, will not be executed any further. */
    private boolean isGivenUp() {
        long slot = slots + (taken & mask) * RingLayout.SLOT_BYTES;
        return running.isBusy() ? running.isGivenUp()
                : hasNext() && memory.intVolatile(slot + RingLayout.OPCODE_OFFSET) < 0;
    }

    private boolean hasNext() {
        long stamp = memory.longVolatile(slots + (taken & mask) * RingLayout.SLOT_BYTES + RingLayout.STAMP_OFFSET);
        return isNext(stamp) && !hidden.hides(RingLayout.seqno(stamp));
    }

    // ---- executing

    /**
     * Takes and executes what has been published, up to a bound.
     *
     * @param now the time, nanoseconds
     * @return how many commands were completed
     */
    int poll(long now) {
        // Mostly there is nothing: kept apart, so that the rest is compiled as what is done and not as what hardly ever is.
        if (isHalted()) {
            return 0;
        }
        if (running.isBusy() ? running.awaitsStill() : !isStamped()) {
            running.tellWaiting();
            return 0;
        }
        return goOn(now);
    }

    /** The same for a ring that most likely has something to do. */
    int pollLikely(long now) {
        if ((state & HALTING) == 0 && running.hasOnlyWaited()) {
            return passOn(now);
        }
        return isHalted() ? 0 : goOn(now);
    }

    /** From link to link of a chain the short way: completes a command that had only to wait, and takes the next. */
    private int passOn(long now) {
        running.pass();
        board.waited();
        int completed = group.leaving || takeLink() || !take(now) || running.isBusy() ? 1 : 2;
        // Not before: what is raised ahead of the next command does not tell of its completion.
        board.advanced(this);
        return completed;
    }

    /**
     * As {@link #take}, of a command that only waits; whether for something that is still to come is left to who looks next, so at the end of
     * a round it can be said to wait though it is due. No fault is planned, or nobody would come here.
     */
    private boolean takeLink() {
        long slot = slots + (taken & mask) * RingLayout.SLOT_BYTES;
        long stamp = memory.longAcquire(slot + RingLayout.STAMP_OFFSET);
        long word = memory.longPlain(slot + RingLayout.OPCODE_OFFSET);
        long last = memory.longPlain(slot + RingLayout.WAIT_IN_SLOT_OFFSET);
        if (!isNext(stamp) || !Running.onlyWaits(word)) {
            return false;
        }
        taken++;
        running.beginLink(slot, RingLayout.seqno(stamp), (int) word, last);
        return true;
    }

    private boolean isStamped() {
        return isNext(memory.longAcquire(slots + (taken & mask) * RingLayout.SLOT_BYTES + RingLayout.STAMP_OFFSET));
    }

    /** Whether a stamp is that of a new command: a slot that was not written again still holds that of a former lap. */
    private boolean isNext(long stamp) {
        return RingLayout.epoch(stamp) == epoch && RingLayout.seqno(stamp) > lastSeqno;
    }

    private int goOn(long now) {
        int completed = 0;
        while (completed < BATCH && !board.isStopped()) {
            if (running.isBusy()) {
                if (!running.proceed(now) || running.isBusy()) {
                    break;
                }
            } else if (suspended && !isGivenUp() || group.leaving || !take(now)) {
                break;
            } else if (running.isBusy()) {
                if (running.isWaiting()) {
                    // It was looked at just now.
                    break;
                }
                continue;
            }
            completed++;
        }
        if (completed != 0) {
            board.advanced(this);
            board.follower = follower;
        } else {
            running.tellWaiting();
        }
        return completed;
    }

    /** Takes the next slot; afterwards its command is complete or in progress. */
    private boolean take(long now) {
        long index = taken & mask;
        long slot = slots + index * RingLayout.SLOT_BYTES;
        long stamp = memory.longAcquire(slot + RingLayout.STAMP_OFFSET);
        long seqno = RingLayout.seqno(stamp);
        if (!isNext(stamp)) {
            return false;
        }
        if (board.dice != null && hidden.strikes(seqno, now)) {
            return false;
        }
        taken++;
        long word = memory.longPlain(slot + RingLayout.OPCODE_OFFSET);
        // Of no use to most commands, but nearly free here, one check of the memory with the other.
        long last = memory.longPlain(slot + RingLayout.WAIT_IN_SLOT_OFFSET);
        if (word == 0 && board.dice == null) {
            complete(seqno);
        } else {
            if (word >>> Integer.SIZE != 0) {
                // Of the ring's former user: his command failed when the slot had been written anew.
                memory.intPlain(slot + RingLayout.STATUS_OFFSET, 0);
            }
            running.begin(slot, waits + index * RingLayout.WAITS_BYTES, seqno, (int) word, last, now);
        }
        return true;
    }

    /** The host rang the doorbell. */
    void doorbell() {
        hidden.show();
    }

    /** Says that a command has begun, before it has any effect. */
    void started(long seqno) {
        startedSeqno = seqno;
        memory.longOpaque(descriptor + RingLayout.STARTED_OFFSET, RingLayout.word(epoch, seqno));
        VarHandle.storeStoreFence();
    }

    void failed(long slot, long seqno, Status status) {
        outcomes.failed(seqno);
        memory.intPlain(slot + RingLayout.STATUS_OFFSET, status.code());
        memory.longRelease(descriptor + RingLayout.FAULTS_OFFSET, ++faults);
    }

    void complete(long seqno) {
        lastSeqno = seqno;
        Seam.at(Site.DEVICE);
        memory.longRelease(completion, RingLayout.word(epoch, seqno));
        if (waiters != null) {
            tellWaiters(waiters);
        }
    }

    /** An event that comes before the completion word it tells of. */
    void raiseEarly(long seqno) {
        board.events.completion(ring, RingLayout.word(epoch, seqno), startedWord());
    }

    /** Raises what is wanted before something happens that takes long, or that the host did not ask for; also for the other rings. */
    void raise() {
        if (interrupt.isBehind(lastSeqno)) {
            board.advanced(this);
        }
        board.raise();
    }

    /** Completion was stored, then came a full fence. */
    void raiseFenced() {
        isAdvanced = false;
        running.tellWaiting();
        if (interrupt.isBehind(lastSeqno) && !board.dead) {
            interrupt.completed(lastSeqno);
        }
    }

    /** The host wants to know how far the ring is. */
    void tellCompletion() {
        board.events.completion(ring, completionWord(), startedWord());
    }

    // ---- who waits for it

    void addWaiter(Context other) {
        if (waiters == null) {
            waiters = new LinkedHashSet<>();
        }
        boolean _ = waiters.add(other);
    }

    /** Has those for whom its command waits tell when they get on. */
    void awaitOthers() {
        if (isBlocked()) {
            running.awaitOthers();
        }
    }

    private void tellWaiters(Set<Context> told) {
        boolean _ = told.removeIf(other -> {
            if (other.isBlocked()) {
                return false;
            }
            if (other.canGoOn()) {
                board.scheduler.runnable(other.group, board.nanoTime());
            }
            return true;
        });
        if (told.isEmpty()) {
            waiters = null;
        }
    }

    /** How a command of this ring and epoch stands that another one waits for. */
    Waits.State stateOf(long seqno) {
        if (lastSeqno >= seqno) {
            return outcomes.hasFailed(seqno) ? Waits.State.FAILED : Waits.State.OK;
        }
        return banned ? Waits.State.FAILED : Waits.State.PENDING;
    }

    /**
     * The same for a command of an epoch that is over: what was not complete when a reset ended it will never be, in that epoch. Of those
     * before the last one it is not known any more.
     */
    Waits.State stateOfFormer(int when, long seqno) {
        return when == formerEpoch && seqno <= settledSeqno ? stateOf(seqno) : Waits.State.FAILED;
    }

    // ---- coming and going

    void enters(long now) {
        resume(now);
        residence(RingLayout.RESIDENCE_ON_SLOT);
    }

    void leaves(long now) {
        running.pause(now);
    }

    /** What it is in the middle of goes on, if it may. */
    void resume(long now) {
        if (!suspended && !quiesced) {
            running.resume(now);
        }
    }

    /** It is on no slot: unless it has something to do, the host has to ring. Announced first, then looked at once more. */
    void goesAway() {
        if (isHalted() || running.isBusy()) {
            residence(RingLayout.RESIDENCE_QUEUED);
            return;
        }
        residence(RingLayout.RESIDENCE_AWAY);
        if (canGoOn()) {
            residence(RingLayout.RESIDENCE_QUEUED);
        }
    }

    void residence(int where) {
        Seam.at(Site.DEVICE);
        memory.intVolatile(descriptor + RingLayout.RESIDENCE_OFFSET, where);
        Seam.at(Site.DEVICE);
    }

    // ---- what the host asks for

    boolean isSuspended() {
        return suspended;
    }

    boolean isBanned() {
        return banned;
    }

    boolean awaitsReset() {
        return awaitsReset;
    }

    /** What was begun is lost, and nothing is begun before the ring was reset. */
    void awaitReset() {
        awaitsReset = true;
        giveUp();
    }

    void suspended(boolean yes, long now) {
        suspended = yes;
        state(RingLayout.STATE_SUSPENDED, yes);
        if (yes) {
            running.pause(now);
        }
    }

    /** Stands still until the device is resumed, or the ring reset. */
    void quiescedWithAll(long now) {
        quiescedWithAll = true;
        quiesced(true, now);
    }

    boolean isQuiescedWithAll() {
        return quiescedWithAll;
    }

    void quiesced(boolean yes, long now) {
        quiesced = yes;
        quiescedWithAll &= yes;
        state(RingLayout.STATE_QUIESCED, yes);
        if (yes) {
            running.pause(now);
        }
    }

    void waiting(boolean now) {
        state(RingLayout.STATE_WAITING, now);
    }

    private void state(int bit, boolean on) {
        int next = on ? state | bit : state & ~bit;
        if (next != state) {
            state = next;
            memory.intRelease(descriptor + RingLayout.STATE_OFFSET, next);
        }
    }

    /** Ends the command in progress: it was too long in the way. */
    void kill() {
        if (!isAtBorder()) {
            running.kill();
            raise();
        }
    }

    /** Nothing is executed any more; who waits for what was not is told that it failed. */
    void ban() {
        banned = true;
        state(RingLayout.STATE_BANNED, true);
        giveUp();
    }

    /** Goes on at slot 0 with another epoch. */
    void reset(int next) {
        giveUp();
        formerEpoch = epoch;
        epoch = next;
        awaitsReset = false;
        taken = 0;
        startedSeqno = lastSeqno;
        settledSeqno = lastSeqno;
        outcomes.forgetAfter(lastSeqno);
        hidden.forget();
        memory.longRelease(completion, completionWord());
    }

    /** Drops what is in progress and fails the stamps that will not be written. */
    void giveUp() {
        if (running.isBusy()) {
            running.drop();
        }
        for (long position = taken;; position++) {
            long slot = slots + (position & mask) * RingLayout.SLOT_BYTES;
            long stamp = memory.longAcquire(slot + RingLayout.STAMP_OFFSET);
            if (position - taken > mask || RingLayout.epoch(stamp) != epoch || RingLayout.seqno(stamp) <= lastSeqno) {
                break;
            }
            running.failStampOf(slot);
        }
    }

    /** The ring was let go: its commands write nothing any more, for their memory may be somebody else's. */
    void gone() {
        gone = true;
        running.forget();
        state = 0;
        memory.intRelease(descriptor + RingLayout.STATE_OFFSET, 0);
        residence(RingLayout.RESIDENCE_AWAY);
        waiters = null;
        follower = null;
        interrupt.forget();
    }

    @Override
    public String toString() {
        return "ring " + ring;
    }
}
