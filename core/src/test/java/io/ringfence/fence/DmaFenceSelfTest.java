package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

import io.ringfence.internal.timeline.TimelineState;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The self-test cases of the kernel's {@code dma_fence}, and what its contract says of signalling, failing and stubs. */
@Timeout(180)
class DmaFenceSelfTest {
    private static final int ROUNDS = 20_000;

    private final FenceIssuer issuer = FenceIssuer.createTimed("fence");
    private final Fence fence = issuer.fence();

    @AfterEach
    void settle() {
        issuer.signal();
    }

    @Test
    @DisplayName("dma_fence: sanitycheck")
    void aFreshFenceIsPendingAndCanBeToldToSignal() {
        fence.enableSignalling();
        fence.enableSignalling();
        assertThat(fence.outcome()).isEqualTo(Outcome.PENDING);
        assertThat(fence.leaves()).containsExactly(fence);
        assertThat(fence.isGroupOfAll()).isFalse();
        assertThat(fence.timelineId()).isEqualTo(Fence.NO_TIMELINE);
    }

    @Test
    @DisplayName("dma_fence: signaling")
    void theFirstSignalSettlesTheFenceAndTheSecondFindsItSettled() {
        assertThat(fence.isDone()).isFalse();
        assertThat(issuer.signal()).isTrue();
        assertThat(fence.isDone()).isTrue();
        assertThat(issuer.signal()).isFalse();
        assertThat(fence.isDone()).isTrue();
    }

    @Test
    @DisplayName("dma_fence: add_callback")
    void aCallbackIsCalledBySignalling() {
        var calls = new AtomicInteger();
        assertThat(fence.onDoneIfPending(calls::incrementAndGet)).isNotNull();
        assertThat(calls).hasValue(0);
        issuer.signal();
        assertThat(calls).hasValue(1);
    }

    @Test
    @DisplayName("dma_fence: late_add_callback")
    void aLateCallbackIsRefusedOrCalledAtOnce() {
        issuer.signal();
        var refused = new AtomicInteger();
        var called = new AtomicInteger();

        assertThat(fence.onDoneIfPending(refused::incrementAndGet)).isNull();
        issuer.signal();
        assertThat(refused).as("refused is never called").hasValue(0);

        fence.onDone(called::incrementAndGet);
        assertThat(called).hasValue(1);
        issuer.signal();
        assertThat(called).hasValue(1);
        assertThat(refused).hasValue(0);
    }

    @Test
    @DisplayName("dma_fence: rm_callback")
    void aCallbackTakenBackInTimeIsNeverCalled() {
        var calls = new AtomicInteger();
        Registration registration = fence.onDone(calls::incrementAndGet);
        assertThat(registration.cancel()).isTrue();
        issuer.signal();
        assertThat(calls).hasValue(0);
    }

    @Test
    @DisplayName("dma_fence: late_rm_callback")
    void aCallbackThatHasRunCannotBeTakenBack() {
        var calls = new AtomicInteger();
        Registration registration = fence.onDone(calls::incrementAndGet);
        issuer.signal();
        assertThat(calls).hasValue(1);
        assertThat(registration.cancel()).isFalse();
        assertThat(calls).hasValue(1);
    }

    @Test
    @DisplayName("dma_fence: status")
    void theOutcomeIsPendingBeforeAndKnownAfter() {
        assertThat(fence.outcome()).isEqualTo(Outcome.PENDING);
        issuer.signal();
        assertThat(fence.outcome()).isEqualTo(Outcome.OK);
        assertThat(fence.failure()).isNull();
    }

    @Test
    @DisplayName("dma_fence: error")
    void anErrorIsSeenWithTheSignalAndNotBefore() {
        var cause = new IllegalStateException("EIO");
        assertThat(fence.failure()).isNull();
        assertThat(issuer.fail(cause)).isTrue();
        assertThat(fence.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(fence.failure()).isEqualTo(new Failure.DriverError(cause));
    }

    @Test
    @DisplayName("dma_fence: wait")
    void awaitWithoutTimeOnlyLooks() throws Exception {
        assertThat(fence.await(Duration.ZERO)).isEqualTo(Outcome.PENDING);
        issuer.signal();
        assertThat(fence.await(Duration.ZERO)).isEqualTo(Outcome.OK);
    }

    @Test
    @DisplayName("dma_fence: wait_timeout")
    void aTimedAwaitEndsByTimeOrBySignal() throws Exception {
        assertThat(fence.await(Duration.ofNanos(1))).isEqualTo(Outcome.PENDING);
        var outcomes = new ArrayList<Outcome>();
        // Parked when this returns, so the signal comes to one who waits.
        Thread waiter = FenceTest.waiting(() -> outcomes.add(fence.await(Duration.ofHours(1))));
        issuer.signal();
        waiter.join();
        assertThat(outcomes).containsExactly(Outcome.OK);
    }

    @Test
    @DisplayName("dma_fence: stub")
    void everyStubIsSignalled() throws Exception {
        for (int i = 0; i < 64; i++) {
            Fence stub = Fences.signalled();
            assertThat(stub).isSameAs(Fences.signalled());
            assertThat(stub.isDone()).isTrue();
            assertThat(stub.await()).isEqualTo(Outcome.OK);
            assertThat(stub.onDoneIfPending(() -> {
            })).isNull();
        }
    }

    @ParameterizedTest(name = "dma_fence: race_signal_callback, signalled before: {0}")
    @Tag("slow")
    @ValueSource(booleans = {false, true})
    void aCallbackRegisteredBesideTheSignalIsNeverMissed(boolean before) throws Exception {
        var published = new AtomicReferenceArray<Fence>(2);
        var misses = new AtomicInteger();
        var calledTwice = new AtomicInteger();
        List<FutureTask<Void>> racers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int id = i;
            FutureTask<Void> racer = new FutureTask<>(() -> {
                for (int round = 0; round < ROUNDS; round++) {
                    race(published, id, round, before, misses, calledTwice);
                }
                return null;
            });
            Thread.ofPlatform().daemon().start(racer);
            racers.add(racer);
        }
        for (FutureTask<Void> racer : racers) {
            racer.get();
        }
        assertThat(misses).hasValue(0);
        assertThat(calledTwice).hasValue(0);
    }

    private static void race(AtomicReferenceArray<Fence> published, int id, int round, boolean before,
            AtomicInteger misses, AtomicInteger calledTwice) throws InterruptedException {
        FenceIssuer mine = FenceIssuer.create("of " + id);
        published.set(id, mine.fence());
        Fence other = published.get(1 - id);
        while (other == null) {
            Thread.onSpinWait();
            other = published.get(1 - id);
        }
        if (before) {
            mine.signal();
        }
        var calls = new AtomicInteger();
        Registration registration = other.onDoneIfPending(calls::incrementAndGet);
        if (!before) {
            mine.signal();
        }
        other.await();
        if (registration == null) {
            if (calls.get() != 0) {
                misses.incrementAndGet();
            }
            return;
        }
        if (round % 2 == 0) {
            // Done is seen before the callbacks are over; this one has to come by itself.
            while (calls.get() == 0) {
                Thread.onSpinWait();
            }
        } else if (registration.cancelAndAwait() == (calls.get() != 0)) {
            misses.incrementAndGet();
        }
        if (calls.get() > 1) {
            calledTwice.incrementAndGet();
        }
    }

    @Test
    @DisplayName("dma_fence F1: a fence goes from pending to signalled once and never back")
    void oneShot() throws Exception {
        var cause = new IllegalStateException("late");
        issuer.signal();
        long time = fence.signalTime().orElseThrow();
        assertThat(issuer.fail(cause)).isFalse();
        assertThat(issuer.fail(new Failure.Cancelled("late"))).isFalse();
        assertThat(issuer.signal()).isFalse();
        issuer.close();
        assertThat(fence.await()).isEqualTo(Outcome.OK);
        assertThat(fence.failure()).isNull();
        assertThat(fence.signalTime()).hasValue(time);
    }

    @Test
    @DisplayName("dma_fence F2: signalling is idempotent; callbacks run in the order of registration, once")
    void idempotentSignal() {
        var calls = new ArrayList<Integer>();
        var settledAgain = new AtomicBoolean();
        IntStream.range(0, 300).forEach(i -> fence.onDone(() -> {
            calls.add(i);
            if (issuer.signal()) {
                settledAgain.set(true);
            }
        }));
        issuer.signal();
        issuer.signal();
        assertThat(settledAgain).isFalse();
        assertThat(calls).isEqualTo(IntStream.range(0, 300).boxed().toList());
    }

    @Test
    @DisplayName("dma_fence F3: the first failure stays, with its type")
    void typedFailure() {
        Failure cause = new Failure.DeviceLost("unplugged");
        assertThat(issuer.fail(cause)).isTrue();
        assertThat(issuer.fail(new Failure.Cancelled("second"))).isFalse();
        assertThat(fence.failure()).isSameAs(cause);
        assertThatThrownBy(fence::awaitOk).isInstanceOfSatisfying(FenceFailedException.class,
                thrown -> assertThat(thrown.failure()).isSameAs(cause)).hasMessageContaining("unplugged").hasNoCause();
    }

    @Test
    @DisplayName("dma_fence F3: a fence does not fail without a cause")
    void failureWithoutCause() {
        assertThatThrownBy(() -> issuer.fail((Throwable) null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> issuer.fail((Failure) null)).isInstanceOf(NullPointerException.class);
        assertThat(fence.outcome()).isEqualTo(Outcome.PENDING);
        assertThat(issuer.signal()).isTrue();
    }

    @Test
    @DisplayName("dma_fence F10: a private stub has the time it was given")
    void privateStub() {
        Fence stub = Fences.signalledAt(42);
        assertThat(stub).isNotSameAs(Fences.signalledAt(42)).isNotSameAs(Fences.signalled());
        assertThat(stub.outcome()).isEqualTo(Outcome.OK);
        assertThat(stub.signalTime()).hasValue(42);
        assertThat(Fences.signalledAt(-1).signalTime()).hasValue(-1);
        assertThat(Fences.signalled().signalTime().orElseThrow()).isLessThanOrEqualTo(System.nanoTime());
    }

    @Test
    void aFenceMadeFailedHasItsCauseAtOnce() {
        Failure cause = new Failure.Cancelled("never begun");
        Fence failed = Fences.failed("upload", cause);
        var calls = new AtomicBoolean();
        failed.onDone(() -> calls.set(true));
        assertThat(calls).isTrue();
        assertThat(failed.failure()).isSameAs(cause);
        assertThat(failed).hasToString("upload");
        assertThat(failed.signalTime()).isPresent();
    }

    @Test
    void theSignalTimeIsEmptyWhilePendingAndTheSameEverAfter() {
        assertThat(fence.signalTime()).isEmpty();
        long earliest = System.nanoTime();
        issuer.signal();
        long latest = System.nanoTime();

        OptionalLong time = fence.signalTime();
        assertThat(time.orElseThrow()).isBetween(earliest, latest);
        assertThat(fence.signalTime()).isEqualTo(time);

        FenceIssuer bad = FenceIssuer.createTimed("bad");
        bad.fail(new Failure.Cancelled("test"));
        assertThat(bad.fence().signalTime()).isPresent().isEqualTo(bad.fence().signalTime());

        FenceIssuer untimed = FenceIssuer.create("untimed");
        untimed.signal();
        assertThat(untimed.fence().signalTime()).isEmpty();
    }

    @Test
    void aCallbackKnowsTheSignalTime() {
        var times = new ArrayList<OptionalLong>();
        fence.onDone(() -> times.add(fence.signalTime()));
        issuer.signal();
        assertThat(times).containsExactly(fence.signalTime());
        assertThat(times.getFirst()).isPresent();
    }

    @Test
    @Tag("slow")
    void racingAskersReadOneSignalTime() throws Exception {
        for (int round = 0; round < 500; round++) {
            FenceIssuer contended = FenceIssuer.createTimed("contended");
            FutureTask<OptionalLong> asker = new FutureTask<>(() -> {
                OptionalLong time = contended.fence().signalTime();
                while (time.isEmpty()) {
                    Thread.onSpinWait();
                    time = contended.fence().signalTime();
                }
                return time;
            });
            Thread.ofPlatform().daemon().start(asker);
            contended.signal();
            assertThat(contended.fence().signalTime()).isEqualTo(asker.get());
        }
    }

    @Test
    void pointsFoundCompleteTogetherShareATimeAndOldOnesForgetIt() {
        int capacity = 16;
        TimelineState state = new TimelineState(capacity);
        Timeline timeline = new Timeline("copies", state);
        state.keepTimes();
        advance(state, 3);
        OptionalLong first = point(timeline, 1).signalTime();
        assertThat(first).isPresent().isEqualTo(point(timeline, 3).signalTime());
        assertThat(point(timeline, 1).signalTime()).isEqualTo(first);
        assertThat(point(timeline, 4).signalTime()).as("pending").isEmpty();

        advance(state, capacity);
        assertThat(point(timeline, 1).signalTime()).as("the last of %s", capacity).isEqualTo(first);
        assertThat(point(timeline, capacity).signalTime().orElseThrow())
                .isGreaterThanOrEqualTo(first.orElseThrow());

        advance(state, capacity + 1L);
        assertThat(point(timeline, 1).signalTime()).as("older than that").isEmpty();
        assertThat(point(timeline, 2).signalTime()).isEqualTo(first);
        assertThat(point(timeline, 1).isDone()).isTrue();
    }

    private static void advance(TimelineState state, long through) {
        state.recordTime(state.signaledPlain(), through);
        state.signaledVolatile(through);
    }

    private static PointFence point(Timeline timeline, long seqno) {
        PointFence fence = new PointFence(timeline);
        fence.claimed(seqno);
        return fence;
    }
}
