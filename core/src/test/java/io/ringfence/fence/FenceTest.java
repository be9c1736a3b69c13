package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class FenceTest {
    private final IllegalStateException broken = new IllegalStateException("broken");

    private final FenceIssuer issuer = FenceIssuer.create("frame 7");
    private final Fence fence = issuer.fence();

    @Test
    void aFenceIsPendingUntilItIsSignalled() {
        assertThat(fence.isDone()).isFalse();
        assertThat(fence.outcome()).isEqualTo(Outcome.PENDING);
        assertThat(fence.failure()).isNull();
        assertThat(fence).hasToString("frame 7");

        assertThat(issuer.signal()).isTrue();

        assertThat(fence.isDone()).isTrue();
        assertThat(fence.outcome()).isEqualTo(Outcome.OK);
        assertThat(fence.failure()).isNull();
        assertThat(issuer.fence()).isSameAs(fence);
    }

    @Test
    void aFailedFenceTellsItsCause() {
        assertThat(issuer.fail(broken)).isTrue();

        assertThat(fence.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(fence.failure()).isEqualTo(new Failure.DriverError(broken));
        assertThat(fence.failure().root()).isSameAs(fence.failure());
    }

    @Test
    void aFenceWhoseIssuerIsClosedUnsignalledIsAbandonedByName() {
        issuer.close();

        assertThat(fence.failure()).isEqualTo(new Failure.Abandoned("frame 7", false, null));
        assertThat(fence.failure().message()).contains("frame 7").contains("closed");
    }

    @Test
    void onlyTheFirstSignalCounts() {
        issuer.signal();

        assertThat(issuer.signal()).isFalse();
        assertThat(issuer.fail(broken)).isFalse();
        issuer.close();

        assertThat(fence.outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void aFailedFenceStaysFailedForTheFirstReason() {
        issuer.fail(broken);

        assertThat(issuer.signal()).isFalse();
        issuer.close();
        assertThat(fence.failure()).isEqualTo(new Failure.DriverError(broken));
    }

    @Test
    void awaitTellsTheOutcome() throws Exception {
        issuer.signal();
        assertThat(fence.await()).isEqualTo(Outcome.OK);
        assertThat(fence.await(Duration.ZERO)).isEqualTo(Outcome.OK);

        FenceIssuer bad = FenceIssuer.create("bad");
        bad.fail(broken);
        assertThat(bad.fence().await()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void awaitWaitsForAnotherThread() throws Exception {
        var outcome = new ArrayList<Outcome>();
        Thread waiter = waiting(() -> outcome.add(fence.await()));
        issuer.signal();
        waiter.join();
        assertThat(outcome).containsExactly(Outcome.OK);
    }

    @Test
    void awaitThatIsOverTooEarlyTellsPending() throws Exception {
        assertThat(fence.await(Duration.ofMillis(1))).isEqualTo(Outcome.PENDING);
        assertThat(fence.await(Duration.ZERO)).isEqualTo(Outcome.PENDING);
        assertThat(fence.await(Duration.ofSeconds(-1))).isEqualTo(Outcome.PENDING);
        assertThat(fence.await(Duration.ofSeconds(Long.MIN_VALUE))).isEqualTo(Outcome.PENDING);
        issuer.signal();
        assertThat(fence.await(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(Outcome.OK);
    }

    @Test
    void aVeryLongTimeoutWaitsForTheSignal() throws Exception {
        var outcome = new ArrayList<Outcome>();
        Thread waiter = waiting(() -> outcome.add(fence.await(Duration.ofSeconds(Long.MAX_VALUE))));
        issuer.signal();
        waiter.join();
        assertThat(outcome).containsExactly(Outcome.OK);
    }

    @Test
    void awaitCanBeInterrupted() throws Exception {
        var thrown = new ArrayList<Throwable>();
        Thread waiter = waiting(() -> thrown.add(catchThrowable(fence::await)));
        waiter.interrupt();
        waiter.join();
        assertThat(thrown).singleElement().isInstanceOf(InterruptedException.class);
        assertThat(issuer.signal()).as("the fence is as before").isTrue();
    }

    @Test
    void awaitRefusesAnInterruptedThreadAtOnce() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(fence::await).isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void awaitOkThrowsTheTypedFailure() throws Exception {
        FenceIssuer good = FenceIssuer.create("good");
        good.signal();
        good.fence().awaitOk();

        issuer.fail(broken);
        assertThatThrownBy(fence::awaitOk).isInstanceOfSatisfying(FenceFailedException.class,
                thrown -> assertThat(thrown.failure()).isEqualTo(new Failure.DriverError(broken)))
                .hasMessageContaining("frame 7").hasMessageContaining("broken").hasCause(broken);
    }

    @Test
    void awaitOkOfAFailedDependencyNamesItsRootAsTheCause() {
        var failure = new Failure.DependencyFailed("upload#1:5", new Failure.DriverError(broken));
        assertThat(failure.root()).isEqualTo(new Failure.DriverError(broken));
        assertThat(failure.message()).contains("upload#1:5").contains("broken");
        assertThat(new FenceFailedException(fence, failure)).hasCause(broken);
    }

    @Test
    void aManyTimesSignalledFenceHasOneWinner() throws Exception {
        for (int round = 0; round < 200; round++) {
            FenceIssuer contended = FenceIssuer.create("contended");
            var winners = new AtomicInteger();
            var calls = new AtomicInteger();
            contended.fence().onDone(calls::incrementAndGet);
            var go = new CountDownLatch(1);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                threads.add(Thread.startVirtualThread(() -> {
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    if (contended.signal()) {
                        winners.incrementAndGet();
                    }
                }));
            }
            go.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(winners).hasValue(1);
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    @DisplayName("H6: await is refused inside a callback, whatever fence it is called on")
    void awaitInCallback() {
        Fence other = FenceIssuer.create("other").fence();
        var thrown = new ArrayList<Throwable>();
        fence.onDone(() -> {
            thrown.add(catchThrowable(other::await));
            thrown.add(catchThrowable(fence::awaitOk));
            thrown.add(catchThrowable(() -> other.await(Duration.ZERO)));
        });
        issuer.signal();
        fence.onDone(() -> thrown.add(catchThrowable(other::await)));

        assertThat(thrown).hasSize(4)
                .allSatisfy(refused -> assertThat(refused).isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("await on").hasMessageContaining("callback"));
        assertThat(catchThrowable(() -> fence.await())).as("allowed again").isNull();
    }

    interface Body {
        void run() throws Exception;
    }

    /** A thread that has parked in the body. */
    static Thread waiting(Body body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }, "waiter");
        thread.setDaemon(true);
        thread.start();
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return thread;
    }
}
