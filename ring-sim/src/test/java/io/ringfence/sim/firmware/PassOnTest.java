package io.ringfence.sim.firmware;

import static io.ringfence.sim.firmware.GroupSchedulingTest.SLICE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import io.ringfence.sim.faults.Fault;
import io.ringfence.sim.faults.FaultKind;
import io.ringfence.sim.layout.Opcode;
import io.ringfence.sim.layout.RequestKind;
import io.ringfence.sim.layout.RingLayout;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that only wait, one after the other within a round: the short way takes nothing from what the long way heeds. */
@Timeout(180)
class PassOnTest {

    private static final int WAITER = 0;
    private static final int SOURCE = 1;
    private static final int PRODUCER = 2;
    private static final int OTHER = 3;
    private static final int YET_ANOTHER = 6;
    private static final int BESIDE_WAITER = 4;
    private static final int BESIDE_PRODUCER = 5;
    private static final int LINKS = 20;
    private static final int MIDDLE = 10;
    /** More than the links of a round. */
    private static final int FOLLOWED = 128;
    private static final long TARGET = 512;

    /** Rings that are on slots, where they are looked at in the order of their numbers; each has completed one command. */
    private static BareHost host(BareHost host, int... rings) {
        for (int ring : rings) {
            host.register(ring);
            host.put(ring, 1, Opcode.NOP);
            int _ = host.settle();
            assertThat(host.isOnSlot(ring)).isTrue();
        }
        return host;
    }

    private static void putLinks(BareHost host, int from, int to) {
        for (int link = from; link <= to; link++) {
            host.putAfter(PRODUCER, link, WAITER, link - 1, Opcode.NOP);
            host.putAfter(WAITER, link, PRODUCER, link, Opcode.NOP);
        }
    }

    /** Whoever waits for the source goes on once, and then those that wait for each other. */
    private static void begin(BareHost host) {
        host.put(SOURCE, 2, Opcode.NOP);
        int _ = host.settle();
    }

    private static void putFirstLink(BareHost host) {
        host.putAfter(PRODUCER, 2, SOURCE, 2, Opcode.NOP);
        host.putAfter(WAITER, 2, PRODUCER, 2, Opcode.NOP);
    }

    private static BareHost chain() {
        BareHost host = host(new BareHost(3, 64, 3, SLICE), WAITER, SOURCE, PRODUCER);
        putFirstLink(host);
        return host;
    }

    private static void areOk(BareHost host, int ring, int through) {
        for (int seqno = 1; seqno <= through; seqno++) {
            assertThat(host.status(ring, seqno - 1)).as("of command " + seqno).isEqualTo(Status.OK);
        }
    }

    @Test
    void allGoOnInOneRound() {
        BareHost host = chain();
        putLinks(host, 3, LINKS);
        int _ = host.settle();
        host.put(SOURCE, 2, Opcode.NOP);
        int _ = host.round();
        assertThat(host.completed(WAITER)).isEqualTo(LINKS);
        assertThat(host.completed(PRODUCER)).isEqualTo(LINKS);
        areOk(host, WAITER, LINKS);
        areOk(host, PRODUCER, LINKS);
        assertThat(host.state(WAITER) & RingLayout.STATE_WAITING).isZero();
    }

    @Test
    void commandWithAnEffectAmongThemHasIt() {
        BareHost host = chain();
        putLinks(host, 3, MIDDLE);
        host.put(WAITER, MIDDLE + 1, Opcode.STAMP, TARGET, 7);
        host.putAfter(PRODUCER, MIDDLE + 1, WAITER, MIDDLE + 1, Opcode.STAMP, TARGET + 8, 8);
        host.put(WAITER, MIDDLE + 2, Opcode.NOP);
        begin(host);
        assertThat(host.completed(WAITER)).isEqualTo(MIDDLE + 2);
        assertThat(host.completed(PRODUCER)).isEqualTo(MIDDLE + 1);
        assertThat(host.word(TARGET)).isEqualTo(7);
        assertThat(host.word(TARGET + 8)).isEqualTo(8);
    }

    @Test
    void commandThatIsExecutedRightAfterOneIsTold() {
        BareHost host = chain();
        host.put(WAITER, 3, Opcode.STAMP, TARGET, 7);
        int _ = host.settle();
        List<BareHost.Event> _ = host.events();
        host.arm(WAITER, 3);
        begin(host);
        assertThat(host.completed(WAITER)).isEqualTo(3);
        assertThat(host.events()).anyMatch(event -> event.ring() == WAITER && event.completed() == 3);
    }

    @Test
    void whatIsThereAlreadyIsNotWaitedFor() {
        BareHost host = chain();
        host.putAfter(WAITER, 3, PRODUCER, 2, Opcode.NOP);
        host.putAfter(WAITER, 4, SOURCE, 2, Opcode.NOP);
        host.put(WAITER, 5, Opcode.NOP);
        begin(host);
        assertThat(host.completed(WAITER)).isEqualTo(5);
        areOk(host, WAITER, 5);
    }

    @Test
    void failureGoesFromOneToTheNext() {
        BareHost host = chain();
        putLinks(host, 3, MIDDLE);
        host.put(PRODUCER, MIDDLE + 1, 255);
        host.putAfter(WAITER, MIDDLE + 1, PRODUCER, MIDDLE + 1, Opcode.NOP);
        putLinks(host, MIDDLE + 2, LINKS);
        begin(host);
        assertThat(host.completed(WAITER)).isEqualTo(LINKS);
        areOk(host, WAITER, MIDDLE);
        for (int seqno = MIDDLE + 1; seqno <= LINKS; seqno++) {
            assertThat(host.status(WAITER, seqno - 1)).as("of command " + seqno).isEqualTo(Status.WAIT_FAILED);
        }
    }

    // ---- the next command, taken on the short way

    @Test
    void statusOfAFormerUserIsNotTold() {
        BareHost host = chain();
        host.putAfter(WAITER, 3, PRODUCER, 2, Opcode.NOP);
        host.memory.intPlain(host.slot(WAITER, 2) + RingLayout.STATUS_OFFSET, Status.WAIT_FAILED.code());
        begin(host);
        assertThat(host.completed(WAITER)).isEqualTo(3);
        areOk(host, WAITER, 3);
        assertThat(host.faults(WAITER)).isZero();
    }

    @Test
    void nextOneThatIsGivenUpDoesNotPass() {
        BareHost host = chain();
        host.putAfter(WAITER, 3, PRODUCER, 2, Opcode.NOP);
        host.putAfter(WAITER, 4, PRODUCER, 2, Opcode.NOP);
        int _ = host.settle();
        host.abort(WAITER, 2);
        begin(host);
        assertThat(host.completed(WAITER)).isEqualTo(4);
        assertThat(host.status(WAITER, 1)).isEqualTo(Status.OK);
        assertThat(host.status(WAITER, 2)).isEqualTo(Status.ABORTED);
        assertThat(host.status(WAITER, 3)).isEqualTo(Status.OK);
    }

    @ParameterizedTest
    @ValueSource(ints = {WAITER, 4711, 65535})
    void nextOneThatWaitsForNoOtherRingFails(int ring) {
        BareHost host = chain();
        host.waitInSlot(WAITER, RingLayout.word(BareHost.EPOCH, 1));
        host.put(WAITER, 3, Opcode.NOP.code() | BareHost.inSlot(ring));
        host.put(WAITER, 4, Opcode.NOP);
        begin(host);
        assertThat(host.completed(WAITER)).isEqualTo(4);
        assertThat(host.status(WAITER, 2)).isEqualTo(Status.WAIT_FAILED);
        assertThat(host.status(WAITER, 3)).isEqualTo(Status.OK);
    }

    @Test
    void nextOneThatWaitsForSeveralWaitsForAll() {
        BareHost host = chain();
        host.waits(WAITER, 0, PRODUCER, RingLayout.word(BareHost.EPOCH, 2));
        host.waits(WAITER, 1, SOURCE, RingLayout.word(BareHost.EPOCH, 3));
        host.put(WAITER, 3, 2 << RingLayout.WAITS_SHIFT);
        host.putAfter(WAITER, 4, PRODUCER, 3, Opcode.NOP);
        begin(host);
        assertThat(host.completed(WAITER)).isEqualTo(2);
        host.put(PRODUCER, 3, Opcode.NOP);
        int _ = host.settle();
        assertThat(host.completed(WAITER)).isEqualTo(2);
        host.put(SOURCE, 3, Opcode.NOP);
        int _ = host.settle();
        assertThat(host.completed(WAITER)).isEqualTo(4);
        areOk(host, WAITER, 4);
    }

    /**
     * After a round that has ended with as many links as one makes, when the producer had taken one on the short way that is due at once: it
     * waits, as all that follow, for what was complete before.
     */
    private static BareHost due() {
        for (int last = 3; last < FOLLOWED; last++) {
            BareHost host = new BareHost(3, 2 * FOLLOWED, 3, SLICE);
            BareHost _ = host(host, WAITER, SOURCE, PRODUCER);
            putFirstLink(host);
            putLinks(host, 3, last);
            for (int seqno = last + 1; seqno <= FOLLOWED; seqno++) {
                host.putAfter(PRODUCER, seqno, SOURCE, 2, Opcode.NOP);
            }
            int _ = host.settle();
            host.put(SOURCE, 2, Opcode.NOP);
            int _ = host.round();
            if (host.completed(PRODUCER) == last) {
                return host;
            }
        }
        throw new AssertionError("no chain is as long as that");
    }

    @Test
    void whatIsDueWhenTheRoundEndsIsDoneInTheNext() {
        BareHost host = due();
        assertThat(host.agent.hasWork()).isTrue();
        int _ = host.settle();
        assertThat(host.completed(PRODUCER)).isEqualTo(FOLLOWED);
        areOk(host, PRODUCER, FOLLOWED);
        assertThat(host.state(PRODUCER) & RingLayout.STATE_WAITING).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"SUSPEND", "QUIESCE", "BAN"})
    void whatIsDueStandsStillWithItsRing(RequestKind kind) {
        BareHost host = due();
        long taken = host.completed(PRODUCER);
        BareHost.Event _ = host.answer(PRODUCER, kind);
        int _ = host.settle();
        assertThat(host.completed(PRODUCER)).isEqualTo(taken);
        if (kind != RequestKind.BAN) {
            BareHost.Event _ = host.answer(PRODUCER, RequestKind.RESUME);
            int _ = host.settle();
            assertThat(host.completed(PRODUCER)).isEqualTo(FOLLOWED);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SUSPEND", "QUIESCE"})
    void ringThatStandsStillIsNotPassedOnTo(RequestKind kind) {
        BareHost host = chain();
        int _ = host.settle();
        BareHost.Event _ = host.answer(WAITER, kind);
        begin(host);
        assertThat(host.completed(PRODUCER)).isEqualTo(2);
        assertThat(host.completed(WAITER)).isEqualTo(1);
        BareHost.Event _ = host.answer(WAITER, RequestKind.RESUME);
        int _ = host.settle();
        assertThat(host.completed(WAITER)).isEqualTo(2);
    }

    @Test
    void plannedFaultStrikesInAChain() {
        BareHost host =
                host(new BareHost(3, 64, 3, SLICE, Fault.of(FaultKind.BAD_OPCODE).onRing(WAITER).atSeqno(MIDDLE)),
                        WAITER, SOURCE,
                        PRODUCER);
        putFirstLink(host);
        putLinks(host, 3, LINKS);
        begin(host);
        assertThat(host.completed(WAITER)).isEqualTo(LINKS);
        areOk(host, WAITER, MIDDLE - 1);
        areOk(host, PRODUCER, MIDDLE);
        assertThat(host.status(WAITER, MIDDLE - 1)).isEqualTo(Status.BAD_OPCODE);
        assertThat(host.status(PRODUCER, MIDDLE)).isEqualTo(Status.WAIT_FAILED);
        assertThat(host.status(WAITER, LINKS - 1)).isEqualTo(Status.WAIT_FAILED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneThatIsGivenUpAfterItWasLookedAtDoesNotPass(boolean givenUp) {
        BareHost host = chain();
        int _ = host.settle();
        // The source asks for the time when the waiter was looked at in this round, and the producer was not.
        host.put(SOURCE, 2, Opcode.DELAY, 0, -1);
        int[] asked = {0};
        host.whenAsked = () -> {
            if (asked[0]++ == 1 && givenUp) {
                host.abort(WAITER, 1);
            }
        };
        int _ = host.round();
        assertThat(asked[0]).as("once for the round, once for the source").isGreaterThanOrEqualTo(2);
        assertThat(host.completed(PRODUCER)).isEqualTo(2);
        assertThat(host.completed(WAITER)).as("in the same round").isEqualTo(2);
        assertThat(host.status(WAITER, 1)).isEqualTo(givenUp ? Status.ABORTED : Status.OK);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void groupThatHasToLeaveBeginsNothingNew(boolean onlyWaits) {
        BareHost host = new BareHost(7, 64, 3, SLICE);
        host.describe(BESIDE_WAITER, WAITER, 2, false, 0);
        host.describe(BESIDE_PRODUCER, PRODUCER, 2, false, 0);
        BareHost _ = host(host, WAITER, SOURCE, PRODUCER, BESIDE_WAITER, BESIDE_PRODUCER);
        host.register(OTHER, YET_ANOTHER);
        host.put(BESIDE_WAITER, 2, Opcode.DELAY, 100 * SLICE, -1);
        host.put(BESIDE_PRODUCER, 2, Opcode.DELAY, 100 * SLICE, -1);
        host.put(SOURCE, 2, Opcode.DELAY, 3 * SLICE, -1);
        putFirstLink(host);
        if (onlyWaits) {
            host.putAfter(WAITER, 3, PRODUCER, 2, Opcode.NOP);
        } else {
            host.put(WAITER, 3, Opcode.STAMP, TARGET, 7);
        }
        int _ = host.settle();
        // Who came first has to make room, and cannot: its other ring is in the middle of something.
        host.put(OTHER, 1, Opcode.DELAY, 100 * SLICE, -1);
        host.put(YET_ANOTHER, 1, Opcode.DELAY, 100 * SLICE, -1);
        host.pass(3 * SLICE);
        assertThat(host.completed(WAITER)).isEqualTo(2);
        assertThat(host.word(TARGET)).as("what its next command would write").isZero();
        host.pass(300 * SLICE);
        assertThat(host.completed(WAITER)).isEqualTo(3);
        assertThat(host.word(TARGET)).isEqualTo(onlyWaits ? 0 : 7);
    }
}
