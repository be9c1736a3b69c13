package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.fence.SyncObject.Until;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** F61: callbacks on points, also before they are submitted. */
@Timeout(180)
class SyncCallbackTest {
    private final SyncObject object = SyncObject.create("object");
    private final SignalledFence f = new SignalledFence("f", null);
    private final SignalledFence g = new SignalledFence("g", null);
    private final List<Object> answers = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void nothingIsLeftRegistered() {
        assertThat(object.waiters().isEmpty()).isTrue();
    }

    @Test
    @DisplayName("F61: a callback comes once, when the point is submitted")
    void onSubmitted() {
        object.on(2, Until.SUBMITTED, () -> answers.add("called"));
        object.add(1, f);
        assertThat(answers).isEmpty();
        object.add(2, g);
        assertThat(answers).containsExactly("called");
        object.add(3, g);
        object.reset();
        object.add(2, f);
        assertThat(answers).containsExactly("called");
    }

    @Test
    @DisplayName("F61: a callback comes once, when the point is submitted and signalled")
    void onSignaled() {
        object.on(2, Until.SUBMITTED_AND_SIGNALED, () -> answers.add(object.query()));
        object.add(1, f);
        object.add(3, g);
        assertThat(answers).isEmpty();
        g.settle(null);
        assertThat(answers).isEmpty();
        f.settle(null);
        assertThat(answers).containsExactly(3L);
        object.signal(4);
        assertThat(answers).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("Y-39: a callback on a point that is signalled already comes at once (2aa6f5b0fd05)")
    void onSignalledAlready(Until until) {
        object.signal(2);
        object.signal(4);
        assertThat(object.query()).isEqualTo(4);
        for (long point = 0; point <= 4; point++) {
            Registration registration = object.on(point, until, () -> answers.add(Thread.currentThread()));
            assertThat(registration.cancel()).isFalse();
        }
        assertThat(answers).hasSize(5).containsOnly(Thread.currentThread());
    }

    @Test
    @DisplayName("F61: taken back before the submission, a callback never comes")
    void cancelBeforeSubmission() throws Exception {
        Registration submitted = object.on(1, Until.SUBMITTED, () -> answers.add(1));
        Registration signaled = object.on(1, Until.SUBMITTED_AND_SIGNALED, () -> answers.add(2));
        assertThat(object.waiters().isEmpty()).isFalse();
        assertThat(submitted.cancel()).isTrue();
        assertThat(signaled.cancelAndAwait()).isTrue();
        assertThat(object.waiters().isEmpty()).isTrue();
        object.signal(1);
        assertThat(answers).isEmpty();
        assertThat(submitted.cancel()).as("a second time").isFalse();
    }

    @Test
    @DisplayName("F61: so it is between submission and signalling, and nothing stays on the fence")
    void cancelAfterSubmission() throws Exception {
        Registration first = object.on(1, Until.SUBMITTED_AND_SIGNALED, () -> answers.add(1));
        Registration second = object.on(1, Until.SUBMITTED_AND_SIGNALED, () -> answers.add(2));
        Fence point = object.add(1, f);
        assertThat(SyncWaitTest.waitersOf(point)).isNotNull();
        assertThat(first.cancel()).isTrue();
        assertThat(second.cancelAndAwait()).isTrue();
        assertThat(SyncWaitTest.waitersOf(point)).isNull();
        f.settle(null);
        assertThat(answers).isEmpty();
    }

    @Test
    @DisplayName("F61: after it came, a callback cannot be taken back")
    void cancelTooLate() throws Exception {
        Registration submitted = object.on(1, Until.SUBMITTED, () -> answers.add(1));
        Registration signaled = object.on(1, Until.SUBMITTED_AND_SIGNALED, () -> answers.add(2));
        object.add(1, f);
        assertThat(submitted.cancel()).isFalse();
        f.settle(null);
        assertThat(signaled.cancelAndAwait()).isFalse();
        assertThat(answers).containsExactly(1, 2);
    }

    @Test
    void aCallbackMaySubmitTheNextPoint() {
        for (long point = 1; point <= 1_000; point++) {
            long next = point + 1;
            object.on(point, Until.SUBMITTED_AND_SIGNALED, () -> object.signal(next));
        }
        object.signal(1);
        assertThat(object.query()).isEqualTo(1_001);
    }

    @Test
    @Tag("slow")
    @DisplayName("100,000 waiters on 100,000 future points, submitted one by one and signalled")
    void hundredThousandFuturePoints() {
        int count = 100_000;
        var calls = new AtomicInteger();
        var inOrder = new AtomicInteger();
        // Registered backwards: the order of points counts, not that of registration.
        for (int point = count; point > 0; point--) {
            int mine = point;
            object.on(point, Until.SUBMITTED_AND_SIGNALED, () -> {
                calls.incrementAndGet();
                inOrder.compareAndSet(mine - 1, mine);
            });
        }
        List<SignalledFence> leaves = new ArrayList<>();
        for (int point = 1; point <= count; point++) {
            leaves.add(new SignalledFence("leaf", null));
            object.add(point, leaves.getLast());
        }
        assertThat(object.waiters().isEmpty()).isTrue();
        assertThat(calls).hasValue(0);
        leaves.forEach(leaf -> leaf.settle(null));
        assertThat(calls).hasValue(count);
        assertThat(inOrder).hasValue(count);
    }

    @Test
    @Tag("slow")
    @DisplayName("Waiting beside submitting, resetting and signalling loses nobody")
    void waitBesideSubmit() throws Exception {
        for (int round = 0; round < 2_000; round++) {
            SyncObject raced = SyncObject.create("raced");
            SignalledFence leaf = new SignalledFence("leaf", null);
            var calls = new AtomicInteger();
            var registers = TestThreads.start("registers", () -> {
                raced.on(2, Until.SUBMITTED, calls::incrementAndGet);
                raced.on(1, Until.SUBMITTED_AND_SIGNALED, calls::incrementAndGet);
            });
            raced.add(1, leaf);
            raced.add(2, Fences.signalled());
            leaf.settle(null);
            registers.get();
            assertThat(calls).hasValue(2);
            assertThat(raced.waiters().isEmpty()).isTrue();
        }
    }
}
