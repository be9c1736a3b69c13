package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Outcome;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Virtual threads that wait here keep no carrier, however their waiting ends. */
@Timeout(180)
class PinningTest extends QueueTestBase {
    private static final String EVENT = "jdk.VirtualThreadPinned";
    private static final int THREADS = 64;

    @TempDir
    Path folder;

    private interface Work {
        void run() throws Exception;
    }

    private List<RecordedEvent> pinned(Work work) throws Exception {
        Path file = folder.resolve("pinned.jfr");
        try (Recording recording = new Recording()) {
            recording.enable(EVENT).withThreshold(Duration.ZERO).withStackTrace();
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(EVENT)).filter(event -> !isInsideJdk(event))
                .toList();
    }

    /** The second time: the first time, classes are loaded and initialised, where threads that meet do keep their carriers. */
    private List<RecordedEvent> pinnedWhenWarm(Work work) throws Exception {
        work.run();
        return pinned(work);
    }

    /** A thread that meets another one in the JDK (interrupting, loading or initialising a class) spends a moment there, whoever calls. */
    private static boolean isInsideJdk(RecordedEvent event) {
        String entering = event.getStackTrace().getFrames().getFirst().getMethod().getType().getName();
        return event.getString("blockingOperation").contains("monitor") && entering.matches("(java|jdk)\\..*")
                || event.getString("pinnedReason").matches("Waited for initialization of (java|jdk)\\..*");
    }

    /** A thread cannot leave its carrier while it initialises a class. */
    private static final class Pins {
        static final AtomicInteger PARKED = new AtomicInteger();

        static {
            LockSupport.parkNanos(1_000_000);
            PARKED.incrementAndGet();
        }
    }

    @Test
    @DisplayName("a thread that is pinned is told of, so that the other tests mean something")
    void control() throws Exception {
        assertThat(pinned(() -> Thread.ofVirtual().start(() -> assertThat(Pins.PARKED).hasValue(1)).join()))
                .isNotEmpty();
    }

    private static List<Thread> startAll(int count, Work each) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    each.run();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }));
        }
        return threads;
    }

    private static void joinAll(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    @DisplayName("waiting for a fence, until it is done, for a time, until interrupted")
    void fences() throws Exception {
        AtomicInteger ended = new AtomicInteger();
        assertThat(pinnedWhenWarm(() -> {
            try (FenceIssuer issuer = FenceIssuer.create("late")) {
                Fence fence = issuer.fence();
                CountDownLatch begun = new CountDownLatch(2 * THREADS);
                List<Thread> wait = startAll(THREADS, () -> {
                    begun.countDown();
                    assertThat(fence.await()).isEqualTo(Outcome.OK);
                    ended.incrementAndGet();
                });
                List<Thread> interrupted = startAll(THREADS, () -> {
                    begun.countDown();
                    try {
                        var _ = fence.await();
                    } catch (InterruptedException e) {
                        ended.incrementAndGet();
                    }
                });
                joinAll(startAll(THREADS, () -> {
                    assertThat(fence.await(Duration.ofMillis(2))).isEqualTo(Outcome.PENDING);
                    ended.incrementAndGet();
                }));
                begun.await();
                interrupted.forEach(Thread::interrupt);
                joinAll(interrupted);
                assertThat(issuer.signal()).isTrue();
                joinAll(wait);
            }
        })).isEmpty();
        assertThat(ended).hasValue(6 * THREADS);
    }

    @Test
    @DisplayName("submitting to a full ring, until there is room, for a time, until interrupted; closing a queue that drains")
    void queues() throws Exception {
        AtomicInteger ended = new AtomicInteger();
        assertThat(pinnedWhenWarm(() -> {
            ManualDriver driver = new ManualDriver();
            JobQueue<Object> queue = open(driver, options("full").withCapacity(2).withCredits(2));
            var _ = queue.submit("job");
            Fence last = queue.submit("job");
            joinAll(startAll(THREADS, () -> {
                try {
                    var _ = queue.submit("job", Duration.ofMillis(2));
                } catch (TimeoutException e) {
                    ended.incrementAndGet();
                }
            }));
            List<Thread> interrupted = startAll(THREADS, () -> {
                try {
                    var _ = queue.submit("job");
                } catch (InterruptedException e) {
                    ended.incrementAndGet();
                }
            });
            interrupted.forEach(Thread::interrupt);
            joinAll(interrupted);
            List<Thread> submitters = startAll(THREADS, () -> {
                assertThat(queue.submit("job").await()).isEqualTo(Outcome.OK);
                ended.incrementAndGet();
            });
            driver.letGo();
            joinAll(submitters);
            last.awaitOk();
            joinAll(startAll(1, queue::close));
        })).isEmpty();
        assertThat(ended).hasValue(6 * THREADS);
    }
}
