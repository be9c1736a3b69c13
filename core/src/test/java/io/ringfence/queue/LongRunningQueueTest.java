package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Fences;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.Reservation;
import io.ringfence.fence.ReservationLocks;
import io.ringfence.fence.Usage;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Queues whose jobs have no end: they leave the device when somebody waits for their preempt fence, and come back. */
class LongRunningQueueTest extends QueueTestBase {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(20);

    private final LeavingDriver driver = new LeavingDriver();
    private final Reservation memory = Reservation.create("memory");
    /** Held, for a queue that nobody holds is closed. */
    private LongRunningQueue<Object> queue;

    private void open(Rebind rebind, Duration bound) {
        watched(driver);
        queue = runtime.openLongRunningQueue(driver, options("long"), PayloadTraits.plain(), rebind, bound);
    }

    private void open(Rebind rebind) {
        open(rebind, LONG);
    }

    private void open() {
        open(() -> driver.events.add("rebind"));
    }

    private void awaitEvents(String... expected) throws InterruptedException {
        for (String event : expected) {
            assertThat(driver.events.take()).isEqualTo(event);
        }
    }

    private Fence awaitNext(Fence before) {
        Fence fence = queue.preemptFence();
        while (fence == before) {
            Thread.onSpinWait();
            fence = queue.preemptFence();
        }
        return fence;
    }

    private static void move(Reservation what, Fence fence) throws InterruptedException {
        try (ReservationLocks locks = ReservationLocks.lock(what)) {
            locks.reserve(what, 1);
            locks.add(what, fence, Usage.KERNEL);
        }
    }

    // ---- leaving and coming back

    @Test
    @DisplayName("L3 to L6: it leaves when somebody waits, is bound again, and comes back with a new fence in place")
    void leavesAndComesBack() throws Exception {
        List<List<Fence>> seen = new ArrayList<>();
        open(() -> {
            seen.add(memory.fences(Usage.BOOKKEEP));
            driver.events.add("rebind");
        });
        driver.resuming = () -> {
            seen.add(memory.fences(Usage.BOOKKEEP));
            return Fences.signalled();
        };
        queue.uses(memory);
        assertThat(queue.submit("endless")).isEqualTo(1);
        Fence first = queue.preemptFence();
        assertThat(memory.entries(Usage.BOOKKEEP)).containsExactly(new Reservation.Entry(first, Usage.BOOKKEEP));
        assertThat(memory.isDone(Usage.READ)).isTrue();
        assertThat(first.isDone()).isFalse();
        assertThat(driver.events).as("nothing happens until somebody waits").isEmpty();

        for (int i = 0; i < 5; i++) {
            seen.clear();
            Fence present = queue.preemptFence();
            assertThat(memory.await(Usage.BOOKKEEP, LONG)).isTrue();
            assertOk(present);
            awaitEvents("suspend", "rebind", "resume");
            assertThat(seen.getFirst()).as("while it is bound again nobody has to wait").isEmpty();
            assertThat(seen.getLast()).as("before it is resumed").containsExactly(queue.preemptFence());
            assertThat(queue.preemptFence()).isNotSameAs(present);
        }
        assertThat(driver.ran).containsExactly(1L);
    }

    @Test
    void twoWaitersAreOnePreemption() throws Exception {
        open();
        FenceIssuer left = issuer("left");
        driver.suspending = left::fence;
        Fence off = queue.preemptFence();
        List<FutureTask<Void>> waiters = List.of(start("a", () -> assertOk(off)), start("b", () -> assertOk(off)));
        awaitEvents("suspend");
        off.enableSignalling();
        left.signal();
        join(waiters);
        awaitEvents("rebind", "resume");
        assertThat(driver.events).isEmpty();
    }

    @Test
    @DisplayName("who waits while it is just being resumed has the new fence, and is served when it was resumed")
    void waiterBesideResumption() throws Exception {
        open();
        FenceIssuer back = issuer("back");
        driver.resuming = back::fence;
        Fence first = queue.preemptFence();
        assertOk(first);
        awaitEvents("suspend", "rebind", "resume");
        Fence second = queue.preemptFence();
        assertThat(second).isNotSameAs(first);
        second.enableSignalling();
        driver.resuming = () -> {
            assertThat(back.fence().isDone()).isTrue();
            return Fences.signalled();
        };
        driver.suspending = () -> {
            driver.check(back.fence().isDone(), "suspended before it was resumed");
            return Fences.signalled();
        };
        back.signal();
        assertOk(second);
        awaitEvents("suspend", "rebind", "resume");
    }

    @Test
    void jobsAreAcceptedWhileItIsAway() throws Exception {
        var bound = new CountDownLatch(1);
        open(bound::await);
        assertOk(queue.preemptFence());
        awaitEvents("suspend");
        for (int i = 1; i <= 5; i++) {
            assertThat(queue.submit("job")).isEqualTo(i);
        }
        assertThat(queue.trySubmit("job")).isEqualTo(6);
        assertThat(driver.ran).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(driver.suspended).isTrue();
        bound.countDown();
        awaitEvents("resume");
    }

    @Test
    @DisplayName("L4: it is left alone for its minimum run period; a kill does not wait for that")
    void killCutsTheMinimumRunPeriod() throws Exception {
        driver.minRun = LONG;
        open();
        long _ = queue.submit("endless");
        FenceIssuer left = issuer("left");
        driver.suspending = () -> {
            // The kill says first that it is one, and closes then.
            driver.check(queue.dump().contains("stopped: "), "asked within the minimum run period");
            return left.fence();
        };
        Fence off = queue.preemptFence();
        FutureTask<Void> waiter = start("waiter", () -> assertOk(off));
        while (!queue.dump().contains("pending")) {
            Thread.onSpinWait();
        }
        assertOk(queue.kill());
        waiter.get();
        assertThat(driver.events).doesNotContain("resume");
        assertThat(queue.preemptFence()).isSameAs(off);
    }

    // ---- the memory

    @Test
    @DisplayName("L6: what is being moved is waited for, and what was moved again meanwhile is bound once more")
    void movedWhileItIsBound() throws Exception {
        FenceIssuer firstMove = issuer("first move");
        var waitedFor = new CountDownLatch(1);
        FenceIssuer secondMove = FenceIssuer.create("second move", waitedFor::countDown);
        var calls = new AtomicInteger();
        open(() -> {
            assertThat(firstMove.fence().isDone()).isTrue();
            if (calls.incrementAndGet() == 1) {
                move(memory, secondMove.fence());
            }
            driver.events.add("rebind");
        });
        queue.uses(memory);
        move(memory, firstMove.fence());
        Fence off = queue.preemptFence();
        assertOk(off);
        awaitEvents("suspend");
        firstMove.signal();
        awaitEvents("rebind");
        waitedFor.await();
        assertThat(queue.preemptFence()).isSameAs(off);
        assertThat(driver.events).isEmpty();
        secondMove.signal();
        awaitEvents("rebind", "resume");
    }

    @Test
    void hookMaySayThatItDoesNotHold() throws Exception {
        var calls = new AtomicInteger();
        open(new Rebind() {
            @Override
            public void rebind() {
                driver.events.add("rebind");
            }

            @Override
            public boolean isBound() {
                return calls.incrementAndGet() == 3;
            }
        });
        assertOk(queue.preemptFence());
        awaitEvents("suspend", "rebind", "rebind", "rebind", "resume");
    }

    @Test
    void memoryThatIsNotUsedAnyMoreIsFree() throws Exception {
        open();
        queue.uses(memory);
        queue.uses(memory);
        assertThat(memory.fences(Usage.BOOKKEEP)).containsExactly(queue.preemptFence());
        queue.unuses(memory);
        queue.unuses(memory);
        assertThat(memory.isDone(Usage.BOOKKEEP)).isTrue();
        Fence before = queue.preemptFence();
        assertOk(before);
        Fence _ = awaitNext(before);
        assertThat(memory.isDone(Usage.BOOKKEEP)).isTrue();
        queue.uses(memory);
        assertThat(memory.fences(Usage.BOOKKEEP)).containsExactly(queue.preemptFence());
    }

    @Test
    @DisplayName("L7: whatever comes beside preemptions, no reservation lacks the fence while the queue may run")
    void usesBesidePreemption() throws Exception {
        open(() -> {
        });
        queue.uses(memory);
        driver.resuming = () -> {
            driver.check(memory.fences(Usage.BOOKKEEP).contains(queue.preemptFence()), "resumed without its fence");
            return Fences.signalled();
        };
        int times = 300;
        var over = new CountDownLatch(1);
        List<FutureTask<Void>> users = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Reservation own = Reservation.create("own " + i);
            users.add(start("user " + i, () -> {
                while (over.getCount() != 0) {
                    queue.uses(own);
                    Fence present = queue.preemptFence();
                    driver.check(own.fences(Usage.BOOKKEEP).contains(present) || present.isDone(),
                            "it uses memory without a fence");
                    queue.unuses(own);
                    driver.check(own.fences(Usage.BOOKKEEP).isEmpty(), "a fence was left");
                }
            }));
        }
        for (int i = 0; i < times; i++) {
            Fence present = queue.preemptFence();
            assertOk(present);
            Fence _ = awaitNext(present);
        }
        over.countDown();
        join(users);
    }

    // ---- what goes wrong

    @Test
    void hookThatThrowsBansTheQueue() throws Exception {
        try (LogCapture log = new LogCapture()) {
            var thrown = new IllegalStateException("no room for it");
            open(() -> {
                throw thrown;
            });
            long _ = queue.submit("endless");
            Fence off = queue.preemptFence();
            assertOk(off);
            while (queue.trySubmit("more") != SubmitCode.BANNED) {
                Thread.onSpinWait();
            }
            assertThatThrownBy(() -> queue.submit("more")).isInstanceOf(QueueClosedException.class)
                    .hasMessageContaining("long").hasMessageContaining("no room for it");
            assertOk(queue.startClose());
            assertThat(log.thrown()).contains(thrown);
            assertThat(driver.events).containsExactly("suspend");
            assertThat(queue.preemptFence().isDone()).isTrue();
        }
    }

    @Test
    void queueThatDoesNotLeaveInTimeIsBanned() throws Exception {
        try (LogCapture _ = new LogCapture()) {
            open(() -> {
            }, SHORT);
            FenceIssuer never = issuer("never");
            driver.suspending = never::fence;
            Failure failure = failureOf(queue.preemptFence());
            assertThat(failure).isInstanceOfSatisfying(Failure.DriverError.class,
                    error -> assertThat(error.thrown()).isInstanceOf(TimeoutException.class)
                            .hasMessageContaining("long"));
            while (queue.trySubmit("more") != SubmitCode.BANNED) {
                Thread.onSpinWait();
            }
            assertThat(driver.events).containsExactly("suspend");
        }
    }

    @Test
    void deviceThatRefusesIsAskedOnceMore() throws Exception {
        open();
        var refusals = new AtomicInteger(2);
        driver.suspending = () -> refusals.getAndDecrement() > 0
                ? Fences.failed("suspend",
                        new Failure.DriverError(new IllegalStateException("in the middle of a reset")))
                : Fences.signalled();
        assertOk(queue.preemptFence());
        awaitEvents("suspend", "suspend", "suspend", "rebind", "resume");
    }

    @Test
    void deviceThatAlwaysRefusesIsGivenUp() throws Exception {
        try (LogCapture _ = new LogCapture()) {
            open(() -> {
            }, SHORT);
            var cause = new Failure.DriverError(new IllegalStateException("never"));
            driver.suspending = () -> Fences.failed("suspend", cause);
            assertThat(failureOf(queue.preemptFence())).isEqualTo(cause);
            while (queue.trySubmit("more") != SubmitCode.BANNED) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void queueThatCannotBeResumedIsBanned() throws Exception {
        try (LogCapture log = new LogCapture()) {
            open();
            var thrown = new IllegalStateException("mine");
            driver.resuming = () -> {
                throw thrown;
            };
            Fence off = queue.preemptFence();
            assertOk(off);
            while (queue.trySubmit("more") != SubmitCode.BANNED) {
                Thread.onSpinWait();
            }
            assertOk(queue.startClose());
            assertThat(queue.preemptFence().isDone()).isTrue();
            assertThat(log.thrown()).contains(thrown);
        }
    }

    // ---- the end

    @Test
    void killedWhileItIsAwayItDoesNotComeBack() throws Exception {
        var bound = new CountDownLatch(1);
        var inHook = new CountDownLatch(1);
        open(() -> {
            inHook.countDown();
            bound.await();
        });
        queue.uses(memory);
        long _ = queue.submit("endless");
        Fence off = queue.preemptFence();
        assertOk(off);
        inHook.await();
        assertOk(queue.kill());
        bound.countDown();
        assertThat(queue.preemptFence().isDone()).isTrue();
        assertThat(memory.isDone(Usage.BOOKKEEP)).isTrue();
        assertThat(driver.events).containsExactly("suspend");
    }

    @Test
    void closedWhileItIsAwayItComesBackToFinish() throws Exception {
        var bound = new CountDownLatch(1);
        open(bound::await);
        queue.uses(memory);
        long last = queue.submit("job");
        assertOk(queue.preemptFence());
        Fence end = queue.startClose();
        assertThat(end.isDone()).isFalse();
        bound.countDown();
        awaitEvents("suspend", "resume");
        driver.finishThrough(last);
        assertOk(end);
        assertOk(queue.preemptFence());
        assertThat(memory.isDone(Usage.BOOKKEEP)).isTrue();
        assertThat(driver.events).as("nobody asks a queue that has ended").isEmpty();
        queue.uses(memory);
        assertThat(memory.isDone(Usage.BOOKKEEP)).isTrue();
    }

    @Test
    void killsBesidePreemptionsLeaveNobodyWaiting() throws Exception {
        for (int i = 0; i < 200; i++) {
            LeavingDriver device = new LeavingDriver();
            watched(device);
            LongRunningQueue<Object> each = runtime.openLongRunningQueue(device, options("each " + i));
            each.uses(memory);
            long _ = each.submit("endless");
            FutureTask<Void> waiter = start("waiter", () -> {
                for (Fence present = each.preemptFence();; present = each.preemptFence()) {
                    assertOk(present);
                    if (each.preemptFence() == present && each.status().closed()) {
                        return;
                    }
                }
            });
            FutureTask<Void> killer = start("killer", () -> {
                for (int spin = 0; spin < 50 && each.preemptFence().toString().contains(" 1 "); spin++) {
                    Thread.onSpinWait();
                }
                assertOk(each.kill());
            });
            killer.get();
            waiter.get();
            assertThat(memory.await(Usage.BOOKKEEP, LONG)).isTrue();
        }
    }

    @Test
    void clientEndsItsLongRunningQueues() throws Exception {
        Client client = runtime.openClient("client");
        LeavingDriver device = new LeavingDriver();
        watched(device);
        queue = client.openLongRunningQueue(device, options("mine"));
        long _ = queue.submit("endless");
        assertThat(client.usage().submitted()).isEqualTo(1);
        assertThat(client.dump()).contains("mine", "long-running");
        assertOk(client.ban("enough"));
        assertThat(queue.trySubmit("more")).isEqualTo(SubmitCode.BANNED);
        assertOk(queue.preemptFence());
        assertThatThrownBy(() -> client.openLongRunningQueue(new LeavingDriver(), options("late")))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("enough");
    }

    // ---- what is refused

    @Test
    void ownPreemptFenceIsRefusedAsADependency() throws Exception {
        open();
        Fence own = queue.preemptFence();
        FenceIssuer other = issuer("other");
        assertThatThrownBy(() -> queue.submit("job", own)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("wait for itself");
        assertThatThrownBy(() -> queue.trySubmit("job", Fences.allOf(other.fence(), own)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("preempt fence 1 of queue");
        assertThat(driver.events).isEmpty();
        assertThat(queue.submit("job", other.fence())).isEqualTo(1);
        assertThat(driver.ran).isEmpty();
        other.signal();
        while (driver.ran.isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Test
    @DisplayName("H15: a long-running queue draws on no budget")
    void budgetIsRefused() {
        CreditBudget budget = CreditBudget.create("shared", 8);
        QueueOptions options = options("long").withBudget(budget);
        assertThatThrownBy(() -> runtime.openLongRunningQueue(driver, options))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("long")
                .hasMessageContaining("shared");
        assertThat(runtime.describe()).isEmpty();
        assertThat(driver.link()).as("the driver was not used").isNull();
    }

    @Test
    void fencesForJobsWithoutEndAreRefused() {
        assertThatThrownBy(() -> runtime.openQueue(driver, options("short")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("openLongRunningQueue");
        assertThatThrownBy(() -> runtime.openClient("client").openQueue(driver, options("short")))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("openLongRunningQueue");
    }

    @Test
    void timeoutsDoNotCount() {
        watched(driver);
        queue = runtime.openLongRunningQueue(driver, options("long").withTimeout(Duration.ofMillis(1)),
                PayloadTraits.plain().withLimit(_ -> Duration.ofMillis(1)), () -> {
                });
        assertThat(queue.options().timeout()).isEqualTo(QueueOptions.NO_TIMEOUT);
        long _ = queue.trySubmit("endless");
        assertThat(threadNames()).noneMatch(name -> name.contains("watchdog"));
    }

    private List<String> threadNames() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .filter(name -> name.startsWith("ringfence")).toList();
    }

    @Test
    void dumpTellsWhereItIsAndWhatItUses() throws Exception {
        var bound = new CountDownLatch(1);
        var inHook = new CountDownLatch(1);
        open(() -> {
            inHook.countDown();
            bound.await();
        });
        queue.uses(memory);
        assertThat(queue.dump()).contains("long-running: may run", "preempt fence 1 of queue long", "pending",
                "uses 1 reservations: memory");
        assertOk(queue.preemptFence());
        inHook.await();
        assertThat(runtime.dump()).contains("is off the device and being bound again", "signalled");
        bound.countDown();
        awaitEvents("suspend", "resume");
        assertThat(queue.preemptFence()).asString().contains("preempt fence 2 of queue long");
        assertThat(queue.preemptFence().outcome()).isEqualTo(Outcome.PENDING);
    }
}
