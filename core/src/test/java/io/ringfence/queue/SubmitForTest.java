package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.fence.Failure;
import io.ringfence.fence.FenceFailedException;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.Result;

import org.junit.jupiter.api.Test;

/** Jobs that return a value. */
class SubmitForTest extends QueueTestBase {
    private final ManualDriver driver = new ManualDriver();
    private final AtomicInteger reads = new AtomicInteger();

    private String read(Object payload) {
        reads.incrementAndGet();
        return "read " + payload;
    }

    @Test
    void theValueIsReadFromThePayloadWhenTheJobIsComplete() throws Exception {
        JobQueue<Object> queue = open(driver);
        Result<String> result = queue.submitFor("job", this::read);
        assertThat(reads).hasValue(0);
        assertThatThrownBy(result::value).isInstanceOf(IllegalStateException.class).hasMessageContaining("pending");
        assertThatThrownBy(() -> result.await(Duration.ofNanos(1))).isInstanceOf(TimeoutException.class);
        driver.finishThrough(1);
        assertThat(result.await()).isEqualTo("read job");
        assertThat(result.value()).isEqualTo("read job");
        assertThat(reads).as("read once").hasValue(1);
        assertThat(result.fence()).hasToString(queue.timeline() + ":1");
    }

    @Test
    void theValueIsThereBeforeTheFenceIsDone() throws Exception {
        var driver = new ThreadedDriver();
        JobQueue<Object> queue = open(driver);
        for (int i = 0; i < 5_000; i++) {
            int[] payload = {i};
            Result<int[]> result = queue.submitFor(payload, read -> {
                reads.incrementAndGet();
                return (int[]) read;
            });
            while (!result.fence().isDone()) {
                queue.timeline().poll();
            }
            assertThat(result.value()).isSameAs(payload);
            assertThat(reads).hasValue(i + 1);
        }
    }

    @Test
    void insideTheReaderTheJobIsNotDoneYet() throws Exception {
        JobQueue<Object> queue = open(driver);
        var seen = new ArrayList<Object>();
        Result<String> result = queue.submitFor("job", payload -> {
            seen.add(queue.timeline().signaled());
            return read(payload);
        });
        driver.finishThrough(1);
        assertThat(result.await()).isEqualTo("read job");
        assertThat(seen).containsExactly(0L);
        assertThat(queue.timeline().signaled()).isEqualTo(1);
    }

    @Test
    void aReaderThatThrowsFailsItsJobAndNoOther() throws Exception {
        JobQueue<Object> queue = open(driver);
        var broken = new IllegalStateException("unreadable");
        Result<String> first = queue.submitFor("first", _ -> {
            throw broken;
        });
        Result<String> second = queue.submitFor("second", this::read);
        var dependent = queue.submit("third", first.fence());
        var error = new AssertionError("worse");
        Result<String> fourth = queue.submitFor("fourth", _ -> {
            throw error;
        });
        driver.finishThrough(4);
        assertThat(failureOf(first.fence())).isEqualTo(new Failure.DriverError(broken));
        assertThatThrownBy(first::await).isInstanceOf(FenceFailedException.class).hasCause(broken);
        assertThat(second.await()).isEqualTo("read second");
        assertThat(failureOf(dependent))
                .isEqualTo(new Failure.DependencyFailed(first.fence().toString(), new Failure.DriverError(broken)));
        assertThat(failureOf(fourth.fence())).isEqualTo(new Failure.DriverError(error));
    }

    @Test
    void theReaderIsNotCalledForJobsThatFail() throws Exception {
        JobQueue<Object> queue = open(driver);
        FenceIssuer input = issuer("input");
        var error = new IllegalStateException("device says no");
        Result<String> failed = queue.submitFor("failed", this::read);
        Result<String> notRun = queue.submitFor((Work) _ -> {
            throw error;
        }, this::read);
        Result<String> dependent = queue.submitFor("dependent", this::read, input.fence());
        input.fail(error);
        driver.fail(1, error);
        driver.finishThrough(1);
        assertThat(failureOf(failed.fence())).isEqualTo(new Failure.DriverError(error));
        assertThat(failureOf(notRun.fence())).isEqualTo(new Failure.DriverError(error));
        assertThat(failureOf(dependent.fence()))
                .isEqualTo(new Failure.DependencyFailed("input", new Failure.DriverError(error)));
        assertThatThrownBy(dependent::value).isInstanceOf(FenceFailedException.class).hasCause(error);
        assertThat(reads).hasValue(0);
    }

    @Test
    void theReaderIsNotCalledForJobsThatAreCancelledOrLost() throws Exception {
        JobQueue<Object> queue = open(driver);
        FenceIssuer input = issuer("input");
        Result<String> cancelled = queue.submitFor("cancelled", this::read, input.fence());
        queue.kill();
        input.signal();
        assertThat(failureOf(cancelled.fence())).isInstanceOf(Failure.Cancelled.class);

        var lostDriver = new ManualDriver();
        JobQueue<Object> lostQueue = open(lostDriver);
        Result<String> lost = lostQueue.submitFor("lost", this::read);
        lostDriver.lose("unplugged");
        assertThat(failureOf(lost.fence())).isEqualTo(new Failure.DeviceLost("unplugged"));
        assertThat(reads).hasValue(0);
    }

    @Test
    void aReaderMustNotPark() throws Exception {
        JobQueue<Object> queue = open(driver);
        FenceIssuer other = issuer("other");
        var thrown = new ArrayList<Throwable>();
        Result<Integer> result = queue.submitFor("job", _ -> {
            thrown.add(catchThrowable(other.fence()::await));
            thrown.add(catchThrowable(() -> queue.submit("more")));
            return queue.trySubmit("allowed") > 0 ? 1 : 0;
        });
        driver.finishThrough(1);
        assertThat(result.await()).isEqualTo(1);
        assertThat(thrown).hasSize(2).allSatisfy(
                refused -> assertThat(refused).isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("could park"));
        Result<Outcome> parked = queue.submitFor("job", _ -> {
            try {
                return other.fence().await();
            } catch (InterruptedException e) {
                throw new IllegalArgumentException(e);
            }
        });
        driver.finishThrough(3);
        assertThat(failureOf(parked.fence())).isInstanceOfSatisfying(Failure.DriverError.class,
                failure -> assertThat(failure.thrown()).isInstanceOf(IllegalStateException.class));
    }

    @Test
    void nullIsAValueAndAReaderIsNeeded() throws Exception {
        JobQueue<Object> queue = open(new InlineDriver());
        Result<String> nothing = queue.submitFor("job", _ -> null);
        assertThat(nothing.await()).isNull();
        assertThat(nothing.fence().outcome()).isEqualTo(Outcome.OK);
        assertThatThrownBy(() -> queue.submitFor("job", null)).isInstanceOf(NullPointerException.class);
        assertThat(queue.timeline().signaled()).as("nothing was submitted").isEqualTo(1);
    }

    @Test
    void aResultIsAFutureAndADependency() throws Exception {
        JobQueue<Object> queue = open(driver);
        JobQueue<Object> next = open(new InlineDriver());
        Result<String> result = queue.submitFor("job", this::read);
        CompletableFuture<String> future = result.toCompletableFuture();
        var seen = new ArrayList<String>();
        var job = next.submit((Work) _ -> seen.add(result.value()), result.fence());
        driver.finishThrough(1);
        assertOk(job);
        assertThat(seen).containsExactly("read job");
        assertThat(future.get()).isEqualTo("read job");
    }

    @Test
    void manyThreadsReadTheirOwnValues() throws Exception {
        JobQueue<Object> queue = open(new ThreadedDriver());
        List<FutureTask<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int mine = i;
            tasks.add(start("submitter", () -> {
                for (int j = 0; j < 2_000; j++) {
                    String payload = mine + "/" + j;
                    assertThat(queue.submitFor(payload, this::read).await()).isEqualTo("read " + payload);
                }
            }));
        }
        join(tasks);
        assertThat(reads).hasValue(8_000);
    }
}
