package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where two features meet. */
@Timeout(180)
class EdgeCaseTest {
    private final FenceIssuer a = FenceIssuer.create("a");
    private final FenceIssuer b = FenceIssuer.create("b");

    @Test
    @DisplayName("awaitAny names an any-of whose leaf is done, though the any-of has not been told yet")
    void awaitAnyOfAnyOf() throws Exception {
        Fence inner = Fences.anyOf(a.fence(), b.fence());
        inner.enableSignalling();
        FenceIssuer trigger = FenceIssuer.create("trigger");
        CountDownLatch signalled = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        trigger.fence().onDone(() -> {
            // What hangs on the leaf is told when this callback has returned.
            a.signal();
            signalled.countDown();
            try {
                letGo.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Thread signaller = Thread.ofPlatform().daemon().start(trigger::signal);
        signalled.await();
        assertThat(Fences.awaitAny(List.of(inner, FenceIssuer.create("never").fence()), Duration.ofMinutes(5)))
                .isZero();
        letGo.countDown();
        signaller.join();
        assertThat(inner.isDone()).isTrue();
    }

    @Test
    void anAsyncCallbackCannotWaitForItsOwnEnd() throws Exception {
        var self = new CompletableFuture<Registration>();
        var thrown = new CompletableFuture<Throwable>();
        self.complete(a.fence().onDoneAsync(() -> {
            try {
                self.join().cancelAndAwait();
                thrown.complete(new AssertionError("came back"));
            } catch (IllegalStateException | InterruptedException e) {
                thrown.complete(e);
            }
        }));
        a.signal();
        assertThat(thrown.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("its own end");
    }

    @Test
    @DisplayName("H6: 20,000 producers that tell each other use constant stack")
    void producersTellEachOther() throws Exception {
        int count = 20_000;
        var told = new AtomicInteger();
        List<FenceIssuer> issuers = new ArrayList<>(count);
        issuers.add(FenceIssuer.create("first"));
        for (int i = 1; i < count; i++) {
            Fence before = issuers.getLast().fence();
            issuers.add(FenceIssuer.create("next", () -> {
                told.incrementAndGet();
                before.enableSignalling();
            }));
        }
        Thread teller = new Thread(null, issuers.getLast().fence()::enableSignalling, "teller", 256 * 1024);
        teller.start();
        teller.join();
        assertThat(told).hasValue(count - 1);
        issuers.forEach(FenceIssuer::signal);
    }

    @Test
    void aPointOfASyncObjectAndItsAnyOfAgree() {
        Fence any = Fences.anyOf(a.fence(), b.fence());
        b.signal();
        Fence point = SyncObject.create("object").add(1, any);
        assertThat(point.outcome()).isEqualTo(Outcome.OK);
        a.fail(new IllegalStateException("late"));
        assertThat(any.outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void aPointWhoseOutcomeIsForgottenIsSubmittedAllTheSame() throws Exception {
        SyncObject object = SyncObject.create("object");
        for (int point = 1; point <= SyncChain.REMEMBERED + 10; point++) {
            object.add(point, Fences.failed("bad", new Failure.Cancelled("test")));
        }
        var calls = new AtomicInteger();
        assertThat(object.await(1, SyncObject.Until.SUBMITTED, Duration.ZERO)).isEqualTo(Outcome.OK);
        object.on(1, SyncObject.Until.SUBMITTED, calls::incrementAndGet);
        assertThat(calls).hasValue(1);
        assertThatThrownBy(() -> object.fence(1)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not known any more");
        assertThatThrownBy(() -> object.on(1, SyncObject.Until.SUBMITTED_AND_SIGNALED, calls::incrementAndGet))
                .isInstanceOf(IllegalStateException.class);
        assertThat(object.waiters().isEmpty()).isTrue();
    }

    @Test
    void aPreemptFenceSignalledInTimeAsksNobody() throws Exception {
        var asked = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        List<String> calls = new ArrayList<>();
        PreemptIssuer issuer = PreemptIssuer.allocate("preempt");
        Fence fence = issuer.arm(new Preemptible() {
            @Override
            public long nanosToRun() {
                asked.countDown();
                return 50_000_000;
            }

            @Override
            public void suspend(FenceIssuer left) {
                calls.add("suspend");
                left.signal();
            }

            @Override
            public void suspended() {
                over.countDown();
            }
        });
        fence.enableSignalling();
        asked.await();
        assertThat(issuer.signal()).isTrue();
        over.await();
        assertThat(calls).isEmpty();
    }

    @Test
    void replacingATimelineLeavesOneEntry() throws Exception {
        Reservation memory = Reservation.create("memory");
        ManualTimeline engine = new ManualTimeline("engine");
        try (ReservationLocks locks = ReservationLocks.lock(memory)) {
            locks.reserve(memory, 4);
            locks.add(memory, engine.point(1), Usage.READ);
            locks.add(memory, a.fence(), Usage.WRITE);
            locks.add(memory, engine.point(2), Usage.WRITE);
            assertThat(locks.replace(memory, engine.point(1), b.fence(), Usage.BOOKKEEP)).isEqualTo(2);
            assertThat(memory.fences(Usage.BOOKKEEP)).containsExactly(b.fence(), a.fence());
            locks.add(memory, engine.point(3), Usage.READ);
            assertThat(memory.fences(Usage.BOOKKEEP)).hasSize(3);
        }
    }
}
