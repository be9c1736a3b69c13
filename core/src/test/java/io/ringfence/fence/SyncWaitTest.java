package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.ringfence.fence.SyncObject.At;
import io.ringfence.fence.SyncObject.Until;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** F55, F56: waiting for points, also before they are submitted. */
@Timeout(180)
class SyncWaitTest {
    private static final Duration LONG = Duration.ofDays(1);
    private static final Duration SHORT = Duration.ofNanos(1);

    private final SyncObject object = SyncObject.create("object");
    private final SyncObject other = SyncObject.create("other");
    private final SignalledFence f = new SignalledFence("f", null);
    private final SignalledFence g = new SignalledFence("g", null);
    private final List<Object> answers = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void nothingIsLeftRegistered() {
        assertThat(object.waiters().isEmpty()).isTrue();
        assertThat(other.waiters().isEmpty()).isTrue();
    }

    private Thread waiting(FenceTest.Body body) {
        return FenceTest.waiting(body);
    }

    /** The waiter pushed last onto a pending fence, or null if nobody waits. */
    static Object waitersOf(Fence fence) throws ReflectiveOperationException {
        Field state = StateFence.class.getDeclaredField("state");
        state.setAccessible(true);
        return state.get(fence);
    }

    // ---- one point

    @Test
    @DisplayName("F55: a point that is missing is refused if only its signal is waited for")
    void missing() {
        assertThatThrownBy(() -> object.await(0, Until.SIGNALED, LONG)).isInstanceOf(NotSubmittedException.class);
        object.add(1, f);
        assertThatThrownBy(() -> object.await(2, Until.SIGNALED, LONG)).isInstanceOf(NotSubmittedException.class)
                .hasMessageContaining("point 2");
        assertThatThrownBy(() -> object.on(2, Until.SIGNALED, () -> answers.add(1)))
                .isInstanceOf(NotSubmittedException.class);
        assertThat(answers).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    @DisplayName("F56: a wait of no time only looks")
    void polls(long seconds) throws Exception {
        Duration none = Duration.ofSeconds(seconds);
        assertThat(object.awaitSubmitted(1, none)).isNull();
        assertThat(object.await(1, Until.SUBMITTED, none)).isEqualTo(Outcome.PENDING);
        assertThat(object.await(1, Until.SUBMITTED_AND_SIGNALED, none)).isEqualTo(Outcome.PENDING);

        Fence point = object.add(1, f);
        assertThat(object.awaitSubmitted(1, none)).isSameAs(point);
        assertThat(object.await(1, Until.SUBMITTED, none)).isEqualTo(Outcome.OK);
        assertThat(object.await(1, Until.SUBMITTED_AND_SIGNALED, none)).isEqualTo(Outcome.PENDING);
        assertThat(object.await(1, Until.SIGNALED, none)).isEqualTo(Outcome.PENDING);

        f.settle(null);
        assertThat(object.await(1, Until.SUBMITTED_AND_SIGNALED, none)).isEqualTo(Outcome.OK);
        assertThat(object.await(1, Until.SIGNALED, none)).isEqualTo(Outcome.OK);
    }

    @Test
    @DisplayName("F56: a wait for submission is over with the submission, whatever becomes of the fence")
    void untilSubmitted() throws Exception {
        Thread fence = waiting(() -> answers.add(object.awaitSubmitted(5, LONG)));
        Thread outcome = waiting(() -> answers.add(object.await(5, Until.SUBMITTED, LONG)));
        object.add(4, g);
        assertThat(answers).isEmpty();
        Fence point = object.add(7, f);
        fence.join();
        outcome.join();
        assertThat(answers).containsExactlyInAnyOrder(point, Outcome.OK);
        assertThat(point.isDone()).isFalse();
    }

    @Test
    @DisplayName("F56: a wait for submission and signal")
    void untilSubmittedAndSignaled() throws Exception {
        Thread waiter = waiting(() -> answers.add(object.await(2, Until.SUBMITTED_AND_SIGNALED, LONG)));
        object.add(1, f);
        object.add(2, g);
        assertThat(object.waiters().isEmpty()).as("the point was found").isTrue();
        g.settle(null);
        assertThat(answers).isEmpty();
        f.settle(null);
        waiter.join();
        assertThat(answers).containsExactly(Outcome.OK);
    }

    @Test
    void aFailingPointIsToldFailed() throws Exception {
        Thread waiter = waiting(() -> answers.add(object.await(2, Until.SUBMITTED_AND_SIGNALED, LONG)));
        object.add(1, f);
        object.add(2, g);
        g.settle(new Failure.Cancelled("bad"));
        f.settle(null);
        waiter.join();
        assertThat(answers).containsExactly(Outcome.FAILED);
        assertThat(object.await(2, Until.SIGNALED, LONG)).isEqualTo(Outcome.FAILED);
        assertThat(object.await(1, Until.SIGNALED, LONG)).isEqualTo(Outcome.OK);
        assertThat(object.await(2, Until.SUBMITTED, LONG)).isEqualTo(Outcome.OK);
    }

    @Test
    void pointZeroMeansWhateverComesFirst() throws Exception {
        Thread waiter = waiting(() -> answers.add(object.await(0, Until.SUBMITTED_AND_SIGNALED, LONG)));
        object.replace(f);
        f.settle(null);
        waiter.join();
        object.reset();
        waiter = waiting(() -> answers.add(object.awaitSubmitted(0, LONG)));
        Fence point = object.add(3, g);
        waiter.join();
        assertThat(answers).containsExactly(Outcome.OK, point);
    }

    @Test
    @DisplayName("F62: a waiter keeps the fence it found; reset and replace do not matter afterwards")
    void latched() throws Exception {
        object.replace(f);
        Thread signal = waiting(() -> answers.add(object.await(0, Until.SIGNALED, LONG)));
        object.reset();
        Thread later = waiting(() -> answers.add(object.await(2, Until.SUBMITTED_AND_SIGNALED, LONG)));
        object.add(2, g);
        object.replace(new SignalledFence("never", null));
        object.reset();
        assertThat(answers).isEmpty();
        f.settle(null);
        signal.join();
        g.settle(new Failure.Cancelled("bad"));
        later.join();
        assertThat(answers).containsExactly(Outcome.OK, Outcome.FAILED);
    }

    @Test
    @DisplayName("Wait before signal, with resets in between: the new chain satisfies it")
    void resetInBetween() throws Exception {
        Thread waiter = waiting(() -> answers.add(object.await(3, Until.SUBMITTED_AND_SIGNALED, LONG)));
        Fence old = object.add(2, f);
        object.reset();
        object.replace(g);
        object.reset();
        Fence first = object.add(1, Fences.signalled());
        assertThat(answers).isEmpty();
        assertThat(object.waiters().isEmpty()).isFalse();
        SignalledFence last = new SignalledFence("last", null);
        object.add(3, last);
        last.settle(null);
        waiter.join();
        assertThat(answers).containsExactly(Outcome.OK);
        assertThat(first.isDone()).isTrue();
        assertThat(old.isDone()).as("the old chain does not matter").isFalse();
    }

    @Test
    void awaitIsRefusedInsideACallback() {
        Fences.signalled().onDone(() -> {
            answers.add(catchThrowable(() -> object.await(1, Until.SUBMITTED, Duration.ZERO)));
            answers.add(catchThrowable(() -> object.awaitSubmitted(1, LONG)));
            answers.add(catchThrowable(() -> SyncObject.awaitAny(List.of(new At(object, 1)), Until.SUBMITTED, LONG)));
            answers.add(catchThrowable(() -> SyncObject.awaitAll(List.of(new At(object, 1)), Until.SUBMITTED, LONG)));
        });
        assertThat(answers).hasSize(4).allSatisfy(refused -> assertThat(refused)
                .isExactlyInstanceOf(IllegalStateException.class).asString().contains("await on", "callback"));
    }

    // ---- several points

    @Test
    @DisplayName("F56: of several points the index of the one that came is told, the lowest if several did")
    void any() throws Exception {
        List<At> points = List.of(new At(object, 1), new At(other, 1), new At(other, 2));
        assertThat(SyncObject.awaitAny(points, Until.SUBMITTED_AND_SIGNALED, SHORT)).isEqualTo(-1);
        Thread waiter = waiting(() -> answers.add(SyncObject.awaitAny(points, Until.SUBMITTED_AND_SIGNALED, LONG)));
        object.add(1, f);
        other.add(1, g);
        g.settle(null);
        waiter.join();
        assertThat(answers).containsExactly(1);
        assertThat(SyncObject.awaitAny(points, Until.SUBMITTED, Duration.ZERO)).isZero();
        other.signal(2);
        assertThat(SyncObject.awaitAny(points, Until.SIGNALED, LONG)).isEqualTo(1);
        assertThat(SyncObject.awaitAny(points.reversed(), Until.SIGNALED, LONG)).isZero();
    }

    @Test
    @DisplayName("F56: a wait for several points, submitted and not, is over when all came")
    void all() throws Exception {
        List<At> points = List.of(new At(object, 1), new At(other, 1), new At(object, 2));
        object.add(1, f);
        assertThat(SyncObject.awaitAll(points, Until.SUBMITTED, SHORT)).isFalse();
        Thread submitted = waiting(() -> answers.add(SyncObject.awaitAll(points, Until.SUBMITTED, LONG)));
        Thread signaled = waiting(() -> answers.add(SyncObject.awaitAll(points, Until.SUBMITTED_AND_SIGNALED, LONG)));
        object.add(2, g);
        assertThat(answers).isEmpty();
        other.signal(1);
        submitted.join();
        assertThat(answers).containsExactly(true);
        g.settle(null);
        assertThat(SyncObject.awaitAll(points, Until.SIGNALED, Duration.ZERO)).isFalse();
        f.settle(new Failure.Cancelled("done all the same"));
        signaled.join();
        assertThat(answers).containsExactly(true, true);
        assertThat(SyncObject.awaitAll(points, Until.SIGNALED, Duration.ZERO)).isTrue();
    }

    @Test
    @DisplayName("F56: if one of several points is missing, the wait for their signal is refused at once")
    void oneMissing() throws Exception {
        object.add(1, f);
        f.settle(null);
        List<At> points = List.of(new At(object, 1), new At(other, 1));
        assertThatThrownBy(() -> SyncObject.awaitAny(points, Until.SIGNALED, LONG))
                .isInstanceOf(NotSubmittedException.class).hasMessageContaining("other");
        assertThatThrownBy(() -> SyncObject.awaitAll(points, Until.SIGNALED, LONG))
                .isInstanceOf(NotSubmittedException.class);
        assertThatThrownBy(() -> SyncObject.awaitAny(List.of(), Until.SUBMITTED, LONG))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("1 or more");
        assertThatThrownBy(() -> SyncObject.awaitAll(List.of(), Until.SUBMITTED, LONG))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // ---- nothing stays behind

    @Test
    @Tag("slow")
    void timeoutsLeaveNothingRegistered() throws Exception {
        Fence point = object.add(1, f);
        List<At> points = List.of(new At(object, 1), new At(object, 9), new At(other, 1));
        for (int i = 0; i < 200; i++) {
            assertThat(object.await(1, Until.SIGNALED, SHORT)).isEqualTo(Outcome.PENDING);
            assertThat(object.await(9, Until.SUBMITTED_AND_SIGNALED, SHORT)).isEqualTo(Outcome.PENDING);
            assertThat(object.awaitSubmitted(9, SHORT)).isNull();
            assertThat(SyncObject.awaitAny(points, Until.SUBMITTED_AND_SIGNALED, SHORT)).isEqualTo(-1);
            assertThat(SyncObject.awaitAll(points, Until.SUBMITTED_AND_SIGNALED, SHORT)).isFalse();
            assertThat(object.waiters().isEmpty() && other.waiters().isEmpty()).isTrue();
        }
        assertThat(waitersOf(point)).isNull();
    }

    @ParameterizedTest
    @EnumSource(value = Until.class, mode = EnumSource.Mode.EXCLUDE, names = "SIGNALED")
    void anInterruptBeforeSubmissionLeavesNothingRegistered(Until until) throws Exception {
        Thread waiter = waiting(() -> answers.add(catchThrowable(() -> object.await(1, until, LONG))));
        Thread many = waiting(() -> answers.add(catchThrowable(
                () -> SyncObject.awaitAll(List.of(new At(object, 1), new At(other, 1)), until, LONG))));
        assertThat(object.waiters().isEmpty()).isFalse();
        waiter.interrupt();
        waiter.join();
        many.interrupt();
        many.join();
        assertThat(answers).hasSize(2)
                .allSatisfy(thrown -> assertThat(thrown).isInstanceOf(InterruptedException.class));
    }

    @Test
    void anInterruptAfterSubmissionLeavesNothingOnTheFenceThatWasFound() throws Exception {
        Thread waiter = waiting(() -> answers
                .add(catchThrowable(() -> object.await(1, Until.SUBMITTED_AND_SIGNALED, LONG))));
        Fence point = object.add(1, f);
        assertThat(waitersOf(point)).isNotNull();
        waiter.interrupt();
        waiter.join();
        assertThat(waitersOf(point)).isNull();
        assertThat(answers).singleElement().isInstanceOf(InterruptedException.class);
    }

    // ---- many

    @Test
    @Tag("slow")
    void manyThreadsWaitForOnePoint() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                try {
                    answers.add(object.await(3, Until.SUBMITTED_AND_SIGNALED, LONG));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (int i = 0; i < 8; i++) {
            threads.add(waiting(() -> answers.add(object.await(3, Until.SUBMITTED_AND_SIGNALED, LONG))));
        }
        threads.forEach(TestThreads::awaitParked);
        object.add(3, f);
        assertThat(answers).isEmpty();
        f.settle(null);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(answers).hasSize(2_008).containsOnly(Outcome.OK);
    }

    @Test
    @DisplayName("F53: a job that names a point nobody has submitted is refused, and told why")
    void jobsCannotDependOnFuturePoints() throws Exception {
        object.add(8, f);
        try (RingfenceRuntime runtime = RingfenceRuntime.start();
                var queue = runtime.openQueue(new TestDevice(false), QueueOptions.named("queue"))) {
            assertThatThrownBy(() -> queue.submit("job", object.fence(9))).isInstanceOf(NotSubmittedException.class)
                    .hasMessageContaining("point 9").hasMessageContaining("object")
                    .hasMessageContaining("the last is 8")
                    .hasMessageContaining("a job cannot");
            PointFence job = queue.submit("job", object.fence(8));
            assertThat(job.seqno()).as("nothing was submitted before").isEqualTo(1);
            f.settle(null);
            assertThat(job.await()).isEqualTo(Outcome.OK);
        }
    }
}
