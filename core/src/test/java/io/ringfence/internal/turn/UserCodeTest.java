package io.ringfence.internal.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.internal.turn.TurnTest.Logged;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Marks that say who is inside, and what is put off until it leaves. */
@Timeout(180)
class UserCodeTest {
    private static final int TABLE = 1024;

    private final List<String> log = new ArrayList<>();

    @AfterEach
    void outside() {
        assertThat(UserCode.inside()).isFalse();
    }

    @Test
    void enteringAgainNeedsLeavingAgain() {
        int outer = UserCode.enter();
        int inner = UserCode.enter();
        int innermost = UserCode.enter();
        assertThat(UserCode.exit(innermost)).isNull();
        assertThat(UserCode.inside()).isTrue();
        assertThat(UserCode.exit(inner)).isNull();
        assertThat(UserCode.inside()).isTrue();
        assertThat(UserCode.exit(outer)).isNull();
        assertThat(UserCode.inside()).isFalse();
    }

    @Test
    void enteringManyTimesOverIsKnownAndLeft() {
        // More often than one place has room for, so that most marks are elsewhere.
        var tokens = new ArrayList<Integer>();
        for (int i = 0; i < 40; i++) {
            tokens.add(UserCode.enter());
            Deferred.run(new Logged(log, "item " + i));
        }
        var arisen = new ArrayList<Deferred>();
        while (!tokens.isEmpty()) {
            assertThat(UserCode.inside()).isTrue();
            Deferred rest = UserCode.exit(tokens.removeLast());
            if (rest != null) {
                arisen.add(rest);
            }
        }
        assertThat(UserCode.inside()).isFalse();
        assertThat(log).as("nothing was done inside").isEmpty();
        arisen.forEach(Deferred::run);
        assertThat(log).hasSize(40).doesNotHaveDuplicates();
    }

    @Test
    void whatArisesInsideAnInnerCallComesAfterWhatAroseBefore() {
        int outer = UserCode.enter();
        Deferred.run(new Logged(log, "1"));
        int inner = UserCode.enter();
        Deferred.run(new Logged(log, "2"));
        Deferred.run(UserCode.exit(inner));
        Deferred.run(new Logged(log, "3"));
        assertThat(log).isEmpty();
        Deferred.run(UserCode.exit(outer));
        assertThat(log).containsExactly("1", "2", "3");
    }

    @Test
    void theInterruptStatusIsTakenAwayAndGivenBack() {
        Thread.currentThread().interrupt();
        int outer = UserCode.enter();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        int inner = UserCode.enter();
        UserCode.exit(inner);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        UserCode.exit(outer);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void anInterruptThatCameInsideStays() {
        int token = UserCode.enter();
        Thread.currentThread().interrupt();
        UserCode.exit(token);
        assertThat(Thread.interrupted()).isTrue();
        token = UserCode.enter();
        UserCode.exit(token);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    @DisplayName("H6: marks of threads with ids alike are not lost while others enter and leave")
    void idsAlikeEnteringAndLeaving() throws Exception {
        int count = 10;
        var ready = new AtomicInteger();
        List<FutureTask<Integer>> tasks = startAlike(count, () -> {
            ready.incrementAndGet();
            while (ready.get() < count) {
                Thread.onSpinWait();
            }
            int wrong = 0;
            for (int round = 0; round < 3_000; round++) {
                int outer = UserCode.enter();
                wrong += UserCode.inside() ? 0 : 1;
                if (round % 16 == 0) {
                    letOthersRun();
                }
                int inner = UserCode.enter();
                wrong += catchThrowable(() -> UserCode.refuseParking("await on", "x")) == null ? 1 : 0;
                UserCode.exit(inner);
                wrong += UserCode.inside() ? 0 : 1;
                UserCode.exit(outer);
                wrong += UserCode.inside() ? 1 : 0;
            }
            return wrong;
        });
        for (FutureTask<Integer> task : tasks) {
            assertThat(task.get()).isZero();
        }
    }

    @Test
    @DisplayName("H6: what threads with ids alike put off comes back to each of them, in order")
    void deferredWorkIsNotMixedUp() throws Exception {
        int count = 10;
        var ready = new AtomicInteger();
        List<FutureTask<List<String>>> tasks = startAlike(count, () -> {
            List<String> mine = new ArrayList<>();
            int token = UserCode.enter();
            ready.incrementAndGet();
            while (ready.get() < count) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < 100; i++) {
                Deferred.run(new Logged(mine, "item " + i));
                letOthersRun();
            }
            assertThat(mine).isEmpty();
            Deferred.run(UserCode.exit(token));
            return mine;
        });
        List<String> expected = java.util.stream.IntStream.range(0, 100).mapToObj(i -> "item " + i).toList();
        for (FutureTask<List<String>> task : tasks) {
            assertThat(task.get()).isEqualTo(expected);
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it; it makes marks overlap where processors are few
    private static void letOthersRun() {
        Thread.yield();
    }

    /** Starts threads whose ids are equal modulo the size of the table; ids are given to threads that are made. */
    private static <T> List<FutureTask<T>> startAlike(int count, Callable<T> body) {
        List<Thread> alike = new ArrayList<>();
        List<FutureTask<T>> tasks = new ArrayList<>();
        long wanted = Thread.currentThread().threadId() % TABLE;
        while (alike.size() < count) {
            FutureTask<T> task = new FutureTask<>(body);
            Thread thread = Thread.ofPlatform().daemon().unstarted(task);
            if (thread.threadId() % TABLE == wanted) {
                alike.add(thread);
                tasks.add(task);
            }
        }
        alike.forEach(Thread::start);
        return tasks;
    }
}
