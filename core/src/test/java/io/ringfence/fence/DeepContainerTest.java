package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Any of all of any of …, a hundred thousand levels, on threads with little stack. */
@Timeout(180)
@Tag("slow")
class DeepContainerTest {
    private static final int LEVELS = 100_000;
    private static final long STACK = 512 * 1024;

    private final FenceIssuer leaf = FenceIssuer.create("leaf");
    private final FenceIssuer also = FenceIssuer.create("also");
    private final FenceIssuer never = FenceIssuer.create("never");

    @AfterEach
    void settle() {
        leaf.signal();
        also.signal();
        never.signal();
    }

    private Fence nested(Fence bottom) {
        Fence inner = bottom;
        for (int i = 0; i < LEVELS; i += 2) {
            inner = Fences.anyOf(Fences.allOf(inner, also.fence()), never.fence());
        }
        return inner;
    }

    private static <T> T onSmallStack(Callable<T> body) throws Exception {
        FutureTask<T> task = new FutureTask<>(body);
        Thread thread = new Thread(null, task, "small stack", STACK);
        thread.setDaemon(true);
        thread.start();
        return task.get();
    }

    @Test
    @DisplayName("H10: signalling the innermost leaf settles every level")
    void signal() throws Exception {
        Fence outer = onSmallStack(() -> nested(leaf.fence()));
        assertThat(onSmallStack(outer::isDone)).isFalse();
        assertThat(onSmallStack(outer::toString)).contains("never").hasSizeLessThan(200);
        var calls = new AtomicInteger();
        onSmallStack(() -> outer.onDone(calls::incrementAndGet));
        onSmallStack(also::signal);
        assertThat(onSmallStack(outer::isDone)).isFalse();
        onSmallStack(leaf::signal);
        assertThat(onSmallStack(outer::isDone)).isTrue();
        assertThat(outer.outcome()).isEqualTo(Outcome.OK);
        assertThat(calls).hasValue(1);
    }

    @Test
    @DisplayName("H10: so it does when nobody waits for the outermost level")
    void signalWhatNobodyWaitsFor() throws Exception {
        Fence outer = onSmallStack(() -> nested(leaf.fence()));
        onSmallStack(leaf::signal);
        onSmallStack(also::signal);
        assertThat(onSmallStack(outer::outcome)).isEqualTo(Outcome.OK);
    }

    @Test
    @DisplayName("H10: a failure comes out with its root")
    void failure() throws Exception {
        Fence outer = onSmallStack(() -> nested(leaf.fence()));
        var root = new Failure.DeviceLost("unplugged");
        onSmallStack(() -> leaf.fail(root));
        onSmallStack(also::signal);
        Failure failure = onSmallStack(outer::failure);
        assertThat(failure).isInstanceOf(Failure.DependencyFailed.class);
        assertThat(failure.root()).isSameAs(root);
        assertThat(failure.message()).hasSizeLessThan(300);
    }

    @Test
    @DisplayName("H10: a thread awaits the outermost level")
    void await() throws Exception {
        Fence outer = onSmallStack(() -> nested(leaf.fence()));
        var outcomes = new ArrayList<Outcome>();
        FutureTask<Void> task = new FutureTask<>(() -> {
            outcomes.add(outer.await());
            return null;
        });
        Thread waiter = new Thread(null, task, "small stack", STACK);
        waiter.setDaemon(true);
        waiter.start();
        while (waiter.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        onSmallStack(also::signal);
        onSmallStack(leaf::signal);
        task.get();
        assertThat(outcomes).containsExactly(Outcome.OK);
    }

    @Test
    @DisplayName("H10: a deadline hint reaches every leaf once")
    void hintDeadline() throws Exception {
        List<Long> hints = new ArrayList<>();
        FenceIssuer bottom = FenceIssuer.create("bottom", new FenceProducer() {
            @Override
            public void enableSignalling() {
            }

            @Override
            public void hintDeadline(long nanoTime) {
                hints.add(nanoTime);
            }
        });
        Fence outer = onSmallStack(() -> nested(bottom.fence()));
        long soon = System.nanoTime();
        onSmallStack(() -> {
            outer.hintDeadline(soon);
            return null;
        });
        assertThat(hints).containsExactly(soon);
        bottom.signal();
    }
}
