package io.ringfence.sim.firmware;

import static io.ringfence.sim.firmware.GroupSchedulingTest.SLICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringfence.sim.layout.EventKind;
import io.ringfence.sim.layout.Opcode;
import io.ringfence.sim.layout.RequestKind;
import io.ringfence.sim.layout.RingLayout;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a command waits for stands beside its slot, or, if it is one and the last operand is free, in the slot: either does the same. */
@Timeout(180)
class WaitPlaceTest {

    private static final int WAITER = 0;
    private static final int PRODUCER = 1;
    private static final long TARGET = 512;
    private static final long WORD = RingLayout.word(BareHost.EPOCH, 1);

    private static BareHost host() {
        BareHost host = new BareHost(2, 4, 2, SLICE);
        host.registerAll();
        return host;
    }

    private static void putWaiter(BareHost host, boolean isInSlot, int producer, long word) {
        if (isInSlot) {
            host.waitInSlot(WAITER, word);
            host.put(WAITER, 1, Opcode.STAMP.code() | BareHost.inSlot(producer), TARGET, 7);
        } else {
            host.waits(WAITER, 0, producer, word);
            host.put(WAITER, 1, Opcode.STAMP.code() | 1 << RingLayout.WAITS_SHIFT, TARGET, 7);
        }
    }

    private static void ends(BareHost host, int seqno, Status how) {
        host.pass(3 * SLICE);
        assertThat(host.completed(WAITER)).isEqualTo(seqno);
        assertThat(host.status(WAITER, seqno - 1)).isEqualTo(how);
    }

    @ParameterizedTest
    @CsvSource({"true,false", "true,true", "false,false", "false,true"})
    void eitherIsWaitedForAndItsFailurePassedOn(boolean isInSlot, boolean fails) {
        BareHost host = host();
        putWaiter(host, isInSlot, PRODUCER, WORD);
        host.pass(3 * SLICE);
        assertThat(host.completed(WAITER)).isZero();
        assertThat(host.word(TARGET)).isZero();
        host.put(PRODUCER, 1, fails ? 255 : 0);
        ends(host, 1, fails ? Status.WAIT_FAILED : Status.OK);
        assertThat(host.word(TARGET)).isEqualTo(fails ? 7 | Long.MIN_VALUE : 7);
    }

    @ParameterizedTest
    @ValueSource(ints = {WAITER, 2, 4711, 65535})
    void numberInTheSlotThatIsNoOtherRingFails(int ring) {
        BareHost host = host();
        putWaiter(host, true, ring, WORD);
        ends(host, 1, Status.WAIT_FAILED);
    }

    /** The line beside the slot is not looked at, whatever stands there. */
    @Test
    void whatStandsBesideIsNotMeant() {
        BareHost host = host();
        host.waits(WAITER, 0, PRODUCER, RingLayout.word(BareHost.EPOCH, 99));
        putWaiter(host, true, PRODUCER, WORD);
        host.put(PRODUCER, 1, Opcode.NOP);
        ends(host, 1, Status.OK);
    }

    @Test
    void commandThatNeedsItsLastOperandIsRefused() {
        BareHost host = host();
        host.waitInSlot(WAITER, WORD);
        host.put(WAITER, 1, Opcode.MULTIPLY_ADD.code() | BareHost.inSlot(PRODUCER), 0, 64, 128, 1, 1);
        ends(host, 1, Status.BAD_OPCODE);
    }

    // ---- the ring that was waited for last is known

    private static void isPending(BareHost host, int seqno) {
        host.pass(3 * SLICE);
        assertThat(host.completed(WAITER)).isEqualTo(seqno - 1);
    }

    private static BareHost afterOneWait(int rings) {
        BareHost host = new BareHost(rings, 8, rings, SLICE);
        host.registerAll();
        host.put(PRODUCER, 1, Opcode.NOP);
        host.putAfter(WAITER, 1, PRODUCER, 1, Opcode.NOP);
        ends(host, 1, Status.OK);
        return host;
    }

    @Test
    void severalAfterOneAreWaitedFor() {
        BareHost host = afterOneWait(3);
        host.waits(WAITER, 0, PRODUCER, RingLayout.word(BareHost.EPOCH, 2));
        host.waits(WAITER, 1, 2, RingLayout.word(BareHost.EPOCH, 1));
        host.put(WAITER, 2, 2 << RingLayout.WAITS_SHIFT);
        isPending(host, 2);
        host.put(PRODUCER, 2, Opcode.NOP);
        isPending(host, 2);
        host.put(2, 1, Opcode.NOP);
        ends(host, 2, Status.OK);
    }

    @Test
    void ringsInTurnAreWaitedFor() {
        BareHost host = afterOneWait(3);
        for (int seqno = 2; seqno < 8; seqno++) {
            int producer = 1 + (seqno & 1);
            host.putAfter(WAITER, seqno, producer, seqno, Opcode.NOP);
            host.put(3 - producer, seqno, Opcode.NOP);
            isPending(host, seqno);
            host.put(producer, seqno, Opcode.NOP);
            ends(host, seqno, Status.OK);
        }
    }

    /** Who uses the ring next is another one. */
    @Test
    void nextUserOfTheRingIsWaitedFor() {
        BareHost host = afterOneWait(2);
        assertThat(host.answer(PRODUCER, RequestKind.DEREGISTER).result()).isEqualTo(EventKind.DONE);
        host.epoch(PRODUCER, BareHost.EPOCH + 1);
        host.putAfter(WAITER, 2, PRODUCER, 1, Opcode.NOP);
        isPending(host, 2);
        host.register(PRODUCER);
        isPending(host, 2);
        host.put(PRODUCER, 1, Opcode.NOP);
        ends(host, 2, Status.OK);
    }

    /** Numbers of waits that there are not, a ring without a wait in the slot, and bits that mean nothing. */
    @ParameterizedTest
    @ValueSource(ints = {5, 14, 1 << 4, 1 << 19 | 4, 1 << 20 | 15, 1 << 22 | 15, 1 << 20})
    void wordThatMeansNothingIsRefused(int behindTheOpcode) {
        BareHost host = host();
        host.put(WAITER, 1, Opcode.STAMP.code() | behindTheOpcode << RingLayout.WAITS_SHIFT, TARGET, 7);
        ends(host, 1, Status.BAD_OPCODE);
        assertThat(host.word(TARGET)).isZero();
    }

    @Test
    void oneThatWaitsByItsSlotIsGivenUp() {
        BareHost host = host();
        putWaiter(host, true, PRODUCER, WORD);
        host.pass(SLICE);
        host.abort(WAITER, 0);
        host.pass(3 * SLICE);
        assertThat(host.status(WAITER, 0)).isEqualTo(Status.ABORTED);
        assertThat(host.word(TARGET)).isEqualTo(7 | Long.MIN_VALUE);
    }
}
