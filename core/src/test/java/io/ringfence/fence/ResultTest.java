package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class ResultTest {
    private final IllegalStateException broken = new IllegalStateException("broken");
    private final ResultIssuer<String> issuer = ResultIssuer.create("answer");
    private final Result<String> result = issuer.result();

    @AfterEach
    void settle() {
        issuer.signal("end of test");
    }

    @Test
    void theValueComesWithTheSignal() throws Exception {
        assertThat(result).hasToString("result of answer");
        assertThat(result).isSameAs(issuer.result());
        assertThat(issuer.signal("42")).isTrue();
        assertThat(result.fence().outcome()).isEqualTo(Outcome.OK);
        assertThat(result.value()).isEqualTo("42");
        assertThat(result.await()).isEqualTo("42");
        assertThat(result.await(Duration.ZERO)).isEqualTo("42");
    }

    @Test
    void awaitWaitsForTheValue() throws Exception {
        var values = new ArrayList<String>();
        Thread waiter = FenceTest.waiting(() -> values.add(result.await()));
        Thread timed = FenceTest.waiting(() -> result.await(Duration.ofHours(1)));
        issuer.signal("42");
        waiter.join();
        timed.join();
        assertThat(values).containsExactly("42");
    }

    @Test
    void aPendingResultHasNoValue() {
        assertThatThrownBy(result::value).isInstanceOf(IllegalStateException.class).hasMessageContaining("answer")
                .hasMessageContaining("pending");
        assertThatThrownBy(() -> result.await(Duration.ofNanos(1))).isInstanceOf(TimeoutException.class)
                .hasMessageContaining("answer");
        assertThatThrownBy(() -> result.await(Duration.ZERO)).isInstanceOf(TimeoutException.class);
    }

    @Test
    void aFailedResultThrowsItsFailure() {
        assertThat(issuer.fail(broken)).isTrue();
        assertThatThrownBy(result::value).isInstanceOf(FenceFailedException.class).hasCause(broken);
        assertThatThrownBy(result::await).isInstanceOf(FenceFailedException.class).hasCause(broken);
        assertThatThrownBy(() -> result.await(Duration.ofHours(1))).isInstanceOf(FenceFailedException.class);
        assertThat(issuer.signal("late")).isFalse();
        assertThat(issuer.fail(new Failure.Cancelled("late"))).isFalse();
        assertThatThrownBy(result::value).isInstanceOf(FenceFailedException.class).hasCause(broken);
    }

    @Test
    void aTypedFailureStays() {
        Failure cause = new Failure.Cancelled("user left");
        issuer.fail(cause);
        assertThatThrownBy(result::value).isInstanceOfSatisfying(FenceFailedException.class,
                thrown -> assertThat(thrown.failure()).isSameAs(cause));
    }

    @Test
    void nullIsAValue() throws Exception {
        ResultIssuer<String> empty = ResultIssuer.create("nothing");
        assertThat(empty.signal(null)).isTrue();
        assertThat(empty.result().value()).isNull();
        assertThat(empty.result().await()).isNull();
        assertThat(empty.signal("late")).isFalse();
        assertThat(empty.result().value()).isNull();
        assertThat(empty.result().toCompletableFuture().get()).isNull();
    }

    @Test
    void theFirstValueWins() {
        assertThat(issuer.signal("first")).isTrue();
        assertThat(issuer.signal("second")).isFalse();
        assertThat(issuer.fail(broken)).isFalse();
        issuer.close();
        assertThat(result.value()).isEqualTo("first");
    }

    @Test
    @Tag("slow")
    void ofManyThatSignalAtOnceOneWinsAndItsValueIsTheOneThatIsRead() throws Exception {
        for (int round = 0; round < 500; round++) {
            ResultIssuer<Integer> contended = ResultIssuer.create("contended");
            var go = new AtomicInteger();
            var tasks = new ArrayList<FutureTask<Boolean>>();
            for (int i = 0; i < 3; i++) {
                int mine = i;
                FutureTask<Boolean> task = new FutureTask<>(() -> {
                    while (go.get() == 0) {
                        Thread.onSpinWait();
                    }
                    return mine == 2 ? contended.fail(broken) : contended.signal(mine);
                });
                tasks.add(task);
                Thread.ofPlatform().daemon().start(task);
            }
            go.set(1);
            int winner = -1;
            for (int i = 0; i < 3; i++) {
                if (tasks.get(i).get()) {
                    assertThat(winner).as("one winner").isEqualTo(-1);
                    winner = i;
                }
            }
            assertThat(winner).isNotEqualTo(-1);
            if (winner == 2) {
                assertThatThrownBy(contended.result()::value).isInstanceOf(FenceFailedException.class);
            } else {
                assertThat(contended.result().value()).isEqualTo(winner);
            }
        }
    }

    @Test
    @Tag("slow")
    void whoeverSeesTheFenceDoneSeesTheValue() throws Exception {
        for (int round = 0; round < 2_000; round++) {
            ResultIssuer<int[]> fresh = ResultIssuer.create("fresh");
            FutureTask<Integer> reader = new FutureTask<>(() -> {
                while (!fresh.result().fence().isDone()) {
                    Thread.onSpinWait();
                }
                return fresh.result().value()[0];
            });
            Thread.ofPlatform().daemon().start(reader);
            fresh.signal(new int[] {7});
            assertThat(reader.get()).isEqualTo(7);
        }
    }

    @Test
    void aClosedIssuerAbandonsTheResult() {
        issuer.close();
        assertThatThrownBy(result::value).isInstanceOfSatisfying(FenceFailedException.class,
                thrown -> assertThat(thrown.failure()).isEqualTo(new Failure.Abandoned("answer", false, null)));
    }

    // ---- futures and stages

    @Test
    void aResultAsAFutureHasItsValue() throws Exception {
        CompletableFuture<String> future = result.toCompletableFuture();
        CompletableFuture<Boolean> virtual = future.thenApply(_ -> Thread.currentThread().isVirtual());
        CompletableFuture<String> cancelled = result.toCompletableFuture();
        cancelled.cancel(true);
        issuer.signal("42");
        // Asked first: whoever gets a future's value lends a hand to its dependents.
        assertThat(virtual.get()).isTrue();
        assertThat(future.get()).isEqualTo("42");
        assertThat(cancelled).isCancelled();
        assertThat(result.toCompletableFuture()).isCompletedWithValue("42");
    }

    @Test
    void aFailedResultAsAFutureFails() {
        CompletableFuture<String> future = result.toCompletableFuture();
        issuer.fail(broken);
        assertThatThrownBy(future::get).isInstanceOf(ExecutionException.class).cause()
                .isInstanceOf(FenceFailedException.class).hasCause(broken);
    }

    @Test
    void theResultOfAStageHasItsValue() throws Exception {
        var stage = new CompletableFuture<String>();
        Result<String> of = Result.of(stage, "stage");
        assertThatThrownBy(of::value).isInstanceOf(IllegalStateException.class);
        stage.complete("42");
        assertThat(of.await()).isEqualTo("42");
        assertThat(of.fence()).hasToString("stage");
        assertThat(Result.of(CompletableFuture.completedFuture((String) null), "null").value()).isNull();
    }

    @Test
    void theResultOfAFailedOrCancelledStageFails() {
        var failed = new CompletableFuture<String>();
        var cancelled = new CompletableFuture<String>();
        Result<Integer> ofFailed = Result.of(failed.thenApply(String::length), "failed");
        Result<String> ofCancelled = Result.of(cancelled, "cancelled");
        failed.completeExceptionally(broken);
        cancelled.cancel(true);
        assertThat(ofFailed.fence().failure()).isEqualTo(new Failure.DriverError(broken));
        assertThat(ofCancelled.fence().failure()).isInstanceOf(Failure.Cancelled.class);
    }

    @Test
    void theResultOfACollectedStageIsAbandoned() {
        Result<String> forgotten = Result.of(new CompletableFuture<>(), "forgotten");
        while (!forgotten.fence().isDone()) {
            System.gc();
            Thread.onSpinWait();
        }
        assertThat(forgotten.fence().failure()).isEqualTo(new Failure.Abandoned("forgotten", true, null));
    }
}
