package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class RegistrationTest {
    private final FenceIssuer issuer = FenceIssuer.create("fence");
    private final Fence fence = issuer.fence();
    private final AtomicInteger calls = new AtomicInteger();

    @AfterEach
    void settle() {
        issuer.signal();
    }

    // ---- cancel

    @Test
    void cancelComesInTimeOnce() {
        Registration registration = fence.onDone(calls::incrementAndGet);
        assertThat(registration.cancel()).isTrue();
        assertThat(registration.cancel()).isFalse();
        issuer.signal();
        assertThat(registration.cancel()).isFalse();
        assertThat(calls).hasValue(0);
    }

    @Test
    void cancelComesTooLateForACallbackThatCameTooLateItself() {
        issuer.signal();
        Registration registration = fence.onDone(calls::incrementAndGet);
        assertThat(registration.cancel()).isFalse();
        assertThat(calls).hasValue(1);
    }

    @Test
    void cancelWhileTheCallbackIsRunningComesTooLateAndDoesNotWait() throws Exception {
        var running = new CountDownLatch(1);
        var letGo = new CountDownLatch(1);
        Registration registration = fence.onDone(() -> {
            running.countDown();
            await(letGo);
            calls.incrementAndGet();
        });
        Thread signaller = Thread.ofPlatform().daemon().start(issuer::signal);
        running.await();
        assertThat(registration.cancel()).isFalse();
        assertThat(calls).as("still running").hasValue(0);
        letGo.countDown();
        signaller.join();
        assertThat(calls).hasValue(1);
    }

    @Test
    void aCallbackThatCancelsItselfIsTooLate() {
        var answers = new ArrayList<Boolean>();
        var registrations = new ArrayList<Registration>();
        registrations.add(fence.onDone(() -> answers.add(registrations.getFirst().cancel())));
        issuer.signal();
        assertThat(answers).containsExactly(false);
    }

    @Test
    void aCallbackMayCancelALaterOneOfTheSameFence() {
        var answers = new ArrayList<Boolean>();
        var later = new ArrayList<Registration>();
        Registration earlier = fence.onDone(calls::incrementAndGet);
        fence.onDone(() -> {
            answers.add(earlier.cancel());
            answers.add(later.getFirst().cancel());
        });
        later.add(fence.onDone(() -> calls.addAndGet(100)));
        fence.onDone(calls::incrementAndGet);
        issuer.signal();
        assertThat(answers).containsExactly(false, true);
        assertThat(calls).as("the one before and the one after").hasValue(2);
    }

    @Test
    void anotherThreadMayCancelWhileTheSignallerHasNotComeToTheCallback() throws Exception {
        var running = new CountDownLatch(1);
        var letGo = new CountDownLatch(1);
        fence.onDone(() -> {
            running.countDown();
            await(letGo);
        });
        Registration next = fence.onDone(calls::incrementAndGet);
        Thread signaller = Thread.ofPlatform().daemon().start(issuer::signal);
        running.await();
        assertThat(fence.isDone()).isTrue();
        assertThat(next.cancelAndAwait()).as("nothing to wait for").isTrue();
        letGo.countDown();
        signaller.join();
        assertThat(calls).hasValue(0);
    }

    @Test
    void aCallbackThatItsExecutorHasNotStartedIsCancelledInTime() {
        var handed = new ArrayDeque<Runnable>();
        Registration registration = fence.onDone(calls::incrementAndGet, handed::add);
        issuer.signal();
        assertThat(handed).hasSize(1);
        assertThat(registration.cancel()).isTrue();
        handed.remove().run();
        assertThat(calls).hasValue(0);
    }

    @Test
    void aCancelledCallbackDoesNotReachItsExecutor() {
        var handed = new ArrayDeque<Runnable>();
        assertThat(fence.onDone(calls::incrementAndGet, handed::add).cancel()).isTrue();
        issuer.signal();
        assertThat(handed).isEmpty();
    }

    @Test
    @Tag("slow")
    void whatACancelledCallbackHeldIsGarbageThoughTheFenceIsPending() {
        var registrations = new ArrayList<Registration>();
        List<WeakReference<Object>> held = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            held.add(hold(registrations));
        }
        // The one in the middle stays linked between its neighbours.
        assertThat(registrations.get(1).cancel()).isTrue();
        awaitCollected(held.get(1));
        assertThat(held.getFirst().get()).isNotNull();
        issuer.signal();
        assertThat(calls).hasValue(2);
        awaitCollected(held.getFirst());
        awaitCollected(held.getLast());
        assertThat(registrations).hasSize(3);
    }

    private WeakReference<Object> hold(List<Registration> registrations) {
        Object big = new Object[64];
        registrations.add(fence.onDone(() -> calls.addAndGet(big == fence ? 0 : 1)));
        return new WeakReference<>(big);
    }

    private static void awaitCollected(WeakReference<?> reference) {
        while (reference.get() != null) {
            System.gc();
            Thread.onSpinWait();
        }
    }

    @Test
    @Tag("slow")
    @DisplayName("H20: cancelling beside signalling: in time and never called, or called once")
    void cancelBesideSignal() throws Exception {
        for (int round = 0; round < 2_000; round++) {
            FenceIssuer contended = FenceIssuer.create("contended");
            var called = new AtomicInteger();
            var go = new AtomicBoolean();
            Registration registration = contended.fence().onDone(called::incrementAndGet);
            Thread signaller = Thread.ofPlatform().daemon().start(() -> {
                while (!go.get()) {
                    Thread.onSpinWait();
                }
                contended.signal();
            });
            go.set(true);
            boolean cancelled = registration.cancelAndAwait();
            assertThat(called).as("after cancelAndAwait in round %s", round).hasValue(cancelled ? 0 : 1);
            signaller.join();
            assertThat(called).as("at the end of round %s", round).hasValue(cancelled ? 0 : 1);
        }
    }

    @Test
    @Tag("slow")
    void theOrderOfAHundredThousandIsKeptWhenEveryThirdIsCancelled() {
        var order = new ArrayList<Integer>();
        var registrations = new ArrayList<Registration>();
        int count = 100_000;
        for (int i = 0; i < count; i++) {
            int mine = i;
            registrations.add(fence.onDone(() -> order.add(mine)));
        }
        for (int i = 0; i < count; i += 3) {
            assertThat(registrations.get(i).cancel()).isTrue();
        }
        issuer.signal();
        assertThat(order).isEqualTo(IntStream.range(0, count).filter(i -> i % 3 != 0).boxed().toList());
    }

    // ---- cancelAndAwait

    @Test
    void cancelAndAwaitInTimeReturnsAtOnce() throws Exception {
        Registration registration = fence.onDone(calls::incrementAndGet);
        assertThat(registration.cancelAndAwait()).isTrue();
        assertThat(registration.cancelAndAwait()).isFalse();
        issuer.signal();
        assertThat(calls).hasValue(0);
    }

    @Test
    void cancelAndAwaitWaitsForTheRunningCallback() throws Exception {
        var running = new CountDownLatch(1);
        var letGo = new CountDownLatch(1);
        Registration registration = fence.onDone(() -> {
            running.countDown();
            await(letGo);
            calls.incrementAndGet();
        });
        Thread signaller = Thread.ofPlatform().daemon().start(issuer::signal);
        running.await();
        var answers = new ArrayList<Boolean>();
        var seen = new ArrayList<Integer>();
        Thread first = FenceTest.waiting(() -> {
            answers.add(registration.cancelAndAwait());
            seen.add(calls.get());
        });
        Thread second = FenceTest.waiting(registration::cancelAndAwait);
        assertThat(answers).isEmpty();
        letGo.countDown();
        first.join();
        second.join();
        signaller.join();
        assertThat(answers).containsExactly(false);
        assertThat(seen).containsExactly(1);
    }

    @Test
    void cancelAndAwaitWaitsForACallbackThatThrows() throws Exception {
        var running = new CountDownLatch(1);
        var letGo = new CountDownLatch(1);
        var reported = new ArrayList<Throwable>();
        Registration registration = fence.onDone(() -> {
            running.countDown();
            await(letGo);
            throw new IllegalStateException("mine");
        });
        Thread signaller = Thread.ofPlatform().daemon().uncaughtExceptionHandler((_, thrown) -> reported.add(thrown))
                .start(issuer::signal);
        running.await();
        Thread waiter = FenceTest.waiting(registration::cancelAndAwait);
        letGo.countDown();
        waiter.join();
        signaller.join();
        assertThat(reported).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anInterruptEndsCancelAndAwaitButNotTheCallback() throws Exception {
        var running = new CountDownLatch(1);
        var letGo = new CountDownLatch(1);
        Registration registration = fence.onDone(() -> {
            running.countDown();
            await(letGo);
            calls.incrementAndGet();
        });
        Thread signaller = Thread.ofPlatform().daemon().start(issuer::signal);
        running.await();
        var thrown = new ArrayList<Throwable>();
        Thread waiter = FenceTest.waiting(() -> thrown.add(catchThrowable(registration::cancelAndAwait)));
        waiter.interrupt();
        waiter.join();
        assertThat(thrown).singleElement().isInstanceOf(InterruptedException.class);
        letGo.countDown();
        assertThat(registration.cancelAndAwait()).isFalse();
        assertThat(calls).hasValue(1);
        signaller.join();
    }

    @Test
    @DisplayName("H6: cancelAndAwait is refused inside a callback, its own included, and takes nothing back")
    void cancelAndAwaitInside() {
        FenceIssuer other = FenceIssuer.create("other");
        Registration foreign = other.fence().onDone(calls::incrementAndGet);
        var registrations = new ArrayList<Registration>();
        var thrown = new ArrayList<Throwable>();
        registrations.add(fence.onDone(() -> {
            thrown.add(catchThrowable(registrations.getFirst()::cancelAndAwait));
            thrown.add(catchThrowable(foreign::cancelAndAwait));
        }));
        issuer.signal();
        assertThat(thrown).hasSize(2).allSatisfy(refused -> assertThat(refused)
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("callback"));
        other.signal();
        assertThat(calls).hasValue(1);
    }

    // ---- executors

    @Test
    void theExecutorRunsTheCallback() throws Exception {
        var threads = new ArrayList<Thread>();
        var ran = new CountDownLatch(1);
        fence.onDone(() -> {
            threads.add(Thread.currentThread());
            ran.countDown();
        }, body -> Thread.ofPlatform().name("executor").start(body));
        issuer.signal();
        ran.await();
        assertThat(threads).singleElement().extracting(Thread::getName).isEqualTo("executor");
    }

    @Test
    void aLateCallbackGoesToItsExecutorToo() {
        issuer.signal();
        var handed = new ArrayDeque<Runnable>();
        fence.onDone(calls::incrementAndGet, handed::add);
        assertThat(calls).hasValue(0);
        handed.remove().run();
        assertThat(calls).hasValue(1);
    }

    @Test
    void anExecutorThatRunsTheBodyTwiceCallsItOnce() {
        fence.onDone(calls::incrementAndGet, body -> {
            body.run();
            body.run();
        });
        issuer.signal();
        assertThat(calls).hasValue(1);
    }

    @Test
    void aRejectedCallbackIsReportedAndNobodyWaitsForIt() throws Exception {
        var reported = new ArrayList<Throwable>();
        var rejection = new RejectedExecutionException("shut down");
        Registration registration = fence.onDone(calls::incrementAndGet, _ -> {
            throw rejection;
        });
        fence.onDone(() -> calls.addAndGet(100));
        Thread signaller = Thread.ofPlatform().daemon().uncaughtExceptionHandler((_, thrown) -> reported.add(thrown))
                .start(issuer::signal);
        signaller.join();
        assertThat(reported).containsExactly(rejection);
        assertThat(registration.cancelAndAwait()).isFalse();
        assertThat(calls).as("the other one only").hasValue(100);
    }

    @Test
    void anAsyncCallbackRunsOnAVirtualThreadAndMayPark() throws Exception {
        FenceIssuer second = FenceIssuer.create("second");
        FenceIssuer done = FenceIssuer.create("done");
        var threads = new ArrayList<Thread>();
        fence.onDoneAsync(() -> {
            threads.add(Thread.currentThread());
            try {
                second.fence().awaitOk();
                done.signal();
            } catch (InterruptedException e) {
                done.fail(e);
            }
        });
        issuer.signal();
        assertThat(done.fence().isDone()).isFalse();
        second.signal();
        done.fence().awaitOk();
        assertThat(threads).singleElement().extracting(Thread::isVirtual).isEqualTo(true);
    }

    @Test
    void anExecutorIsNeeded() {
        assertThatThrownBy(() -> fence.onDone(calls::incrementAndGet, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> fence.onDoneIfPending(null)).isInstanceOf(NullPointerException.class);
    }

    // ---- what stays behind

    @Test
    @Tag("slow")
    @DisplayName("H20: timed awaits beside callbacks that stay leave a bounded number of waiters linked")
    void timedAwaitsBesideCallbacks() throws Exception {
        for (int i = 0; i < 10; i++) {
            fence.onDone(calls::incrementAndGet);
            for (int j = 0; j < 500; j++) {
                assertThat(fence.await(Duration.ofNanos(1))).isEqualTo(Outcome.PENDING);
                // A cancelled waiter under one that stays for a moment cannot be unlinked when it leaves.
                var above = new io.ringfence.internal.waiting.Await();
                var below = fence.onDone(calls::incrementAndGet);
                assertThat(fence.addWaiter(above)).isTrue();
                assertThat(below.cancel()).isTrue();
                assertThat(above.decide()).isTrue();
                fence.removeWaiter(above);
            }
        }
        assertThat(Linked.on(fence)).isBetween(10, 140);
        issuer.signal();
        assertThat(calls).hasValue(10);
        assertThat(Linked.on(fence)).isZero();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
