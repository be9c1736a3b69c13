package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.random.RandomGenerator;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** F51: locking many reservations in any order. */
@Timeout(180)
class ReservationLocksTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 3_000;

    private final Reservation a = Reservation.create("a");
    private final Reservation b = Reservation.create("b");
    private final Reservation c = Reservation.create("c");

    private static boolean isFree(Reservation reservation) {
        try (ReservationLocks locks = ReservationLocks.tryLock(reservation)) {
            return locks != null;
        }
    }

    @Test
    void locksAreHeldUntilClosed() throws Exception {
        ReservationLocks locks = ReservationLocks.lock(a, b);
        assertThat(isFree(a)).isFalse();
        assertThat(isFree(b)).isFalse();
        assertThat(isFree(c)).isTrue();
        assertThat(locks.lockAlso(c)).isTrue();
        assertThat(locks.lockAlso(a)).as("locked here already").isTrue();
        assertThat(isFree(c)).isFalse();
        locks.close();
        locks.close();
        assertThat(isFree(a) && isFree(b) && isFree(c)).isTrue();
    }

    @Test
    void tryLockTakesAllOrNothing() throws Exception {
        try (ReservationLocks held = ReservationLocks.lock(b)) {
            assertThat(ReservationLocks.tryLock(a, b, c)).isNull();
            assertThat(isFree(a) && isFree(c)).isTrue();
            assertThat(held.lockAlso(c)).isTrue();
        }
        try (ReservationLocks all = ReservationLocks.tryLock(c, b, a)) {
            assertThat(all).isNotNull();
            assertThat(isFree(a) || isFree(b) || isFree(c)).isFalse();
        }
    }

    @Test
    @DisplayName("F51: the same reservation twice is refused, and nothing is locked")
    void twice() {
        assertThatThrownBy(() -> ReservationLocks.lock(a, b, a)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("reservation a").hasMessageContaining("twice");
        assertThatThrownBy(() -> ReservationLocks.tryLock(b, b)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("reservation b");
        assertThat(isFree(a) && isFree(b)).isTrue();
    }

    @Test
    @Tag("slow")
    void theLockGoesToThoseWhoWaitInTheOrderInWhichTheyCame() throws Exception {
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<Thread> waiters = new ArrayList<>();
        try (ReservationLocks held = ReservationLocks.lock(a)) {
            for (int i = 0; i < 8; i++) {
                int mine = i;
                waiters.add(FenceTest.waiting(() -> {
                    try (ReservationLocks locks = ReservationLocks.lock(a)) {
                        locks.reserve(a, 1);
                        order.add(mine);
                    }
                }));
            }
            assertThat(order).isEmpty();
            held.reserve(a, 1);
        }
        for (Thread waiter : waiters) {
            waiter.join();
        }
        assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void theYoungerOneLetsGoAndHoldsThenWhatWasInItsWay() throws Exception {
        ReservationLocks older = ReservationLocks.begin();
        try (ReservationLocks younger = ReservationLocks.begin()) {
            assertThat(older.lockAlso(a)).isTrue();
            assertThat(younger.lockAlso(b)).isTrue();
            List<Boolean> answers = Collections.synchronizedList(new ArrayList<>());
            Thread waiter = FenceTest.waiting(() -> answers.add(younger.lockAlso(a)));
            assertThat(older.lockAlso(b)).as("the younger one has let go").isTrue();
            assertThat(answers).isEmpty();
            older.close();
            waiter.join();
            assertThat(answers).containsExactly(false);
            assertThat(isFree(a)).isFalse();
            assertThat(isFree(b)).isTrue();
            assertThat(younger.lockAlso(b)).isTrue();
            assertThat(younger.lockAlso(a)).isTrue();
        }
        assertThat(isFree(a) && isFree(b)).isTrue();
    }

    @Test
    void theOlderOneWaitsAndKeepsWhatItHas() throws Exception {
        try (ReservationLocks older = ReservationLocks.begin()) {
            ReservationLocks younger = ReservationLocks.begin();
            assertThat(younger.lockAlso(b)).isTrue();
            assertThat(older.lockAlso(a)).isTrue();
            List<Boolean> answers = Collections.synchronizedList(new ArrayList<>());
            Thread waiter = FenceTest.waiting(() -> answers.add(older.lockAlso(b)));
            assertThat(isFree(a)).isFalse();
            younger.close();
            waiter.join();
            assertThat(answers).containsExactly(true);
            assertThat(isFree(a) || isFree(b)).isFalse();
        }
    }

    @Test
    @Tag("slow")
    @DisplayName("F51: four threads lock three reservations in all orders")
    void lockInOppositeOrders() throws Exception {
        oppositeOrders((_, order) -> ReservationLocks.lock(order.toArray(new Reservation[0])));
    }

    @Test
    @Tag("slow")
    @DisplayName("F51: so they do one by one")
    void lockAlsoInOppositeOrders() throws Exception {
        oppositeOrders((_, order) -> {
            ReservationLocks locks = ReservationLocks.begin();
            boolean all = false;
            while (!all) {
                all = true;
                for (Reservation reservation : order) {
                    all &= locks.lockAlso(reservation);
                }
            }
            return locks;
        });
    }

    @Test
    @Tag("slow")
    @DisplayName("F51: and in all ways beside each other, with parts of the reservations only")
    void mixedLocking() throws Exception {
        oppositeOrders((random, order) -> {
            Reservation[] array = order.toArray(new Reservation[0]);
            ReservationLocks tried = random.nextBoolean() ? ReservationLocks.tryLock(array) : null;
            if (tried != null) {
                return tried;
            }
            ReservationLocks locks = ReservationLocks.begin();
            while (!(locks.lockAlso(array[2]) && locks.lockAlso(array[0]) && locks.lockAlso(array[1]))) {
                TestThreads.spin();
            }
            return locks;
        });
    }

    private interface Locking {
        ReservationLocks lock(RandomGenerator random, List<Reservation> order) throws InterruptedException;
    }

    private void oppositeOrders(Locking locking) throws Exception {
        // Plain fields: only the locks keep the threads apart and make them see each other's writes.
        int[] rounds = new int[1];
        List<FutureTask<Void>> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            var random = new SplittableRandom(i);
            List<Reservation> order = new ArrayList<>(List.of(a, b, c));
            threads.add(TestThreads.start("locker " + i, () -> {
                for (int round = 0; round < ROUNDS; round++) {
                    Collections.swap(order, random.nextInt(3), random.nextInt(3));
                    try (ReservationLocks locks = locking.lock(random, order)) {
                        int before = rounds[0];
                        order.forEach(reservation -> locks.reserve(reservation, 1));
                        rounds[0] = before + 1;
                    }
                }
            }));
        }
        TestThreads.join(threads);
        assertThat(rounds[0]).isEqualTo(THREADS * ROUNDS);
        assertThat(isFree(a) && isFree(b) && isFree(c)).isTrue();
    }

    @Test
    void anInterruptWhileWaitingLeavesNothingLocked() throws Exception {
        try (ReservationLocks held = ReservationLocks.lock(b)) {
            List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
            Thread waiter = FenceTest.waiting(() -> thrown.add(catchThrowable(() -> ReservationLocks.lock(a, b, c))));
            waiter.interrupt();
            waiter.join();
            assertThat(thrown).singleElement().isInstanceOf(InterruptedException.class);
            assertThat(isFree(a) && isFree(c)).isTrue();
            assertThat(held.lockAlso(a)).isTrue();
        }
        assertThat(isFree(a) && isFree(b)).isTrue();
    }

    @Test
    void anInterruptOfOneThatHoldsLocksAddsNoneAndKeepsTheOthers() throws Exception {
        try (ReservationLocks older = ReservationLocks.begin(); ReservationLocks younger = ReservationLocks.lock(b)) {
            List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
            assertThat(older.lockAlso(a)).isTrue();
            Thread waiter = FenceTest.waiting(() -> thrown.add(catchThrowable(() -> older.lockAlso(b))));
            waiter.interrupt();
            waiter.join();
            assertThat(thrown).singleElement().isInstanceOf(InterruptedException.class);
            assertThat(isFree(a)).isFalse();
            assertThat(younger).hasToString("locks on [reservation b]");
            assertThat(older).hasToString("locks on [reservation a]");
        }
        assertThat(isFree(a) && isFree(b)).isTrue();
    }

    @Test
    void anInterruptedOneDoesNotHoldUpThoseBehindIt() throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        Thread first;
        Thread second;
        try (ReservationLocks held = ReservationLocks.lock(a)) {
            first = FenceTest.waiting(() -> order.add(catchThrowable(() -> ReservationLocks.lock(a)).toString()));
            second = FenceTest.waiting(() -> {
                try (ReservationLocks locks = ReservationLocks.lock(a)) {
                    order.add(locks.toString());
                }
            });
            first.interrupt();
            first.join();
            assertThat(held.lockAlso(b)).isTrue();
        }
        second.join();
        assertThat(order).hasSize(2).last().asString().contains("reservation a");
    }

    @Test
    @DisplayName("Locking is refused inside a callback, where tryLock is allowed")
    void insideACallback() {
        List<Throwable> thrown = new ArrayList<>();
        List<Boolean> locked = new ArrayList<>();
        Fences.signalled().onDone(() -> {
            thrown.add(catchThrowable(() -> ReservationLocks.lock(a)));
            try (ReservationLocks locks = ReservationLocks.tryLock(a, b)) {
                thrown.add(catchThrowable(() -> locks.lockAlso(c)));
                locks.reserve(a, 1);
                locks.add(a, Fences.signalled(), Usage.READ);
                locked.add(isFree(a));
            }
        });
        assertThat(thrown).hasSize(2)
                .allSatisfy(refused -> assertThat(refused).isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("reservation").hasMessageContaining("callback"));
        assertThat(locked).containsExactly(false);
        assertThat(isFree(a) && isFree(b) && isFree(c)).isTrue();
    }
}
