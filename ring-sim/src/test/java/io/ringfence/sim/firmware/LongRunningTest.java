package io.ringfence.sim.firmware;

import static io.ringfence.sim.firmware.BareHost.MS;
import static io.ringfence.sim.firmware.GroupSchedulingTest.SLICE;
import static io.ringfence.sim.firmware.GroupSchedulingTest.keepBusy;
import static io.ringfence.sim.firmware.GroupSchedulingTest.millis;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import io.ringfence.sim.layout.EventKind;
import io.ringfence.sim.layout.Opcode;
import io.ringfence.sim.layout.RequestKind;
import io.ringfence.sim.layout.RingLayout;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rings whose commands are not completed, and how they share the device with the others. */
@Timeout(180)
class LongRunningTest {

    private static final int MEDIUM = 2;

    /** A host whose first rings are long-running, each ring a group of its own. */
    private static BareHost host(int rings, int longRunning, int groupSlots, long minRun) {
        BareHost host = new BareHost(rings, 8, groupSlots, SLICE);
        for (int ring = 0; ring < rings; ring++) {
            host.describe(ring, ring, MEDIUM, ring < longRunning, minRun);
        }
        host.registerAll();
        return host;
    }

    @Test
    void commandsAreNotCompletedButTheirSlotsAreFree() {
        BareHost host = host(1, 1, 1, 0);
        List<BareHost.Event> _ = host.events();
        long word = host.completionWord(0);
        host.put(0, 1, Opcode.NOP);
        host.put(0, 2, Opcode.STAMP, 0, 5);
        host.put(0, 3, 255);
        host.put(0, 4, Opcode.DELAY, MS, -1);
        host.pass(MS);
        assertThat(host.retired(0)).isEqualTo(4);
        assertThat(host.completionWord(0)).isEqualTo(word);
        assertThat(host.word(0)).isEqualTo(5);
        assertThat(host.status(0, 2)).isEqualTo(Status.BAD_OPCODE);
        assertThat(host.events()).as("nobody has asked").isEmpty();
    }

    @Test
    void whoeverHasAskedIsToldThatSlotsAreFree() {
        BareHost host = host(1, 1, 1, 0);
        List<BareHost.Event> _ = host.events();
        int before = host.interrupts;
        host.arm(0, 2);
        host.put(0, 1, Opcode.NOP);
        int _ = host.settle();
        assertThat(host.events()).isEmpty();
        host.put(0, 2, Opcode.STAMP, 0, 5);
        host.put(0, 3, Opcode.NOP);
        int _ = host.settle();
        assertThat(host.events()).singleElement().matches(
                event -> event.kind() == EventKind.COMPLETION && event.completed() >= 2 && event.started() >= 2);
        assertThat(host.interrupts).isGreaterThan(before);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsGivenUpEndsThoughItsRingIsSuspended(boolean onSlot) {
        BareHost host = host(2, 2, 1, 0);
        host.put(0, 1, Opcode.LOOP, 1000, MS, 0, -1);
        host.put(0, 2, Opcode.STAMP, 8, 1);
        host.put(0, 3, Opcode.STAMP, 16, 1);
        int _ = host.settle();
        host.pass(3 * MS);
        assertThat(host.answer(0, RequestKind.SUSPEND).result()).isEqualTo(EventKind.DONE);
        if (!onSlot) {
            keepBusy(host, 1);
            host.pass(2 * SLICE);
            assertThat(host.isOnSlot(0)).isFalse();
        }
        host.abort(0, 0);
        host.abort(0, 1);
        host.doorbell(0);
        host.pass(3 * SLICE);
        assertThat(host.retired(0)).isEqualTo(2);
        assertThat(List.of(host.status(0, 0), host.status(0, 1))).containsOnly(Status.ABORTED);
        assertThat(millis(host, 0)).as("nothing was executed").isEqualTo(3);
        assertThat(host.word(16)).isZero();
        assertThat(host.answer(0, RequestKind.RESUME).result()).isEqualTo(EventKind.DONE);
        host.pass(3 * SLICE);
        assertThat(host.word(16)).isEqualTo(1);
    }

    @Test
    void resumedRingStaysStillAsLongAsTheDeviceDoes() {
        BareHost host = host(1, 1, 1, 0);
        keepBusy(host, 0);
        host.pass(MS);
        assertThat(host.answer(0, RequestKind.SUSPEND).result()).isEqualTo(EventKind.DONE);
        long stopped = millis(host, 0);
        assertThat(host.answer(-1, RequestKind.QUIESCE).result()).isEqualTo(EventKind.DONE);
        assertThat(host.answer(0, RequestKind.RESUME).result()).isEqualTo(EventKind.DONE);
        host.pass(3 * SLICE);
        assertThat(millis(host, 0)).isEqualTo(stopped);
        assertThat(host.answer(-1, RequestKind.RESUME).result()).isEqualTo(EventKind.DONE);
        host.pass(3 * SLICE);
        assertThat(millis(host, 0)).isGreaterThan(stopped);
    }

    @Test
    void suspendedRingStaysSuspendedThroughTheReset() {
        BareHost host = host(1, 1, 1, 0);
        keepBusy(host, 0);
        host.pass(MS);
        assertThat(host.answer(0, RequestKind.SUSPEND).result()).isEqualTo(EventKind.DONE);
        assertThat(host.answer(-1, RequestKind.QUIESCE).result()).isEqualTo(EventKind.DONE);
        assertThat(host.answer(-1, RequestKind.RESET).result()).isEqualTo(EventKind.DONE);
        host.epoch(0, BareHost.EPOCH + 1);
        assertThat(host.answer(0, RequestKind.RESET).result()).isEqualTo(EventKind.DONE);
        host.put(0, 7, Opcode.STAMP, 512, 1);
        host.pass(3 * SLICE);
        assertThat(host.word(512)).isZero();
        assertThat(host.answer(0, RequestKind.RESUME).result()).isEqualTo(EventKind.DONE);
        host.pass(3 * SLICE);
        assertThat(host.word(512)).isEqualTo(1);
    }

    @Test
    void slotsAreUsedRoundAndRound() {
        BareHost host = host(1, 1, 1, 0);
        for (int i = 1; i <= 50; i++) {
            host.put(0, i, Opcode.STAMP, 0, i);
            int _ = host.settle();
            assertThat(host.retired(0)).isEqualTo(i);
            assertThat(host.word(0)).isEqualTo(i);
        }
    }

    @Test
    void nativeWaitForALongRunningRingFails() {
        BareHost host = host(2, 1, 2, 0);
        host.put(0, 1, Opcode.NOP);
        int _ = host.settle();
        host.putAfter(1, 1, 0, 1, Opcode.NOP);
        int _ = host.settle();
        assertThat(host.status(1, 0)).isEqualTo(Status.WAIT_FAILED);
        assertThat(host.completed(1)).isEqualTo(1);
    }

    @Test
    void longRunningCommandWaitsForAnOrdinaryRing() {
        BareHost host = host(2, 1, 2, 0);
        host.putAfter(0, 1, 1, 1, Opcode.STAMP, 512, 1);
        host.pass(SLICE);
        assertThat(host.retired(0)).isZero();
        host.put(1, 1, Opcode.NOP);
        int _ = host.settle();
        assertThat(host.retired(0)).isEqualTo(1);
        assertThat(host.word(512)).isEqualTo(1);
    }

    @Test
    void groupIsEitherLongRunningOrNot() {
        BareHost host = new BareHost(2, 8, 1, SLICE);
        host.describe(0, 1, MEDIUM, true, 0);
        host.describe(1, 1, MEDIUM, false, 0);
        host.register(0);
        assertThat(host.answer(1, RequestKind.REGISTER).result()).isEqualTo(EventKind.REFUSED);
        assertThat(host.state(1)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8})
    void neverBothKindsAreOnTheDevice(int groupSlots) {
        Storm storm = new Storm(77 + groupSlots, 24, groupSlots, 0.5);
        storm.run(6000);
        storm.finish();
        assertThat(storm.seen).hasSizeGreaterThan(12);
    }

    @Test
    void bothKindsAlternateByTheSlice() {
        BareHost host = host(4, 2, 2, 0);
        for (int ring = 0; ring < 4; ring++) {
            keepBusy(host, ring);
        }
        host.pass(100 * SLICE);
        for (int ring = 0; ring < 4; ring++) {
            assertThat(millis(host, ring)).as("ring %d", ring).isBetween(48 * SLICE / MS, 52 * SLICE / MS);
        }
    }

    @Test
    void otherKindComesAtOnceWhenThePresentOneHasNothingToDo() {
        BareHost host = host(2, 1, 2, 0);
        keepBusy(host, 0);
        host.pass(MS);
        keepBusy(host, 1);
        int _ = host.settle();
        assertThat(host.isOnSlot(0)).isTrue();
        host.abort(0, 0);
        int _ = host.settle();
        assertThat(host.isOnSlot(0)).isFalse();
        assertThat(host.isOnSlot(1)).isTrue();
    }

    @Test
    void modeThatIsAboutToChangeWaitsForADelayAndThenChanges() {
        BareHost host = host(3, 1, 2, 0);
        host.put(1, 1, Opcode.DELAY, 2 * SLICE + MS, -1);
        host.put(1, 2, Opcode.DELAY, 2 * SLICE + MS, -1);
        host.put(1, 3, Opcode.DELAY, 2 * SLICE + MS, -1);
        keepBusy(host, 2);
        int _ = host.settle();
        keepBusy(host, 0);
        host.pass(2 * SLICE);
        assertThat(host.isOnSlot(0)).isFalse();
        host.pass(MS);
        int _ = host.settle();
        assertThat(host.isOnSlot(0)).as("after the first delay").isTrue();
        host.pass(SLICE - MS);
        assertThat(millis(host, 0)).as("it has a slice from when it came").isGreaterThanOrEqualTo(SLICE / MS - 2);
        host.pass(20 * SLICE);
        assertThat(host.completed(1)).isEqualTo(3);
        assertThat(host.faults(1)).isZero();
    }

    @Test
    void longRunningGroupIsLeftAloneForItsMinimumRunPeriodByOthersOfItsKind() {
        long minRun = 3 * SLICE + 5 * MS;
        BareHost host = host(2, 2, 1, minRun);
        keepBusy(host, 0);
        int _ = host.settle();
        long begin = host.now;
        keepBusy(host, 1);
        host.until(begin + minRun - 1);
        assertThat(host.isOnSlot(0)).isTrue();
        host.pass(1);
        int _ = host.settle();
        assertThat(host.isOnSlot(1)).isTrue();
    }

    @Test
    void longRunningGroupIsLeftAloneForItsMinimumRunPeriodByTheOtherKind() {
        long minRun = 3 * SLICE + 5 * MS;
        BareHost host = host(2, 1, 2, minRun);
        keepBusy(host, 0);
        int _ = host.settle();
        long begin = host.now;
        keepBusy(host, 1);
        host.until(begin + minRun - 1);
        assertThat(host.isOnSlot(0)).isTrue();
        host.pass(1);
        int _ = host.settle();
        assertThat(host.isOnSlot(1)).isTrue();
    }

    @Test
    void minimumRunPeriodIsForLongRunningGroupsOnly() {
        BareHost host = host(2, 0, 1, 10 * SLICE);
        keepBusy(host, 0);
        int _ = host.settle();
        keepBusy(host, 1);
        host.pass(SLICE);
        int _ = host.settle();
        assertThat(host.isOnSlot(1)).isTrue();
    }

    @Test
    void suspensionIsAnsweredNoEarlierThanTheMinimumRunPeriodIsOver() {
        long minRun = 2 * SLICE;
        BareHost host = host(1, 1, 1, minRun);
        List<BareHost.Event> _ = host.events();
        keepBusy(host, 0);
        int _ = host.settle();
        long begin = host.now;
        host.pass(MS);
        host.ask(0, RequestKind.SUSPEND);
        host.until(begin + minRun - 1);
        assertThat(host.replies()).isEmpty();
        assertThat(host.state(0) & RingLayout.STATE_SUSPENDED).isZero();
        host.pass(1);
        assertThat(host.replies()).singleElement().matches(
                event -> event.isReply(RequestKind.SUSPEND, EventKind.DONE) && event.started() == 1);
        assertThat(host.state(0) & RingLayout.STATE_SUSPENDED).isNotZero();
    }

    @Test
    void suspendedLoopGoesOnWithItsRounds() {
        BareHost host = host(1, 1, 1, 0);
        host.put(0, 1, Opcode.LOOP, 10, 4 * MS, 0, -1);
        int _ = host.settle();
        host.pass(9 * MS);
        assertThat(host.answer(0, RequestKind.SUSPEND).result()).isEqualTo(EventKind.DONE);
        host.pass(100 * SLICE);
        assertThat(millis(host, 0)).isEqualTo(2);
        assertThat(host.answer(0, RequestKind.RESUME).result()).isEqualTo(EventKind.DONE);
        host.pass(3 * MS - 1);
        assertThat(millis(host, 0)).isEqualTo(2);
        host.pass(1);
        assertThat(millis(host, 0)).isEqualTo(3);
        host.pass(28 * MS - 1);
        assertThat(host.retired(0)).isZero();
        host.pass(1);
        assertThat(host.retired(0)).isEqualTo(1);
        assertThat(millis(host, 0)).isEqualTo(10);
    }
}
