package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import io.ringfence.fence.Failure;
import io.ringfence.fence.PointFence;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorContainmentTest extends QueueTestBase {
    static List<Throwable> throwables() {
        return List.of(new Exception("checked"), new IllegalStateException("unchecked"), new Error("error"),
                new StackOverflowError("overflow"), new OutOfMemoryError("memory"));
    }

    @ParameterizedTest
    @MethodSource("throwables")
    @DisplayName("H7: whatever run throws fails that job only")
    void runThrows(Throwable thrown) throws Exception {
        JobQueue<Object> queue = open(new InlineDriver());
        PointFence before = queue.submit("before");
        PointFence bad = queue.submit((Work) _ -> {
            throw thrown;
        });
        PointFence after = queue.submit("after");

        assertOk(before);
        assertThat(failureOf(bad)).isEqualTo(new Failure.DriverError(thrown));
        assertOk(after);
    }

    @ParameterizedTest
    @MethodSource("throwables")
    @DisplayName("H7: a poll that throws fails the queue by name and nobody hangs")
    void pollThrows(Throwable thrown) throws Exception {
        var driver = new ThrowingDriver();
        JobQueue<Object> queue = open(driver);
        PointFence onDevice = queue.submit("on the device");
        driver.inPoll = thrown;

        assertThat(failureOf(onDevice)).isInstanceOfSatisfying(Failure.DeviceLost.class,
                lost -> assertThat(lost.reason()).contains("poll").contains(thrown.getMessage()));
        assertThat(failureOf(queue.submit("later"))).isInstanceOf(Failure.DeviceLost.class);
        queue.close();
        assertThat(driver.closes).hasValue(1);
    }

    @ParameterizedTest
    @MethodSource("throwables")
    @DisplayName("H7: an arm that throws fails the queue by name and nobody hangs")
    void armThrows(Throwable thrown) throws Exception {
        var driver = new ThrowingDriver();
        JobQueue<Object> queue = open(driver);
        driver.inArm = thrown;
        PointFence onDevice = queue.submit("on the device");

        assertThat(failureOf(onDevice)).isInstanceOfSatisfying(Failure.DeviceLost.class,
                lost -> assertThat(lost.reason()).contains("arm").contains(thrown.getMessage()));
    }

    @ParameterizedTest
    @MethodSource("throwables")
    @DisplayName("H7: a cancel that throws harms nobody")
    void cancelThrows(Throwable thrown) throws Exception {
        var driver = new ThrowingDriver();
        JobQueue<Object> queue = open(driver);
        driver.inCancel = thrown;
        var failed = issuer("failed");
        failed.fail(new Exception("input"));
        PointFence cancelled = queue.submit("cancelled", failed.fence());
        PointFence after = queue.submit("after");

        assertThat(failureOf(cancelled)).isInstanceOf(Failure.DependencyFailed.class);
        driver.finishThrough(2);
        assertOk(after);
        assertThat(driver.cancelled).containsExactly(1L);
    }

    @ParameterizedTest
    @MethodSource("throwables")
    @DisplayName("H7: a doorbell that throws harms nobody, nor does a close that throws")
    void doorbellAndCloseThrow(Throwable thrown) throws Exception {
        var driver = new ThrowingDriver();
        JobQueue<Object> queue = open(driver);
        driver.inDoorbell = thrown;
        driver.inClose = thrown;
        PointFence fence = queue.submit("job");

        driver.finishThrough(1);
        assertOk(fence);
        queue.close();
        assertThat(runtime.describe()).isEmpty();
    }

    @Test
    @DisplayName("H7: a cost function that throws reaches the submitter and changes nothing")
    void costThrows() throws Exception {
        var driver = new InlineDriver();
        JobQueue<Object> queue = open(driver);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> queue.trySubmit(0)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(queue.trySubmit("first")).isEqualTo(1);
    }
}
