package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What could park is refused inside callbacks, and nowhere else. */
@Timeout(180)
class InsideTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final FenceIssuer issuer = FenceIssuer.create("fence");
    private final Fence fence = issuer.fence();
    private final FenceIssuer pending = FenceIssuer.create("pending");
    private final ResultIssuer<String> result = ResultIssuer.create("result");
    private final SyncObject object = SyncObject.create("object");
    private final Reservation reservation = Reservation.create("buffer");
    private final Registration registration = pending.fence().onDone(() -> {
    });

    @AfterEach
    void settle() {
        issuer.signal();
        pending.signal();
        result.signal("end of test");
    }

    /** Every call that may park, by name. */
    private Map<String, ThrowingCallable> parkingCalls() {
        Fence waited = pending.fence();
        var points = List.of(new SyncObject.At(object, 1));
        var until = SyncObject.Until.SUBMITTED_AND_SIGNALED;
        var calls = new LinkedHashMap<String, ThrowingCallable>();
        calls.put("await", waited::await);
        calls.put("await of a signalled fence", Fences.signalled()::await);
        calls.put("await of a container", Fences.allOf(waited, result.result().fence())::await);
        calls.put("await for a time", () -> waited.await(LONG));
        calls.put("await for no time", () -> waited.await(Duration.ZERO));
        calls.put("awaitOk", waited::awaitOk);
        calls.put("awaitAny", () -> Fences.awaitAny(List.of(waited, result.result().fence()), LONG));
        calls.put("awaitAll", () -> Fences.awaitAll(List.of(waited, result.result().fence()), LONG));
        calls.put("cancelAndAwait", registration::cancelAndAwait);
        calls.put("await of a result", result.result()::await);
        calls.put("await of a result for a time", () -> result.result().await(LONG));
        calls.put("awaitSubmitted", () -> object.awaitSubmitted(1, LONG));
        calls.put("await of a sync object", () -> object.await(1, until, LONG));
        calls.put("awaitAny of sync objects", () -> SyncObject.awaitAny(points, until, LONG));
        calls.put("awaitAll of sync objects", () -> SyncObject.awaitAll(points, until, LONG));
        calls.put("await of a reservation", () -> reservation.await(Usage.BOOKKEEP, LONG));
        calls.put("lock", () -> ReservationLocks.lock(reservation));
        return calls;
    }

    private Map<String, Throwable> tryAll() {
        var thrown = new LinkedHashMap<String, Throwable>();
        parkingCalls().forEach((name, call) -> thrown.put(name, catchThrowable(call)));
        return thrown;
    }

    private void assertRefused(Map<String, Throwable> thrown) {
        assertThat(thrown).hasSize(17).allSatisfy((name, refused) -> assertThat(refused).as(name)
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("could park")
                .hasMessageContaining("callback"));
    }

    @Test
    @DisplayName("H6: everything that could park is refused inside a callback, and has done nothing")
    void refusedInsideACallback() throws Exception {
        var thrown = new LinkedHashMap<String, Throwable>();
        fence.onDone(() -> thrown.putAll(tryAll()));
        issuer.signal();
        assertRefused(thrown);
        assertThat(registration.cancel()).as("was not taken back").isTrue();
        ReservationLocks free = ReservationLocks.tryLock(reservation);
        assertThat(free).as("was not locked").isNotNull();
        free.close();
        assertThat(Linked.on(result.result().fence())).as("nothing registered").isZero();
    }

    @Test
    @DisplayName("H6: so it is inside a late callback, a producer, and an executor's execute")
    void refusedInsideWhatIsCalledAsACallbackIs() {
        issuer.signal();
        var late = new LinkedHashMap<String, Throwable>();
        fence.onDone(() -> late.putAll(tryAll()));
        assertRefused(late);

        var enabling = new LinkedHashMap<String, Throwable>();
        FenceIssuer produced = FenceIssuer.create("produced", () -> enabling.putAll(tryAll()));
        produced.fence().enableSignalling();
        assertRefused(enabling);
        produced.signal();

        var executing = new LinkedHashMap<String, Throwable>();
        fence.onDone(() -> {
        }, _ -> executing.putAll(tryAll()));
        assertRefused(executing);
    }

    @Test
    void allowedInsideAnAsyncCallbackAndAfterACallback() throws Exception {
        FenceIssuer done = FenceIssuer.create("done");
        var thrown = new ArrayList<Throwable>();
        Thread waiter = FenceTest.waiting(() -> done.fence().await());
        fence.onDoneAsync(() -> {
            thrown.add(catchThrowable(this::parkOnEverything));
            done.signal();
        });
        issuer.signal();
        waiter.join();
        assertThat(thrown).containsExactly((Throwable) null);
        parkOnEverything();
    }

    private void parkOnEverything() throws Exception {
        Duration brief = Duration.ofNanos(1);
        Fence waited = pending.fence();
        var points = List.of(new SyncObject.At(object, 1));
        var until = SyncObject.Until.SUBMITTED_AND_SIGNALED;
        assertThat(waited.await(brief)).isEqualTo(Outcome.PENDING);
        assertThat(Fences.awaitAny(List.of(waited, result.result().fence()), brief)).isEqualTo(-1);
        assertThat(Fences.awaitAll(List.of(waited, result.result().fence()), brief)).isFalse();
        assertThat(object.awaitSubmitted(1, brief)).isNull();
        assertThat(object.await(1, until, brief)).isEqualTo(Outcome.PENDING);
        assertThat(SyncObject.awaitAny(points, until, brief)).isEqualTo(-1);
        assertThat(SyncObject.awaitAll(points, until, brief)).isFalse();
        assertThat(reservation.await(Usage.BOOKKEEP, brief)).isTrue();
        ReservationLocks.lock(reservation).close();
        assertThat(fence.onDone(() -> {
        }).cancelAndAwait()).isFalse();
    }

    @Test
    void whatNeverWaitsIsAllowedInsideACallback() {
        var seen = new ArrayList<Object>();
        fence.onDone(() -> {
            seen.add(registration.cancel());
            ReservationLocks locks = ReservationLocks.tryLock(reservation);
            seen.add(locks != null);
            if (locks != null) {
                locks.close();
            }
            seen.add(pending.signal());
            object.signal();
            seen.add(Fences.anyOf(pending.fence(), result.result().fence()).isDone());
            pending.close();
        });
        issuer.signal();
        assertThat(seen).containsExactly(true, true, true, true);
        assertThat(object.fence().outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void anInterruptedThreadKeepsItsInterruptThroughACallback() {
        var seen = new ArrayList<Boolean>();
        fence.onDone(() -> seen.add(Thread.currentThread().isInterrupted()));
        Thread.currentThread().interrupt();
        issuer.signal();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(seen).containsExactly(false);
    }

    @Test
    @Tag("slow")
    @DisplayName("H6: a thread inside is known to be, however many with ids alike are inside with it")
    void idsAlike() throws Exception {
        issuer.signal();
        int count = 12;
        List<AtomicInteger> step = List.of(new AtomicInteger(), new AtomicInteger());
        var tasks = new ArrayList<FutureTask<List<Throwable>>>();
        List<Thread> threads = threadsAlike(count, () -> {
            var thrown = new ArrayList<Throwable>();
            fence.onDone(() -> {
                step.getFirst().incrementAndGet();
                // Spins, so that nothing else of this thread can be inside.
                spinUntil(step.getFirst(), count);
                thrown.add(catchThrowable(() -> pending.fence().await(Duration.ofNanos(1))));
                step.getLast().incrementAndGet();
                spinUntil(step.getLast(), count);
                thrown.add(catchThrowable(() -> pending.fence().await(Duration.ofNanos(1))));
            });
            thrown.add(catchThrowable(() -> pending.fence().await(Duration.ofNanos(1))));
            // Those that left early leave the others inside known.
            fence.onDone(() -> thrown.add(catchThrowable(() -> pending.fence().await(Duration.ofNanos(1)))));
            thrown.add(catchThrowable(() -> pending.fence().await(Duration.ofNanos(1))));
            return thrown;
        }, tasks);
        threads.forEach(Thread::start);
        for (FutureTask<List<Throwable>> task : tasks) {
            List<Throwable> thrown = task.get();
            assertThat(thrown).hasSize(5);
            for (int inside : new int[] {0, 1, 3}) {
                assertThat(thrown.get(inside)).isInstanceOf(IllegalStateException.class);
            }
            assertThat(thrown.get(2)).as("outside").isNull();
            assertThat(thrown.get(4)).as("outside").isNull();
        }
    }

    private static void spinUntil(AtomicInteger step, int count) {
        while (step.get() < count) {
            Thread.onSpinWait();
        }
    }

    /** Threads whose ids are equal modulo 1024; an id is given when a thread is made, so most are never started. */
    private static <T> List<Thread> threadsAlike(int count, java.util.concurrent.Callable<T> body,
            List<FutureTask<T>> tasks) {
        List<Thread> alike = new ArrayList<>();
        long wanted = Thread.ofPlatform().unstarted(() -> {
        }).threadId() & 1023;
        while (alike.size() < count) {
            FutureTask<T> task = new FutureTask<>(body);
            Thread thread = Thread.ofPlatform().daemon().unstarted(task);
            if ((thread.threadId() & 1023) == wanted) {
                alike.add(thread);
                tasks.add(task);
            }
        }
        return alike;
    }
}
