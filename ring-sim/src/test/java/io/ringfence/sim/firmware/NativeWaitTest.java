package io.ringfence.sim.firmware;

import static io.ringfence.sim.firmware.BareHost.MS;
import static io.ringfence.sim.firmware.GroupSchedulingTest.SLICE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import io.ringfence.sim.faults.Fault;
import io.ringfence.sim.faults.FaultKind;
import io.ringfence.sim.layout.EventKind;
import io.ringfence.sim.layout.Opcode;
import io.ringfence.sim.layout.RequestKind;
import io.ringfence.sim.layout.RingLayout;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Commands that wait for commands of other rings: ring 0 waits for ring 1, wherever that one stands. With one slot ring 0 waits
 * off the device, with three on it.
 */
@Timeout(180)
class NativeWaitTest {

    private static final int WAITER = 0;
    private static final int PRODUCER = 1;
    private static final int OTHER = 2;
    private static final long TARGET = 512;

    private static BareHost host(int groupSlots) {
        BareHost host = new BareHost(3, 4, groupSlots, SLICE);
        host.register(WAITER, OTHER);
        // Whoever waits is not left on the only slot for want of others.
        host.put(OTHER, 1, Opcode.LOOP, Long.MAX_VALUE, MS, -1, -1);
        return host;
    }

    private static void await(BareHost host, long seqno) {
        host.putAfter(WAITER, 1, PRODUCER, seqno, Opcode.STAMP, TARGET, 1);
        host.pass(3 * SLICE);
        if (host.completed(WAITER) == 0) {
            assertThat(host.state(WAITER) & RingLayout.STATE_WAITING).isNotZero();
        }
    }

    private static void isPending(BareHost host) {
        assertThat(host.completed(WAITER)).isZero();
        assertThat(host.started(WAITER)).as("it is not begun").isZero();
    }

    private static void goesOn(BareHost host) {
        host.pass(3 * SLICE);
        assertThat(host.completed(WAITER)).isEqualTo(1);
        assertThat(host.status(WAITER, 0)).isEqualTo(Status.OK);
        assertThat(host.word(TARGET)).isEqualTo(1);
        assertThat(host.state(WAITER) & RingLayout.STATE_WAITING).isZero();
    }

    private static void fails(BareHost host) {
        host.pass(3 * SLICE);
        assertThat(host.completed(WAITER)).isEqualTo(1);
        assertThat(host.status(WAITER, 0)).isEqualTo(Status.WAIT_FAILED);
        assertThat(host.word(TARGET)).isEqualTo(1 | Long.MIN_VALUE);
        assertThat(host.state(WAITER) & RingLayout.STATE_WAITING).isZero();
    }

    // ---- the producer's states

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void producerThatIsNotRegisteredYetIsWaitedFor(int groupSlots) {
        BareHost host = host(groupSlots);
        await(host, 1);
        isPending(host);
        host.register(PRODUCER);
        host.put(PRODUCER, 1, Opcode.DELAY, MS, -1);
        int _ = host.settle();
        isPending(host);
        goesOn(host);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void producerThatIsIdleIsWaitedFor(int groupSlots) {
        BareHost host = host(groupSlots);
        host.register(PRODUCER);
        await(host, 2);
        isPending(host);
        host.put(PRODUCER, 1, Opcode.NOP);
        host.pass(3 * SLICE);
        isPending(host);
        host.put(PRODUCER, 2, Opcode.NOP);
        goesOn(host);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void producerThatIsRunningIsWaitedFor(int groupSlots) {
        BareHost host = host(groupSlots);
        host.register(PRODUCER);
        host.put(PRODUCER, 1, Opcode.DELAY, 5 * SLICE, -1);
        host.pass(SLICE);
        host.putAfter(WAITER, 1, PRODUCER, 1, Opcode.STAMP, TARGET, 1);
        host.pass(SLICE);
        isPending(host);
        host.pass(4 * SLICE);
        goesOn(host);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void producerThatHasCompletedIsNotWaitedFor(int groupSlots) {
        BareHost host = host(groupSlots);
        host.register(PRODUCER);
        host.put(PRODUCER, 5, Opcode.NOP);
        host.pass(SLICE);
        await(host, 3);
        goesOn(host);
    }

    @ParameterizedTest
    @CsvSource({"1,true", "3,true", "1,false", "3,false"})
    void producerThatFailsIsPassedOn(int groupSlots, boolean before) {
        BareHost host = host(groupSlots);
        host.register(PRODUCER);
        if (before) {
            host.put(PRODUCER, 7, 255);
            host.pass(SLICE);
            host.put(PRODUCER, 8, Opcode.NOP);
        }
        await(host, 7);
        if (!before) {
            isPending(host);
            host.put(PRODUCER, 7, 255);
        }
        fails(host);
    }

    /** What is older than a whole ring is forgotten: the host knows it. */
    @Test
    void producerThatHasFailedLongAgoIsForgotten() {
        BareHost host = host(1);
        host.register(PRODUCER);
        for (int i = 1; i <= 6; i++) {
            host.put(PRODUCER, i, 255);
            host.pass(3 * SLICE);
        }
        assertThat(host.faults(PRODUCER)).isEqualTo(6);
        await(host, 2);
        goesOn(host);
    }

    @ParameterizedTest
    @CsvSource({"1,SUSPEND", "3,SUSPEND", "1,QUIESCE", "3,QUIESCE"})
    void producerThatStandsStillIsWaitedFor(int groupSlots, RequestKind kind) {
        BareHost host = host(groupSlots);
        host.register(PRODUCER);
        host.put(PRODUCER, 1, Opcode.LOOP, 2, MS, -1, -1);
        host.pass(SLICE / 10);
        assertThat(host.answer(PRODUCER, kind).result()).isEqualTo(EventKind.DONE);
        await(host, 1);
        isPending(host);
        assertThat(host.answer(PRODUCER, RequestKind.RESUME).result()).isEqualTo(EventKind.DONE);
        goesOn(host);
    }

    @ParameterizedTest
    @CsvSource({"1,true", "3,true", "1,false", "3,false"})
    void producerThatIsResetFails(int groupSlots, boolean before) {
        BareHost host = host(groupSlots);
        host.register(PRODUCER);
        host.put(PRODUCER, 1, Opcode.DELAY, 100 * SLICE, -1);
        host.pass(SLICE);
        if (!before) {
            host.putAfter(WAITER, 1, PRODUCER, 1, Opcode.STAMP, TARGET, 1);
            int _ = host.settle();
        } else {
            host.waits(WAITER, 0, PRODUCER, RingLayout.word(BareHost.EPOCH, 1));
        }
        host.epoch(PRODUCER, BareHost.EPOCH + 1);
        assertThat(host.answer(PRODUCER, RequestKind.RESET).result()).isEqualTo(EventKind.DONE);
        if (before) {
            host.put(WAITER, 1, Opcode.STAMP.code() | 1 << RingLayout.WAITS_SHIFT, TARGET, 1);
        }
        fails(host);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void epochAfterAResetIsWaitedFor(int groupSlots) {
        BareHost host = host(groupSlots);
        host.register(PRODUCER);
        host.epoch(PRODUCER, BareHost.EPOCH + 1);
        await(host, 1);
        isPending(host);
        assertThat(host.answer(PRODUCER, RequestKind.RESET).result()).isEqualTo(EventKind.DONE);
        host.put(PRODUCER, 1, Opcode.DELAY, MS, -1);
        int _ = host.settle();
        isPending(host);
        goesOn(host);
    }

    @ParameterizedTest
    @CsvSource({"1,true", "3,true", "1,false", "3,false"})
    void producerThatIsBannedFailsUnlessItWasComplete(int groupSlots, boolean before) {
        BareHost host = hostOfAHang(groupSlots);
        if (before) {
            assertThat(host.answer(PRODUCER, RequestKind.BAN).result()).isEqualTo(EventKind.DONE);
            host.putAfter(WAITER, 1, PRODUCER, 1, Opcode.STAMP, TARGET, 1);
            goesOn(host);
        } else {
            host.putAfter(WAITER, 1, PRODUCER, 2, Opcode.STAMP, TARGET, 1);
            host.pass(SLICE);
            isPending(host);
            assertThat(host.answer(PRODUCER, RequestKind.BAN).result()).isEqualTo(EventKind.DONE);
            fails(host);
        }
    }

    /** Of the producer, one command is complete and another one hangs. */
    private static BareHost hostOfAHang(int groupSlots) {
        BareHost host = host(groupSlots);
        host.register(PRODUCER);
        host.put(PRODUCER, 1, Opcode.NOP);
        host.put(PRODUCER, 2, Opcode.DELAY, 100 * SLICE, -1);
        host.pass(SLICE);
        return host;
    }

    private static void resetAndGoOn(BareHost host, int epoch, int seqno) {
        host.reuse(PRODUCER, epoch);
        assertThat(host.answer(PRODUCER, RequestKind.RESET).result()).isEqualTo(EventKind.DONE);
        host.put(PRODUCER, seqno, Opcode.NOP);
        host.pass(SLICE);
        assertThat(host.completed(PRODUCER)).isEqualTo(seqno);
    }

    /** The one that waits names the epoch in which the other was handed over, and is looked at when that is over. */
    @ParameterizedTest
    @CsvSource({"1,1", "3,1", "1,2", "3,2"})
    void producerThatWasResetFailsUnlessItWasCompleteBefore(int groupSlots, int awaited) {
        BareHost host = hostOfAHang(groupSlots);
        assertThat(host.completed(PRODUCER)).isEqualTo(1);
        resetAndGoOn(host, BareHost.EPOCH + 1, 2);
        host.waits(WAITER, 0, PRODUCER, RingLayout.word(BareHost.EPOCH, awaited));
        host.put(WAITER, 1, Opcode.STAMP.code() | 1 << RingLayout.WAITS_SHIFT, TARGET, 1);
        if (awaited == 1) {
            goesOn(host);
        } else {
            fails(host);
        }
    }

    /** The second command was given up at the first reset, and is not executed again; later ones are. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void whatWasGivenUpAtOneResetIsNotCompleteAtTheNext(int groupSlots) {
        BareHost host = hostOfAHang(groupSlots);
        for (int seqno = 3; seqno <= 4; seqno++) {
            resetAndGoOn(host, BareHost.EPOCH + seqno - 2, seqno);
        }
        host.waits(WAITER, 0, PRODUCER, RingLayout.word(BareHost.EPOCH, 2));
        host.put(WAITER, 1, Opcode.STAMP.code() | 1 << RingLayout.WAITS_SHIFT, TARGET, 1);
        fails(host);
    }

    @ParameterizedTest
    @CsvSource({"1,true", "3,true", "1,false", "3,false"})
    void producerThatIsDeregisteredOrOpenedAgainHadFinished(int groupSlots, boolean again) {
        BareHost host = host(groupSlots);
        host.register(PRODUCER);
        host.put(PRODUCER, 1, Opcode.NOP);
        host.pass(SLICE);
        assertThat(host.answer(PRODUCER, RequestKind.DEREGISTER).result()).isEqualTo(EventKind.DONE);
        host.waits(WAITER, 0, PRODUCER, RingLayout.word(BareHost.EPOCH, 1));
        if (again) {
            host.epoch(PRODUCER, BareHost.EPOCH + 1);
            host.register(PRODUCER);
        }
        host.put(WAITER, 1, Opcode.STAMP.code() | 1 << RingLayout.WAITS_SHIFT, TARGET, 1);
        goesOn(host);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void producerThatIsDeregisteredWhileItIsWaitedForHadFinished(int groupSlots) {
        BareHost host = host(groupSlots);
        host.register(PRODUCER);
        await(host, 1);
        isPending(host);
        assertThat(host.answer(PRODUCER, RequestKind.DEREGISTER).result()).isEqualTo(EventKind.DONE);
        goesOn(host);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void nextEpochOfAProducerThatWasDeregisteredIsWaitedFor(int groupSlots) {
        BareHost host = host(groupSlots);
        host.register(PRODUCER);
        assertThat(host.answer(PRODUCER, RequestKind.DEREGISTER).result()).isEqualTo(EventKind.DONE);
        host.epoch(PRODUCER, BareHost.EPOCH + 1);
        await(host, 1);
        isPending(host);
        host.register(PRODUCER);
        host.put(PRODUCER, 1, Opcode.DELAY, MS, -1);
        goesOn(host);
    }

    /** The host gave the registration up, because it was not answered; what it asked for next stands in its place. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void producerThatIsBannedBeforeTheFirmwareKnewItFails(int groupSlots) {
        BareHost host = host(groupSlots);
        host.put(PRODUCER, 1, Opcode.NOP);
        await(host, 1);
        isPending(host);
        host.ask(PRODUCER, RequestKind.REGISTER);
        host.askAndRegister(PRODUCER, RequestKind.BAN);
        fails(host);
        assertThat(host.completed(PRODUCER)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void producerThatIsClosedBeforeTheFirmwareKnewItHadFinished(int groupSlots) {
        BareHost host = host(groupSlots);
        await(host, 1);
        isPending(host);
        host.ask(PRODUCER, RequestKind.REGISTER);
        host.ask(PRODUCER, RequestKind.DEREGISTER);
        goesOn(host);
        host.epoch(PRODUCER, BareHost.EPOCH + 1);
        host.putAfter(WAITER, 2, PRODUCER, 1, Opcode.STAMP, TARGET, 2);
        host.pass(3 * SLICE);
        assertThat(host.completed(WAITER)).as("the next user's job").isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"65535,65535,true", "65535,1,true", "1,65535,false"})
    void epochsBeginAgainAtOne(int closed, int opened, boolean isPending) {
        BareHost host = host(3);
        host.epoch(PRODUCER, closed);
        host.register(PRODUCER);
        if (opened != closed) {
            host.epoch(PRODUCER, opened);
        }
        await(host, 1);
        assertThat(host.completed(WAITER)).isEqualTo(isPending ? 0 : 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {WAITER, 3, -1, Integer.MIN_VALUE, 1 << 20})
    void ownRingAndNumbersThatAreNoRingFail(int ring) {
        BareHost host = host(3);
        host.waits(WAITER, 0, ring, RingLayout.word(BareHost.EPOCH, 1));
        host.put(WAITER, 1, Opcode.STAMP.code() | 1 << RingLayout.WAITS_SHIFT, TARGET, 1);
        fails(host);
    }

    // ---- waits

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 6})
    void allOfFourAreWaitedForInAnyOrder(int groupSlots) {
        BareHost host = new BareHost(5, 4, groupSlots, SLICE);
        host.registerAll();
        for (int i = 0; i < 4; i++) {
            host.waits(0, i, i + 1, RingLayout.word(BareHost.EPOCH, i + 1));
        }
        host.put(0, 1, Opcode.STAMP.code() | 4 << RingLayout.WAITS_SHIFT, TARGET, 1);
        for (int producer : new int[] {3, 1, 4, 2}) {
            host.pass(SLICE);
            isPending(host);
            host.put(producer, producer, Opcode.DELAY, MS, -1);
        }
        goesOn(host);
    }

    @Test
    void oneThatFailsIsEnoughThoughOthersArePending() {
        BareHost host = new BareHost(5, 4, 1, SLICE);
        host.registerAll();
        for (int i = 0; i < 4; i++) {
            host.waits(0, i, i + 1, RingLayout.word(BareHost.EPOCH, 1));
        }
        host.put(0, 1, Opcode.STAMP.code() | 4 << RingLayout.WAITS_SHIFT, TARGET, 1);
        host.put(4, 1, 255);
        fails(host);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void waitingCommandIsGivenUpOnASlotAndOffIt(int groupSlots) {
        BareHost host = host(groupSlots);
        host.register(PRODUCER);
        await(host, 1);
        assertThat(host.isOnSlot(WAITER)).isEqualTo(groupSlots == 3);
        host.abort(WAITER, 0);
        host.pass(3 * SLICE);
        assertThat(host.completed(WAITER)).isEqualTo(1);
        assertThat(host.status(WAITER, 0)).isEqualTo(Status.ABORTED);
        assertThat(host.word(TARGET)).isEqualTo(1 | Long.MIN_VALUE);
    }

    @Test
    void nopThatHasWaitedIsToldByItsCompletionOnly() {
        BareHost host = host(3);
        host.register(PRODUCER);
        host.putAfter(WAITER, 1, PRODUCER, 1, Opcode.NOP);
        int _ = host.settle();
        assertThat(host.completed(WAITER)).isZero();
        host.put(PRODUCER, 1, Opcode.NOP);
        int _ = host.settle();
        assertThat(host.completed(WAITER)).isEqualTo(1);
        assertThat(host.started(WAITER)).isZero();
    }

    @Test
    void nopThatIsHeldBackIsToldAsBegun() {
        Fault late = Fault.of(FaultKind.LATE_COMPLETION, Duration.ofMillis(1)).onRing(WAITER);
        BareHost host = new BareHost(2, 4, 2, SLICE, late);
        host.registerAll();
        host.putAfter(WAITER, 1, PRODUCER, 1, Opcode.NOP);
        host.put(PRODUCER, 1, Opcode.NOP);
        int _ = host.settle();
        assertThat(host.completed(WAITER)).isZero();
        assertThat(host.started(WAITER)).isEqualTo(1);
        host.pass(MS);
        assertThat(host.completed(WAITER)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"SUSPEND,1", "QUIESCE,1", "SUSPEND,3", "QUIESCE,3"})
    void waiterThatStoodStillMeanwhileIsToldAll(RequestKind kind, int groupSlots) {
        BareHost host = host(groupSlots);
        host.register(PRODUCER);
        await(host, 2);
        assertThat(host.answer(WAITER, kind).result()).isEqualTo(EventKind.DONE);
        host.put(PRODUCER, 1, Opcode.NOP);
        host.pass(3 * SLICE);
        assertThat(host.answer(WAITER, RequestKind.RESUME).result()).isEqualTo(EventKind.DONE);
        host.put(PRODUCER, 2, Opcode.DELAY, MS, -1);
        host.pass(SLICE);
        goesOn(host);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64})
    void chainAcrossManyRingsResolvesWithinAMoment(int groupSlots) {
        int rings = 64;
        BareHost host = new BareHost(rings, 4, groupSlots, SLICE);
        host.registerAll();
        for (int ring = 0; ring < rings - 1; ring++) {
            host.putAfter(ring, 1, ring + 1, 1, Opcode.STAMP, 8L * ring, 1);
        }
        int _ = host.settle();
        long now = host.now;
        host.put(rings - 1, 1, Opcode.NOP);
        int rounds = host.settle();
        for (int ring = 0; ring < rings; ring++) {
            assertThat(host.completed(ring)).as("ring %d", ring).isEqualTo(1);
        }
        assertThat(host.now).isEqualTo(now);
        assertThat(rounds).isLessThan(4 * rings);
    }

    @Test
    void manyWaitersDoNotKeepTheSlotsFromTheirProducer() {
        BareHost host = new BareHost(41, 4, 2, SLICE);
        host.registerAll();
        for (int ring = 0; ring < 40; ring++) {
            host.putAfter(ring, 1, 40, 2, Opcode.NOP);
        }
        host.put(40, 1, Opcode.LOOP, 3, MS, 0, -1);
        host.put(40, 2, Opcode.NOP);
        int _ = host.settle();
        assertThat(host.isOnSlot(40)).isTrue();
        host.pass(3 * MS);
        int _ = host.settle();
        for (int ring = 0; ring <= 40; ring++) {
            assertThat(host.completed(ring)).as("ring %d", ring).isEqualTo(ring == 40 ? 2 : 1);
        }
    }
}
