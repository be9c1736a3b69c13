package io.ringfence.sim.firmware;

import static io.ringfence.sim.firmware.BareHost.MS;
import static io.ringfence.sim.firmware.GroupSchedulingTest.SLICE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

import io.ringfence.sim.faults.Fault;
import io.ringfence.sim.faults.FaultKind;
import io.ringfence.sim.layout.EventKind;
import io.ringfence.sim.layout.Opcode;
import io.ringfence.sim.layout.RequestKind;
import io.ringfence.sim.layout.RingLayout;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each fault as the host can see it in the memory, and what helps against it. */
@Timeout(180)
class FirmwareFaultTest {

    private static final Duration BY = Duration.ofMillis(3);
    private static final long BY_NANOS = 3 * MS;

    private static BareHost host(Fault... faults) {
        return host(4, faults);
    }

    private static BareHost host(int groupSlots, Fault... faults) {
        BareHost host = new BareHost(4, 8, groupSlots, SLICE, faults);
        host.registerAll();
        List<BareHost.Event> _ = host.events();
        return host;
    }

    private static void isCured(BareHost host) {
        host.epoch(0, BareHost.EPOCH + 1);
        host.ask(0, RequestKind.RESET);
        int _ = host.round();
        assertThat(host.replies().getLast()).matches(event -> event.isReply(RequestKind.RESET, EventKind.DONE));
        long next = host.completed(0) + 1;
        host.put(0, next, Opcode.STAMP, 64, 3);
        host.pass(SLICE);
        assertThat(host.completionWord(0)).isEqualTo(RingLayout.word(BareHost.EPOCH + 1, next));
        assertThat(host.word(64)).isEqualTo(3);
    }

    // ---- commands that do not end

    @Test
    void hangingCommandIsBegunAndNeitherEndsNorCanBeSuspendedOrGivenUp() {
        BareHost host = host(Fault.of(FaultKind.HANG).onRing(0).atSeqno(2));
        host.put(0, 1, Opcode.NOP);
        host.put(0, 2, Opcode.STAMP, 0, 1);
        host.put(1, 2, Opcode.STAMP, 8, 1);
        long heartbeat = host.heartbeat();
        host.pass(10 * SLICE);
        assertThat(host.completed(0)).isEqualTo(1);
        assertThat(host.started(0)).isEqualTo(2);
        assertThat(host.word(0)).isZero();
        assertThat(host.word(8)).as("others go on").isEqualTo(1);
        assertThat(host.heartbeat()).isGreaterThan(heartbeat);
        host.abort(0, 1);
        host.ask(0, RequestKind.SUSPEND);
        host.pass(10 * SLICE);
        assertThat(host.completed(0)).isEqualTo(1);
        assertThat(host.replies()).isEmpty();
        isCured(host);
        assertThat(host.faults(0)).isZero();
    }

    @Test
    void hangingCommandLosesItsSlotAfterThePreemptionTimeout() {
        BareHost host = host(1, Fault.of(FaultKind.HANG).onRing(0));
        host.put(0, 1, Opcode.NOP);
        int _ = host.settle();
        host.put(1, 1, Opcode.NOP);
        host.pass(1000 * MS - 1);
        assertThat(host.completed(1)).isZero();
        host.pass(SLICE + 1);
        int _ = host.settle();
        assertThat(host.status(0, 0)).isEqualTo(Status.PREEMPT_TIMEOUT);
        assertThat(host.completed(1)).isEqualTo(1);
    }

    @Test
    void quiescedHangStandsStillAndItsGroupGivesWay() {
        BareHost host = host(1, Fault.of(FaultKind.HANG).onRing(0));
        host.put(0, 1, Opcode.NOP);
        int _ = host.settle();
        assertThat(host.answer(0, RequestKind.QUIESCE)).matches(it -> it.completed() == 0 && it.started() == 1);
        host.put(1, 1, Opcode.NOP);
        host.pass(2000 * MS);
        assertThat(host.completed(1)).isEqualTo(1);
        assertThat(host.completed(0)).as("the answer was the last word").isZero();
        isCured(host);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void endlessCommandCanBeSuspendedPreemptedAndGivenUp(boolean abort) {
        BareHost host = host(1, Fault.of(FaultKind.ENDLESS_LOOP).onRing(0));
        host.put(0, 1, Opcode.STAMP, 0, 1);
        int _ = host.settle();
        assertThat(host.started(0)).isEqualTo(1);
        host.put(1, 1, Opcode.NOP);
        host.pass(SLICE);
        int _ = host.settle();
        assertThat(host.completed(1)).isEqualTo(1);
        assertThat(host.answer(0, RequestKind.SUSPEND).result()).isEqualTo(EventKind.DONE);
        assertThat(host.answer(0, RequestKind.RESUME).result()).isEqualTo(EventKind.DONE);
        host.pass(100 * SLICE);
        assertThat(host.completed(0)).isZero();
        if (abort) {
            host.abort(0, 0);
            host.pass(SLICE);
            assertThat(host.status(0, 0)).isEqualTo(Status.ABORTED);
            assertThat(host.word(0)).isEqualTo(1 | Long.MIN_VALUE);
        }
        isCured(host);
    }

    // ---- commands that fail or last longer

    @ParameterizedTest
    @EnumSource(value = FaultKind.class, names = {"BAD_ADDRESS", "BAD_OPCODE"})
    void damagedCommandFailsAloneAndHasNoEffect(FaultKind kind) {
        BareHost host = host(Fault.of(kind).onRing(0).atSeqno(2));
        host.word(0, 5);
        host.put(0, 1, Opcode.NOP);
        host.put(0, 2, Opcode.FILL, 0, 8, 1);
        host.put(0, 3, Opcode.STAMP, 8, 1);
        int _ = host.settle();
        assertThat(host.status(0, 1))
                .isEqualTo(kind == FaultKind.BAD_ADDRESS ? Status.OUT_OF_ARENA : Status.BAD_OPCODE);
        assertThat(host.word(0)).isEqualTo(5);
        assertThat(host.word(8)).isEqualTo(1);
        assertThat(host.completed(0)).isEqualTo(3);
        assertThat(host.faults(0)).isEqualTo(1);
    }

    @Test
    void slowCommandHasItsEffectsLater() {
        BareHost host = host(Fault.of(FaultKind.SLOW, BY).onRing(0));
        host.put(0, 1, Opcode.STAMP, 0, 1);
        int _ = host.settle();
        assertThat(host.started(0)).isEqualTo(1);
        assertThat(host.agent.nextMoment()).isEqualTo(host.now + BY_NANOS);
        host.pass(BY_NANOS - 1);
        assertThat(host.word(0)).isZero();
        host.pass(1);
        assertThat(host.word(0)).isEqualTo(1);
        assertThat(host.completed(0)).isEqualTo(1);
        assertThat(host.status(0, 0)).isEqualTo(Status.OK);
    }

    // ---- events and completions

    @Test
    void lateEventComesAfterTheCompletionWord() {
        BareHost host = host(Fault.of(FaultKind.LATE_EVENT, BY).onRing(0).atSeqno(1));
        int interrupts = host.interrupts;
        host.arm(0, 1);
        host.put(0, 1, Opcode.NOP);
        host.pass(BY_NANOS - 1);
        assertThat(host.completed(0)).isEqualTo(1);
        assertThat(host.interrupts).isEqualTo(interrupts);
        assertThat(host.agent.nextMoment()).isEqualTo(host.now + 1);
        host.arm(0, 2);
        host.put(0, 2, Opcode.NOP);
        host.pass(1);
        assertThat(host.events()).extracting(BareHost.Event::completed).containsExactly(2L, 1L);
        assertThat(host.interrupts).isEqualTo(interrupts + 2);
    }

    @Test
    void lostEventLeavesAGapInTheNumbers() {
        BareHost host = host(Fault.of(FaultKind.LOST_EVENT).onRing(0).atSeqno(1));
        int interrupts = host.interrupts;
        long raised = host.memory.longAcquire(RingLayout.RAISED_OFFSET);
        host.arm(0, 1);
        host.put(0, 1, Opcode.NOP);
        host.pass(SLICE);
        assertThat(host.completed(0)).isEqualTo(1);
        assertThat(host.interrupts).isEqualTo(interrupts);
        assertThat(host.memory.longAcquire(RingLayout.RAISED_OFFSET)).isEqualTo(raised + 1);
        host.arm(0, 2);
        host.put(0, 2, Opcode.NOP);
        int _ = host.settle();
        assertThat(host.events()).singleElement().matches(event -> event.number() == raised + 2);
    }

    @Test
    void doubledEventComesTwiceWithOneNumber() {
        BareHost host = host(Fault.of(FaultKind.DOUBLED_EVENT).onRing(0).atSeqno(1));
        int interrupts = host.interrupts;
        host.arm(0, 1);
        host.put(0, 1, Opcode.NOP);
        int _ = host.settle();
        List<BareHost.Event> events = host.events();
        assertThat(events).hasSize(2);
        assertThat(events.get(0)).isEqualTo(events.get(1));
        assertThat(host.interrupts).isEqualTo(interrupts + 2);
    }

    @Test
    void lateCompletionIsOvertakenByItsEvent() {
        BareHost host = host(Fault.of(FaultKind.LATE_COMPLETION, BY).onRing(0).atSeqno(1));
        host.arm(0, 1);
        host.put(0, 1, Opcode.STAMP, 0, 1);
        host.put(0, 2, Opcode.NOP);
        int _ = host.settle();
        assertThat(host.events()).singleElement().matches(event -> event.completed() == 1);
        assertThat(host.word(0)).isEqualTo(1);
        assertThat(host.completed(0)).isZero();
        host.pass(BY_NANOS - 1);
        assertThat(host.completed(0)).isZero();
        host.pass(1);
        int _ = host.settle();
        assertThat(host.completed(0)).isEqualTo(2);
        assertThat(host.status(0, 0)).isEqualTo(Status.OK);
    }

    @Test
    void lateCompletionOfALongRunningRingIsToldTooEarly() {
        BareHost host = new BareHost(1, 8, 1, SLICE, Fault.of(FaultKind.LATE_COMPLETION, BY));
        host.describe(0, 0, 2, true, 0);
        host.register(0);
        List<BareHost.Event> _ = host.events();
        host.put(0, 1, Opcode.NOP);
        int _ = host.settle();
        assertThat(host.retired(0)).isZero();
        assertThat(host.events()).singleElement().matches(event -> event.completed() == 1);
        host.pass(BY_NANOS);
        assertThat(host.retired(0)).isEqualTo(1);
    }

    @Test
    void lateCompletionIsNotMadeAFailureByThePreemptionTimeout() {
        BareHost host = host(1, Fault.of(FaultKind.LATE_COMPLETION, Duration.ofSeconds(10)).onRing(0).times(5));
        host.put(0, 1, Opcode.STAMP, 0, 1);
        int _ = host.settle();
        host.put(1, 1, Opcode.NOP);
        host.pass(1100 * MS);
        assertThat(host.completed(1)).isEqualTo(1);
        assertThat(host.completed(0)).isEqualTo(1);
        assertThat(host.status(0, 0)).as("it has had its effects").isEqualTo(Status.OK);
        assertThat(host.faults(0)).isZero();
    }

    @Test
    void outcomeOfACommandThatIsExecutedAgainIsTheNewOne() {
        BareHost host = host(4, Fault.of(FaultKind.BAD_OPCODE).onRing(0),
                Fault.of(FaultKind.LATE_COMPLETION, Duration.ofSeconds(10)).onRing(0));
        host.put(0, 1, Opcode.NOP);
        int _ = host.settle();
        assertThat(host.completed(0)).isZero();
        isCured(host);
        host.putAfter(1, 1, 0, 1, Opcode.NOP);
        int _ = host.settle();
        assertThat(host.status(1, 0)).isEqualTo(Status.OK);
    }

    // ---- what the firmware does not see or say

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void unseenStampIsSeenAfterItsTimeOnASlotOrOffIt(int groupSlots) {
        BareHost host = host(groupSlots, Fault.of(FaultKind.UNSEEN_STAMP, BY).onRing(0));
        host.put(0, 1, Opcode.NOP);
        int _ = host.settle();
        host.put(1, 1, Opcode.NOP);
        host.pass(BY_NANOS - 1);
        assertThat(host.completed(0)).isZero();
        host.pass(groupSlots == 1 ? 2 * SLICE : 1);
        assertThat(host.completed(0)).isEqualTo(1);
        assertThat(host.completed(1)).isEqualTo(1);
    }

    @Test
    void unseenStampIsSeenWhenTheDoorbellRings() {
        BareHost host = host(Fault.of(FaultKind.UNSEEN_STAMP).onRing(0).times(9));
        host.put(0, 1, Opcode.NOP);
        host.pass(100 * SLICE);
        assertThat(host.completed(0)).isZero();
        assertThat(host.started(0)).isZero();
        assertThat(host.agent.nextMoment()).isEqualTo(Long.MAX_VALUE);
        host.doorbell(0);
        int _ = host.settle();
        assertThat(host.completed(0)).isEqualTo(1);
    }

    @Test
    void lostReplyLeavesTheRequestDone() {
        BareHost host = host(Fault.of(FaultKind.LOST_REPLY).onRequest("quiesce"));
        host.put(0, 1, Opcode.LOOP, 5, MS, 0, -1);
        int _ = host.settle();
        host.ask(0, RequestKind.QUIESCE);
        host.pass(SLICE);
        assertThat(host.events()).isEmpty();
        assertThat(host.state(0) & RingLayout.STATE_QUIESCED).isNotZero();
        assertThat(host.word(0)).isZero();
        isCured(host);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void failingResetChangesNothingAndTheNextOneSucceeds(int ring) {
        BareHost host = host(Fault.of(FaultKind.FAILING_RESET).times(2));
        host.put(0, 1, Opcode.DELAY, 100 * SLICE, -1);
        int _ = host.settle();
        int resets = host.memory.intPlain(RingLayout.RESETS_OFFSET);
        for (int i = 0; i < 2; i++) {
            assertThat(host.answer(ring, RequestKind.RESET).result()).isEqualTo(EventKind.FAILED);
            assertThat(host.isOnSlot(0)).isTrue();
            assertThat(host.state(0)).isEqualTo(RingLayout.STATE_REGISTERED);
            assertThat(host.memory.intPlain(RingLayout.RESETS_OFFSET)).isEqualTo(resets);
        }
        isCured(host);
    }

    // ---- the whole firmware

    @Test
    void stalledFirmwareDoesNothingAndThenGoesOn() {
        BareHost host = host(Fault.of(FaultKind.STALLED_HEARTBEAT, BY).onRing(0).atSeqno(2));
        for (int i = 1; i <= 3; i++) {
            host.put(0, i, Opcode.STAMP, 0, i);
            host.put(1, i, Opcode.STAMP, 8, i);
        }
        int _ = host.round();
        long heartbeat = host.heartbeat();
        assertThat(host.completed(0)).as("what had been begun").isEqualTo(2);
        assertThat(host.completed(1)).as("its turn would have been later").isZero();
        host.ask(2, RequestKind.QUIESCE);
        host.pass(BY_NANOS - 1);
        assertThat(host.heartbeat()).isEqualTo(heartbeat);
        assertThat(host.events()).isEmpty();
        assertThat(host.completed(1)).isZero();
        assertThat(host.agent.nextMoment()).isEqualTo(host.now + 1);
        host.pass(1);
        int _ = host.settle();
        assertThat(host.heartbeat()).isGreaterThan(heartbeat);
        assertThat(host.completed(0)).isEqualTo(3);
        assertThat(host.completed(1)).isEqualTo(3);
        assertThat(host.replies()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void deadFirmwareHasOrHasNotHadTheEffectsAndSaysNothingMore(boolean before) {
        Fault death = Fault.of(FaultKind.DEATH).onRing(1).atSeqno(2);
        BareHost host = host(before ? death.beforeEffects() : death);
        host.arm(1, 1);
        for (int ring = 0; ring < 3; ring++) {
            host.put(ring, 1, ring == 1 ? Opcode.NOP : Opcode.STAMP, 8L * ring, 1);
            host.put(ring, 2, Opcode.STAMP, 8L * ring, 1);
        }
        int _ = host.round();
        long heartbeat = host.heartbeat();
        assertThat(host.completed(0)).isEqualTo(2);
        assertThat(host.word(8)).isEqualTo(before ? 0 : 1);
        assertThat(host.completed(1)).isEqualTo(1);
        assertThat(host.word(16)).as("the turn of that ring never came").isZero();
        List<BareHost.Event> _ = host.events();
        host.epoch(1, 10);
        host.ask(1, RequestKind.RESET);
        host.put(0, 3, Opcode.NOP);
        host.pass(1000 * SLICE);
        assertThat(host.heartbeat()).isEqualTo(heartbeat);
        assertThat(host.events()).isEmpty();
        assertThat(host.completed(0)).isEqualTo(2);
        assertThat(host.completed(2)).isZero();
        assertThat(host.agent.nextMoment()).isEqualTo(Long.MAX_VALUE);
    }
}
