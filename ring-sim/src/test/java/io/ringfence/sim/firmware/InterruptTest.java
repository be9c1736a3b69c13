package io.ringfence.sim.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

import io.ringfence.sim.faults.Fault;
import io.ringfence.sim.faults.FaultKind;
import io.ringfence.sim.layout.EventKind;
import io.ringfence.sim.layout.Opcode;
import io.ringfence.sim.layout.RequestKind;
import io.ringfence.sim.layout.RingLayout;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Interrupts that are held back: none is lost of which the host has not seen the cause. */
@Timeout(60)
class InterruptTest {
    private static final long DELAY = 10_000;

    private BareHost host;

    @BeforeEach
    void attach() {
        host = new BareHost(2, 8, 2, 10_000_000);
        host.register(0);
        host.events();
        delay(DELAY);
    }

    private void delay(long nanos) {
        host.memory.longPlain(host.descriptor(0) + RingLayout.INTERRUPT_DELAY_OFFSET,
                RingLayout.word(BareHost.EPOCH, nanos));
    }

    private void seen(int epoch, long seqno) {
        host.memory.longRelease(host.descriptor(0) + RingLayout.SEEN_OFFSET, RingLayout.word(epoch, seqno));
    }

    private void complete(long seqno) {
        host.arm(0, seqno);
        host.put(0, seqno, Opcode.NOP);
        host.settle();
    }

    private List<Long> raised() {
        return host.events().stream().filter(event -> event.kind() == EventKind.COMPLETION)
                .map(BareHost.Event::completed).toList();
    }

    @Test
    void isRaisedWhenItIsDue() {
        complete(1);
        assertThat(host.agent.nextMoment()).isEqualTo(host.now + DELAY);
        host.pass(DELAY - 1);
        assertThat(raised()).isEmpty();
        host.pass(1);
        assertThat(raised()).containsExactly(1L);
        assertThat(host.agent.nextMoment()).isEqualTo(Long.MAX_VALUE);
        host.pass(2 * DELAY);
        assertThat(raised()).as("once").isEmpty();
    }

    @Test
    void isDroppedWhenTheHostHasSeenItsCause() {
        complete(1);
        seen(BareHost.EPOCH, 1);
        host.pass(DELAY);
        assertThat(raised()).isEmpty();
        assertThat(host.agent.nextMoment()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whatCompletedSinceIsTold() {
        complete(1);
        seen(BareHost.EPOCH, 1);
        host.pass(DELAY - 1);
        complete(2);
        host.pass(1);
        assertThat(raised()).as("held back anew").isEmpty();
        host.pass(DELAY);
        assertThat(raised()).containsExactly(2L);
    }

    @Test
    void whatCompletedSinceAndWasSeenIsNotTold() {
        complete(1);
        complete(2);
        seen(BareHost.EPOCH, 2);
        host.pass(2 * DELAY);
        assertThat(raised()).isEmpty();
        assertThat(host.agent.nextMoment()).isEqualTo(Long.MAX_VALUE);
        complete(3);
        host.pass(DELAY);
        assertThat(raised()).containsExactly(3L);
    }

    @Test
    void oneIsEnoughForAllThatWasNotSeen() {
        complete(1);
        complete(2);
        complete(3);
        host.pass(2 * DELAY);
        assertThat(raised()).containsExactly(3L);
    }

    @Test
    void whatAFormerQueueSawDoesNotCount() {
        seen(BareHost.EPOCH - 1, 100);
        complete(1);
        host.pass(DELAY);
        assertThat(raised()).containsExactly(1L);
    }

    @Test
    void whatWasSeenBeforeAResetDoesNotCountAfterIt() {
        complete(1);
        seen(BareHost.EPOCH, 1);
        assertThat(host.answer(0, RequestKind.QUIESCE)).isNotNull();
        host.epoch(0, BareHost.EPOCH + 1);
        host.answer(0, RequestKind.RESET);
        host.pass(DELAY);
        assertThat(raised()).containsExactly(1L);
    }

    @Test
    void ringThatHasGoneTellsNothing() {
        complete(1);
        host.answer(0, RequestKind.DEREGISTER);
        host.pass(2 * DELAY);
        assertThat(raised()).isEmpty();
        assertThat(host.agent.nextMoment()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "1000000, 1000000", "1000001, 1000000", "-1, 1000000"})
    void delayIsBounded(long asked, long had) {
        delay(asked);
        complete(1);
        if (had > 0) {
            host.pass(had - 1);
            assertThat(raised()).isEmpty();
            host.pass(1);
        }
        assertThat(raised()).containsExactly(1L);
    }

    @Test
    void delayThatEndsDoesNotHoldWhatComesNext() {
        complete(1);
        host.pass(DELAY);
        delay(0);
        complete(2);
        assertThat(raised()).containsExactly(1L, 2L);
    }

    @Test
    void whatIsSaidForAnotherEpochDoesNotCount() {
        host.memory.longPlain(host.descriptor(0) + RingLayout.INTERRUPT_DELAY_OFFSET,
                RingLayout.word(BareHost.EPOCH - 1, DELAY));
        complete(1);
        assertThat(raised()).containsExactly(1L);
    }

    @Test
    void noneIsHeldBackWhileTheFirmwareWorks() {
        complete(1);
        host.put(0, 2, Opcode.FILL, 0, 8, 7);
        host.round();
        assertThat(raised()).containsExactly(1L);
        complete(3);
        seen(BareHost.EPOCH, 3);
        host.put(0, 4, Opcode.FILL, 0, 8, 7);
        host.round();
        assertThat(raised()).as("the host has seen it").isEmpty();
        host.pass(2 * DELAY);
        assertThat(raised()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = FaultKind.class, names = {"DEATH", "STALLED_HEARTBEAT"})
    void noneIsLostWithTheFirmware(FaultKind kind) {
        Fault fault = kind == FaultKind.DEATH ? Fault.of(kind).onRing(0).atSeqno(2)
                : Fault.of(kind, Duration.ofMillis(1)).onRing(0).atSeqno(2);
        host = new BareHost(2, 8, 2, 10_000_000, fault);
        host.register(0);
        host.events();
        delay(DELAY);
        complete(1);
        assertThat(raised()).isEmpty();
        host.put(0, 2, Opcode.NOP);
        host.round();
        assertThat(raised()).containsExactly(1L);
    }

    @Test
    void whatTheFirmwareCompletesJustBeforeItStallsIsNotHeldBack() {
        host = new BareHost(2, 8, 2, 10_000_000,
                Fault.of(FaultKind.STALLED_HEARTBEAT, Duration.ofSeconds(1)).onRing(0).atSeqno(2));
        host.register(0);
        host.events();
        delay(DELAY);
        host.arm(0, 2);
        host.put(0, 1, Opcode.NOP);
        host.put(0, 2, Opcode.NOP);
        host.settle();
        assertThat(raised()).containsExactly(2L);
    }
}
