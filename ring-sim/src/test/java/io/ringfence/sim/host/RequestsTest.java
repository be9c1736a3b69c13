package io.ringfence.sim.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.FutureTask;

import io.ringfence.fence.Outcome;
import io.ringfence.fence.Result;
import io.ringfence.sim.device.Standing;
import io.ringfence.sim.layout.EventKind;
import io.ringfence.sim.layout.Geometry;
import io.ringfence.sim.layout.RequestKind;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

import org.junit.jupiter.api.Test;

/** What the host makes of answers, above all of those that come when it has given them up. The test answers for the firmware. */
class RequestsTest {

    private static final int RING = 1;

    private final Geometry geometry = new Geometry(2, 4, 1, 16, 4096, 1_000_000);
    private final SharedMemory memory = new SharedMemory(geometry.total());
    private final HostSide host = new HostSide(memory, geometry, Duration.ofHours(1));
    private int refusals;
    private final Requests requests = new Requests(host, RING, () -> refusals++);

    private long word() {
        return memory.longVolatile(geometry.descriptor(RING) + RingLayout.REQUEST_OFFSET);
    }

    private void state(int state) {
        memory.intRelease(geometry.descriptor(RING) + RingLayout.STATE_OFFSET, state);
    }

    private void answer(int result) {
        requests.replied(word(), result, 0, 0);
    }

    private static RequestKind kind(long word) {
        return RequestKind.of(RingLayout.requestKind(word));
    }

    private void giveUpRegistration() {
        requests.register();
        assertThat(kind(word())).isEqualTo(RequestKind.REGISTER);
        requests.expire(Duration.ZERO);
        assertThat(requests.isAnswerPending()).isFalse();
    }

    @Test
    void untilSomethingWasDoneForTheRingEachRequestRegistersIt() {
        giveUpRegistration();
        Result<Standing> first = requests.ask(RequestKind.QUIESCE);
        assertThat(kind(word())).isEqualTo(RequestKind.QUIESCE);
        assertThat(RingLayout.registersFirst(word())).isTrue();
        state(RingLayout.STATE_REGISTERED);
        answer(EventKind.FAILED);
        assertThat(first.fence().outcome()).isEqualTo(Outcome.FAILED);
        Result<Standing> second = requests.ask(RequestKind.SUSPEND);
        assertThat(RingLayout.registersFirst(word())).isTrue();
        answer(EventKind.DONE);
        assertThat(second.fence().outcome()).isEqualTo(Outcome.OK);
        Result<Standing> _ = requests.ask(RequestKind.RESUME);
        assertThat(RingLayout.registersFirst(word())).isFalse();
        assertThat(refusals).isZero();
    }

    @Test
    void lateAnswerTellsThatTheRingIsRegistered() {
        giveUpRegistration();
        answer(EventKind.DONE);
        Result<Standing> _ = requests.ask(RequestKind.RESUME);
        assertThat(RingLayout.registersFirst(word())).isFalse();
    }

    @Test
    void lateAnswerTellsOnceThatTheRingWasRefused() {
        giveUpRegistration();
        answer(EventKind.REFUSED);
        answer(EventKind.REFUSED);
        assertThat(refusals).isEqualTo(1);
    }

    @Test
    void requestThatIsRefusedWithTheRegistrationTellsOfThat() {
        giveUpRegistration();
        Result<Standing> quiesce = requests.ask(RequestKind.QUIESCE);
        answer(EventKind.REFUSED);
        assertThat(quiesce.fence().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(refusals).isEqualTo(1);
    }

    @Test
    void requestThatIsRefusedInTheStateOfTheRingDoesNotEndIt() {
        giveUpRegistration();
        Result<Standing> reset = requests.ask(RequestKind.RESET);
        state(RingLayout.STATE_REGISTERED | RingLayout.STATE_BANNED);
        answer(EventKind.REFUSED);
        assertThat(reset.fence().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(refusals).isZero();
    }

    @Test
    void lateAnswerDoesWhatFollowsFromTheRequestUnlessItWasReplaced() {
        int[] followed = {0};
        Result<Standing> ban = requests.ask(RequestKind.BAN, null, () -> followed[0]++);
        requests.expire(Duration.ZERO);
        assertThat(ban.fence().outcome()).isEqualTo(Outcome.FAILED);
        answer(EventKind.DONE);
        answer(EventKind.DONE);
        assertThat(followed[0]).isEqualTo(1);
        Result<Standing> _ = requests.ask(RequestKind.BAN, null, () -> followed[0]++);
        requests.expire(Duration.ZERO);
        long replaced = word();
        Result<Standing> _ = requests.ask(RequestKind.QUIESCE);
        requests.replied(replaced, EventKind.DONE, 0, 0);
        assertThat(followed[0]).isEqualTo(1);
        assertThat(requests.isAnswerPending()).isTrue();
    }

    /** Who comes next with a request in the place of a registration is told from this user by the epoch that was let go. */
    @Test
    void resetBesideTheCloseBeginsNoEpochThatIsNotLetGo() throws Exception {
        RingPort port = new RingPort(host, RING, () -> {
        });
        port.register();
        port.replied(word(), EventKind.DONE, 0, 0);
        FutureTask<Void> closing = new FutureTask<>(port::close, null);
        Thread closer = new Thread(closing, "closer");
        synchronized (port.requests()) {
            closer.start();
            while (closer.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
            Result<Standing> _ = port.ask(RequestKind.RESET);
            assertThat(kind(word())).isEqualTo(RequestKind.RESET);
        }
        closing.get();
        assertThat(kind(word())).isEqualTo(RequestKind.DEREGISTER);
        long descriptor = geometry.descriptor(RING);
        assertThat(memory.intAcquire(descriptor + RingLayout.CLOSED_EPOCH_OFFSET))
                .isEqualTo(memory.intAcquire(descriptor + RingLayout.RING_EPOCH_OFFSET)).isEqualTo(2);
    }

    @Test
    void nothingIsAskedAfterTheRingWasLetGo() {
        giveUpRegistration();
        Result<Standing> quiesce = requests.ask(RequestKind.QUIESCE);
        var _ = quiesce.fence().onDone(() -> requests.ask(RequestKind.RESUME));
        int[] last = {0};
        requests.close("closed", () -> last[0]++);
        assertThat(last[0]).isEqualTo(1);
        assertThat(quiesce.fence().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(kind(word())).isEqualTo(RequestKind.DEREGISTER);
        answer(EventKind.REFUSED);
        assertThat(kind(word())).isEqualTo(RequestKind.DEREGISTER);
        assertThat(refusals).isZero();
    }
}
