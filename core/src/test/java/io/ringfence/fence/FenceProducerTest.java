package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class FenceProducerTest {

    /** Notes what it is told. */
    private static final class Recorder implements FenceProducer {
        final AtomicInteger enabled = new AtomicInteger();
        final List<Long> hints = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void enableSignalling() {
            enabled.incrementAndGet();
        }

        @Override
        public void hintDeadline(long nanoTime) {
            hints.add(nanoTime);
        }
    }

    private final Recorder producer = new Recorder();
    private final FenceIssuer issuer = FenceIssuer.create("lazy", producer);
    private final Fence fence = issuer.fence();
    private final FenceIssuer other = FenceIssuer.create("other");

    @AfterEach
    void settle() {
        issuer.signal();
        other.signal();
    }

    // ---- enableSignalling

    @Test
    @DisplayName("dma_fence F5: nobody is told as long as nobody waits")
    void lazy() {
        assertThat(fence.isDone()).isFalse();
        assertThat(fence.outcome()).isEqualTo(Outcome.PENDING);
        assertThat(fence.failure()).isNull();
        assertThat(fence.signalTime()).isEmpty();
        assertThat(producer.enabled).hasValue(0);
        issuer.signal();
        assertThat(producer.enabled).hasValue(0);
    }

    @Test
    @DisplayName("dma_fence F5: the first waiter tells, the others do not")
    void firstWaiter() throws Exception {
        fence.onDone(() -> {
        });
        assertThat(producer.enabled).hasValue(1);
        fence.onDoneIfPending(() -> {
        });
        fence.enableSignalling();
        assertThat(fence.await(Duration.ofNanos(1))).isEqualTo(Outcome.PENDING);
        assertThat(producer.enabled).hasValue(1);
    }

    @Test
    void awaitingTells() throws Exception {
        assertThat(fence.await(Duration.ofNanos(1))).isEqualTo(Outcome.PENDING);
        assertThat(producer.enabled).hasValue(1);
    }

    @Test
    void aFutureTells() {
        assertThat(fence.toCompletableFuture()).isNotDone();
        assertThat(producer.enabled).hasValue(1);
    }

    @Test
    @Tag("slow")
    void racingWaitersTellOnce() throws Exception {
        for (int round = 0; round < 500; round++) {
            Recorder told = new Recorder();
            FenceIssuer contended = FenceIssuer.create("contended", told);
            var go = new AtomicBoolean();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                threads.add(Thread.ofPlatform().daemon().start(() -> {
                    while (!go.get()) {
                        Thread.onSpinWait();
                    }
                    contended.fence().onDone(() -> {
                    });
                }));
            }
            go.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(told.enabled).hasValue(1);
            contended.signal();
        }
    }

    @Test
    void aSignalledFenceTellsNobody() {
        issuer.signal();
        fence.onDone(() -> {
        });
        fence.enableSignalling();
        fence.hintDeadline(1);
        assertThat(producer.enabled).hasValue(0);
        assertThat(producer.hints).isEmpty();
    }

    @Test
    void containersAreLazyAndTellWhenSomebodyWaits() {
        FenceIssuer third = FenceIssuer.create("third");
        Fence all = Fences.allOf(fence, other.fence());
        Fence any = Fences.anyOf(fence, other.fence());
        Fence flat = Fences.allOf(all, third.fence());
        assertThat(all.isDone() || any.isDone() || flat.isDone()).isFalse();
        assertThat(all.leaves()).contains(fence);
        assertThat(all.toString()).contains("lazy");
        assertThat(producer.enabled).hasValue(0);
        any.onDone(() -> {
        });
        assertThat(producer.enabled).hasValue(1);
        all.onDone(() -> {
        });
        assertThat(producer.enabled).hasValue(1);
        third.signal();
    }

    @Test
    void anAllOfTellsEveryLeafAtOnce() {
        var producers = new ArrayList<Recorder>();
        var issuers = new ArrayList<FenceIssuer>();
        for (int i = 0; i < 5; i++) {
            producers.add(new Recorder());
            issuers.add(FenceIssuer.create("leaf " + i, producers.get(i)));
        }
        Fence all = Fences.allOf(issuers.stream().map(FenceIssuer::fence).toList());
        all.enableSignalling();
        assertThat(producers).allSatisfy(each -> assertThat(each.enabled).hasValue(1));
        issuers.forEach(FenceIssuer::signal);
        assertThat(all.isDone()).isTrue();
    }

    @Test
    void awaitAnyTells() throws Exception {
        assertThat(Fences.awaitAny(List.of(other.fence(), fence), Duration.ofNanos(1))).isEqualTo(-1);
        assertThat(producer.enabled).hasValue(1);
    }

    @Test
    void aProducerThatSignalsAtOnceIsHeard() throws Exception {
        var calls = new AtomicInteger();
        var self = new ArrayList<FenceIssuer>();
        FenceProducer prompt = () -> self.getLast().signal();
        self.add(FenceIssuer.create("prompt", prompt));
        self.getLast().fence().onDone(calls::incrementAndGet);
        assertThat(calls).hasValue(1);

        self.add(FenceIssuer.create("awaited", prompt));
        assertThat(self.getLast().fence().await()).isEqualTo(Outcome.OK);

        self.add(FenceIssuer.create("any", prompt));
        Fence any = Fences.anyOf(other.fence(), self.getLast().fence());
        any.onDone(calls::incrementAndGet);
        assertThat(any.outcome()).isEqualTo(Outcome.OK);
        assertThat(calls).hasValue(2);
        assertThat(Linked.on(other.fence())).isZero();

        self.add(FenceIssuer.create("all", prompt));
        Fence all = Fences.allOf(other.fence(), self.getLast().fence());
        all.onDone(calls::incrementAndGet);
        other.signal();
        assertThat(all.outcome()).isEqualTo(Outcome.OK);
        assertThat(calls).hasValue(3);
    }

    @Test
    void aThrowingProducerIsReportedAndHarmless() {
        var reported = new ArrayList<String>();
        var calls = new AtomicInteger();
        FenceIssuer broken = FenceIssuer.create("broken", new FenceProducer() {
            @Override
            public void enableSignalling() {
                throw new IllegalStateException("enable");
            }

            @Override
            public void hintDeadline(long nanoTime) {
                throw new IllegalStateException("hint");
            }
        });
        Thread current = Thread.currentThread();
        Thread.UncaughtExceptionHandler before = current.getUncaughtExceptionHandler();
        current.setUncaughtExceptionHandler((_, thrown) -> reported.add(thrown.getMessage()));
        try {
            Fences.allOf(broken.fence(), fence).onDone(calls::incrementAndGet);
            broken.fence().hintDeadline(1);
        } finally {
            current.setUncaughtExceptionHandler(before);
        }
        assertThat(reported).containsExactly("enable", "hint");
        assertThat(producer.enabled).as("the leaf after it was told too").hasValue(1);
        broken.signal();
        issuer.signal();
        assertThat(calls).hasValue(1);
    }

    @Test
    @Tag("slow")
    @DisplayName("dma_fence F8: a producer is garbage after signalling, though the fence is held")
    void theProducerIsLetGo() {
        var held = new ArrayList<Fence>();
        WeakReference<Object> first = signalled(held, false);
        WeakReference<Object> second = signalled(held, true);
        while (first.get() != null || second.get() != null) {
            System.gc();
            Thread.onSpinWait();
        }
        assertThat(held).hasSize(2).allSatisfy(each -> assertThat(each.outcome()).isEqualTo(Outcome.OK));
    }

    private static WeakReference<Object> signalled(List<Fence> held, boolean waitedFor) {
        Recorder gone = new Recorder();
        FenceIssuer made = FenceIssuer.create("made", gone);
        held.add(made.fence());
        if (waitedFor) {
            made.fence().onDone(() -> {
            });
            made.fence().hintDeadline(1);
        }
        made.signal();
        return new WeakReference<>(gone);
    }

    // ---- deadlines

    @Test
    @DisplayName("dma_fence F11: only earlier deadlines are passed on")
    void earliestDeadline() {
        long now = System.nanoTime();
        fence.hintDeadline(now + 1_000);
        fence.hintDeadline(now + 2_000);
        fence.hintDeadline(now + 1_000);
        fence.hintDeadline(now + 500);
        fence.hintDeadline(now - 1);
        fence.hintDeadline(now);
        assertThat(producer.hints).containsExactly(now + 1_000, now + 500, now - 1);
        assertThat(producer.enabled).as("a hint is no waiter").hasValue(0);
    }

    @Test
    @DisplayName("dma_fence F11: of racing hints the earliest is told, each moment at most once")
    void racingDeadlines() throws Exception {
        long now = System.nanoTime();
        var ready = new CountDownLatch(3);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int mine = i;
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                ready.countDown();
                while (ready.getCount() != 0) {
                    Thread.onSpinWait();
                }
                for (int hint = 3_000; hint > 0; hint--) {
                    fence.hintDeadline(now + 3L * hint + mine);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(producer.hints).contains(now + 3).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("dma_fence F11: containers pass a deadline on to their leaves, a leaf named twice hears it once")
    void containerDeadline() {
        Recorder second = new Recorder();
        FenceIssuer made = FenceIssuer.create("second", second);
        Fence all = Fences.allOf(fence, made.fence());
        Fence nested = Fences.anyOf(all, Fences.allOf(fence, other.fence()));
        long now = System.nanoTime();
        nested.hintDeadline(now);
        assertThat(producer.hints).containsExactly(now);
        assertThat(second.hints).containsExactly(now);

        issuer.signal();
        all.hintDeadline(now - 5);
        assertThat(producer.hints).as("signalled").containsExactly(now);
        assertThat(second.hints).containsExactly(now, now - 5);
        made.signal();
        assertThat(nested.isDone()).isTrue();
    }

    @Test
    @Tag("slow")
    void aProducerMayPassAHintOnWithoutDepth() throws Exception {
        int length = 100_000;
        var reached = new AtomicInteger();
        var fences = new ArrayList<Fence>(length);
        var issuers = new ArrayList<FenceIssuer>(length);
        for (int i = 0; i < length; i++) {
            int before = i - 1;
            FenceIssuer made = FenceIssuer.create("link", new FenceProducer() {
                @Override
                public void enableSignalling() {
                }

                @Override
                public void hintDeadline(long nanoTime) {
                    reached.incrementAndGet();
                    if (before >= 0) {
                        fences.get(before).hintDeadline(nanoTime - 1);
                    }
                }
            });
            issuers.add(made);
            fences.add(made.fence());
        }
        Thread hinter = new Thread(null, () -> fences.getLast().hintDeadline(System.nanoTime()), "small stack",
                256 * 1024);
        hinter.start();
        hinter.join();
        assertThat(reached).hasValue(length);
        issuers.forEach(FenceIssuer::signal);
    }
}
