package io.ringfence.sim.firmware;

import static io.ringfence.sim.firmware.BareHost.MS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.ringfence.sim.layout.Geometry;
import io.ringfence.sim.layout.Opcode;
import io.ringfence.sim.layout.RequestKind;
import io.ringfence.sim.layout.RingLayout;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets a slot of the device, and when. */
@Timeout(180)
class GroupSchedulingTest {

    static final long SLICE = 10 * MS;
    private static final int REALTIME = 0;
    private static final int MEDIUM = 2;
    static final long ENDLESS = Long.MAX_VALUE;

    /** A host whose rings have these group priorities; all registered, each a group of its own. */
    static BareHost host(int groupSlots, int... priorities) {
        BareHost host = new BareHost(priorities.length, 8, groupSlots, SLICE);
        for (int ring = 0; ring < priorities.length; ring++) {
            host.groupPriority(ring, priorities[ring]);
        }
        host.registerAll();
        return host;
    }

    private static int[] all(int count, int priority) {
        return IntStream.generate(() -> priority).limit(count).toArray();
    }

    /** Work without end whose rounds, told at a word of the arena, are the milliseconds that it was on a slot. */
    static void keepBusy(BareHost host, int ring) {
        host.put(ring, 1, Opcode.LOOP, ENDLESS, MS, 8L * ring, -1);
    }

    static long millis(BareHost host, int ring) {
        return host.word(8L * ring);
    }

    static List<Integer> onSlots(BareHost host) {
        List<Integer> on = new ArrayList<>();
        for (int ring = 0; ring < host.geometry.rings(); ring++) {
            if (host.isOnSlot(ring)) {
                on.add(ring);
            }
        }
        return on;
    }

    // ---- slots

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void neverMoreGroupsThanSlotsAreOnTheDeviceAndNothingIsForgotten(int groupSlots) {
        Storm storm = new Storm(1000 + groupSlots, 40, groupSlots, 0);
        storm.run(6000);
        storm.finish();
        assertThat(storm.seen).as("groups that were on a slot").hasSizeGreaterThan(20);
    }

    @Test
    void groupIsOnOneSlotOnly() {
        BareHost host = new BareHost(2, 2048, 4, SLICE);
        host.registerAll();
        for (int i = 1; i <= 1000; i++) {
            host.put(0, i, Opcode.NOP);
        }
        host.doorbell(0);
        host.doorbell(0);
        long before = 0;
        while (host.completed(0) < 1000) {
            host.doorbell(0);
            int _ = host.round();
            assertThat(host.completed(0) - before).isBetween(1L, 256L);
            before = host.completed(0);
        }
    }

    @Test
    void nothingTicksWhenEverybodyHasASlot() {
        BareHost host = host(2, MEDIUM, MEDIUM);
        keepBusy(host, 0);
        host.put(1, 1, Opcode.DELAY, 1000 * SLICE, -1);
        int _ = host.settle();
        assertThat(onSlots(host)).containsExactly(0, 1);
        assertThat(host.agent.nextMoment()).as("the end of the loop's round").isEqualTo(host.now + MS);
        BareHost idle = host(2, MEDIUM, MEDIUM);
        idle.put(0, 1, Opcode.NOP);
        idle.pass(SLICE);
        assertThat(idle.agent.nextMoment()).isEqualTo(Long.MAX_VALUE);
        assertThat(idle.agent.hasWork()).isFalse();
    }

    @Test
    void tickingEndsWhenWhoWaitedIsGone() {
        BareHost host = host(1, MEDIUM, MEDIUM);
        host.put(0, 1, Opcode.DELAY, 100 * SLICE, -1);
        int _ = host.settle();
        keepBusy(host, 1);
        host.pass(SLICE / 2);
        host.ask(1, RequestKind.DEREGISTER);
        host.pass(2 * SLICE);
        assertThat(host.agent.nextMoment()).as("the end of the delay")
                .isEqualTo(host.now + 100 * SLICE - 2 * SLICE - SLICE / 2);
    }

    @Test
    void idleGroupGivesWayAtOnce() {
        BareHost host = host(1, MEDIUM, MEDIUM);
        keepBusy(host, 0);
        host.pass(3 * MS);
        host.put(0, 2, Opcode.NOP);
        host.abort(0, 0);
        int _ = host.settle();
        assertThat(host.completed(0)).isEqualTo(2);
        assertThat(host.isOnSlot(0)).as("nobody else wants the slot").isTrue();
        keepBusy(host, 1);
        int _ = host.settle();
        assertThat(onSlots(host)).containsExactly(1);
        assertThat(host.residence(0)).isEqualTo(RingLayout.RESIDENCE_AWAY);
        host.pass(2 * MS);
        assertThat(millis(host, 1)).isEqualTo(2);
    }

    @Test
    void doorbellIsNeededOnlyWhenTheRingIsAway() {
        BareHost host = host(1, MEDIUM, MEDIUM);
        assertThat(host.residence(0)).isEqualTo(RingLayout.RESIDENCE_AWAY);
        // Stamped behind the firmware's back: nobody is to look at it.
        host.memory.longRelease(host.slot(0, 0) + RingLayout.STAMP_OFFSET, RingLayout.word(BareHost.EPOCH, 1));
        host.pass(SLICE);
        assertThat(host.completed(0)).isZero();
        host.doorbell(0);
        int _ = host.settle();
        assertThat(host.completed(0)).isEqualTo(1);
        // On its slot, and waiting for one, it is found without a doorbell.
        host.memory.longRelease(host.slot(0, 1) + RingLayout.STAMP_OFFSET, RingLayout.word(BareHost.EPOCH, 2));
        int _ = host.settle();
        assertThat(host.completed(0)).isEqualTo(2);
        keepBusy(host, 1);
        int _ = host.settle();
        host.memory.longRelease(host.slot(0, 2) + RingLayout.STAMP_OFFSET, RingLayout.word(BareHost.EPOCH, 3));
        host.doorbell(0);
        int _ = host.round();
        assertThat(host.residence(0)).isEqualTo(RingLayout.RESIDENCE_QUEUED);
        host.memory.longRelease(host.slot(0, 3) + RingLayout.STAMP_OFFSET, RingLayout.word(BareHost.EPOCH, 4));
        host.pass(2 * SLICE);
        assertThat(host.completed(0)).isEqualTo(4);
    }

    // ---- rotation

    /** One group in each slice steps behind the others: whoever is ahead has had a stay on a slot more, of as many slices as slots. */
    @ParameterizedTest
    @CsvSource({"2,1", "3,1", "7,1", "3,2", "5,2", "8,4", "13,5", "9,8"})
    void groupsOfOnePriorityHaveEqualShares(int count, int groupSlots) {
        BareHost host = host(groupSlots, all(count, MEDIUM));
        for (int ring = 0; ring < count; ring++) {
            keepBusy(host, ring);
        }
        long slices = 50L * count;
        host.pass(slices * SLICE);
        long sum = 0;
        for (int ring = 0; ring < count; ring++) {
            assertThat(millis(host, ring)).as("ring %d", ring).isBetween(
                    (slices * groupSlots / count - groupSlots) * SLICE / MS,
                    (slices * groupSlots / count + groupSlots) * SLICE / MS);
            sum += millis(host, ring);
        }
        // The last round of a stay is told when the next stay begins.
        assertThat(sum).as("no slot is ever empty").isBetween(slices * groupSlots * SLICE / MS - count,
                slices * groupSlots * SLICE / MS);
    }

    @Test
    void whoWaitsGetsASlotInTheOrderOfComing() {
        BareHost host = host(1, all(4, MEDIUM));
        for (int ring = 0; ring < 4; ring++) {
            keepBusy(host, 3 - ring);
        }
        int _ = host.settle();
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            host.pass(SLICE);
            order.addAll(onSlots(host));
        }
        assertThat(order.subList(0, 4)).isEqualTo(order.subList(4, 8)).doesNotHaveDuplicates();
    }

    @Test
    void whoHasJustComeKeepsItsSlotForASlice() {
        BareHost host = host(1, MEDIUM, MEDIUM);
        keepBusy(host, 0);
        int _ = host.settle();
        host.now += 1;
        keepBusy(host, 1);
        int _ = host.settle();
        assertThat(onSlots(host)).containsExactly(0);
        host.pass(SLICE - 2);
        assertThat(onSlots(host)).containsExactly(0);
        host.pass(1);
        assertThat(onSlots(host)).containsExactly(1);
    }

    @Test
    void whoHasBeenAloneForLongerThanASliceGivesWayAtOnce() {
        BareHost host = host(1, MEDIUM, MEDIUM);
        keepBusy(host, 0);
        host.pass(5 * SLICE);
        keepBusy(host, 1);
        int _ = host.settle();
        assertThat(onSlots(host)).containsExactly(1);
    }

    @Test
    void immediateTicksDoNotShiftTheNextFullOne() {
        BareHost host = host(2, MEDIUM, MEDIUM, MEDIUM, REALTIME);
        keepBusy(host, 0);
        keepBusy(host, 1);
        keepBusy(host, 2);
        host.pass(3 * SLICE);
        long moment = host.now + SLICE;
        for (int i = 1; i <= 9; i++) {
            host.put(3, i, Opcode.DELAY, MS / 4, -1);
            host.pass(MS);
            assertThat(host.completed(3)).isEqualTo(i);
        }
        host.until(moment - 1);
        List<Integer> before = onSlots(host);
        host.until(moment);
        assertThat(onSlots(host)).isNotEqualTo(before).hasSize(2);
    }

    @Test
    void nobodyOfThePriorityStarvesBesideManyShortOnes() {
        BareHost host = host(2, all(10, MEDIUM));
        for (int ring = 0; ring < 4; ring++) {
            keepBusy(host, ring);
        }
        long[] put = new long[10];
        for (int i = 0; i < 1000; i++) {
            for (int ring = 4; ring < 10; ring++) {
                if (host.completed(ring) == put[ring]) {
                    host.put(ring, ++put[ring], Opcode.DELAY, MS / 2, -1);
                }
            }
            host.pass(MS);
        }
        for (int ring = 0; ring < 4; ring++) {
            assertThat(millis(host, ring)).as("ring %d", ring).isGreaterThan(100);
        }
        for (int ring = 4; ring < 10; ring++) {
            assertThat(put[ring]).as("ring %d", ring).isGreaterThan(10);
        }
    }

    @Test
    void tenThousandRingsOnSixteenSlotsAllGetTheirTurn() {
        int rings = 10_000;
        BareHost host = new BareHost(new Geometry(rings, 2, 16, 1 << 15, BareHost.ARENA, SLICE));
        for (int ring = 0; ring < rings; ring++) {
            host.groupPriority(ring, ring % 3 + 1);
        }
        host.registerAll();
        for (int ring = 0; ring < rings; ring++) {
            host.put(ring, 1, Opcode.STAMP, 8L * ring, ring + 1);
        }
        long before = host.heartbeat();
        int rounds = host.settle();
        for (int ring = 0; ring < rings; ring++) {
            assertThat(host.completed(ring)).isEqualTo(1);
            assertThat(host.word(8L * ring)).isEqualTo(ring + 1);
        }
        assertThat(host.heartbeat() - before).isEqualTo(rounds).isLessThan(rings / 16 + 10);
    }
}
