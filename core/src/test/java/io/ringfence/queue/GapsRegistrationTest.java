package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.fence.Timeline;
import io.ringfence.internal.timeline.Producer;
import io.ringfence.internal.timeline.TimelineState;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.DeferredList;
import io.ringfence.internal.turn.Turn;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Very many dependencies, and dependencies that are signalled just now. */
class GapsRegistrationTest extends QueueTestBase {
    private static final int INPUTS = 12;
    private static final int MANY = 100_000;

    private final IllegalStateException broken = new IllegalStateException("broken");

    // ---- signalled while it registers

    /** A job that must be neither run nor cancelled before its inputs are signalled, nor run if one of them failed. */
    private static final class Consumer implements Work {
        final List<FenceIssuer> inputs = issuers(INPUTS);
        final AtomicInteger wrong = new AtomicInteger();
        PointFence fence;

        @Override
        public void run(long seqno) {
            ended();
            if (inputs.stream().anyMatch(input -> input.fence().outcome() == Outcome.FAILED)) {
                wrong.incrementAndGet();
            }
        }

        void ended() {
            if (inputs.stream().anyMatch(input -> !input.fence().isDone())) {
                wrong.incrementAndGet();
            }
        }

        /** Signals all inputs; one in the middle fails, if there is a cause. */
        void signal(Throwable cause) {
            for (int i = 0; i < INPUTS; i++) {
                if (i == INPUTS / 2 && cause != null) {
                    inputs.get(i).fail(cause);
                } else {
                    inputs.get(i).signal();
                }
            }
        }

        Fence[] fences() {
            return GapsRegistrationTest.fences(inputs);
        }
    }

    /** Parks only if it takes long: on one processor, the other thread would otherwise have to wait for the end of its slice. */
    private static void acquireSoon(Semaphore announced) throws InterruptedException {
        for (int spins = 0; spins < 200; spins++) {
            if (announced.tryAcquire()) {
                return;
            }
            Thread.onSpinWait();
        }
        announced.acquire();
    }

    @Test
    @DisplayName("H13: a dozen inputs signalled or failed while a job registers: it runs after all, or fails after all, never hangs")
    void signalledWhileRegistering() throws Exception {
        int count = 5_000;
        var driver = new InlineDriver() {
            @Override
            void cancelled(long seqno, Object payload) {
                ((Consumer) payload).ended();
            }
        };
        JobQueue<Object> queue = open(driver);
        List<Consumer> jobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            jobs.add(new Consumer());
        }
        var announced = new Semaphore(0);
        FutureTask<Void> signaller = start("signaller", () -> {
            for (int at = 0; at < count; at++) {
                acquireSoon(announced);
                // Now sooner, now later, somewhere in the middle of the registration.
                for (int spins = at % 64; spins > 0; spins--) {
                    Thread.onSpinWait();
                }
                jobs.get(at).signal(at % 7 == 3 ? broken : null);
            }
        });
        for (Consumer job : jobs) {
            announced.release();
            job.fence = queue.submit(job, job.fences());
            // Nothing else goes on in this queue that would make up for a wake-up that is lost.
            job.fence.await();
        }
        signaller.get();

        for (int at = 0; at < count; at++) {
            Consumer job = jobs.get(at);
            if (at % 7 == 3) {
                assertThat(failureOf(job.fence))
                        .isEqualTo(
                                new Failure.DependencyFailed("input " + INPUTS / 2, new Failure.DriverError(broken)));
            } else {
                assertOk(job.fence);
            }
            assertThat(job.wrong).hasValue(0);
        }
        long failed = driver.cancels.get();
        assertThat(failed).isEqualTo((count + 3) / 7);
        assertThat(driver.runs).hasValue(count - failed);
    }

    // ---- very many

    /** Counts how often somebody performs it. */
    private static final class CountingTurn extends Turn {
        int looks;

        @Override
        protected int work(boolean first) {
            looks++;
            return DONE;
        }

        @Override
        protected Deferred left(int report) {
            return null;
        }

        @Override
        protected Deferred takeAfter() {
            return null;
        }
    }

    /** No queue finishes what these tests wait for. */
    private static final JobDependencies.LaterLook NEVER = () -> {
        throw new AssertionError("nobody's turn was kept");
    };

    /** As a queue makes them, but what they wake is the test's: a queue's own turn shows nobody how often it looks. */
    private static JobDependencies dependencies(Turn woken, Fence... named) throws ReflectiveOperationException {
        Constructor<JobDependencies> constructor = JobDependencies.class.getDeclaredConstructor(Fence[].class,
                TimelineState.class, boolean.class, Turn.class, Turn.class, QueueCore.class);
        constructor.setAccessible(true);
        return constructor.newInstance(named, new TimelineState(2), true, woken, woken, null);
    }

    private static void signal(TimelineState state, long seqno) {
        var fired = new DeferredList();
        state.signaledVolatile(seqno);
        state.sweep(seqno - 1, seqno, fired);
        Deferred.run(fired.take());
    }

    @ParameterizedTest(quoteTextArguments = false, name = "named at place {0}, signalled itself: {1}")
    @CsvSource({"0, true", "1, true", "2, true", "0, false", "1, false", "2, false"})
    @DisplayName("H13: registering for one input signals the others: the job is ready at once, or woken once by the last")
    void signalledByRegistering(int place, boolean itself) throws Exception {
        FenceIssuer a = issuer("a");
        FenceIssuer b = issuer("b");
        var state = new TimelineState(2);
        var point = new PointFence(new Timeline("producer", state));
        point.claimed(1);
        state.producer(new Producer() {
            @Override
            public void enableSignalling() {
                a.signal();
                b.signal();
                if (itself) {
                    signal(state, 1);
                }
            }

            @Override
            public void poll() {
            }

            @Override
            public long claimed() {
                return 1;
            }

            @Override
            public void hintDeadline(long seqno, long nanoTime) {
            }
        });
        List<Fence> named = new ArrayList<>(List.of(a.fence(), b.fence()));
        named.add(place, point);
        var turn = new CountingTurn();
        JobDependencies dependencies = dependencies(turn, named.toArray(new Fence[0]));

        assertThat(dependencies.ready(NEVER)).isEqualTo(itself);
        assertThat(turn.looks).isZero();
        if (!itself) {
            signal(state, 1);
            assertThat(turn.looks).isEqualTo(1);
            assertThat(dependencies.ready(NEVER)).isTrue();
        }
    }

    private static List<FenceIssuer> issuers(int count) {
        List<FenceIssuer> issuers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            issuers.add(FenceIssuer.create("input " + i));
        }
        return issuers;
    }

    private static Fence[] fences(List<FenceIssuer> issuers) {
        return issuers.stream().map(FenceIssuer::fence).toArray(Fence[]::new);
    }

    @Test
    @DisplayName("J7: 100,000 dependencies wake the turn of their job once, when the last of them is signalled")
    void oneWakeUp() throws Exception {
        var turn = new CountingTurn();
        List<FenceIssuer> issuers = issuers(MANY);
        JobDependencies dependencies = dependencies(turn, fences(issuers));
        assertThat(dependencies.ready(NEVER)).isFalse();
        Collections.shuffle(issuers, new Random(1));
        FenceIssuer last = issuers.removeLast();

        issuers.forEach(FenceIssuer::signal);
        assertThat(turn.looks).isZero();
        assertThat(dependencies.ready(NEVER)).isFalse();
        last.signal();

        assertThat(turn.looks).isEqualTo(1);
        assertThat(dependencies.ready(NEVER)).isTrue();
    }

    @Test
    @DisplayName("J7: a job with 100,000 dependencies runs after the last, one that also names a failed one fails by its name")
    void manyDependencies() throws Exception {
        var driver = new InlineDriver();
        var failing = new InlineDriver();
        JobQueue<Object> queue = open(driver);
        JobQueue<Object> other = open(failing);
        List<FenceIssuer> issuers = issuers(MANY);
        PointFence good = queue.submit("job", fences(issuers.subList(0, MANY - 1)));
        PointFence bad = other.submit("job", fences(issuers));
        FenceIssuer failed = issuers.removeLast();
        Collections.shuffle(issuers, new Random(2));
        FenceIssuer last = issuers.removeLast();

        failed.fail(broken);
        issuers.forEach(FenceIssuer::signal);
        // News for both queues, which makes them look once more.
        queue.submit("behind");
        other.submit("behind");
        assertThat(driver.runs).hasValue(0);
        assertThat(failing.cancels).as("an input may still write").hasValue(0);
        assertThat(bad.isDone()).isFalse();
        last.signal();

        assertOk(good);
        assertThat(failureOf(bad)).isEqualTo(
                new Failure.DependencyFailed("input " + (MANY - 1), new Failure.DriverError(broken)));
        assertThat(driver.runs).hasValue(2);
        assertThat(failing.runs).as("only the one behind").hasValue(1);
        assertThat(failing.cancels).hasValue(1);
    }
}
