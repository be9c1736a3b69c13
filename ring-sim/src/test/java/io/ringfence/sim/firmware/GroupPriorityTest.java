package io.ringfence.sim.firmware;

import static io.ringfence.sim.firmware.BareHost.MS;
import static io.ringfence.sim.firmware.GroupSchedulingTest.ENDLESS;
import static io.ringfence.sim.firmware.GroupSchedulingTest.SLICE;
import static io.ringfence.sim.firmware.GroupSchedulingTest.host;
import static io.ringfence.sim.firmware.GroupSchedulingTest.keepBusy;
import static io.ringfence.sim.firmware.GroupSchedulingTest.millis;
import static io.ringfence.sim.firmware.GroupSchedulingTest.onSlots;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import io.ringfence.sim.layout.Opcode;
import io.ringfence.sim.layout.RequestKind;
import io.ringfence.sim.layout.RingLayout;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is preferred for a slot of the device, and who gives way because it waits for others. */
@Timeout(180)
class GroupPriorityTest {

    private static final int REALTIME = 0;
    private static final int HIGH = 1;
    private static final int MEDIUM = 2;
    private static final int LOW = 3;

    // ---- priorities

    @Test
    void highPriorityComesFirstAndLowRunsWhenItIsIdle() {
        BareHost host = host(1, LOW, HIGH, HIGH);
        keepBusy(host, 0);
        keepBusy(host, 1);
        keepBusy(host, 2);
        host.pass(20 * SLICE);
        assertThat(millis(host, 0)).isLessThanOrEqualTo(SLICE / MS);
        assertThat(millis(host, 1) + millis(host, 2)).isGreaterThanOrEqualTo(19 * SLICE / MS);
        assertThat(Math.abs(millis(host, 1) - millis(host, 2))).isLessThanOrEqualTo(SLICE / MS);
        host.abort(1, 0);
        host.abort(2, 0);
        host.pass(2 * SLICE);
        assertThat(onSlots(host)).containsExactly(0);
        long low = millis(host, 0);
        host.pass(20 * SLICE);
        assertThat(millis(host, 0)).isEqualTo(low + 20 * SLICE / MS);
    }

    @ParameterizedTest
    @ValueSource(ints = {HIGH, MEDIUM, LOW})
    void realTimePushesOffAtOnceAndIsNotPushedOff(int priority) {
        BareHost host = host(1, priority, REALTIME, HIGH);
        keepBusy(host, 0);
        host.pass(SLICE / 2);
        keepBusy(host, 1);
        int _ = host.settle();
        assertThat(onSlots(host)).containsExactly(1);
        keepBusy(host, 2);
        host.pass(10 * SLICE);
        assertThat(onSlots(host)).containsExactly(1);
        assertThat(millis(host, 1)).isEqualTo(10 * SLICE / MS);
        assertThat(millis(host, 2)).isZero();
    }

    @Test
    void onlyRealTimePushesOffBeforeTheSliceIsOver() {
        BareHost host = host(1, LOW, HIGH);
        keepBusy(host, 0);
        int _ = host.settle();
        host.now += MS;
        keepBusy(host, 1);
        host.pass(SLICE - MS - 1);
        assertThat(onSlots(host)).containsExactly(0);
        host.pass(1);
        assertThat(onSlots(host)).containsExactly(1);
    }

    @Test
    void realTimeGroupsShareByTheSlice() {
        BareHost host = host(1, REALTIME, REALTIME, HIGH);
        keepBusy(host, 0);
        int _ = host.settle();
        keepBusy(host, 1);
        keepBusy(host, 2);
        int _ = host.settle();
        assertThat(onSlots(host)).containsExactly(0);
        host.pass(20 * SLICE);
        for (int ring = 0; ring < 2; ring++) {
            assertThat(millis(host, ring)).isBetween(10 * SLICE / MS - 1, 10 * SLICE / MS);
        }
        assertThat(millis(host, 2)).isZero();
    }

    @Test
    void priorityOfAQueuedGroupChanges() {
        BareHost host = host(1, HIGH, LOW, LOW);
        keepBusy(host, 0);
        host.pass(SLICE);
        keepBusy(host, 1);
        keepBusy(host, 2);
        host.pass(3 * SLICE);
        assertThat(onSlots(host)).containsExactly(0);
        host.groupPriority(2, REALTIME);
        host.ask(2, RequestKind.PROPERTIES);
        int _ = host.settle();
        assertThat(onSlots(host)).containsExactly(2);
        host.groupPriority(2, LOW);
        host.ask(2, RequestKind.PROPERTIES);
        host.pass(SLICE);
        assertThat(onSlots(host)).containsExactly(0);
    }

    @Test
    void groupThatIsRealTimeNoLongerGivesWayAtOnce() {
        BareHost host = host(1, REALTIME, REALTIME);
        keepBusy(host, 0);
        int _ = host.settle();
        keepBusy(host, 1);
        int _ = host.settle();
        assertThat(onSlots(host)).containsExactly(0);
        host.groupPriority(0, LOW);
        host.ask(0, RequestKind.PROPERTIES);
        int _ = host.settle();
        assertThat(onSlots(host)).containsExactly(1);
    }

    @Test
    void ringsOfAGroupComeAndGoTogetherAndTheFirstOfThemGoesFirst() {
        BareHost host = new BareHost(4, 8, 1, SLICE);
        for (int ring = 0; ring < 3; ring++) {
            host.describe(ring, 5, MEDIUM, false, 0);
            host.ringPriority(ring, 5 * ring);
        }
        host.registerAll();
        keepBusy(host, 3);
        host.pass(SLICE);
        for (int ring = 0; ring < 3; ring++) {
            host.put(ring, 1, Opcode.COPY, 512, 512 + 8 * (ring + 1), 8);
            host.put(ring, 2, Opcode.STAMP, 512, ring + 1);
            host.put(ring, 3, Opcode.LOOP, ENDLESS, MS, 8L * ring, -1);
        }
        host.pass(SLICE);
        int _ = host.settle();
        // Each copies what the one before it left: 2 found nothing, then 1 found 3, then 0 found 2.
        assertThat(List.of(host.word(536), host.word(528), host.word(520))).containsExactly(0L, 3L, 2L);
        for (int i = 0; i < 40; i++) {
            boolean on = host.isOnSlot(0);
            assertThat(onSlots(host)).isEqualTo(on ? List.of(0, 1, 2) : List.of(3));
            host.pass(SLICE / 4);
        }
        assertThat(millis(host, 1)).isEqualTo(millis(host, 0)).isEqualTo(millis(host, 2)).isGreaterThan(30);
        host.ringPriority(0, 15);
        assertThat(host.answer(0, RequestKind.PROPERTIES).result()).isZero();
    }

    // ---- those that wait for others

    @Test
    void groupThatWaitsForAnotherGivesWayAndComesBack() {
        BareHost host = host(1, MEDIUM, MEDIUM, MEDIUM);
        host.putAfter(0, 1, 1, 1, Opcode.NOP);
        int _ = host.settle();
        assertThat(host.state(0) & RingLayout.STATE_WAITING).isNotZero();
        host.put(1, 1, Opcode.DELAY, 3 * MS, -1);
        int _ = host.settle();
        assertThat(onSlots(host)).as("no slice has passed").containsExactly(1);
        assertThat(host.residence(0)).as("the firmware looks at it by itself").isEqualTo(RingLayout.RESIDENCE_QUEUED);
        host.pass(3 * MS);
        assertThat(host.completed(0)).isEqualTo(1);
        assertThat(host.state(0) & RingLayout.STATE_WAITING).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void groupThatWaitsForAStampGivesWayAndComesBack(boolean writtenByTheHost) {
        BareHost host = host(1, MEDIUM, MEDIUM);
        host.put(0, 1, Opcode.WAIT, 1024, 7);
        int _ = host.settle();
        assertThat(host.state(0) & RingLayout.STATE_WAITING).isNotZero();
        host.put(1, 1, Opcode.DELAY, MS, -1);
        if (!writtenByTheHost) {
            host.put(1, 2, Opcode.STAMP, 1024, 7);
        }
        host.put(1, 3, Opcode.DELAY, MS, -1);
        int _ = host.settle();
        assertThat(onSlots(host)).containsExactly(1);
        host.pass(MS);
        if (writtenByTheHost) {
            host.word(1024, 6);
            int _ = host.settle();
            assertThat(host.residence(0)).isEqualTo(RingLayout.RESIDENCE_QUEUED);
            host.word(1024, 7);
        }
        host.pass(MS);
        assertThat(host.completed(0)).isEqualTo(1);
        assertThat(host.faults(0)).isZero();
    }
}
