package io.ringfence.sim.firmware;

import static io.ringfence.sim.firmware.BareHost.MS;
import static io.ringfence.sim.firmware.GroupSchedulingTest.SLICE;
import static io.ringfence.sim.firmware.RequestTest.STAMPED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;

import io.ringfence.sim.layout.EventKind;
import io.ringfence.sim.layout.Geometry;
import io.ringfence.sim.layout.Opcode;
import io.ringfence.sim.layout.RequestKind;
import io.ringfence.sim.layout.RingLayout;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the firmware does when the device as a whole is asked, and how it tells. */
@Timeout(180)
class DeviceRequestTest {

    private static final int MEDIUM = 2;
    private static final int REGISTERED = RingLayout.STATE_REGISTERED;
    private static final int QUIESCED = RingLayout.STATE_QUIESCED;

    // ---- the device

    @Test
    void quiescedDeviceStandsStillAndGoesOnButNotWhoWasSuspended() {
        BareHost host = new BareHost(3, 8, 2, SLICE);
        host.registerAll();
        for (int ring = 0; ring < 3; ring++) {
            host.put(ring, 1, Opcode.LOOP, 5, MS, 8L * ring, -1);
        }
        assertThat(host.answer(1, RequestKind.SUSPEND).result()).isEqualTo(EventKind.DONE);
        host.pass(2 * MS);
        assertThat(host.answer(-1, RequestKind.QUIESCE).result()).isEqualTo(EventKind.DONE);
        long[] before = {host.word(0), host.word(8), host.word(16)};
        host.pass(10 * SLICE);
        assertThat(new long[] {host.word(0), host.word(8), host.word(16)}).isEqualTo(before);
        for (int ring = 0; ring < 3; ring++) {
            assertThat(host.state(ring) & QUIESCED).isNotZero();
        }
        assertThat(host.answer(-1, RequestKind.RESUME).result()).isEqualTo(EventKind.DONE);
        host.pass(3 * SLICE);
        assertThat(List.of(host.completed(0), host.completed(1), host.completed(2))).containsExactly(1L, 0L, 1L);
        assertThat(host.word(0)).isEqualTo(5);
    }

    /** What is refused has no effect, and so none on what was done before. */
    @Test
    void ringStaysSuspendedWhoseSecondSuspensionIsRefused() {
        BareHost host = new BareHost(1, 8, 1, SLICE);
        host.describe(0, 0, MEDIUM, true, 0);
        host.registerAll();
        host.put(0, 1, Opcode.LOOP, 5, MS, 0, -1);
        host.pass(2 * MS);
        assertThat(host.answer(0, RequestKind.SUSPEND).result()).isEqualTo(EventKind.DONE);
        // From now on its group is to be left alone for longer.
        host.describe(0, 0, MEDIUM, true, 10 * SLICE);
        assertThat(host.answer(0, RequestKind.PROPERTIES).result()).isEqualTo(EventKind.DONE);
        host.ask(0, RequestKind.SUSPEND);
        int _ = host.round();
        host.ask(-1, RequestKind.QUIESCE);
        int _ = host.round();
        assertThat(host.replies()).hasSize(2).first()
                .matches(event -> event.isReply(RequestKind.SUSPEND, EventKind.REFUSED));
        assertThat(host.answer(-1, RequestKind.RESUME).result()).isEqualTo(EventKind.DONE);
        host.pass(3 * SLICE);
        assertThat(host.word(0)).isEqualTo(2);
        assertThat(host.state(0)).isEqualTo(REGISTERED | RingLayout.STATE_SUSPENDED);
        assertThat(host.answer(0, RequestKind.RESUME).result()).isEqualTo(EventKind.DONE);
        host.pass(3 * SLICE);
        assertThat(host.retired(0)).isEqualTo(1);
    }

    /** Suspended in the middle of a command, because the device stood still; with the device it goes on to the end of that. */
    @Test
    void ringThatComesToItsBorderLaterStaysSuspendedWhoseSecondSuspensionIsRefused() {
        BareHost host = new BareHost(1, 8, 1, SLICE);
        host.registerAll();
        host.put(0, 1, Opcode.DELAY, 5 * MS, -1);
        host.put(0, 2, Opcode.STAMP, STAMPED, 9);
        host.pass(MS);
        assertThat(host.answer(-1, RequestKind.QUIESCE).result()).isEqualTo(EventKind.DONE);
        assertThat(host.answer(0, RequestKind.SUSPEND).result()).isEqualTo(EventKind.DONE);
        assertThat(host.answer(-1, RequestKind.RESUME).result()).isEqualTo(EventKind.DONE);
        host.ask(0, RequestKind.SUSPEND);
        int _ = host.round();
        host.ask(0, RequestKind.QUIESCE);
        int _ = host.round();
        assertThat(host.replies()).hasSize(2).first()
                .matches(event -> event.isReply(RequestKind.SUSPEND, EventKind.REFUSED));
        assertThat(host.state(0)).isEqualTo(REGISTERED | QUIESCED | RingLayout.STATE_SUSPENDED);
        host.pass(3 * SLICE);
        assertThat(host.word(STAMPED)).isZero();
        assertThat(host.answer(0, RequestKind.RESUME).result()).isEqualTo(EventKind.DONE);
        host.pass(3 * SLICE);
        assertThat(host.word(STAMPED)).isEqualTo(9);
    }

    /** The firmware was asked for the ring before, and reads both at the same time. */
    @Test
    void ringThatIsRegisteredWithTheQuiesceStandsStillToo() {
        BareHost host = new BareHost(2, 8, 2, SLICE);
        host.register(0);
        List<BareHost.Event> _ = host.events();
        host.ask(1, RequestKind.REGISTER);
        host.put(1, 1, Opcode.NOP);
        host.ask(-1, RequestKind.QUIESCE);
        int _ = host.settle();
        assertThat(host.replies()).hasSize(2).allMatch(event -> event.result() == EventKind.DONE);
        assertThat(host.state(1)).isEqualTo(REGISTERED | QUIESCED);
        assertThat(host.completed(1)).isZero();
        assertThat(host.answer(-1, RequestKind.RESUME).result()).isEqualTo(EventKind.DONE);
        int _ = host.settle();
        assertThat(host.completed(1)).isEqualTo(1);
    }

    /** The host may have given the request up long before it used the ring; nobody would have it go on. */
    @ParameterizedTest
    @EnumSource(value = RequestKind.class, names = {"QUIESCE", "RESET"})
    void ringThatIsRegisteredAfterARequestOfTheDeviceIsNotConcerned(RequestKind kind) {
        BareHost host = new BareHost(2, 8, 2, SLICE);
        host.register(0);
        List<BareHost.Event> _ = host.events();
        host.ask(-1, kind);
        host.ask(1, RequestKind.REGISTER);
        host.put(1, 1, Opcode.NOP);
        int _ = host.settle();
        assertThat(host.replies()).hasSize(2).allMatch(event -> event.result() == EventKind.DONE);
        assertThat(host.state(0) & QUIESCED).isNotZero();
        assertThat(host.state(1)).isEqualTo(REGISTERED);
        assertThat(host.completed(1)).isEqualTo(1);
        assertThat(host.answer(-1, RequestKind.QUIESCE).result()).isEqualTo(EventKind.DONE);
        assertThat(host.state(1) & QUIESCED).isNotZero();
    }

    /** Its group is taken off for each of the others, and comes back for the one that is not concerned. */
    @Test
    void ringThatIsRegisteredAfterAResetGoesOnBesideThoseOfItsGroup() {
        BareHost host = new BareHost(3, 8, 2, SLICE);
        for (int ring = 0; ring < 3; ring++) {
            host.describe(ring, 0, MEDIUM, false, 0);
        }
        host.registerAll();
        host.put(1, 1, Opcode.LOOP, Long.MAX_VALUE, MS, -1, -1);
        int _ = host.settle();
        host.ask(-1, RequestKind.RESET);
        host.closed(1);
        host.reuse(1, BareHost.EPOCH + 1);
        host.ask(1, RequestKind.REGISTER);
        assertThat(host.isOnSlot(1)).as("nobody rings").isTrue();
        host.put(1, 1, Opcode.NOP);
        int _ = host.settle();
        assertThat(host.completed(1)).isEqualTo(1);
    }

    @Test
    void deviceRegistersNothing() {
        BareHost host = new BareHost(1, 8, 1, SLICE);
        host.askAndRegister(-1, RequestKind.QUIESCE);
        int _ = host.settle();
        assertThat(host.replies()).singleElement()
                .matches(event -> event.isReply(RequestKind.QUIESCE, EventKind.REFUSED));
    }

    @Test
    void resetDeviceWaitsForTheResetOfEachRing() {
        BareHost host = new BareHost(3, 8, 2, SLICE);
        host.describe(1, 0, MEDIUM, false, 0);
        host.registerAll();
        for (int ring = 0; ring < 3; ring++) {
            host.put(ring, 1, Opcode.DELAY, 100 * SLICE, -1);
            host.put(ring, 2, Opcode.STAMP, STAMPED + 8L * ring, 5);
        }
        int _ = host.settle();
        host.word(STAMPED, 7);
        int resets = host.memory.intPlain(RingLayout.RESETS_OFFSET);
        assertThat(host.answer(-1, RequestKind.RESET).result()).isEqualTo(EventKind.DONE);
        assertThat(host.memory.intPlain(RingLayout.RESETS_OFFSET)).isEqualTo(resets + 1);
        assertThat(host.onSlots()).isZero();
        assertThat(host.word(STAMPED)).as("never lowered").isEqualTo(7);
        assertThat(host.word(STAMPED + 8)).isEqualTo(5 | Long.MIN_VALUE);
        assertThat(host.answer(-1, RequestKind.RESUME).result()).isEqualTo(EventKind.DONE);
        assertThat(host.answer(2, RequestKind.RESUME).result()).isEqualTo(EventKind.REFUSED);
        host.pass(200 * SLICE);
        for (int ring = 0; ring < 3; ring++) {
            assertThat(host.completed(ring)).as("what was begun is lost, so nothing after it").isZero();
            assertThat(host.state(ring)).isEqualTo(REGISTERED | QUIESCED);
            host.epoch(ring, 10);
            assertThat(host.answer(ring, RequestKind.RESET).result()).isEqualTo(EventKind.DONE);
            host.put(ring, 1, Opcode.STAMP, STAMPED + 8L * ring, 9);
            int _ = host.settle();
            assertThat(host.completionWord(ring)).isEqualTo(RingLayout.word(10, 1));
            assertThat(host.word(STAMPED + 8L * ring)).isEqualTo(9);
        }
    }

    @ParameterizedTest
    @EnumSource(value = RequestKind.class, names = {"REGISTER", "DEREGISTER", "SUSPEND", "PROPERTIES", "BAN"})
    void requestThatIsForRingsIsRefusedByTheDevice(RequestKind kind) {
        BareHost host = RequestTest.Standing.LOOP.host();
        assertThat(host.answer(-1, kind).result()).isEqualTo(EventKind.REFUSED);
        assertThat(host.state(0)).isEqualTo(REGISTERED);
    }

    // ---- the event ring

    @Test
    void eventsThatFindNoRoomAreKeptInOrder() {
        BareHost host = new BareHost(new Geometry(40, 4, 40, 4, BareHost.ARENA, SLICE));
        host.registerAll();
        for (int ring = 0; ring < 40; ring++) {
            host.arm(ring, 1);
            host.put(ring, 1, Opcode.NOP);
        }
        for (int i = 0; i < 5; i++) {
            int _ = host.round();
        }
        assertThat(host.agent.hasWork()).as("it has to look whether the host has read").isTrue();
        assertThat(host.memory.longAcquire(RingLayout.RAISED_OFFSET)).isEqualTo(80);
        LongStream.Builder numbers = LongStream.builder();
        for (int read = 0; read < 84; read += 4) {
            int before = host.interrupts;
            List<BareHost.Event> events = host.events();
            assertThat(events).hasSize(4);
            events.forEach(event -> numbers.add(event.number()));
            if (read < 16) {
                // There is room now, but this one has to wait for those before it.
                host.arm(read / 4, 2);
                host.put(read / 4, 2, Opcode.NOP);
            }
            int _ = host.round();
            assertThat(host.interrupts).isEqualTo(read < 80 ? before + 1 : before);
        }
        assertThat(numbers.build()).containsExactlyElementsOf(LongStream.rangeClosed(1, 84).boxed().toList());
        assertThat(host.agent.hasWork()).isFalse();
    }
}
