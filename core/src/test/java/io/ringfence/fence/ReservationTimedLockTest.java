package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Locking for at most so long. */
@Timeout(60)
class ReservationTimedLockTest {
    private final Reservation first = Reservation.create("first");
    private final Reservation second = Reservation.create("second");

    private static void assertFree(Reservation reservation) {
        ReservationLocks locks = ReservationLocks.tryLock(reservation);
        assertThat(locks).isNotNull();
        locks.close();
    }

    private static void awaitParked(AtomicReference<Thread> started) {
        while (started.get() == null) {
            TestThreads.spin();
        }
        TestThreads.awaitParked(started.get());
    }

    @Test
    void whatIsFreeIsLockedWhateverTheTime() throws Exception {
        for (Duration timeout : new Duration[] {Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(1)}) {
            try (ReservationLocks _ = ReservationLocks.lock(timeout, second, first)) {
                assertThat(ReservationLocks.tryLock(first)).isNull();
                assertThat(ReservationLocks.tryLock(second)).isNull();
            }
            assertFree(first);
            assertFree(second);
        }
    }

    @Test
    void nothingIsLockedIfTheTimeIsOverFirst() throws Exception {
        try (ReservationLocks _ = ReservationLocks.lock(second)) {
            for (Duration timeout : new Duration[] {Duration.ZERO, Duration.ofMillis(1)}) {
                TestThreads.start("late", () -> assertThatThrownBy(() -> ReservationLocks.lock(timeout, first, second))
                        .isInstanceOf(TimeoutException.class).hasMessageContaining("2 reservations")
                        .hasMessageContaining(timeout.toString())).get();
                assertFree(first);
            }
        }
        assertFree(second);
    }

    /** Whoever is older keeps what it has while it waits for somebody younger. */
    @Test
    void whoIsOlderHoldsNothingEitherOnceTheTimeIsOver() throws Exception {
        AtomicReference<Thread> waiting = new AtomicReference<>();
        ReservationLocks before = ReservationLocks.lock(first);
        FutureTask<Void> older = TestThreads.start("older", () -> {
            waiting.set(Thread.currentThread());
            assertThatThrownBy(() -> ReservationLocks.lock(Duration.ofMillis(500), first, second))
                    .isInstanceOf(TimeoutException.class);
        });
        awaitParked(waiting);
        try (ReservationLocks _ = ReservationLocks.lock(second)) {
            before.close();
            older.get();
            assertFree(first);
        }
        assertFree(second);
    }

    @Test
    void whoIsInterruptedHoldsNothing() throws Exception {
        AtomicReference<Thread> waiting = new AtomicReference<>();
        try (ReservationLocks _ = ReservationLocks.lock(second)) {
            FutureTask<Void> waiter = TestThreads.start("waiter", () -> {
                waiting.set(Thread.currentThread());
                assertThatThrownBy(() -> ReservationLocks.lock(first, second)).isInstanceOf(InterruptedException.class);
            });
            awaitParked(waiting);
            waiting.get().interrupt();
            waiter.get();
            assertFree(first);
        }
        assertFree(second);
    }

    @Test
    void noReservationsAreLockedInNoTime() throws Exception {
        ReservationLocks.lock(Duration.ZERO).close();
    }

    @Test
    void whoWaitsLongEnoughGetsTheLock() throws Exception {
        AtomicReference<Thread> waiting = new AtomicReference<>();
        CountDownLatch release = new CountDownLatch(1);
        FutureTask<Void> waiter;
        try (ReservationLocks _ = ReservationLocks.lock(first)) {
            waiter = TestThreads.start("waiter", () -> {
                waiting.set(Thread.currentThread());
                try (ReservationLocks _ = ReservationLocks.lock(Duration.ofMinutes(5), first, second)) {
                    release.await();
                }
            });
            awaitParked(waiting);
        }
        for (ReservationLocks free; (free = ReservationLocks.tryLock(second)) != null;) {
            free.close();
            TestThreads.spin();
        }
        release.countDown();
        waiter.get();
        assertFree(first);
        assertFree(second);
    }
}
