package io.ringfence.sim.firmware;

import io.ringfence.sim.faults.Fault;
import io.ringfence.sim.faults.FaultKind;

/** A stamp of a ring that the firmware does not see, for testing: for a while, or until the doorbell rings. */
final class HiddenStamp {

    private final Board board;
    private final int ring;
    private long seqno;
    private long until;
    /** One that was hidden and is shown now. */
    private long shown;

    HiddenStamp(Board board, int ring) {
        this.board = board;
        this.ring = ring;
    }

    boolean hides(long candidate) {
        return candidate == seqno;
    }

    /** Whether the next command will be seen by itself. */
    boolean isForAWhile() {
        return seqno != 0 && until != Long.MAX_VALUE;
    }

    /** When it will be seen, or {@code Long.MAX_VALUE}. */
    long end() {
        return seqno == 0 ? Long.MAX_VALUE : until;
    }

    /** Whether the next command is not seen now. */
    boolean strikes(long next, long now) {
        if (seqno == next) {
            if (now - until < 0) {
                return true;
            }
            show();
        }
        Fault fault = board.dice == null || next == shown ? null
                : board.dice.strikes(FaultKind.UNSEEN_STAMP, ring, next);
        if (fault == null) {
            return false;
        }
        seqno = next;
        until = fault.byNanos() == 0 ? Long.MAX_VALUE : now + fault.byNanos();
        return true;
    }

    /** What was not seen is seen now. */
    void show() {
        shown = seqno;
        seqno = 0;
    }

    /** The ring begins anew. */
    void forget() {
        seqno = 0;
    }
}
