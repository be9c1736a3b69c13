package io.ringfence.sim.firmware;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

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
    static final int ARENA = 1 << 17;
    static final long MS = 1_000_000;
    /** So many rounds without rest at one moment mean that the firmware would never sleep. */
    private static final int RESTLESS = 100_000;

    /** An event as the host reads it. */
    record Event(int kind, int ring, long number, long completed, long started, int request, int result) {
        boolean isReply() {
            return kind == EventKind.REPLY;
        }

        boolean isReply(RequestKind of, int how) {
            return kind == EventKind.REPLY && request == of.code() && result == how;
        }
    }

    final SharedMemory memory;
    final Geometry geometry;
    final FirmwareAgent agent;
    long now = 1_000_000_000;
    int interrupts;
    /** What happens whenever the firmware asks for the time, as it does with each stamp that it writes. */
    Runnable whenAsked = () -> {
    };
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
        agent = new FirmwareAgent(memory, () -> interrupts++, dice, this::time);
    }

    private long time() {
        whenAsked.run();
        return now;
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
        timeout(ring, 1_000_000_000L);
    }

    void timeout(int ring, long nanos) {
        memory.longPlain(descriptor(ring) + RingLayout.PREEMPT_TIMEOUT_OFFSET, nanos);
    }

    void ringPriority(int ring, int priority) {
        memory.intPlain(descriptor(ring) + RingLayout.RING_PRIORITY_OFFSET, priority);
    }

    void groupPriority(int ring, int priority) {
        memory.intPlain(descriptor(ring) + RingLayout.GROUP_PRIORITY_OFFSET, priority);
    }

    // ---- what a host does

    void ask(int ring, RequestKind kind) {
        if (kind == RequestKind.DEREGISTER && ring >= 0) {
            closed(ring);
        }
        if (kind == RequestKind.REGISTER && ring >= 0) {
            memory.longPlain(descriptor(ring) + RingLayout.DEVICE_REQUEST_BEFORE_OFFSET,
                    memory.longVolatile(RingLayout.DEVICE_REQUEST_OFFSET));
        }
        ask(ring, ++requests, kind.code());
    }

    /** Says that the user of a ring lets it go. */
    void closed(int ring) {
        memory.intRelease(descriptor(ring) + RingLayout.CLOSED_EPOCH_OFFSET, epochs[ring]);
    }

    /** Empties a ring, for another user or after a reset. */
    void reuse(int ring, int epoch) {
        for (int index = 0; index < geometry.slots(); index++) {
            memory.longPlain(slot(ring, index) + RingLayout.STAMP_OFFSET, 0);
        }
        memory.longPlain(descriptor(ring) + RingLayout.COMPLETION_OFFSET, 0);
        epoch(ring, epoch);
    }

    /** Asks for something in the place of a registration that was not answered. */
    void askAndRegister(int ring, RequestKind kind) {
        ask(ring, ++requests, kind.code() | RingLayout.REGISTER_FIRST);
    }

    void ask(int ring, long number, int kind) {
        long word = RingLayout.request(number, kind);
        if (ring < 0) {
            memory.longVolatile(RingLayout.DEVICE_REQUEST_OFFSET, word);
        } else {
            memory.longVolatile(descriptor(ring) + RingLayout.REQUEST_OFFSET, word);
            memory.orLong(geometry.requests(ring / 64), 1L << ring);
        }
        memory.longVolatile(RingLayout.NEWS_OFFSET, 1);
    }

    /** Asks, and gives the answer, which has to come in the next round. */
    Event answer(int ring, RequestKind kind) {
        List<Event> _ = events();
        ask(ring, kind);
        int _ = round();
        List<Event> replies = replies();
        if (replies.size() != 1 || replies.getFirst().ring != ring || replies.getFirst().request != kind.code()) {
            throw new AssertionError("answers to " + kind + " of ring " + ring + ": " + replies);
        }
        return replies.getFirst();
    }

    /** The replies among the events that have come since the last call. */
    List<Event> replies() {
        List<Event> all = events();
        all.removeIf(event -> !event.isReply());
        return all;
    }

    void registerAll() {
        register(IntStream.range(0, geometry.rings()).toArray());
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

    /** As {@link #put}, waiting for a seqno of another ring, which the slot says. */
    void putAfter(int ring, long seqno, int producer, long awaited, Opcode opcode, long... operands) {
        waitInSlot(ring, RingLayout.word(epochs[producer], awaited));
        put(ring, seqno, opcode.code() | inSlot(producer), operands);
    }

    /** What is added to an opcode if what the command waits for stands in the slot. */
    static int inSlot(int producer) {
        return RingLayout.WAIT_IN_SLOT << RingLayout.WAITS_SHIFT | producer << RingLayout.WAIT_IN_SLOT_SHIFT;
    }

    void waitInSlot(int ring, long word) {
        int index = (int) (written[ring] % geometry.slots());
        memory.longPlain(slot(ring, index) + RingLayout.WAIT_IN_SLOT_OFFSET, word);
    }

    /** What the next command of a ring is to wait for, beside its slot; its opcode has to say how many waits there are. */
    void waits(int ring, int index, int producer, long word) {
        long wait = geometry.waits(ring) + written[ring] % geometry.slots() * RingLayout.WAITS_BYTES
                + (long) index * RingLayout.WAIT_BYTES;
        memory.intPlain(wait + RingLayout.WAIT_RING_OFFSET, producer);
        memory.longPlain(wait + RingLayout.WAIT_WORD_OFFSET, word);
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
        for (int rounds = 0;; rounds++) {
            rounds += settle();
            if (rounds > RESTLESS) {
                throw new AssertionError("the firmware does not come to the moment " + moment);
            }
            long next = agent.nextMoment();
            if (next > moment) {
                now = moment;
                round();
                return;
            }
            rounds = next > now ? 0 : rounds;
            now = Math.max(now, next);
            round();
        }
    }

    /** Makes rounds until nothing changes, at one moment; how many. */
    int settle() {
        int rounds = 1;
        while (round() > 0 || agent.hasWork()) {
            if (++rounds > RESTLESS) {
                throw new AssertionError("the firmware never rests at the moment " + now);
            }
        }
        return rounds;
    }

    void pass(long nanos) {
        until(now + nanos);
    }

    // ---- what it sees

    long completed(int ring) {
        return RingLayout.seqno(memory.longAcquire(descriptor(ring) + RingLayout.COMPLETION_OFFSET));
    }

    long completionWord(int ring) {
        return memory.longAcquire(descriptor(ring) + RingLayout.COMPLETION_OFFSET);
    }

    long faults(int ring) {
        return memory.longAcquire(descriptor(ring) + RingLayout.FAULTS_OFFSET);
    }

    long heartbeat() {
        return memory.longAcquire(RingLayout.HEARTBEAT_OFFSET);
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
