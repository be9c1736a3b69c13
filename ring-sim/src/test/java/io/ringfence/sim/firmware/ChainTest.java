package io.ringfence.sim.firmware;

import static io.ringfence.sim.firmware.GroupSchedulingTest.SLICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringfence.sim.layout.Opcode;
import io.ringfence.sim.layout.RequestKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rings that let each other go on within a round of the firmware, and those that have waited there and do so no more. */
@Timeout(180)
class ChainTest {

    private static final int WAITER = 0;
    private static final int PRODUCER = 1;
    private static final int SOURCE = 2;
    private static final int OTHER = 3;
    private static final long TARGET = 512;

    /** Two rings whose commands wait for each other in turn, so many of the second; both wait already. */
    private static BareHost chain(int slots, int commands) {
        BareHost host = new BareHost(2, slots, 2, SLICE);
        host.register(0, 1);
        host.put(1, 1, Opcode.NOP);
        for (int link = 1; link < commands; link++) {
            host.putAfter(0, link, 1, link, Opcode.NOP);
            host.putAfter(1, link + 1, 0, link, Opcode.NOP);
        }
        int _ = host.round();
        return host;
    }

    @Test
    void ringsLetEachOtherGoOnWithinARound() {
        BareHost host = chain(64, 20);
        int first = host.round();
        assertThat(host.completed(0)).as("by ring 0 in one round").isEqualTo(19);
        assertThat(host.completed(1)).isEqualTo(20);
        assertThat(first).as("of those, at first sight").isLessThan(4);
    }

    @Test
    void ringsThatGoOnForEverDoNotKeepTheRestOfTheRound() {
        BareHost host = chain(128, 120);
        int _ = host.round();
        assertThat(host.completed(0)).isGreaterThan(2).isLessThan(100);
        host.settle();
        assertThat(host.completed(0)).isEqualTo(119);
    }

    @Test
    void commandsThatWorkLetOtherRingsInBetween() {
        BareHost host = new BareHost(3, 64, 3, SLICE);
        host.registerAll();
        host.put(2, 1, Opcode.NOP);
        int _ = host.settle();
        assertThat(host.isOnSlot(2)).isTrue();
        host.put(1, 1, Opcode.NOP);
        for (long link = 1; link <= 20; link++) {
            host.putAfter(0, link, 1, link, Opcode.STAMP, TARGET, 2 * link);
            host.putAfter(1, link + 1, 0, link, Opcode.STAMP, TARGET, 2 * link + 1);
        }
        long[] seenAfter = {0};
        host.whenAsked = () -> {
            long links = host.completed(0);
            if (links == 4) {
                host.put(2, 2, Opcode.NOP);
                host.whenAsked = () -> seenAfter[0] = seenAfter[0] == 0 && host.completed(2) == 2 ? host.completed(0)
                        : seenAfter[0];
            }
        };
        int _ = host.settle();
        assertThat(host.completed(0)).isEqualTo(20);
        assertThat(seenAfter[0]).as("links before the command of the third ring").isBetween(4L, 7L);
    }

    /** A ring waits for the producer, which waits for the source; two groups. */
    private static BareHost row(int groupSlots) {
        BareHost host = new BareHost(4, 4, groupSlots, SLICE);
        host.describe(PRODUCER, SOURCE, 2, false, 0);
        host.describe(WAITER, OTHER, 2, false, 0);
        host.registerAll();
        host.putAfter(WAITER, 1, PRODUCER, 1, Opcode.STAMP, TARGET, 1);
        host.put(WAITER, 2, Opcode.STAMP, TARGET, 2);
        host.putAfter(PRODUCER, 1, SOURCE, 1, Opcode.NOP);
        int _ = host.settle();
        return host;
    }

    private static void completeProducer(BareHost host) {
        host.put(SOURCE, 1, Opcode.NOP);
        for (int rounds = 0; host.completed(PRODUCER) == 0; rounds++) {
            assertThat(rounds).as("rounds").isLessThan(100);
            int _ = host.round();
        }
    }

    @Test
    void threeRingsInARowGoOnInOneRound() {
        BareHost host = row(3);
        completeProducer(host);
        assertThat(host.completed(WAITER)).isPositive();
    }

    @Test
    void ringThatHasLeftItsSlotDoesNotGoOnWithTheOneItWaitsFor() {
        BareHost host = row(1);
        completeProducer(host);
        assertThat(host.isOnSlot(WAITER)).isFalse();
        assertThat(host.completed(WAITER)).isZero();
        host.pass(3 * SLICE);
        assertThat(host.completed(WAITER)).isEqualTo(2);
        assertThat(host.word(TARGET)).isEqualTo(2);
    }

    @Test
    void ringThatHasGoneDoesNotGoOnWithTheOneItHasWaitedFor() {
        BareHost host = row(3);
        // Its group stays where it is, for another ring.
        boolean _ = host.answer(WAITER, RequestKind.DEREGISTER).isReply();
        host.put(SOURCE, 1, Opcode.NOP);
        host.pass(3 * SLICE);
        assertThat(host.completed(PRODUCER)).isEqualTo(1);
        assertThat(host.completed(WAITER)).isZero();
        assertThat(host.word(TARGET)).as("what a ring that has gone would write").isZero();
    }
}
