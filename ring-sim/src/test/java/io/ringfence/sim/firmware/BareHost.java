package io.ringfence.sim.firmware;

import java.util.ArrayList;
import java.util.List;

import io.ringfence.sim.faults.Fault;
import io.ringfence.sim.faults.FaultDice;
import io.ringfence.sim.faults.FaultPlan;
import io.ringfence.sim.layout.EventKind;
import io.ringfence.sim.layout.Geometry;
import io.ringfence.sim.layout.Opcode;
import io.ringfence.sim.layout.RequestKind;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

/** A host that is only memory, and a clock that a test moves: each round of the firmware is one call. */
final class BareHost {

    static final int EPOCH = 9;
    static final int ARENA = 1 << 16;

    /** An event as the host reads it. */
    record Event(int kind, int ring, long number, long completed, long started, int request, int result) {
        boolean isReply(RequestKind of, int how) {
            return kind == EventKind.REPLY && request == of.code() && result == how;
        }
    }

    final SharedMemory memory;
    final Geometry geometry;
    final FirmwareAgent agent;
    long now = 1_000_000_000;
    int interrupts;
    private final long[] written;
    private final int[] epochs;
    private long requests;
    private long read;

    BareHost(int rings, int slots, int groupSlots, long slice, Fault... faults) {
        this(new Geometry(rings, slots, groupSlots, 64, ARENA, slice), faults);
    }

    BareHost(Geometry geometry, Fault... faults) {
        this.geometry = geometry;
        memory = new SharedMemory(geometry.total());
        memory.intPlain(RingLayout.ATTACH_EPOCH_OFFSET, 1);
        geometry.write(memory);
        written = new long[geometry.rings()];
        epochs = new int[geometry.rings()];
        for (int ring = 0; ring < geometry.rings(); ring++) {
            epoch(ring, EPOCH);
            describe(ring, ring, 2, false, 0);
        }
        FaultDice dice = faults.length == 0 ? null : new FaultDice(FaultPlan.of(1, faults));
        agent = new FirmwareAgent(memory, () -> interrupts++, dice, () -> now);
    }

    long descriptor(int ring) {
        return geometry.descriptor(ring);
    }

    void epoch(int ring, int epoch) {
        epochs[ring] = epoch;
        written[ring] = 0;
        memory.intPlain(descriptor(ring) + RingLayout.RING_EPOCH_OFFSET, epoch);
    }

    void describe(int ring, int group, int groupPriority, boolean longRunning, long minRun) {
        memory.intPlain(descriptor(ring) + RingLayout.GROUP_OFFSET, group);
        memory.intPlain(descriptor(ring) + RingLayout.GROUP_PRIORITY_OFFSET, groupPriority);
        memory.intPlain(descriptor(ring) + RingLayout.RING_PRIORITY_OFFSET, 0);
        memory.intPlain(descriptor(ring) + RingLayout.LONG_RUNNING_OFFSET, longRunning ? 1 : 0);
        memory.longPlain(descriptor(ring) + RingLayout.MIN_RUN_OFFSET, minRun);
        memory.longPlain(descriptor(ring) + RingLayout.PREEMPT_TIMEOUT_OFFSET, 1_000_000_000L);
    }

    // ---- what a host does

    void ask(int ring, RequestKind kind) {
        long word = RingLayout.request(++requests, kind.code());
        if (ring < 0) {
            memory.longVolatile(RingLayout.DEVICE_REQUEST_OFFSET, word);
        } else {
            memory.longVolatile(descriptor(ring) + RingLayout.REQUEST_OFFSET, word);
            memory.orLong(geometry.requests(ring / 64), 1L << ring);
        }
        memory.longVolatile(RingLayout.NEWS_OFFSET, 1);
    }

    void register(int... rings) {
        for (int ring : rings) {
            ask(ring, RequestKind.REGISTER);
        }
        round();
    }

    long slot(int ring, int index) {
        return geometry.slots(ring) + (long) index * RingLayout.SLOT_BYTES;
    }

    /** Stamps the next slot and rings the doorbell if the firmware wants that. */
    void put(int ring, long seqno, int opcode, long... operands) {
        int index = (int) (written[ring]++ % geometry.slots());
        memory.longPlain(slot(ring, index) + RingLayout.OPCODE_OFFSET, Integer.toUnsignedLong(opcode));
        for (int i = 0; i < operands.length; i++) {
            memory.longPlain(slot(ring, index) + RingLayout.OPERANDS_OFFSET + 8L * i, operands[i]);
        }
        memory.longRelease(slot(ring, index) + RingLayout.STAMP_OFFSET, RingLayout.word(epochs[ring], seqno));
        if (residence(ring) == RingLayout.RESIDENCE_AWAY) {
            doorbell(ring);
        }
    }

    void put(int ring, long seqno, Opcode opcode, long... operands) {
        put(ring, seqno, opcode.code(), operands);
    }

    /** As {@link #put}, waiting for a seqno of another ring. */
    void putAfter(int ring, long seqno, int producer, long awaited, Opcode opcode, long... operands) {
        long wait = geometry.waits(ring) + written[ring] % geometry.slots() * RingLayout.WAITS_BYTES;
        memory.intPlain(wait + RingLayout.WAIT_RING_OFFSET, producer);
        memory.longPlain(wait + RingLayout.WAIT_WORD_OFFSET, RingLayout.word(epochs[producer], awaited));
        put(ring, seqno, opcode.code() | 1 << RingLayout.WAITS_SHIFT, operands);
    }

    void doorbell(int ring) {
        memory.orLong(geometry.doorbells(ring / 64), 1L << ring);
        memory.longVolatile(RingLayout.NEWS_OFFSET, 1);
    }

    void arm(int ring, long seqno) {
        memory.longVolatile(descriptor(ring) + RingLayout.ARMED_OFFSET, seqno);
    }

    void abort(int ring, int index) {
        long opcode = slot(ring, index) + RingLayout.OPCODE_OFFSET;
        memory.intVolatile(opcode, memory.intPlain(opcode) | RingLayout.ABORT);
        memory.longVolatile(RingLayout.NEWS_OFFSET, 1);
    }

    // ---- time

    int round() {
        return agent.doWork();
    }

    /** Makes rounds until nothing changes and the clock stands at a moment. */
    void until(long moment) {
        for (;;) {
            while (round() > 0 || agent.hasWork()) {
                Thread.onSpinWait();
            }
            long next = agent.nextMoment();
            if (next > moment) {
                now = moment;
                round();
                return;
            }
            now = Math.max(now, next);
            round();
        }
    }

    void pass(long nanos) {
        until(now + nanos);
    }

    // ---- what it sees

    long completed(int ring) {
        return RingLayout.seqno(memory.longAcquire(descriptor(ring) + RingLayout.COMPLETION_OFFSET));
    }

    long retired(int ring) {
        return RingLayout.seqno(memory.longAcquire(descriptor(ring) + RingLayout.RETIRED_OFFSET));
    }

    long started(int ring) {
        return RingLayout.seqno(memory.longAcquire(descriptor(ring) + RingLayout.STARTED_OFFSET));
    }

    int residence(int ring) {
        return memory.intVolatile(descriptor(ring) + RingLayout.RESIDENCE_OFFSET);
    }

    boolean isOnSlot(int ring) {
        return residence(ring) == RingLayout.RESIDENCE_ON_SLOT;
    }

    int onSlots() {
        int count = 0;
        for (int ring = 0; ring < geometry.rings(); ring++) {
            count += isOnSlot(ring) ? 1 : 0;
        }
        return count;
    }

    int state(int ring) {
        return memory.intAcquire(descriptor(ring) + RingLayout.STATE_OFFSET);
    }

    Status status(int ring, int index) {
        return Status.of(memory.intPlain(slot(ring, index) + RingLayout.STATUS_OFFSET));
    }

    long word(long address) {
        return memory.longAcquire(geometry.arena() + address);
    }

    void word(long address, long value) {
        memory.longVolatile(geometry.arena() + address, value);
        memory.longVolatile(RingLayout.NEWS_OFFSET, 1);
    }

    /** The events that have come since the last call. */
    List<Event> events() {
        List<Event> all = new ArrayList<>();
        for (;; read++) {
            long entry = geometry.event(read);
            if (memory.longAcquire(entry + RingLayout.EVENT_STAMP_OFFSET) != read + 1) {
                memory.longRelease(RingLayout.READ_OFFSET, read);
                return all;
            }
            all.add(new Event(memory.intPlain(entry + RingLayout.EVENT_KIND_OFFSET),
                    memory.intPlain(entry + RingLayout.EVENT_RING_OFFSET),
                    memory.longPlain(entry + RingLayout.EVENT_NUMBER_OFFSET),
                    RingLayout.seqno(memory.longPlain(entry + RingLayout.EVENT_COMPLETION_OFFSET)),
                    RingLayout.seqno(memory.longPlain(entry + RingLayout.EVENT_STARTED_OFFSET)),
                    RingLayout.requestKind(memory.longPlain(entry + RingLayout.EVENT_REQUEST_OFFSET)),
                    memory.intPlain(entry + RingLayout.EVENT_RESULT_OFFSET)));
        }
    }
}
