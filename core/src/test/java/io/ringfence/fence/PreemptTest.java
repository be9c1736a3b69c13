package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** L2 to L5: fences that say that a queue has left the device. */
@Timeout(180)
class PreemptTest {
    private static final Duration LONG = Duration.ofDays(1);

    private final PreemptIssuer issuer = PreemptIssuer.allocate("preempt compute", LONG);
    private final LongRunning queue = new LongRunning();

    /** What is told to a queue, in order, and what the queue does when it is asked to leave. */
    private static final class LongRunning implements Preemptible {
        final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        final BlockingQueue<Thread> askedOn = new LinkedBlockingQueue<>();
        final BlockingQueue<FenceIssuer> asked = new LinkedBlockingQueue<>();
        volatile Consumer<FenceIssuer> answer = FenceIssuer::signal;
        volatile long minimum;

        @Override
        public long nanosToRun() {
            events.add("nanosToRun");
            return minimum;
        }

        @Override
        public void suspend(FenceIssuer left) {
            events.add("suspend");
            askedOn.add(Thread.currentThread());
            asked.add(left);
            answer.accept(left);
        }

        @Override
        public void suspended() {
            events.add("suspended");
        }

        /** What happened until it was told that it is off the device. */
        List<String> untilSuspended() throws InterruptedException {
            List<String> all = new ArrayList<>();
            do {
                all.add(events.take());
            } while (!all.getLast().equals("suspended"));
            assertThat(events).isEmpty();
            return all;
        }
    }

    private static final List<String> ONCE = List.of("nanosToRun", "suspend", "suspended");

    // ---- asked when somebody waits

    @Test
    @DisplayName("L3: nothing happens before somebody waits; then the queue is asked once, on a thread of its own")
    void askedWhenWaitedFor() throws Exception {
        Fence fence = issuer.arm(queue);
        assertThat(fence).hasToString("preempt compute");
        for (int i = 0; i < 100; i++) {
            assertThat(fence.isDone()).isFalse();
            assertThat(fence.outcome()).isEqualTo(Outcome.PENDING);
        }
        assertThat(queue.events).isEmpty();

        assertThat(fence.await()).isEqualTo(Outcome.OK);
        assertThat(queue.untilSuspended()).isEqualTo(ONCE);
        Thread thread = queue.askedOn.take();
        assertThat(thread).isNotSameAs(Thread.currentThread());
        assertThat(thread.isVirtual()).isFalse();
        assertThat(fence.await()).isEqualTo(Outcome.OK);
        assertThat(queue.events).isEmpty();
    }

    @Test
    @Tag("slow")
    void manyWaitersAskOnce() throws Exception {
        var answered = new CountDownLatch(1);
        queue.answer = left -> {
            awaitLatch(answered);
            left.signal();
        };
        Fence fence = issuer.arm(queue);
        List<Thread> waiters = new ArrayList<>();
        List<Outcome> outcomes = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 8; i++) {
            waiters.add(FenceTest.waiting(() -> outcomes.add(fence.await())));
        }
        fence.enableSignalling();
        answered.countDown();
        for (Thread waiter : waiters) {
            waiter.join();
        }
        assertThat(outcomes).hasSize(8).containsOnly(Outcome.OK);
        assertThat(queue.untilSuspended()).isEqualTo(ONCE);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @DisplayName("L3: a callback on a group that it is in asks, too")
    void askedByGroup() throws Exception {
        Fence fence = issuer.arm(queue);
        SignalledFence other = new SignalledFence("other", null);
        Fence group = Fences.allOf(fence, other);
        assertThat(queue.events).isEmpty();
        var called = new CountDownLatch(1);
        group.onDone(called::countDown);
        assertThat(queue.untilSuspended()).isEqualTo(ONCE);
        assertThat(fence.outcome()).isEqualTo(Outcome.OK);
        other.settle(null);
        called.await();
    }

    @Test
    @DisplayName("L3: the answer may come later, from elsewhere")
    void answeredFromElsewhere() throws Exception {
        queue.answer = _ -> {
        };
        Fence fence = issuer.arm(queue);
        fence.enableSignalling();
        FenceIssuer left = queue.asked.take();
        assertThat(fence.isDone()).isFalse();
        assertThat(left.fence()).asString().contains("preempt compute");
        left.signal();
        assertThat(fence.await()).isEqualTo(Outcome.OK);
        assertThat(queue.untilSuspended()).isEqualTo(ONCE);
    }

    // ---- failing

    @Test
    @DisplayName("L3: if the queue cannot leave, the fence fails for the same reason, and the queue is told all the same")
    void failingAnswer() throws Exception {
        Failure reset = new Failure.DeviceLost("reset");
        queue.answer = left -> left.fail(reset);
        Fence fence = issuer.arm(queue);
        assertThat(fence.await()).isEqualTo(Outcome.FAILED);
        assertThat(fence.failure()).isEqualTo(reset);
        assertThat(queue.untilSuspended()).isEqualTo(ONCE);
    }

    @Test
    void aQueueThatThrowsFailsTheFence() throws Exception {
        var thrown = new IllegalStateException("mine");
        queue.answer = _ -> {
            throw thrown;
        };
        Fence fence = issuer.arm(queue);
        assertThat(fence.await()).isEqualTo(Outcome.FAILED);
        assertThat(fence.failure()).isEqualTo(new Failure.DriverError(thrown));
        assertThat(queue.untilSuspended()).isEqualTo(ONCE);
    }

    @Test
    void aQueueThatDropsTheRequestFailsTheFence() throws Exception {
        queue.answer = FenceIssuer::close;
        Fence fence = issuer.arm(queue);
        assertThat(fence.await()).isEqualTo(Outcome.FAILED);
        assertThat(fence.failure()).isInstanceOf(Failure.Abandoned.class);
        assertThat(queue.untilSuspended()).isEqualTo(ONCE);
    }

    @Test
    @DisplayName("L3: a queue that does not leave within its time fails the fence, and may answer late without harm")
    void tooLate() throws Exception {
        queue.answer = _ -> {
        };
        PreemptIssuer bounded = PreemptIssuer.allocate("bounded", Duration.ofNanos(1));
        Fence fence = bounded.arm(queue);
        assertThat(fence.await()).isEqualTo(Outcome.FAILED);
        assertThat(fence.failure()).isInstanceOfSatisfying(Failure.DriverError.class,
                error -> assertThat(error.thrown()).isInstanceOf(TimeoutException.class)
                        .hasMessageContaining("bounded").hasMessageContaining("PT0.000000001S"));
        assertThat(queue.untilSuspended()).isEqualTo(ONCE);
        FenceIssuer left = queue.asked.take();
        assertThat(left.signal()).isFalse();
        assertThat(left.fence().failure()).isEqualTo(fence.failure());
        assertThat(fence.outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void theBoundIsFiveSecondsOrWhatWasGiven() {
        assertThat(PreemptIssuer.BOUND).isEqualTo(Duration.ofSeconds(5));
        for (Duration bound : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
            assertThatThrownBy(() -> PreemptIssuer.allocate("p", bound)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("bound " + bound).hasMessageContaining("more than zero");
        }
        assertThatThrownBy(() -> PreemptIssuer.allocate(null)).isInstanceOf(NullPointerException.class);
    }

    // ---- left alone for a while

    @Test
    @DisplayName("L4: a queue that was let run only a moment ago is asked no sooner than it says")
    void nanosToRun() throws Exception {
        queue.minimum = 20_000_000;
        var asked = new AtomicLong();
        queue.answer = left -> {
            asked.set(System.nanoTime());
            left.signal();
        };
        Fence fence = issuer.arm(queue);
        long before = System.nanoTime();
        assertThat(fence.await()).isEqualTo(Outcome.OK);
        assertThat(asked.get() - before).isGreaterThanOrEqualTo(queue.minimum);
        assertThat(queue.untilSuspended()).isEqualTo(ONCE);
    }

    @Test
    void aNegativeTimeToRunIsNone() throws Exception {
        queue.minimum = Long.MIN_VALUE;
        assertThat(issuer.arm(queue).await()).isEqualTo(Outcome.OK);
        assertThat(queue.untilSuspended()).isEqualTo(ONCE);
    }

    @Test
    void aQueueNeedNotHaveATimeToRunOrAnythingToDoAfterwards() throws Exception {
        assertThat(issuer.arm(FenceIssuer::signal).await()).isEqualTo(Outcome.OK);
    }

    // ---- never asked

    @Test
    void signalledBeforeAnybodyWaitsItNeverAsks() throws Exception {
        Fence fence = issuer.arm(queue);
        assertThat(issuer.signal()).isTrue();
        assertThat(issuer.signal()).isFalse();
        assertThat(fence.await()).isEqualTo(Outcome.OK);
        fence.enableSignalling();
        // Another fence is asked for and answered meanwhile, so a request of this one would have been seen.
        LongRunning second = new LongRunning();
        assertThat(PreemptIssuer.allocate("second", LONG).arm(second).await()).isEqualTo(Outcome.OK);
        assertThat(second.untilSuspended()).isEqualTo(ONCE);
        assertThat(queue.events).isEmpty();
    }

    @Test
    void signalledWhileTheQueueIsAskedItIsDoneAtOnceAndTheQueueIsToldOnce() throws Exception {
        queue.answer = _ -> {
        };
        Fence fence = issuer.arm(queue);
        fence.enableSignalling();
        FenceIssuer left = queue.asked.take();
        assertThat(issuer.signal()).isTrue();
        assertThat(fence.await()).isEqualTo(Outcome.OK);
        assertThat(queue.events).containsExactly("nanosToRun", "suspend");
        left.fail(new Failure.Cancelled("too late to matter"));
        assertThat(queue.untilSuspended()).isEqualTo(ONCE);
        assertThat(fence.outcome()).isEqualTo(Outcome.OK);
    }

    // ---- issuers

    @Test
    @DisplayName("L5: an issuer is armed once")
    void armTwice() throws Exception {
        assertThatThrownBy(() -> issuer.arm(null)).isInstanceOf(NullPointerException.class);
        Fence fence = issuer.arm(queue);
        assertThatThrownBy(() -> issuer.arm(queue)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("preempt compute").hasMessageContaining("armed");
        assertThat(fence.await()).isEqualTo(Outcome.OK);
        assertThatThrownBy(() -> issuer.arm(queue)).isInstanceOf(IllegalStateException.class);
        assertThat(queue.untilSuspended()).isEqualTo(ONCE);
    }

    @Test
    void aForgottenIssuerLeavesNobodyWaiting() throws Exception {
        Fence fence = armedAndForgotten();
        assertThat(queue.events).isEmpty();
        assertThat(fence.await()).isEqualTo(Outcome.OK);
        assertThat(queue.untilSuspended()).isEqualTo(ONCE);
    }

    private Fence armedAndForgotten() {
        PreemptIssuer forgotten = PreemptIssuer.allocate("forgotten", LONG);
        Fence fence = forgotten.arm(queue);
        var reference = new WeakReference<>(forgotten);
        forgotten = null;
        TestThreads.awaitCollected(reference);
        assertThat(fence.isDone()).isFalse();
        return fence;
    }

    // ---- in a reservation

    @Test
    @DisplayName("L2, L7: as bookkeeping, readers and writers do not wait for it; whoever moves the memory does")
    void inAReservation() throws Exception {
        Reservation memory = Reservation.create("memory");
        Fence fence = issuer.arm(queue);
        try (ReservationLocks locks = ReservationLocks.lock(memory)) {
            locks.reserve(memory, 1);
            locks.add(memory, fence, Usage.BOOKKEEP);
        }
        assertThat(memory.isDone(Usage.READ)).isTrue();
        assertThat(memory.await(Usage.READ, LONG)).isTrue();
        assertThat(memory.fence(Usage.READ)).isSameAs(Fences.signalled());
        assertThat(memory.isDone(Usage.BOOKKEEP)).isFalse();
        assertThat(queue.events).isEmpty();

        assertThat(memory.await(Usage.BOOKKEEP, LONG)).isTrue();
        assertThat(queue.untilSuspended()).isEqualTo(ONCE);
        assertThat(memory.fences(Usage.BOOKKEEP)).isEmpty();
    }
}
