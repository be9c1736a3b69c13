package io.ringfence.sim.firmware;

import static io.ringfence.sim.firmware.BareHost.MS;
import static io.ringfence.sim.firmware.GroupSchedulingTest.SLICE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import io.ringfence.sim.layout.EventKind;
import io.ringfence.sim.layout.Opcode;
import io.ringfence.sim.layout.RequestKind;
import io.ringfence.sim.layout.RingLayout;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the firmware does when it is asked for something, wherever the ring is. */
@Timeout(180)
class RequestTest {

    private static final int REGISTERED = RingLayout.STATE_REGISTERED;
    private static final int SUSPENDED = RingLayout.STATE_SUSPENDED;
    private static final int QUIESCED = RingLayout.STATE_QUIESCED;
    private static final int BANNED = RingLayout.STATE_BANNED;
    private static final int WAITING = RingLayout.STATE_WAITING;
    static final long STAMPED = 2048;
    private static final long TARGET = 4096;
    private static final long SOURCE = 8192;
    private static final long ONE = Float.floatToRawIntBits(1);

    /** How ring 0 stands when it is asked; what is said is its last completed and its last begun command, and its state. */
    enum Standing {
        IDLE(1, 1, REGISTERED), DELAY(1, 2, REGISTERED), LOOP(1, 2, REGISTERED), STAMP_WAIT(1, 2, REGISTERED | WAITING),
        NATIVE_WAIT(1, 1, REGISTERED | WAITING), SUSPENDED_LOOP(1, 2, REGISTERED | SUSPENDED),
        QUIESCED_DELAY(1, 2, REGISTERED | QUIESCED), BANNED_DELAY(1, 2, REGISTERED | BANNED);

        final long completed;
        final long started;
        final int state;

        Standing(long completed, long started, int state) {
            this.completed = completed;
            this.started = started;
            this.state = state;
        }

        boolean isStill() {
            return (state & (SUSPENDED | QUIESCED | BANNED)) != 0;
        }

        /** Command 1 is complete; a second one stands like this; a third one writes a stamp. */
        BareHost host() {
            BareHost host = new BareHost(2, 8, 2, SLICE);
            host.registerAll();
            host.put(0, 1, Opcode.NOP);
            switch (this) {
                case IDLE -> {
                }
                case DELAY, QUIESCED_DELAY, BANNED_DELAY -> host.put(0, 2, Opcode.DELAY, 5 * MS, -1);
                case LOOP, SUSPENDED_LOOP -> host.put(0, 2, Opcode.LOOP, 5, MS, -1, -1);
                case STAMP_WAIT -> host.put(0, 2, Opcode.WAIT, 1024, 1);
                case NATIVE_WAIT -> host.putAfter(0, 2, 1, 1, Opcode.NOP);
            }
            if (this != IDLE) {
                host.put(0, 3, Opcode.STAMP, STAMPED, 9);
            }
            int _ = host.settle();
            host.pass(MS);
            switch (this) {
                case SUSPENDED_LOOP -> host.ask(0, RequestKind.SUSPEND);
                case QUIESCED_DELAY -> host.ask(0, RequestKind.QUIESCE);
                case BANNED_DELAY -> host.ask(0, RequestKind.BAN);
                default -> {
                }
            }
            int _ = host.settle();
            List<BareHost.Event> _ = host.events();
            assertThat(host.state(0)).isEqualTo(state);
            return host;
        }
    }

    private static void satisfy(BareHost host) {
        host.word(1024, 1);
        host.put(1, 1, Opcode.NOP);
    }

    private static void isAnswered(BareHost.Event answer, Standing standing) {
        assertThat(answer.result()).isEqualTo(EventKind.DONE);
        assertThat(answer.completed()).isEqualTo(standing.completed);
        assertThat(answer.started()).isEqualTo(standing.started);
    }

    // ---- each request to a ring in each state

    @ParameterizedTest
    @EnumSource(RequestKind.class)
    void ringThatIsNotRegisteredCanOnlyBeRegistered(RequestKind kind) {
        BareHost host = new BareHost(1, 4, 1, SLICE);
        int result = kind == RequestKind.REGISTER ? EventKind.DONE : EventKind.REFUSED;
        assertThat(host.answer(0, kind).result()).isEqualTo(result);
        assertThat(host.state(0)).isEqualTo(kind == RequestKind.REGISTER ? REGISTERED : 0);
    }

    /** How a ring stands that was registered by a request, and then did what that asks for. */
    private static int stillAfter(RequestKind kind) {
        return switch (kind) {
            case SUSPEND -> SUSPENDED;
            case QUIESCE -> QUIESCED;
            case BAN -> BANNED;
            default -> 0;
        };
    }

    /** The host gave the registration up, because it was not answered; what it asked for next stands in its place. */
    @ParameterizedTest
    @EnumSource(value = RequestKind.class, names = {"SUSPEND", "RESUME", "PROPERTIES", "QUIESCE", "RESET", "BAN"})
    void requestInThePlaceOfARegistrationRegistersFirst(RequestKind kind) {
        BareHost host = new BareHost(1, 4, 1, SLICE);
        host.word(TARGET, 0);
        host.word(SOURCE, ONE);
        host.put(0, 1, Opcode.ADD, TARGET, SOURCE, 1);
        host.ask(0, RequestKind.REGISTER);
        host.askAndRegister(0, kind);
        int _ = host.settle();
        assertThat(host.replies()).singleElement().matches(event -> event.isReply(kind, EventKind.DONE));
        int still = stillAfter(kind);
        assertThat(host.state(0)).isEqualTo(REGISTERED | still);
        assertThat(host.word(TARGET)).isEqualTo(still == 0 ? ONE : 0);
        // It is known by now: one that was registered again would add once more.
        host.askAndRegister(0, RequestKind.RESUME);
        int _ = host.settle();
        assertThat(host.completed(0)).isEqualTo(kind == RequestKind.BAN ? 0 : 1);
        assertThat(host.word(TARGET)).isEqualTo(kind == RequestKind.BAN ? 0 : ONE);
    }

    /** Neither that the last user has let the ring go nor that there is another one has been read. */
    @ParameterizedTest
    @EnumSource(value = RequestKind.class, names = {"SUSPEND", "RESUME", "PROPERTIES", "QUIESCE", "RESET", "BAN"})
    void requestInThePlaceOfARegistrationIsNotTakenForOneOfTheFormerUser(RequestKind kind) {
        BareHost host = new BareHost(2, 4, 2, SLICE);
        host.registerAll();
        for (int seqno = 1; seqno <= 3; seqno++) {
            host.put(0, seqno, Opcode.NOP);
        }
        int _ = host.settle();
        List<BareHost.Event> _ = host.replies();
        host.ask(0, RequestKind.DEREGISTER);
        int epoch = BareHost.EPOCH + 1;
        host.reuse(0, epoch);
        host.ask(0, RequestKind.REGISTER);
        if (kind == RequestKind.RESET) {
            host.reuse(0, ++epoch);
        }
        host.put(0, 1, Opcode.STAMP, STAMPED, 9);
        host.putAfter(1, 1, 0, 1, Opcode.NOP);
        host.askAndRegister(0, kind);
        int _ = host.settle();
        assertThat(host.replies()).singleElement().matches(event -> event.isReply(kind, EventKind.DONE)
                && event.completed() == 0 && event.started() == 0);
        assertThat(host.state(0)).isEqualTo(REGISTERED | stillAfter(kind));
        host.askAndRegister(0, RequestKind.RESUME);
        int _ = host.settle();
        boolean banned = kind == RequestKind.BAN;
        assertThat(host.word(STAMPED)).isEqualTo(banned ? 9 | Long.MIN_VALUE : 9);
        assertThat(host.completionWord(0)).isEqualTo(banned ? 0 : RingLayout.word(epoch, 1));
        assertThat(host.completed(1)).as("who waits for the ring on the device").isEqualTo(1);
        assertThat(host.faults(1)).isEqualTo(banned ? 1 : 0);
    }

    @Test
    void requestThatRegistersFirstIsRefusedWhenTheRingHasBeenLetGo() {
        BareHost host = new BareHost(1, 4, 1, SLICE);
        host.put(0, 1, Opcode.STAMP, STAMPED, 9);
        host.closed(0);
        host.askAndRegister(0, RequestKind.RESUME);
        int _ = host.settle();
        assertThat(host.replies()).singleElement()
                .matches(event -> event.isReply(RequestKind.RESUME, EventKind.REFUSED));
        assertThat(host.state(0)).isZero();
        assertThat(host.word(STAMPED)).isZero();
    }

    /** A request that was read between saying so and the request to forget the ring must not begin it anew. */
    @Test
    void ringThatIsBeingLetGoIsNotRegisteredAgain() {
        BareHost host = new BareHost(1, 4, 1, SLICE);
        host.register(0);
        host.word(TARGET, 0);
        host.word(SOURCE, ONE);
        host.put(0, 1, Opcode.ADD, TARGET, SOURCE, 1);
        int _ = host.settle();
        host.closed(0);
        host.askAndRegister(0, RequestKind.RESUME);
        int _ = host.settle();
        assertThat(host.word(TARGET)).isEqualTo(ONE);
        assertThat(host.completed(0)).isEqualTo(1);
    }

    /** A command of the former user fails when the host has made the ring ready for the next, who is not registered yet. */
    @Test
    void lateFailureOfTheFormerUserIsNotTheNextOnes() {
        BareHost host = new BareHost(1, 4, 1, SLICE);
        host.ask(0, RequestKind.REGISTER);
        host.put(0, 1, Opcode.NOP);
        host.put(0, 2, Opcode.ADD, TARGET, SOURCE, 1);
        for (int index = 0; index < 2; index++) {
            host.memory.intPlain(host.slot(0, index) + RingLayout.STATUS_OFFSET, Status.WAIT_FAILED.code());
        }
        host.memory.longRelease(host.descriptor(0) + RingLayout.FAULTS_OFFSET, 1);
        int _ = host.settle();
        assertThat(host.completed(0)).isEqualTo(2);
        assertThat(host.status(0, 0)).isEqualTo(Status.OK);
        assertThat(host.status(0, 1)).isEqualTo(Status.OK);
        assertThat(host.faults(0)).as("or the next failure would not be seen").isZero();
    }

    /** The number is free at once; that the former group has gone may not have been read. */
    @Test
    void groupWhoseRingsWereLetGoDoesNotKeepItsKind() {
        BareHost host = new BareHost(2, 4, 2, SLICE);
        host.describe(0, 3, 2, false, 0);
        host.describe(1, 3, 2, false, 0);
        host.registerAll();
        List<BareHost.Event> _ = host.replies();
        host.ask(0, RequestKind.DEREGISTER);
        host.ask(1, RequestKind.DEREGISTER);
        host.describe(0, 3, 2, true, 0);
        host.reuse(0, BareHost.EPOCH + 1);
        host.ask(0, RequestKind.REGISTER);
        host.put(0, 1, Opcode.NOP);
        int _ = host.settle();
        assertThat(host.replies()).anyMatch(event -> event.isReply(RequestKind.REGISTER, EventKind.DONE));
        assertThat(host.retired(0)).isEqualTo(1);
        assertThat(host.state(1)).isZero();
    }

    @Test
    void groupOfRingsThatAreUsedKeepsItsKind() {
        BareHost host = new BareHost(2, 4, 2, SLICE);
        host.describe(1, 3, 2, false, 0);
        host.register(1);
        host.describe(0, 3, 2, true, 0);
        assertThat(host.answer(0, RequestKind.REGISTER).result()).isEqualTo(EventKind.REFUSED);
        assertThat(host.state(1)).isEqualTo(REGISTERED);
    }

    @Test
    void nothingIsWrittenForARingThatWasLetGo() {
        BareHost host = new BareHost(2, 4, 2, SLICE);
        host.registerAll();
        host.putAfter(1, 1, 0, 1, Opcode.STAMP, STAMPED, 9);
        host.put(1, 2, Opcode.STAMP, STAMPED + 8, 9);
        int _ = host.settle();
        assertThat(host.state(1)).isEqualTo(REGISTERED | WAITING);
        assertThat(host.answer(1, RequestKind.DEREGISTER).result()).isEqualTo(EventKind.DONE);
        assertThat(host.word(STAMPED)).isZero();
        assertThat(host.word(STAMPED + 8)).isZero();
        assertThat(host.state(1)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9, 127})
    void unknownRequestRegistersNothing(int code) {
        BareHost host = new BareHost(1, 4, 1, SLICE);
        host.ask(0, 77, code | RingLayout.REGISTER_FIRST);
        int _ = host.settle();
        assertThat(host.replies()).singleElement().matches(event -> event.result() == EventKind.REFUSED);
        assertThat(host.state(0)).isZero();
    }

    @Test
    void requestThatRegistersFirstIsRefusedWithTheRegistration() {
        BareHost host = new BareHost(1, 4, 1, SLICE);
        host.ringPriority(0, 16);
        host.askAndRegister(0, RequestKind.QUIESCE);
        int _ = host.settle();
        assertThat(host.replies()).singleElement()
                .matches(event -> event.isReply(RequestKind.QUIESCE, EventKind.REFUSED));
        assertThat(host.state(0)).isZero();
    }

    @ParameterizedTest
    @EnumSource(Standing.class)
    void quiescedRingStandsStillAndGoesOnWhereItWas(Standing standing) {
        BareHost host = standing.host();
        isAnswered(host.answer(0, RequestKind.QUIESCE), standing);
        assertThat(host.state(0)).isEqualTo(standing.state | QUIESCED);
        satisfy(host);
        host.pass(10 * SLICE);
        assertThat(host.completed(0)).as("the answer is the last word").isEqualTo(standing.completed);
        assertThat(host.started(0)).isEqualTo(standing.started == 1 ? 0 : standing.started);
        assertThat(host.word(STAMPED)).isNotEqualTo(9);
        assertThat(host.answer(0, RequestKind.RESUME).result()).isEqualTo(EventKind.DONE);
        host.pass(SLICE);
        boolean over = standing == Standing.IDLE || standing == Standing.BANNED_DELAY;
        assertThat(host.completed(0)).isEqualTo(over ? 1 : 3);
        assertThat(host.state(0)).isEqualTo(REGISTERED | standing.state & BANNED);
        assertThat(host.faults(0)).isZero();
    }

    @ParameterizedTest
    @EnumSource(Standing.class)
    void resetRingGivesUpWhatWasBegunAndGoesOnAtSlotZeroWithItsNewEpoch(Standing standing) {
        BareHost host = standing.host();
        host.epoch(0, BareHost.EPOCH + 1);
        BareHost.Event answer = host.answer(0, RequestKind.RESET);
        if (standing == Standing.BANNED_DELAY) {
            assertThat(answer.result()).isEqualTo(EventKind.REFUSED);
            assertThat(host.state(0)).isEqualTo(standing.state);
            return;
        }
        assertThat(answer).matches(it -> it.result() == EventKind.DONE && it.completed() == 1 && it.started() == 1);
        assertThat(host.completionWord(0)).isEqualTo(RingLayout.word(BareHost.EPOCH + 1, 1));
        assertThat(host.state(0)).isEqualTo(standing.state & (REGISTERED | SUSPENDED));
        satisfy(host);
        host.pass(SLICE);
        assertThat(host.completed(0)).as("the stamps of the old epoch").isEqualTo(1);
        if (standing != Standing.IDLE) {
            assertThat(host.word(STAMPED)).isEqualTo(9 | Long.MIN_VALUE);
        }
        host.put(0, 2, Opcode.NOP);
        host.put(0, 3, Opcode.STAMP, STAMPED, 9);
        int _ = host.settle();
        if (standing == Standing.SUSPENDED_LOOP) {
            assertThat(host.completed(0)).isEqualTo(1);
            assertThat(host.answer(0, RequestKind.RESUME).result()).isEqualTo(EventKind.DONE);
            int _ = host.settle();
        }
        assertThat(host.completionWord(0)).isEqualTo(RingLayout.word(BareHost.EPOCH + 1, 3));
        assertThat(host.word(STAMPED)).isEqualTo(9);
    }

    @ParameterizedTest
    @EnumSource(Standing.class)
    void bannedRingExecutesNothingAnyMore(Standing standing) {
        BareHost host = standing.host();
        isAnswered(host.answer(0, RequestKind.BAN), standing);
        assertThat(host.state(0)).isEqualTo((standing.state | BANNED) & ~WAITING);
        satisfy(host);
        host.put(0, 4, Opcode.STAMP, 4096, 1);
        host.pass(SLICE);
        BareHost.Event _ = host.answer(0, RequestKind.RESUME);
        host.doorbell(0);
        host.pass(SLICE);
        assertThat(host.completed(0)).isEqualTo(1);
        assertThat(host.word(4096)).isZero();
        assertThat(host.word(STAMPED)).isEqualTo(standing == Standing.IDLE ? 0 : 9 | Long.MIN_VALUE);
        assertThat(host.answer(0, RequestKind.DEREGISTER).result()).isEqualTo(EventKind.DONE);
        assertThat(host.state(0)).isZero();
    }

    @ParameterizedTest
    @EnumSource(Standing.class)
    void suspendedRingFinishesTheCommandItCannotLeaveAndNoOther(Standing standing) {
        BareHost host = standing.host();
        host.ask(0, RequestKind.SUSPEND);
        int _ = host.round();
        boolean late = standing == Standing.DELAY;
        assertThat(host.replies()).hasSize(late ? 0 : 1);
        satisfy(host);
        host.pass(4 * MS);
        int _ = host.settle();
        long completed = late ? 2 : 1;
        if (late) {
            assertThat(host.replies()).singleElement().matches(event -> event.result() == EventKind.DONE
                    && event.completed() == 2 && event.started() == 2);
        }
        host.pass(10 * SLICE);
        assertThat(host.completed(0)).isEqualTo(completed);
        assertThat(host.state(0) & ~WAITING).isEqualTo((standing.state | SUSPENDED) & ~WAITING);
        assertThat(host.answer(0, RequestKind.RESUME).result()).isEqualTo(EventKind.DONE);
        host.pass(SLICE);
        boolean over = standing == Standing.IDLE || standing == Standing.BANNED_DELAY;
        assertThat(host.completed(0)).isEqualTo(over ? 1 : 3);
        assertThat(host.faults(0)).isZero();
    }

    @ParameterizedTest
    @EnumSource(Standing.class)
    void propertiesDisturbNothingAndAreRefusedOutOfRange(Standing standing) {
        BareHost host = standing.host();
        isAnswered(host.answer(0, RequestKind.PROPERTIES), standing);
        host.ringPriority(0, 16);
        assertThat(host.answer(0, RequestKind.PROPERTIES).result()).isEqualTo(EventKind.REFUSED);
        host.ringPriority(0, 15);
        host.groupPriority(0, 4);
        assertThat(host.answer(0, RequestKind.PROPERTIES).result()).isEqualTo(EventKind.REFUSED);
        host.groupPriority(0, 3);
        host.timeout(0, 0);
        assertThat(host.answer(0, RequestKind.PROPERTIES).result()).isEqualTo(EventKind.REFUSED);
        assertThat(host.state(0)).isEqualTo(standing.state);
        satisfy(host);
        host.pass(SLICE);
        assertThat(host.completed(0)).isEqualTo(standing == Standing.IDLE || standing.isStill() ? 1 : 3);
    }

    @ParameterizedTest
    @EnumSource(Standing.class)
    void ringThatIsRegisteredAgainHasForgottenEverything(Standing standing) {
        BareHost host = standing.host();
        host.epoch(0, BareHost.EPOCH + 1);
        BareHost.Event answer = host.answer(0, RequestKind.REGISTER);
        assertThat(answer).matches(it -> it.result() == EventKind.DONE && it.completed() == 0 && it.started() == 0);
        assertThat(host.state(0)).isEqualTo(REGISTERED);
        satisfy(host);
        host.put(0, 1, Opcode.STAMP, 4096, 4);
        host.pass(SLICE);
        assertThat(host.completionWord(0)).isEqualTo(RingLayout.word(BareHost.EPOCH + 1, 1));
        assertThat(host.word(4096)).isEqualTo(4);
        assertThat(host.word(STAMPED)).isNotEqualTo(9);
    }

    @ParameterizedTest
    @EnumSource(Standing.class)
    void ringThatIsDeregisteredIsNotLookedAt(Standing standing) {
        BareHost host = standing.host();
        isAnswered(host.answer(0, RequestKind.DEREGISTER), standing);
        assertThat(host.state(0)).isZero();
        assertThat(host.residence(0)).isEqualTo(RingLayout.RESIDENCE_AWAY);
        satisfy(host);
        host.doorbell(0);
        host.pass(SLICE);
        assertThat(host.completed(0)).isEqualTo(1);
        assertThat(host.word(STAMPED)).isNotEqualTo(9);
        assertThat(host.agent.nextMoment()).isEqualTo(Long.MAX_VALUE);
    }

    // ---- single requests

    @ParameterizedTest
    @CsvSource({"GROUP,-1", "GROUP,2", "GROUP_PRIORITY,4", "GROUP_PRIORITY,-1", "RING_PRIORITY,16"})
    void registrationOutOfRangeIsRefusedAndLeavesNothing(String field, int value) {
        BareHost host = new BareHost(1, 4, 1, SLICE);
        int offset = switch (field) {
            case "GROUP" -> RingLayout.GROUP_OFFSET;
            case "GROUP_PRIORITY" -> RingLayout.GROUP_PRIORITY_OFFSET;
            default -> RingLayout.RING_PRIORITY_OFFSET;
        };
        host.memory.intPlain(host.descriptor(0) + offset, value);
        assertThat(host.answer(0, RequestKind.REGISTER).result()).isEqualTo(EventKind.REFUSED);
        assertThat(host.state(0)).isZero();
        assertThat(host.answer(0, RequestKind.QUIESCE).result()).isEqualTo(EventKind.REFUSED);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9, 127, 255})
    void unknownRequestIsRefused(int code) {
        BareHost host = new BareHost(1, 4, 1, SLICE);
        host.register(0);
        List<BareHost.Event> _ = host.events();
        host.ask(0, 77, code);
        int _ = host.round();
        assertThat(host.events()).singleElement()
                .matches(event -> event.result() == EventKind.REFUSED && event.request() == (code & 127));
    }

    @Test
    void sameRequestIsNotCarriedOutTwice() {
        BareHost host = new BareHost(2, 4, 1, SLICE);
        host.registerAll();
        host.ask(0, 100, RequestKind.SUSPEND.code());
        int _ = host.round();
        host.ask(0, 101, RequestKind.RESUME.code());
        int _ = host.round();
        assertThat(host.replies()).hasSize(4);
        // The bit without another request.
        host.ask(0, 101, RequestKind.RESUME.code());
        host.ask(1, RequestKind.QUIESCE);
        int _ = host.round();
        assertThat(host.replies()).singleElement().matches(event -> event.ring() == 1);
        host.ask(0, 102, RequestKind.RESUME.code());
        int _ = host.round();
        assertThat(host.replies()).hasSize(1);
    }

    @Test
    void suspensionThatCannotBeMetInTimeEndsTheCommand() {
        BareHost host = new BareHost(1, 4, 1, SLICE);
        host.timeout(0, 3 * MS);
        host.register(0);
        host.put(0, 1, Opcode.DELAY, 100 * SLICE, -1);
        int _ = host.settle();
        List<BareHost.Event> _ = host.events();
        host.ask(0, RequestKind.SUSPEND);
        host.pass(3 * MS - 1);
        assertThat(host.replies()).isEmpty();
        host.pass(1);
        assertThat(host.replies()).singleElement().matches(
                event -> event.isReply(RequestKind.SUSPEND, EventKind.DONE) && event.completed() == 1);
        assertThat(host.status(0, 0)).isEqualTo(Status.PREEMPT_TIMEOUT);
    }

    /** The host has given up the suspension, whose answer it did not wait for; what is refused has no effect. */
    @ParameterizedTest
    @EnumSource(value = RequestKind.class, names = {"RESUME", "RESET", "QUIESCE", "BAN", "SUSPEND"})
    void nextRequestRefusesTheSuspensionThatIsNotYetMet(RequestKind next) {
        BareHost host = Standing.DELAY.host();
        host.ask(0, RequestKind.SUSPEND);
        int _ = host.round();
        host.ask(0, next);
        int _ = host.round();
        List<BareHost.Event> replies = host.replies();
        assertThat(replies.getFirst()).matches(event -> event.isReply(RequestKind.SUSPEND, EventKind.REFUSED));
        if (next == RequestKind.SUSPEND) {
            assertThat(host.state(0)).isEqualTo(REGISTERED | SUSPENDED);
        } else {
            assertThat(replies.get(1)).matches(event -> event.isReply(next, EventKind.DONE));
            assertThat(host.state(0) & SUSPENDED).isZero();
        }
    }
}
