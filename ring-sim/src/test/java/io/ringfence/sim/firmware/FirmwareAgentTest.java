package io.ringfence.sim.firmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import io.ringfence.sim.layout.Opcode;
import io.ringfence.sim.layout.RequestKind;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the firmware takes slots, tells of them, and sleeps. */
@Timeout(180)
class FirmwareAgentTest {
    private static final int SLOTS = 4;
    private static final long HOUR = 3_600_000_000_000L;

    private BareHost host;

    @BeforeEach
    void attach() {
        host = new BareHost(2, SLOTS, 2, 10_000_000);
    }

    @Test
    void memoryOfAnotherKindIsRefused() {
        assertThatThrownBy(() -> new FirmwareAgent(new SharedMemory(4096), () -> {
        }, null)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("magic 0");
        host.memory.intPlain(RingLayout.VERSION_OFFSET, 3);
        assertThatThrownBy(() -> new FirmwareAgent(host.memory, () -> {
        }, null)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("version 3: must be 4");
        host.memory.intPlain(RingLayout.VERSION_OFFSET, 4);
        host.memory.intPlain(RingLayout.RINGS_OFFSET, 65536);
        assertThatThrownBy(() -> new FirmwareAgent(host.memory, () -> {
        }, null)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("needs");
    }

    @Test
    void firmwareSaysWhichHostItServes() {
        assertThat(host.memory.intPlain(RingLayout.SERVED_EPOCH_OFFSET)).isEqualTo(1);
    }

    @Test
    void ringThatIsNotRegisteredIsNotLookedAt() {
        host.put(0, 1, Opcode.NOP);
        host.until(host.now);
        assertThat(host.completed(0)).isZero();
        assertThat(host.agent.hasWork()).isFalse();
        host.register(0);
        host.until(host.now);
        assertThat(host.completed(0)).isEqualTo(1);
        assertThat(host.agent.hasWork()).isFalse();
    }

    @Test
    void stampsOfAnotherEpochOrAFormerLapAreNotTaken() {
        host.register(0);
        host.epoch(0, BareHost.EPOCH - 1);
        host.put(0, 1, Opcode.NOP);
        host.epoch(0, BareHost.EPOCH);
        host.until(host.now);
        assertThat(host.completed(0)).isZero();
        for (int i = 0; i < SLOTS; i++) {
            host.put(0, 10L * (i + 1), Opcode.NOP);
        }
        host.until(host.now);
        assertThat(host.completed(0)).isEqualTo(40);
        assertThat(host.round()).as("the same stamps again").isZero();
        host.put(0, 41, Opcode.NOP);
        host.until(host.now);
        assertThat(host.completed(0)).isEqualTo(41);
        assertThat(host.memory.longAcquire(host.descriptor(0) + RingLayout.COMPLETION_OFFSET))
                .isEqualTo(RingLayout.word(BareHost.EPOCH, 41));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 255, 0x1000, 0x500, Integer.MAX_VALUE})
    void unknownOpcodeIsAFault(int opcode) {
        host.register(0);
        host.put(0, 1, opcode);
        host.until(host.now);
        assertThat(host.status(0, 0)).isEqualTo(Status.BAD_OPCODE);
        assertThat(host.memory.longAcquire(host.descriptor(0) + RingLayout.FAULTS_OFFSET)).isEqualTo(1);
        assertThat(host.completed(0)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, RingLayout.ABORT | 6})
    void commandThatIsGivenUpIsNotExecuted(int opcode) {
        host.register(0);
        host.put(0, 1, opcode);
        host.until(host.now);
        assertThat(host.status(0, 0)).isEqualTo(Status.ABORTED);
        assertThat(host.completed(0)).isEqualTo(1);
    }

    @Test
    void dimensionsAreCheckedByTheFirmwareToo() {
        host.register(0);
        host.put(0, 1, Opcode.MULTIPLY_ADD, 0, 0, 0, -1, 1, 1);
        host.put(0, 2, Opcode.MULTIPLY_ADD, 0, 0, 0, 1, 1L << 40, 1);
        host.put(0, 3, Opcode.MULTIPLY_ADD, 0, 0, 0, 1, 1, 0);
        host.until(host.now);
        assertThat(host.completed(0)).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            assertThat(host.status(0, i)).isEqualTo(Status.BAD_OPERAND);
        }
    }

    @Test
    void interruptIsRaisedOnceWhenTheArmedSeqnoIsPassed() {
        host.register(0);
        host.events();
        int before = host.interrupts;
        host.arm(0, 20);
        host.put(0, 10, Opcode.NOP);
        host.until(host.now);
        assertThat(host.interrupts).isEqualTo(before);
        host.put(0, 30, Opcode.NOP);
        host.until(host.now);
        assertThat(host.interrupts).isEqualTo(before + 1);
        host.put(0, 40, Opcode.NOP);
        host.until(host.now);
        assertThat(host.interrupts).isEqualTo(before + 1);
        assertThat(host.events()).singleElement().satisfies(event -> {
            assertThat(event.ring()).isZero();
            assertThat(event.completed()).isEqualTo(30);
        });
    }

    @Test
    void nextMomentIsTheEarliestOfAllRings() {
        host.register(0, 1);
        assertThat(host.agent.nextMoment()).isEqualTo(Long.MAX_VALUE);
        host.put(0, 1, Opcode.DELAY, HOUR, 0);
        host.put(1, 1, Opcode.DELAY, 2 * HOUR, 16);
        host.round();
        assertThat(host.agent.nextMoment()).isEqualTo(host.now + HOUR);
        assertThat(host.word(0)).isEqualTo(host.now);
        assertThat(host.agent.hasWork()).as("a delay is nothing to stay awake for").isFalse();
        host.pass(HOUR);
        assertThat(host.completed(0)).isEqualTo(1);
        assertThat(host.completed(1)).isZero();
    }

    /** The end of the longest delay lies beyond the range of the clock; it is later than that of a short one all the same. */
    @Test
    void endlessDelayIsNotTheEarliest() {
        host.register(0, 1);
        host.put(0, 1, Opcode.DELAY, Long.MAX_VALUE, -1);
        host.put(1, 1, Opcode.DELAY, 2 * HOUR, 16);
        host.round();
        assertThat(host.agent.nextMoment()).isEqualTo(host.now + 2 * HOUR);
    }

    @Test
    void requestToARingThatIsNotRegisteredIsRefused() {
        host.ask(1, RequestKind.SUSPEND);
        host.round();
        assertThat(host.events()).singleElement()
                .matches(event -> event.isReply(RequestKind.SUSPEND, io.ringfence.sim.layout.EventKind.REFUSED));
    }

    @Test
    void idleAnnouncesItsSleepAndTakesItBackWhenWoken() throws Exception {
        host.register(0);
        DoorbellIdle idle = new DoorbellIdle(host.agent);
        AtomicInteger rounds = new AtomicInteger();
        Thread thread = new Thread(() -> {
            while (rounds.get() == 0) {
                idle.idle(host.agent.doWork());
                if (host.completed(0) != 0) {
                    rounds.incrementAndGet();
                }
            }
        }, "idle");
        thread.start();
        for (;;) {
            if (host.memory.longVolatile(RingLayout.ASLEEP_OFFSET) == 1
                    && LockSupport.getBlocker(thread) instanceof DoorbellIdle) {
                break;
            }
            Thread.onSpinWait();
        }
        host.put(0, 1, Opcode.NOP);
        idle.ring();
        thread.join();
        assertThat(host.completed(0)).isEqualTo(1);
        assertThat(host.memory.longVolatile(RingLayout.ASLEEP_OFFSET)).isZero();
    }
}
