package io.ringfence.sim.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

import io.ringfence.sim.layout.Opcode;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The firmware beside a host that is only memory: each look at the ring is one call. */
@Timeout(30)
class FirmwareAgentTest {
    private static final int SLOTS = 4;
    private static final int EPOCH = 9;

    private final SharedMemory memory = new SharedMemory(RingLayout.arena(2, SLOTS) + 4096);
    private final AtomicReferenceArray<Runnable> interrupts = new AtomicReferenceArray<>(2);
    private final AtomicInteger raised = new AtomicInteger();
    private FirmwareAgent agent;

    @BeforeEach
    void attach() {
        memory.intPlain(RingLayout.RINGS_OFFSET, 2);
        memory.intPlain(RingLayout.SLOTS_OFFSET, SLOTS);
        memory.longPlain(RingLayout.ARENA_BYTES_OFFSET, 4096);
        for (int ring = 0; ring < 2; ring++) {
            memory.intPlain(RingLayout.descriptor(ring) + RingLayout.RING_EPOCH_OFFSET, EPOCH);
            interrupts.set(ring, raised::incrementAndGet);
        }
        agent = new FirmwareAgent(memory, interrupts);
    }

    private static long slot(int ring, int index) {
        return RingLayout.slots(2, SLOTS, ring) + (long) index * RingLayout.SLOT_BYTES;
    }

    private void put(int ring, int index, int epoch, long seqno, int opcode, long... operands) {
        memory.longPlain(slot(ring, index) + RingLayout.OPCODE_OFFSET, Integer.toUnsignedLong(opcode));
        for (int i = 0; i < operands.length; i++) {
            memory.longPlain(slot(ring, index) + RingLayout.OPERANDS_OFFSET + 8L * i, operands[i]);
        }
        memory.longRelease(slot(ring, index) + RingLayout.STAMP_OFFSET, RingLayout.word(epoch, seqno));
    }

    private void open() {
        memory.orLong(RingLayout.OPEN_OFFSET, 3);
    }

    private long completed(int ring) {
        return memory.longAcquire(RingLayout.descriptor(ring) + RingLayout.COMPLETION_OFFSET);
    }

    @Test
    void closedRingIsNotLookedAt() {
        put(0, 0, EPOCH, 1, Opcode.NOP.code());
        assertThat(agent.hasWork()).isFalse();
        assertThat(agent.doWork()).isZero();
        assertThat(completed(0)).isZero();
        open();
        assertThat(agent.hasWork()).isTrue();
        assertThat(agent.doWork()).isEqualTo(1);
        assertThat(completed(0)).isEqualTo(RingLayout.word(EPOCH, 1));
        assertThat(agent.hasWork()).isFalse();
    }

    @Test
    void stampsOfAnotherEpochOrAFormerLapAreNotTaken() {
        open();
        put(0, 0, EPOCH - 1, 1, Opcode.NOP.code());
        assertThat(agent.doWork()).isZero();
        for (int i = 0; i < SLOTS; i++) {
            put(0, i, EPOCH, 10L * (i + 1), Opcode.NOP.code());
        }
        assertThat(agent.doWork()).isEqualTo(SLOTS);
        assertThat(agent.doWork()).as("the same stamps again").isZero();
        put(0, 0, EPOCH, 41, Opcode.NOP.code());
        assertThat(agent.doWork()).isEqualTo(1);
        assertThat(completed(0)).isEqualTo(RingLayout.word(EPOCH, 41));
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 255, Integer.MAX_VALUE})
    void unknownOpcodeIsAFault(int opcode) {
        open();
        put(0, 0, EPOCH, 1, opcode);
        assertThat(agent.doWork()).isEqualTo(1);
        assertThat(memory.intPlain(slot(0, 0) + RingLayout.STATUS_OFFSET)).isEqualTo(Status.BAD_OPCODE.code());
        assertThat(memory.longAcquire(RingLayout.descriptor(0) + RingLayout.FAULTS_OFFSET)).isEqualTo(1);
        assertThat(completed(0)).isEqualTo(RingLayout.word(EPOCH, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, RingLayout.ABORT | 6})
    void commandThatIsGivenUpIsNotExecuted(int opcode) {
        open();
        put(0, 0, EPOCH, 1, opcode);
        assertThat(agent.doWork()).isEqualTo(1);
        assertThat(memory.intPlain(slot(0, 0) + RingLayout.STATUS_OFFSET)).isEqualTo(Status.ABORTED.code());
        assertThat(completed(0)).isEqualTo(RingLayout.word(EPOCH, 1));
    }

    @Test
    void dimensionsAreCheckedByTheFirmwareToo() {
        open();
        put(0, 0, EPOCH, 1, Opcode.MULTIPLY_ADD.code(), 0, 0, 0, -1, 1, 1);
        put(0, 1, EPOCH, 2, Opcode.MULTIPLY_ADD.code(), 0, 0, 0, 1, 1L << 40, 1);
        put(0, 2, EPOCH, 3, Opcode.MULTIPLY_ADD.code(), 0, 0, 0, 1, 1, 0);
        assertThat(agent.doWork()).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            assertThat(Status.of(memory.intPlain(slot(0, i) + RingLayout.STATUS_OFFSET)))
                    .isEqualTo(Status.BAD_OPERAND);
        }
    }

    @Test
    void interruptIsRaisedOnceWhenTheArmedSeqnoIsPassed() {
        open();
        memory.longVolatile(RingLayout.descriptor(0) + RingLayout.ARMED_OFFSET, 20);
        put(0, 0, EPOCH, 10, Opcode.NOP.code());
        agent.doWork();
        assertThat(raised).hasValue(0);
        put(0, 1, EPOCH, 30, Opcode.NOP.code());
        agent.doWork();
        assertThat(raised).hasValue(1);
        put(0, 2, EPOCH, 40, Opcode.NOP.code());
        agent.doWork();
        assertThat(raised).hasValue(1);
    }

    @Test
    void nextDelayEndIsTheEarliestOfAllRings() {
        open();
        assertThat(agent.nextDelayEnd()).isEqualTo(Long.MAX_VALUE);
        put(0, 0, EPOCH, 1, Opcode.DELAY.code(), 3_600_000_000_000L, 0);
        put(1, 0, EPOCH, 1, Opcode.DELAY.code(), 7_200_000_000_000L, 16);
        assertThat(agent.doWork()).isZero();
        long begin = memory.segment().asSlice(RingLayout.arena(2, SLOTS)).get(
                java.lang.foreign.ValueLayout.JAVA_LONG, 0);
        assertThat(agent.nextDelayEnd()).isEqualTo(begin + 3_600_000_000_000L);
        assertThat(agent.hasWork()).as("a delay is nothing to stay awake for").isFalse();
    }

    /** The end of the longest delay lies beyond the range of the clock; it is later than that of a short one all the same. */
    @Test
    void endlessDelayIsNotTheEarliest() {
        open();
        put(0, 0, EPOCH, 1, Opcode.DELAY.code(), Long.MAX_VALUE, -1);
        put(1, 0, EPOCH, 1, Opcode.DELAY.code(), 7_200_000_000_000L, 16);
        assertThat(agent.doWork()).isZero();
        long begin = memory.segment().asSlice(RingLayout.arena(2, SLOTS)).get(
                java.lang.foreign.ValueLayout.JAVA_LONG, 16);
        assertThat(agent.nextDelayEnd()).isEqualTo(begin + 7_200_000_000_000L);
    }

    @Test
    void idleAnnouncesItsSleepAndTakesItBackWhenWoken() throws Exception {
        open();
        DoorbellIdle idle = new DoorbellIdle(agent);
        AtomicInteger rounds = new AtomicInteger();
        Thread thread = new Thread(() -> {
            while (rounds.get() == 0) {
                idle.idle(agent.doWork());
                if (completed(0) != 0) {
                    rounds.incrementAndGet();
                }
            }
        }, "idle");
        thread.start();
        for (;;) {
            if (memory.longVolatile(RingLayout.ASLEEP_OFFSET) == 1
                    && LockSupport.getBlocker(thread) instanceof DoorbellIdle) {
                break;
            }
            Thread.onSpinWait();
        }
        put(0, 0, EPOCH, 1, Opcode.NOP.code());
        idle.ring();
        thread.join();
        assertThat(completed(0)).isEqualTo(RingLayout.word(EPOCH, 1));
        assertThat(memory.longVolatile(RingLayout.ASLEEP_OFFSET)).isZero();
    }
}
