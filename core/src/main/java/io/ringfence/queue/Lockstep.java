package io.ringfence.queue;

import java.lang.invoke.VarHandle;

import io.ringfence.internal.ring.Slots;
import io.ringfence.internal.turn.DeferredList;

/**
 * Finishes a chain of jobs of two queues that have waited for each other on their devices: a step of the one, a step of the other, as far
 * as both devices have told, and as there is nothing else to be said of a job. For whoever holds both completion turns.
 *
 * <p>A step stores its counter with release, so who sees it sees those before it. One full fence for all steps comes before the looks for
 * waiters and for claims: the first half of the handshakes of which a volatile store is the first half elsewhere. Who waits is told in
 * the order of the steps.
 */
final class Lockstep {

    /** So many steps in a row: enough for the fence, and what leads to it, to count for nothing. */
    static final int STEPS = 64;

    private final Settlement<?> settlement;
    /** How far each step went: those of the own queue, and between them those of the other one. */
    private final long[] through = new long[STEPS];

    Lockstep(Settlement<?> settlement) {
        this.settlement = settlement;
    }

    /**
     * Finishes what can be, beginning with the own queue.
     *
     * @param slots the own queue's
     * @param end   how far that may be finished
     * @param other the turn of the other queue, which the caller holds as well
     * @param told  where to append who is to be told
     * @return how many jobs of the other queue were finished
     */
    long finish(Slots slots, long end, CompletionTurn<?> other, DeferredList told) {
        Slots others = other.slotsAcquire();
        if (others == null) {
            return 0;
        }
        long otherEnd = other.endAhead();
        long otherFrom = other.settlement().signaledPlain();
        long theirs = otherFrom;
        long own = settlement.signaledPlain();
        int steps = 0;
        try {
            while (steps < STEPS) {
                long next = settlement.step(slots, own, end);
                if (next == own) {
                    break;
                }
                own = next;
                through[steps++] = next;
                next = other.stepAhead(others, theirs, otherEnd);
                if (next == theirs) {
                    break;
                }
                theirs = next;
                through[steps++] = next;
            }
        } finally {
            if (steps != 0) {
                VarHandle.fullFence();
                try {
                    tell(steps, other, told);
                } finally {
                    // Also if the own queue breaks on it: that is no affair of the other one.
                    other.endSteps(told);
                }
            }
        }
        return theirs - otherFrom;
    }

    private void tell(int steps, CompletionTurn<?> other, DeferredList told) {
        if (settlement.isAwaitedVolatile() && other.settlement().isAwaitedVolatile()) {
            for (int step = 0; step < steps; step++) {
                if ((step & 1) == 0) {
                    settlement.tell(through[step], told);
                } else {
                    other.tellAhead(through[step], told);
                }
            }
        }
        // Of one queue only, that is all steps at once.
        settlement.tell(settlement.signaledPlain(), told);
    }
}
