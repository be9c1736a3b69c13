package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;
import io.ringfence.internal.seam.Checked;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A runtime for each test; at its end all devices let go, and every driver must have been used by the rules. */
@Timeout(180)
abstract class QueueTestBase {
    RingfenceRuntime runtime;
    private final List<CheckedDriver> drivers = new ArrayList<>();
    /** Held, for a queue that nobody holds is closed. */
    private final List<JobQueue<Object>> queues = new ArrayList<>();
    private final ConcurrentLinkedQueue<FenceIssuer> issuers = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void startRuntime() {
        runtime = RingfenceRuntime.start();
    }

    @AfterEach
    void closeRuntime() {
        issuers.forEach(FenceIssuer::close);
        drivers.forEach(CheckedDriver::letGo);
        runtime.close();
        queues.clear();
        for (CheckedDriver driver : drivers) {
            assertThat(driver.violations()).as("calls against the contract").isEmpty();
            assertThat(driver.closes).as("calls of close").hasValue(1);
        }
        assertThat(runtime.describe()).isEmpty();
        assertThat(Checked.takeViolations()).as("rules broken").isEmpty();
    }

    final QueueOptions options(String name) {
        return QueueOptions.named(name).withCapacity(64);
    }

    /** A driver that is to be used by the rules, and is let go at the end. */
    final void watched(CheckedDriver driver) {
        drivers.add(driver);
    }

    final JobQueue<Object> open(CheckedDriver driver, QueueOptions options) {
        watched(driver);
        JobQueue<Object> queue =
                runtime.openQueue(driver, options, payload -> payload instanceof Integer cost ? cost : 1);
        queues.add(queue);
        return queue;
    }

    final JobQueue<Object> open(CheckedDriver driver) {
        return open(driver, options("q" + drivers.size()));
    }

    /** A fence that the end of the test signals if nothing else does. */
    final FenceIssuer issuer(String name) {
        FenceIssuer made = FenceIssuer.create(name);
        issuers.add(made);
        return made;
    }

    static void assertOk(Fence fence) throws InterruptedException {
        assertThat(fence.await()).as(() -> fence + ": " + fence.failure()).isEqualTo(Outcome.OK);
    }

    static Failure failureOf(Fence fence) throws InterruptedException {
        assertThat(fence.await()).as(fence.toString()).isEqualTo(Outcome.FAILED);
        return fence.failure();
    }

    /** Polls as one who spins on a timeline does, until the fence is signalled. */
    static void spinUntilDone(Fence fence) throws InterruptedException {
        while (fence.await(Duration.ZERO) == Outcome.PENDING) {
            Thread.onSpinWait();
        }
    }

    interface Body {
        void run() throws Exception;
    }

    /** Runs a body on a platform thread of its own; join by {@link FutureTask#get()}. */
    static FutureTask<Void> start(String name, Body body) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            body.run();
            return null;
        });
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    static void join(List<FutureTask<Void>> tasks) throws InterruptedException, ExecutionException {
        for (FutureTask<Void> task : tasks) {
            task.get();
        }
    }

    /** Waits until a thread waits, which is the only way to see that a call parks. */
    static void awaitParked(Thread thread) {
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            assertThat(thread.isAlive()).isTrue();
            Thread.onSpinWait();
        }
    }
}
