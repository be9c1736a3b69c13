package io.ringfence.sim.firmware;

import io.ringfence.sim.faults.Fault;
import io.ringfence.sim.faults.FaultDice;
import io.ringfence.sim.faults.FaultKind;
import io.ringfence.sim.layout.Opcode;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

import org.jspecify.annotations.Nullable;

/**
 * The command of one ring that is in progress. Its operands were copied from the slot once; from then on only the abort bit of the
 * slot is looked at.
 */
final class Running {

    /** Some 146 years: so the end of a delay is a moment that can be compared. */
    private static final long LONGEST = Long.MAX_VALUE / 2;
    /** Rounds of a loop without length before others are looked at. */
    private static final int ROUNDS = 64;

    /** The bits of an opcode word in which the ring of a wait stands that is in the slot. */
    private static final long WAITED_RING = (long) RingLayout.WAIT_IN_SLOT_MASK << RingLayout.WAIT_IN_SLOT_SHIFT;
    /** All other bits of the opcode word of a command that only waits, and of the status above it. */
    private static final int ONLY_WAIT = RingLayout.WAIT_IN_SLOT << RingLayout.WAITS_SHIFT | Opcode.NOP.code();

    private final Board board;
    private final SharedMemory memory;
    private final Context context;
    private final Waits waits;

    private int phase = Phase.NONE;
    private long seqno;
    private long slot;
    private Opcode opcode = Opcode.NOP;
    /** All it does is to wait for one command of another ring, and no faults are planned. */
    private boolean onlyWaits;
    private long a;
    private long b;
    private long c;
    private long d;
    private long e;
    private long f;
    /** When the present delay, round, or slowness is over. */
    private long until;
    /** The round that is over then. */
    private long round;
    /** What was left to {@link #until} when its group left its slot. */
    private long left;
    private boolean paused;

    Running(Board board, Context context) {
        this.board = board;
        this.memory = board.memory;
        this.context = context;
        waits = new Waits(board, context);
    }

    boolean isBusy() {
        return phase != Phase.NONE;
    }

    /** Whether it waits for other rings. */
    boolean isWaiting() {
        return phase == Phase.WAITS;
    }

    /** Whether it waits for other rings, and has to go on waiting. */
    boolean awaitsStill() {
        return phase == Phase.WAITS && waits.look() == Waits.State.PENDING && !isGivenUp();
    }

    /** Whether it is at a point at which its group can leave, and from which it can go on later. */
    boolean isAtBorder() {
        return Phase.isBorder(phase);
    }

    /** Whether it would get on, were it on a slot; false if it waits for others. */
    boolean canGoOn() {
        return switch (phase) {
            case Phase.WAITS -> isGivenUp() || waits.look() != Waits.State.PENDING;
            case Phase.WAITS_FOR_STAMP -> isGivenUp() || board.interpreter.stampState(a, b) != Waits.State.PENDING;
            default -> true;
        };
    }

    /** Whether a look at it now would change something. */
    boolean isDue() {
        return switch (phase) {
            case Phase.WAITS, Phase.WAITS_FOR_STAMP -> canGoOn();
            case Phase.DELAYED, Phase.LOOPS -> isGivenUp() || board.nanoTime() - until >= 0;
            case Phase.SLOWED, Phase.HELD_BACK -> board.nanoTime() - until >= 0;
            case Phase.ENDLESS -> isGivenUp();
            default -> false;
        };
    }

    /** Has those for whom it waits tell when they get on; when it has no slot, for on one it is looked at in each round. */
    void awaitOthers() {
        if (phase == Phase.WAITS) {
            context.waiting(true);
            waits.register();
        }
    }

    /** Says that it waits for other rings: not for each that has to wait for a moment, but before the host can look twice. */
    void tellWaiting() {
        if (phase == Phase.WAITS) {
            context.waiting(true);
        }
    }

    /** When it gets on by itself, or {@code Long.MAX_VALUE}. */
    long end() {
        return switch (phase) {
            case Phase.DELAYED, Phase.LOOPS, Phase.SLOWED, Phase.HELD_BACK -> until;
            default -> Long.MAX_VALUE;
        };
    }

    // ---- beginning

    /** Begins a command, of which the opcode's word and the last operand were read; it may be complete when this returns. */
    void begin(long at, long waitsAt, long number, int word, long last, long now) {
        slot = at;
        seqno = number;
        onlyWaits = onlyWaits(word) && board.dice == null;
        if (onlyWaits) {
            beginWaiting(word, last);
        } else {
            beginAny(waitsAt, word, last, now);
        }
    }

    /** Whether a command only waits, by its opcode's word with the status above it, if there may be one. */
    static boolean onlyWaits(long word) {
        return (word & ~WAITED_RING) == ONLY_WAIT;
    }

    /** As {@link #begin}, of a command that {@linkplain #onlyWaits only waits}, without a look at what it waits for. */
    void beginLink(long at, long number, int word, long last) {
        slot = at;
        seqno = number;
        onlyWaits = true;
        awaitOnly(word, last);
        phase = Phase.WAITS;
    }

    /** What {@link #beginAny} comes to for a command that only waits: four questions less. */
    private void beginWaiting(int word, long last) {
        awaitOnly(word, last);
        Waits.State state = waits.look();
        if (state == Waits.State.PENDING) {
            phase = Phase.WAITS;
        } else {
            end(state == Waits.State.OK ? Status.OK : Status.WAIT_FAILED);
        }
    }

    private void awaitOnly(int word, long last) {
        if (opcode != Opcode.NOP) {
            // What stores a reference marks a card, too: not for each link of a chain.
            opcode = Opcode.NOP;
        }
        waits.takeOnly(word >>> RingLayout.WAIT_IN_SLOT_SHIFT, last);
    }

    private void beginAny(long waitsAt, int word, long last, long now) {
        Opcode known = Opcode.of(word & RingLayout.OPCODE_MASK);
        int count = word >>> RingLayout.WAITS_SHIFT & RingLayout.WAITS_MASK;
        boolean bad = isBad(count, (word & ~RingLayout.ABORT) >>> RingLayout.WAIT_IN_SLOT_SHIFT, known);
        opcode = known == null || bad ? Opcode.NOP : known;
        if (opcode != Opcode.NOP) {
            copyOperands(last);
        }
        if (word < 0 || known == null || bad) {
            end(word < 0 ? Status.ABORTED : Status.BAD_OPCODE);
            return;
        }
        if (count == 0) {
            start(now);
            return;
        }
        if (count == RingLayout.WAIT_IN_SLOT) {
            waits.takeOnly(word >>> RingLayout.WAIT_IN_SLOT_SHIFT & RingLayout.WAIT_IN_SLOT_MASK, last);
        } else {
            waits.take(waitsAt, count);
        }
        phase = Phase.WAITS;
        boolean _ = waited(waits.look(), now);
    }

    /** Whether there is no such number of waits, or something stands where nothing should: in the bits behind it, or in the slot. */
    private static boolean isBad(int count, int behind, @Nullable Opcode opcode) {
        return count == RingLayout.WAIT_IN_SLOT
                ? behind > RingLayout.WAIT_IN_SLOT_MASK || opcode != null && !opcode.hasRoomForWait()
                : behind != 0 || count > RingLayout.MAX_WAITS;
    }

    private void copyOperands(long last) {
        long operands = slot + RingLayout.OPERANDS_OFFSET;
        a = memory.longPlain(operands);
        b = memory.longPlain(operands + 8);
        c = memory.longPlain(operands + 16);
        d = memory.longPlain(operands + 24);
        e = memory.longPlain(operands + 32);
        f = last;
    }

    private void start(long now) {
        FaultDice dice = board.dice;
        if (dice != null && isBent(dice, now)) {
            return;
        }
        execute();
    }

    /** Has a fault of the plan struck, so that the command does not simply begin? */
    private boolean isBent(FaultDice dice, long now) {
        int ring = context.ring();
        Fault death = dice.strikes(FaultKind.DEATH, ring, seqno);
        if (death != null) {
            board.dies();
            if (death.before()) {
                phase = Phase.HANGS;
                return true;
            }
        }
        Fault stall = dice.strikes(FaultKind.STALLED_HEARTBEAT, ring, seqno);
        if (stall != null) {
            board.stallsUntil(now + stall.byNanos());
        }
        if (dice.strikes(FaultKind.BAD_OPCODE, ring, seqno) != null) {
            end(Status.BAD_OPCODE);
            return true;
        }
        if (dice.strikes(FaultKind.BAD_ADDRESS, ring, seqno) != null) {
            context.started(seqno);
            end(Status.OUT_OF_ARENA);
            return true;
        }
        if (dice.strikes(FaultKind.HANG, ring, seqno) != null) {
            return lastsForEver(Phase.HANGS);
        }
        if (dice.strikes(FaultKind.ENDLESS_LOOP, ring, seqno) != null) {
            return lastsForEver(Phase.ENDLESS);
        }
        Fault slow = dice.strikes(FaultKind.SLOW, ring, seqno);
        if (slow != null) {
            context.started(seqno);
            phase = Phase.SLOWED;
            until = now + slow.byNanos();
            return true;
        }
        return false;
    }

    private boolean lastsForEver(int how) {
        context.started(seqno);
        phase = how;
        return true;
    }

    private void execute() {
        phase = Phase.NONE;
        if (opcode == Opcode.NOP) {
            end(Status.OK);
            return;
        }
        // Others may wait for what came before: tell them before the work, not after.
        context.raise();
        context.started(seqno);
        switch (opcode) {
            case DELAY -> beginDelay();
            case LOOP -> beginLoop();
            case WAIT -> beginWait();
            default -> work();
        }
        if (opcode == Opcode.STAMP) {
            // Whoever waits for it may be on no slot.
            board.scheduler.lookAtBlocked(board.nanoTime(), false);
        }
    }

    private void work() {
        // The firmware does nothing else meanwhile.
        board.worked = true;
        board.releaseHeld();
        end(board.interpreter.execute(opcode, a, b, c, d, e, f));
    }

    private void beginDelay() {
        Status status = board.interpreter.delay(a, b);
        if (status != Status.OK) {
            end(status);
            return;
        }
        // Not the round's reading: commands of other rings may have taken long since.
        long now = board.nanoTime();
        until = now + Math.min(a, LONGEST);
        phase = Phase.DELAYED;
        if (b != -1) {
            Status _ = board.interpreter.word(b, now);
        }
    }

    private void beginLoop() {
        Status status = board.interpreter.loop(a, b, c, d);
        if (status != Status.OK || a == 0) {
            end(status);
            return;
        }
        round = 0;
        until = board.nanoTime() + Math.min(b, LONGEST);
        paused = false;
        phase = Phase.LOOPS;
    }

    private void beginWait() {
        Status status = board.interpreter.waiting(a, b);
        if (status != Status.OK) {
            end(status);
            return;
        }
        phase = Phase.WAITS_FOR_STAMP;
        context.waiting(board.interpreter.stampState(a, b) == Waits.State.PENDING);
    }

    // ---- going on

    /** Whether all that it had to do was to wait, and that is over. */
    boolean hasOnlyWaited() {
        return phase == Phase.WAITS && onlyWaits && waits.look() == Waits.State.OK && !isGivenUp();
    }

    /** Completes a command that {@linkplain #hasOnlyWaited() had only to wait}: there is nothing else to its end. */
    void pass() {
        phase = Phase.NONE;
        context.waiting(false);
        context.complete(seqno);
    }

    /**
     * Gets on with it, on a slot.
     *
     * @return whether something changed
     */
    boolean proceed(long now) {
        if (phase != Phase.HANGS && phase != Phase.SLOWED && phase != Phase.HELD_BACK && isGivenUp()) {
            end(Status.ABORTED);
            return true;
        }
        return switch (phase) {
            case Phase.WAITS -> letGo(waits.look(), now);
            case Phase.WAITS_FOR_STAMP -> waitedForStamp(board.interpreter.stampState(a, b));
            case Phase.DELAYED -> now - until >= 0 && endDelay();
            case Phase.LOOPS -> loop(now);
            case Phase.SLOWED -> now - until >= 0 && resumeSlowed();
            case Phase.HELD_BACK -> now - until >= 0 && completeHeldBack();
            default -> false;
        };
    }

    private boolean letGo(Waits.State state, long now) {
        boolean goesOn = waited(state, now);
        if (goesOn) {
            board.waited();
        }
        return goesOn;
    }

    private boolean waited(Waits.State state, long now) {
        if (state == Waits.State.PENDING) {
            return false;
        }
        context.waiting(false);
        if (state == Waits.State.FAILED) {
            end(Status.WAIT_FAILED);
        } else {
            start(now);
        }
        return true;
    }

    private boolean waitedForStamp(Waits.State state) {
        if (state == Waits.State.PENDING) {
            return false;
        }
        end(state == Waits.State.OK ? Status.OK : Status.WAIT_FAILED);
        return true;
    }

    private boolean endDelay() {
        if (b != -1) {
            Status _ = board.interpreter.word(b + Long.BYTES, until);
        }
        end(Status.OK);
        return true;
    }

    private boolean loop(long now) {
        boolean changed = false;
        for (int i = 0; i < ROUNDS && now - until >= 0; i++) {
            changed = true;
            round++;
            if (c != -1) {
                Status _ = board.interpreter.word(c, round);
            }
            if (round >= a || board.interpreter.isSet(d)) {
                end(Status.OK);
                return true;
            }
            until += Math.min(b, LONGEST);
        }
        return changed;
    }

    private boolean resumeSlowed() {
        execute();
        return true;
    }

    /** Whether the host wants it ended. */
    boolean isGivenUp() {
        return memory.intVolatile(slot + RingLayout.OPCODE_OFFSET) < 0;
    }

    // ---- ending

    /** It is over: its outcome is written, then its completion. */
    void end(Status status) {
        phase = Phase.NONE;
        context.waiting(false);
        if (status != Status.OK) {
            failStamp();
            context.failed(slot, seqno, status);
        }
        if (board.dead) {
            // Between the effects and the word that tells of them.
            phase = Phase.HANGS;
            return;
        }
        Fault late = board.dice == null ? null
                : board.dice.strikes(FaultKind.LATE_COMPLETION, context.ring(), seqno);
        if (late != null) {
            phase = Phase.HELD_BACK;
            context.started(seqno);
            until = board.nanoTime() + late.byNanos();
            context.raiseEarly(seqno);
            return;
        }
        context.complete(seqno);
    }

    private boolean completeHeldBack() {
        phase = Phase.NONE;
        context.complete(seqno);
        return true;
    }

    /** It was in the way for too long. One whose completion only is late has done what it had to. */
    void kill() {
        if (phase == Phase.HELD_BACK) {
            boolean _ = completeHeldBack();
        } else {
            end(Status.PREEMPT_TIMEOUT);
        }
    }

    /** Forgets it without completing it, and without a word to those who wait for what it would have written. */
    void forget() {
        phase = Phase.NONE;
        waits.forget();
        context.waiting(false);
    }

    /** Forgets it without completing it. */
    void drop() {
        if (phase != Phase.NONE && phase != Phase.HELD_BACK) {
            failStamp();
        }
        forget();
    }

    /** What another slot would have written will not be written any more: whoever waits for it must not wait for ever. */
    void failStampOf(long other) {
        int word = memory.intPlain(other + RingLayout.OPCODE_OFFSET);
        long operands = other + RingLayout.OPERANDS_OFFSET;
        if (Opcode.of(word & RingLayout.OPCODE_MASK) == Opcode.STAMP) {
            board.interpreter.failStamp(memory.longPlain(operands), memory.longPlain(operands + 8));
        }
    }

    private void failStamp() {
        if (opcode == Opcode.STAMP) {
            board.interpreter.failStamp(a, b);
            board.scheduler.lookAtBlocked(board.nanoTime(), false);
        }
    }

    // ---- leaving the slot and coming back

    /** A loop stands still while its group has no slot, or its ring was suspended. */
    void pause(long now) {
        if (!paused) {
            paused = true;
            left = Math.max(0, until - now);
        }
    }

    void resume(long now) {
        if (paused && phase == Phase.LOOPS) {
            until = now + left;
        }
        paused = false;
    }
}
