package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class CallbackTest {
    private final FenceIssuer issuer = FenceIssuer.create("fence");
    private final Fence fence = issuer.fence();

    @Test
    void callbacksAreCalledInTheOrderOfRegistration() {
        var calls = new ArrayList<Integer>();
        IntStream.range(0, 1_000).forEach(i -> fence.onDone(() -> calls.add(i)));

        issuer.signal();

        assertThat(calls).isEqualTo(IntStream.range(0, 1_000).boxed().toList());
    }

    @Test
    void aCallbackSeesTheFenceDone() {
        var outcomes = new ArrayList<Outcome>();
        fence.onDone(() -> outcomes.add(fence.outcome()));
        issuer.fail(new Exception("bad"));
        assertThat(outcomes).containsExactly(Outcome.FAILED);
    }

    @Test
    void aCallbackRegisteredAfterSignallingIsCalledAtOnce() {
        issuer.signal();
        var calls = new ArrayList<Thread>();
        fence.onDone(() -> calls.add(Thread.currentThread()));
        assertThat(calls).containsExactly(Thread.currentThread());
    }

    @Test
    void aCallbackMayRegisterAnotherOne() {
        var calls = new ArrayList<String>();
        fence.onDone(() -> {
            fence.onDone(() -> calls.add("inner"));
            calls.add("outer");
        });
        issuer.signal();
        assertThat(calls).as("nothing nests").containsExactly("outer", "inner");
    }

    @Test
    void aThrowingCallbackHarmsNobodyAndIsReported() {
        var reported = new ArrayList<Throwable>();
        var calls = new ArrayList<String>();
        Throwable error = new StackOverflowError("mine");
        fence.onDone(() -> calls.add("before"));
        fence.onDone(() -> {
            throw new IllegalStateException("mine too");
        });
        fence.onDone(() -> {
            throw (Error) error;
        });
        fence.onDone(() -> calls.add("after"));
        Thread current = Thread.currentThread();
        Thread.UncaughtExceptionHandler before = current.getUncaughtExceptionHandler();
        current.setUncaughtExceptionHandler((thread, thrown) -> {
            reported.add(thrown);
            throw new IllegalStateException("the handler throws too");
        });
        try {
            assertThat(issuer.signal()).isTrue();
            fence.onDone(() -> {
                throw new IllegalStateException("late");
            });
        } finally {
            current.setUncaughtExceptionHandler(before);
        }

        assertThat(calls).containsExactly("before", "after");
        assertThat(reported).extracting(Throwable::getMessage).containsExactly("mine too", "mine", "late");
    }

    @Test
    void aNullCallbackIsRefused() {
        assertThatThrownBy(() -> fence.onDone(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void aFenceHasRoomForAHundredThousandWaiters() {
        var calls = new AtomicInteger();
        var lastSeen = new AtomicInteger(-1);
        for (int i = 0; i < 100_000; i++) {
            int mine = i;
            fence.onDone(() -> {
                if (lastSeen.getAndSet(mine) == mine - 1) {
                    calls.incrementAndGet();
                }
            });
        }
        issuer.signal();
        assertThat(calls).hasValue(100_000);
    }

    @Test
    @Tag("slow")
    @DisplayName("H6: a chain of 1,000,000 fences, each signalled by the callback of the one before, uses constant stack")
    void longChain() throws Exception {
        int length = 1_000_000;
        List<FenceIssuer> issuers = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            issuers.add(FenceIssuer.create("link"));
        }
        for (int i = 0; i + 1 < length; i++) {
            FenceIssuer next = issuers.get(i + 1);
            issuers.get(i).fence().onDone(next::signal);
        }
        var signaller = new Thread(null, issuers.getFirst()::signal, "small stack", 256 * 1024);
        signaller.start();
        signaller.join();

        assertThat(issuers.getLast().fence().isDone()).isTrue();
    }

    @Test
    @DisplayName("H6: signalling inside a callback calls what hangs there after the callback, in order")
    void signalInside() {
        FenceIssuer second = FenceIssuer.create("second");
        FenceIssuer third = FenceIssuer.create("third");
        var calls = new ArrayList<String>();
        second.fence().onDone(() -> calls.add("second"));
        third.fence().onDone(() -> calls.add("third"));
        fence.onDone(() -> {
            second.signal();
            third.signal();
            calls.add("first");
        });
        fence.onDone(() -> calls.add("first, too"));

        issuer.signal();

        assertThat(calls).containsExactly("first", "first, too", "second", "third");
    }

    @Test
    void tenThousandVirtualThreadsAwaitOneFence() throws Exception {
        var ok = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                try {
                    if (fence.await() == Outcome.OK) {
                        ok.incrementAndGet();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        while (threads.getLast().getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        issuer.signal();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(ok).hasValue(10_000);
    }

    @Test
    @Tag("slow")
    @DisplayName("H20: registering beside signalling calls each callback exactly once")
    void registerBesideSignal() throws Exception {
        for (int round = 0; round < 500; round++) {
            FenceIssuer contended = FenceIssuer.create("contended");
            var calls = new AtomicInteger();
            Thread registers = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 200; i++) {
                    contended.fence().onDone(calls::incrementAndGet);
                }
            });
            contended.fence().onDone(calls::incrementAndGet);
            contended.signal();
            registers.join();
            assertThat(calls).hasValue(201);
        }
    }
}
