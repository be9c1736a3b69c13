package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Fences as futures, and stages as fences. */
@Timeout(180)
class FutureViewTest {
    private final IllegalStateException broken = new IllegalStateException("broken");
    private final FenceIssuer issuer = FenceIssuer.create("fence");
    private final Fence fence = issuer.fence();

    @AfterEach
    void settle() {
        issuer.signal();
    }

    // ---- a fence as a future

    @Test
    void anOkFenceCompletesItsFutureWithNull() throws Exception {
        CompletableFuture<Void> future = fence.toCompletableFuture();
        assertThat(future).isNotDone();
        issuer.signal();
        assertThat(future.get()).isNull();
    }

    @Test
    void aFailedFenceCompletesItsFutureWithTheTypedFailure() {
        CompletableFuture<Void> future = fence.toCompletableFuture();
        issuer.fail(broken);
        assertThatThrownBy(future::get).isInstanceOf(ExecutionException.class).cause()
                .isInstanceOfSatisfying(FenceFailedException.class,
                        thrown -> assertThat(thrown.failure()).isEqualTo(new Failure.DriverError(broken)))
                .hasCause(broken);
    }

    @Test
    void theFutureOfASignalledFenceIsComplete() {
        issuer.signal();
        assertThat(fence.toCompletableFuture()).isCompletedWithValue(null);
        Fence failed = Fences.failed("failed", new Failure.Cancelled("test"));
        assertThat(failed.toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void everyFutureIsItsOwn() throws Exception {
        CompletableFuture<Void> first = fence.toCompletableFuture();
        CompletableFuture<Void> second = fence.toCompletableFuture();
        assertThat(first).isNotSameAs(second);
        first.cancel(true);
        issuer.signal();
        assertThat(second.get()).isNull();
        assertThat(first).isCancelled();
    }

    @Test
    void cancellingTheFutureDetachesItAndLeavesTheFenceAlone() throws Exception {
        CompletableFuture<Void> future = fence.toCompletableFuture();
        assertThat(Linked.on(fence)).isEqualTo(1);
        assertThat(future.cancel(false)).isTrue();
        assertThat(Linked.on(fence)).isZero();
        assertThat(fence.isDone()).isFalse();
        assertThat(issuer.signal()).isTrue();
        assertThat(future).isCancelled();
        assertThat(fence.outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void completingTheFutureFromOutsideDetachesItToo() throws Exception {
        CompletableFuture<Void> future = fence.toCompletableFuture();
        assertThat(future.completeExceptionally(broken)).isTrue();
        assertThat(Linked.on(fence)).isZero();
        issuer.signal();
        assertThat(future).isCompletedExceptionally();
        assertThat(fence.outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void dependentsRunOnAVirtualThreadAndMayPark() throws Exception {
        FenceIssuer second = FenceIssuer.create("second");
        CompletableFuture<Thread> dependent = fence.toCompletableFuture().thenApply(_ -> {
            try {
                second.fence().awaitOk();
            } catch (InterruptedException e) {
                throw new CompletionException(e);
            }
            return Thread.currentThread();
        });
        issuer.signal();
        assertThat(dependent).isNotDone();
        second.signal();
        assertThat(dependent.get().isVirtual()).isTrue();
    }

    @Test
    void theSignallerDoesNotWaitForDependents() throws Exception {
        var letGo = new CountDownLatch(1);
        CompletableFuture<Void> dependent = fence.toCompletableFuture().thenRun(() -> {
            try {
                letGo.await();
            } catch (InterruptedException e) {
                throw new CompletionException(e);
            }
        });
        issuer.signal();
        letGo.countDown();
        assertThat(dependent.get()).isNull();
    }

    // ---- a stage as a fence

    @Test
    void aCompletedStageSignals() throws Exception {
        var stage = new CompletableFuture<String>();
        Fence of = Fences.of(stage, "stage");
        var calls = new AtomicInteger();
        of.onDone(calls::incrementAndGet);
        assertThat(of).hasToString("stage");
        assertThat(of.isDone()).isFalse();
        stage.complete("value");
        assertThat(of.await()).isEqualTo(Outcome.OK);
        assertThat(calls).hasValue(1);
        assertThat(Fences.of(CompletableFuture.completedFuture(1), "done").outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void aFailedStageFailsTheFenceWithItsCause() {
        var stage = new CompletableFuture<String>();
        Fence of = Fences.of(stage, "stage");
        stage.completeExceptionally(broken);
        assertThat(of.failure()).isEqualTo(new Failure.DriverError(broken));
        assertThat(Fences.of(CompletableFuture.failedFuture(broken), "failed").failure())
                .isEqualTo(new Failure.DriverError(broken));
    }

    @Test
    void aCancelledStageCancels() {
        var stage = new CompletableFuture<String>();
        Fence of = Fences.of(stage, "stage");
        stage.cancel(true);
        assertThat(of.failure()).isInstanceOf(Failure.Cancelled.class);

        Fence named = Fences.of(CompletableFuture.failedFuture(new CancellationException("user left")), "named");
        assertThat(named.failure()).isInstanceOfSatisfying(Failure.Cancelled.class,
                cancelled -> assertThat(cancelled.reason()).contains("user left"));
    }

    @Test
    void aCompletionExceptionIsUnwrapped() {
        var stage = new CompletableFuture<String>();
        Fence of = Fences.of(stage.thenApply(String::length), "length");
        Fence cancelled = Fences.of(stage.thenApply(_ -> {
            throw new CancellationException("inside");
        }), "cancelled");
        stage.completeExceptionally(broken);
        assertThat(of.failure()).isEqualTo(new Failure.DriverError(broken));
        assertThat(cancelled.failure()).isEqualTo(new Failure.DriverError(broken));

        var empty = new CompletionException("no cause", null);
        assertThat(Fences.of(CompletableFuture.failedFuture(empty), "empty").failure())
                .isEqualTo(new Failure.DriverError(empty));
    }

    @Test
    void aFailureThatWentThroughAFutureIsTheSameFailure() {
        Failure cause = new Failure.DeviceLost("unplugged");
        Fence there = Fences.failed("failed", cause);
        CompletionStage<Void> stage = there.toCompletableFuture();
        Fence back = Fences.of(stage, "back");
        assertThat(back.failure()).isSameAs(cause);
        assertThat(Fences.of(stage.thenAccept(_ -> {
        }), "dependent").failure()).isSameAs(cause);
    }

    @Test
    void aCollectedStageAbandonsItsFence() {
        Fence of = ofForgottenStage();
        while (!of.isDone()) {
            System.gc();
            Thread.onSpinWait();
        }
        assertThat(of.failure()).isEqualTo(new Failure.Abandoned("forgotten", true, null));
        assertThat(catchThrowable(of::awaitOk)).isInstanceOf(FenceFailedException.class)
                .hasMessageContaining("forgotten");
    }

    private static Fence ofForgottenStage() {
        return Fences.of(new CompletableFuture<String>(), "forgotten");
    }
}
