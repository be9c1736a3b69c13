package io.ringfence.sim.firmware;

import java.lang.invoke.VarHandle;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.sim.layout.Opcode;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

/** What the firmware knows of one ring. Used by the firmware's thread only. */
final class Context {

    /** Commands of one ring before the others are looked at. */
    private static final int BATCH = 256;
    /** Some 146 years: so the end of a delay is a moment that can be compared. */
    private static final long LONGEST_DELAY = Long.MAX_VALUE / 2;

    private final SharedMemory memory;
    private final Interpreter interpreter;
    private final Runnable interrupt;
    private final int epoch;
    private final long slots;
    private final int mask;
    private final long descriptor;

    /** Slots taken so far; the next one is at this position. */
    private long taken;
    private long lastSeqno;
    /** What the armed word was last compared with. */
    private long comparedSeqno;
    private long faults;
    private long delayedSeqno;
    private long delayedSlot;
    private long delayEnd;
    private long delayTimestamps;

    Context(SharedMemory memory, Interpreter interpreter, Runnable interrupt, int ring) {
        this.memory = memory;
        this.interpreter = interpreter;
        this.interrupt = interrupt;
        int ringCount = memory.intPlain(RingLayout.RINGS_OFFSET);
        int slotCount = memory.intPlain(RingLayout.SLOTS_OFFSET);
        slots = RingLayout.slots(ringCount, slotCount, ring);
        mask = slotCount - 1;
        descriptor = RingLayout.descriptor(ring);
        epoch = memory.intAcquire(descriptor + RingLayout.RING_EPOCH_OFFSET);
    }

    /** Whether the ring is still the one this context was made for, not another opened in its place. */
    boolean isCurrent() {
        return memory.intAcquire(descriptor + RingLayout.RING_EPOCH_OFFSET) == epoch;
    }

    /**
     * Takes and executes what has been published, up to a bound.
     *
     * @param now the time, nanoseconds
     * @return how many commands were completed
     */
    int poll(long now) {
        int completed = 0;
        while (completed < BATCH) {
            if (delayedSeqno != 0) {
                if (isGivenUp(delayedSlot)) {
                    giveUpDelay();
                } else if (now - delayEnd < 0) {
                    break;
                } else {
                    completeDelay();
                }
                completed++;
                continue;
            }
            long slot = slots + (taken & mask) * RingLayout.SLOT_BYTES;
            long stamp = memory.longAcquire(slot + RingLayout.STAMP_OFFSET);
            long seqno = RingLayout.seqno(stamp);
            // A slot that was not written again still holds the stamp of a former lap.
            if (RingLayout.epoch(stamp) != epoch || seqno <= lastSeqno) {
                break;
            }
            taken++;
            if (execute(slot, seqno)) {
                completed++;
            }
        }
        if (completed != 0) {
            raise();
        }
        return completed;
    }

    /** Whether there is anything to take or to wait for. */
    boolean hasWork() {
        if (delayedSeqno != 0) {
            return isGivenUp(delayedSlot);
        }
        long stamp = memory.longVolatile(slots + (taken & mask) * RingLayout.SLOT_BYTES + RingLayout.STAMP_OFFSET);
        return RingLayout.epoch(stamp) == epoch && RingLayout.seqno(stamp) > lastSeqno;
    }

    boolean isDelayed() {
        return delayedSeqno != 0;
    }

    /** When the present delay ends, if it is not given up before. */
    long delayEnd() {
        return delayEnd;
    }

    private boolean execute(long slot, long seqno) {
        long opcodeWord = memory.longPlain(slot + RingLayout.OPCODE_OFFSET);
        int opcode = (int) opcodeWord;
        if (opcode == 0) {
            complete(seqno);
            return true;
        }
        if (opcode < 0) {
            fault(slot, Status.ABORTED);
            complete(seqno);
            return true;
        }
        long operands = slot + RingLayout.OPERANDS_OFFSET;
        long a = memory.longPlain(operands);
        long b = memory.longPlain(operands + 8);
        long c = memory.longPlain(operands + 16);
        long d = memory.longPlain(operands + 24);
        long e = memory.longPlain(operands + 32);
        long f = memory.longPlain(operands + 40);
        if (opcode == Opcode.DELAY.code()) {
            Status status = interpreter.delay(a, b);
            if (status == Status.OK) {
                // Not the round's reading: commands of other rings may have taken long since.
                beginDelay(slot, seqno, Seam.nanoTime(), a, b);
                return false;
            }
            fault(slot, status);
        } else {
            // Others may wait for what came before: tell them before the work, not after.
            raise();
            Status status = execute(opcode, a, b, c, d, e, f);
            if (status != Status.OK) {
                fault(slot, status);
            }
        }
        complete(seqno);
        return true;
    }

    private Status execute(int opcode, long a, long b, long c, long d, long e, long f) {
        return switch (Opcode.of(opcode)) {
            case null -> Status.BAD_OPCODE;
            case NOP, DELAY -> Status.OK;
            case COPY -> interpreter.copy(a, b, c);
            case FILL -> interpreter.fill(a, b, c);
            case ADD -> interpreter.add(a, b, c);
            case MULTIPLY_ADD -> interpreter.multiplyAdd(a, b, c, d, e, f);
            case CHECKSUM -> interpreter.checksum(a, b, c);
            case STAMP -> interpreter.stamp(a, b);
        };
    }

    private void beginDelay(long slot, long seqno, long now, long nanos, long timestamps) {
        delayedSeqno = seqno;
        delayedSlot = slot;
        delayEnd = now + Math.min(nanos, LONGEST_DELAY);
        delayTimestamps = timestamps;
        if (timestamps != -1) {
            interpreter.stamp(timestamps, now);
        }
    }

    private void completeDelay() {
        if (delayTimestamps != -1) {
            interpreter.stamp(delayTimestamps + Long.BYTES, delayEnd);
        }
        long seqno = delayedSeqno;
        delayedSeqno = 0;
        complete(seqno);
    }

    private boolean isGivenUp(long slot) {
        return memory.intVolatile(slot + RingLayout.OPCODE_OFFSET) < 0;
    }

    /** The end of what was given up is not written: nobody can rely on it. */
    private void giveUpDelay() {
        fault(delayedSlot, Status.ABORTED);
        long seqno = delayedSeqno;
        delayedSeqno = 0;
        complete(seqno);
    }

    private void fault(long slot, Status status) {
        memory.intPlain(slot + RingLayout.STATUS_OFFSET, status.code());
        memory.longRelease(descriptor + RingLayout.FAULTS_OFFSET, ++faults);
    }

    private void complete(long seqno) {
        lastSeqno = seqno;
        Seam.at(Site.DEVICE);
        memory.longRelease(descriptor + RingLayout.COMPLETION_OFFSET, RingLayout.word(epoch, seqno));
    }

    /** Completion was stored; now the host's request is looked at: one of the two sides sees the other. */
    private void raise() {
        if (lastSeqno == comparedSeqno) {
            return;
        }
        VarHandle.fullFence();
        Seam.at(Site.DEVICE);
        long armed = memory.longVolatile(descriptor + RingLayout.ARMED_OFFSET);
        boolean crossed = armed > comparedSeqno && armed <= lastSeqno;
        comparedSeqno = lastSeqno;
        if (crossed) {
            interrupt.run();
        }
    }
}
