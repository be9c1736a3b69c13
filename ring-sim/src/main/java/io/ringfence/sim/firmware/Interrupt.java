package io.ringfence.sim.firmware;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

/**
 * The interrupt of one ring: whether its host wants to know how far the ring is, and when it is told. A host that is usually there first,
 * because somebody polls, has its interrupts held back for a while, and those dropped of which it has seen the cause by then. The
 * firmware's thread only.
 */
final class Interrupt {

    /** The longest that one is held back, whatever the host says. */
    static final long MOST_NANOS = 1_000_000;

    private final Board board;
    private final Context context;
    private final SharedMemory memory;
    private final long descriptor;
    /** What the armed word was last compared with. */
    private long compared;
    /** The completion that the host is to see before {@link #due}; 0 if none is held back. */
    private long held;
    private long due;
    /** The last completion since that the host wanted to know of; 0 if there is none. */
    private long followed;

    Interrupt(Board board, Context context, long descriptor) {
        this.board = board;
        this.context = context;
        this.descriptor = descriptor;
        memory = board.memory;
    }

    /** Whether the host's request was not looked at since a completion. */
    boolean isBehind(long completed) {
        return completed != compared;
    }

    /** The completion was stored, then came a full fence; now the host's request is looked at: one of the two sides sees the other. */
    void completed(long completed) {
        Seam.at(Site.DEVICE);
        long armed = memory.longVolatile(descriptor + RingLayout.ARMED_OFFSET);
        boolean crossed = armed > compared && armed <= completed;
        compared = completed;
        if (crossed) {
            wanted(completed);
        }
    }

    private void wanted(long completed) {
        if (held != 0) {
            followed = completed;
            return;
        }
        long delay = delay();
        if (delay == 0 || board.isStopped()) {
            raise();
        } else {
            hold(completed, board.nanoTime() + delay);
            board.held(this);
        }
    }

    private long delay() {
        long word = memory.longAcquire(descriptor + RingLayout.INTERRUPT_DELAY_OFFSET);
        return RingLayout.epoch(word) == context.epoch() ? Math.min(RingLayout.seqno(word), MOST_NANOS) : 0;
    }

    private void hold(long completed, long until) {
        held = completed;
        due = until;
        followed = 0;
    }

    private void raise() {
        context.tellCompletion();
    }

    long due() {
        return due;
    }

    /** Raises it if it is due and the host has not seen its cause; whether it is still held back. */
    boolean isHeld(long now) {
        if (held == 0) {
            return false;
        }
        if (now - due < 0) {
            return true;
        }
        if (hasSeen(held) && followed != 0 && !hasSeen(followed)) {
            hold(followed, now + delay());
            return true;
        }
        release();
        return false;
    }

    /** Holds it back no longer: raises it unless the host has seen its cause. */
    void release() {
        if (held != 0 && !hasSeen(Math.max(held, followed))) {
            raise();
        }
        held = 0;
    }

    private boolean hasSeen(long completed) {
        long seen = memory.longAcquire(descriptor + RingLayout.SEEN_OFFSET);
        return RingLayout.epoch(seen) == context.epoch() && RingLayout.seqno(seen) >= completed;
    }

    /** The ring has gone. */
    void forget() {
        held = 0;
    }
}
