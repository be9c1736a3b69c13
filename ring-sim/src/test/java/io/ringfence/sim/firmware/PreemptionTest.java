package io.ringfence.sim.firmware;

import static io.ringfence.sim.firmware.BareHost.MS;
import static io.ringfence.sim.firmware.GroupSchedulingTest.SLICE;
import static io.ringfence.sim.firmware.GroupSchedulingTest.host;
import static io.ringfence.sim.firmware.GroupSchedulingTest.keepBusy;
import static io.ringfence.sim.firmware.GroupSchedulingTest.millis;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringfence.sim.layout.Opcode;
import io.ringfence.sim.layout.RequestKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How groups that have to leave their slot do so: at a border between commands, or by force. */
@Timeout(180)
class PreemptionTest {

    private static final int REALTIME = 0;
    private static final int MEDIUM = 2;

    private static void timeout(BareHost host, int ring, long nanos) {
        host.timeout(ring, nanos);
        assertThat(host.answer(ring, RequestKind.PROPERTIES).result()).isZero();
    }

    @Test
    void delayKeepsItsSlotUntilItEnds() {
        BareHost host = host(1, MEDIUM, MEDIUM);
        host.put(0, 1, Opcode.DELAY, 5 * SLICE, 1024);
        host.put(0, 2, Opcode.NOP);
        int _ = host.settle();
        long begin = host.now;
        keepBusy(host, 1);
        host.until(begin + 5 * SLICE - 1);
        assertThat(host.isOnSlot(0)).isTrue();
        host.pass(1);
        assertThat(host.completed(0)).as("its group has to leave and begins nothing new").isEqualTo(1);
        assertThat(host.word(1024)).isEqualTo(begin);
        assertThat(host.word(1032)).isEqualTo(begin + 5 * SLICE);
        int _ = host.settle();
        assertThat(host.isOnSlot(1)).isTrue();
        host.pass(SLICE);
        int _ = host.settle();
        assertThat(host.completed(0)).isEqualTo(2);
        assertThat(host.faults(0)).isZero();
    }

    @Test
    void commandThatStaysTooLongIsEndedAndTheNextOneIsExecutedLater() {
        BareHost host = host(1, MEDIUM, MEDIUM);
        timeout(host, 0, 2 * SLICE);
        host.put(0, 1, Opcode.DELAY, 100 * SLICE, -1);
        host.put(0, 2, Opcode.NOP);
        int _ = host.settle();
        long begin = host.now;
        keepBusy(host, 1);
        host.until(begin + 3 * SLICE - 1);
        assertThat(host.completed(0)).isZero();
        assertThat(host.agent.nextMoment()).isEqualTo(begin + 3 * SLICE);
        host.arm(0, 1);
        host.pass(1);
        assertThat(host.completed(0)).isEqualTo(1);
        assertThat(host.status(0, 0)).isEqualTo(Status.PREEMPT_TIMEOUT);
        assertThat(host.faults(0)).isEqualTo(1);
        assertThat(host.isOnSlot(1)).isTrue();
        assertThat(host.events()).anyMatch(event -> !event.isReply() && event.completed() == 1);
        host.pass(SLICE);
        int _ = host.settle();
        assertThat(host.completed(0)).isEqualTo(2);
        assertThat(host.status(0, 1)).isEqualTo(Status.OK);
    }

    @Test
    void strictestRingOfAGroupSaysHowLongItMayStay() {
        BareHost host = new BareHost(3, 8, 1, SLICE);
        host.describe(0, 5, MEDIUM, false, 0);
        host.describe(1, 5, MEDIUM, false, 0);
        host.timeout(0, 50 * SLICE);
        host.timeout(1, SLICE);
        host.registerAll();
        host.put(0, 1, Opcode.DELAY, 100 * SLICE, -1);
        host.put(1, 1, Opcode.LOOP, 100, MS, 8, -1);
        int _ = host.settle();
        keepBusy(host, 2);
        host.pass(2 * SLICE);
        assertThat(host.status(0, 0)).isEqualTo(Status.PREEMPT_TIMEOUT);
        assertThat(host.isOnSlot(2)).isTrue();
        assertThat(millis(host, 1)).as("it works until the group leaves")
                .isBetween(19L, 20L);
        assertThat(host.completed(1)).isZero();
    }

    @Test
    void delayOfWhoNeedsTheSlotNoLongerIsNotEnded() {
        BareHost host = host(1, MEDIUM, MEDIUM);
        timeout(host, 0, 3 * SLICE);
        host.put(0, 1, Opcode.DELAY, 10 * SLICE, -1);
        host.put(0, 2, Opcode.NOP);
        int _ = host.settle();
        keepBusy(host, 1);
        host.pass(2 * SLICE);
        host.ask(1, RequestKind.DEREGISTER);
        host.pass(8 * SLICE);
        int _ = host.settle();
        assertThat(host.status(0, 0)).as("nobody wants the slot any more").isEqualTo(Status.OK);
        assertThat(host.completed(0)).isEqualTo(2);
    }

    @Test
    void commandThatStaysTooLongIsEndedThoughOthersComeAndGoBesideIt() {
        BareHost host = host(2, MEDIUM, MEDIUM, MEDIUM, MEDIUM, MEDIUM);
        timeout(host, 0, 3 * SLICE);
        host.put(0, 1, Opcode.DELAY, 1000 * SLICE, -1);
        long[] put = new long[5];
        for (int i = 0; i < 40; i++) {
            for (int ring = 1; ring < 5; ring++) {
                if (host.completed(ring) == put[ring]) {
                    host.put(ring, ++put[ring], Opcode.DELAY, SLICE / 4, -1);
                }
            }
            host.pass(SLICE / 4);
        }
        assertThat(host.status(0, 0)).isEqualTo(Status.PREEMPT_TIMEOUT);
    }

    /** Who cannot leave has stepped behind already: the next full tick is for the one after it. */
    @Test
    void othersRotateWhileOneCannotLeave() {
        BareHost host = host(2, MEDIUM, MEDIUM, MEDIUM, MEDIUM);
        host.put(0, 1, Opcode.DELAY, 40 * SLICE, -1);
        for (int ring = 1; ring < 4; ring++) {
            keepBusy(host, ring);
        }
        host.pass(39 * SLICE);
        assertThat(host.completed(0)).isZero();
        for (int ring = 1; ring < 4; ring++) {
            assertThat(millis(host, ring)).as("ring %d", ring).isBetween(11 * SLICE / MS, 15 * SLICE / MS);
        }
    }

    @Test
    void realTimeTakesTheSlotOfWhoCanLeaveAtOnce() {
        BareHost host = host(2, MEDIUM, MEDIUM, MEDIUM, REALTIME);
        host.put(0, 1, Opcode.DELAY, 40 * SLICE, -1);
        keepBusy(host, 1);
        int _ = host.settle();
        keepBusy(host, 2);
        host.pass(SLICE + MS);
        keepBusy(host, 3);
        int _ = host.settle();
        assertThat(host.isOnSlot(0)).isTrue();
        assertThat(host.isOnSlot(3)).isTrue();
    }

    @Test
    void loopLeavesBetweenRoundsAndGoesOnLaterWithItsRounds() {
        BareHost host = host(1, MEDIUM, MEDIUM);
        // Rounds that do not divide the slice: what was left of one is left when it comes back.
        host.put(0, 1, Opcode.LOOP, 19, 3 * MS, 0, -1);
        host.put(1, 1, Opcode.LOOP, 29, 2 * MS, 8, -1);
        int _ = host.settle();
        long begin = host.now;
        host.pass(SLICE);
        long first = host.word(0) + host.word(8);
        assertThat(first).isBetween(3L, 5L);
        host.until(begin + 115 * MS - 1);
        assertThat(host.completed(0) + host.completed(1)).as("they work 57 and 58 ms, one after the other")
                .isEqualTo(1);
        host.pass(1);
        int _ = host.settle();
        assertThat(host.completed(0)).isEqualTo(1);
        assertThat(host.completed(1)).isEqualTo(1);
        assertThat(host.word(0)).isEqualTo(19);
        assertThat(host.word(8)).isEqualTo(29);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 7, 200})
    void loopTakesAsLongAsItsRounds(long rounds) {
        BareHost host = host(1, MEDIUM);
        host.put(0, 1, Opcode.LOOP, rounds, 3 * MS, 0, -1);
        int _ = host.settle();
        host.pass(rounds * 3 * MS - 1);
        assertThat(host.completed(0)).isEqualTo(rounds == 0 ? 1 : 0);
        host.pass(1);
        assertThat(host.completed(0)).isEqualTo(1);
        assertThat(host.word(0)).isEqualTo(rounds);
    }

    @Test
    void loopEndsWithTheRoundInWhichItsWordIsSet() {
        BareHost host = host(1, MEDIUM);
        host.put(0, 1, Opcode.LOOP, 100, 3 * MS, 0, 64);
        host.pass(7 * MS);
        host.word(64, 1);
        assertThat(host.completed(0)).isZero();
        host.pass(2 * MS);
        assertThat(host.completed(0)).isEqualTo(1);
        assertThat(host.word(0)).isEqualTo(3);
        assertThat(host.faults(0)).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void loopIsGivenUpAtOnceOnItsSlotAndWhenItWaitsForOne(boolean onSlot) {
        BareHost host = host(1, MEDIUM, MEDIUM);
        keepBusy(host, 0);
        host.pass(SLICE);
        if (!onSlot) {
            host.put(1, 1, Opcode.DELAY, SLICE / 2, -1);
            int _ = host.settle();
            assertThat(host.isOnSlot(0)).isFalse();
        }
        host.abort(0, 0);
        host.pass(onSlot ? 0 : SLICE / 2);
        int _ = host.settle();
        assertThat(host.status(0, 0)).isEqualTo(Status.ABORTED);
        assertThat(host.completed(0)).isEqualTo(1);
    }

    @Test
    void quiescedCommandDoesNotHoldItsGroupBackAndIsNotEnded() {
        BareHost host = host(1, MEDIUM, MEDIUM);
        timeout(host, 0, SLICE);
        host.put(0, 1, Opcode.DELAY, 5 * SLICE, -1);
        int _ = host.settle();
        assertThat(host.answer(0, RequestKind.QUIESCE)).matches(answer -> answer.started() == 1);
        keepBusy(host, 1);
        int _ = host.settle();
        assertThat(host.isOnSlot(1)).as("who is quiesced has nothing to do").isTrue();
        host.pass(3 * SLICE);
        assertThat(host.completed(0)).as("the answer was the last word").isZero();
        assertThat(host.status(0, 0)).isEqualTo(Status.OK);
    }
}
