package io.ringfence.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReferenceArray;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Threads of both kinds do at random what users do, on small rings, with a device that interrupts only when armed. */
class RandomTrafficTest extends QueueTestBase {

    private static final int QUEUES = 3;
    private static final int THREADS = 8;
    private static final int STEPS = 1600;
    private static final int SHARED = 16;

    private final AtomicReferenceArray<Fence> shared = new AtomicReferenceArray<>(SHARED);
    private final List<JobQueue<Object>> queues = new ArrayList<>();

    @RepeatedTest(50)
    @DisplayName("H13: nobody waits for ever, no callback is lost, everything closes")
    void everyWaitEnds(RepetitionInfo repetition) throws Exception {
        var random = new SplittableRandom(repetition.getCurrentRepetition());
        for (int i = 0; i < QUEUES; i++) {
            queues.add(open(new ThreadedDriver(),
                    options("q" + i).withCapacity(2 << random.nextInt(5)).withCredits(1 + random.nextInt(2))));
        }
        List<FutureTask<Integer>> users = new ArrayList<>();
        var callbacks = new CountDownLatch(THREADS * STEPS / 8);
        for (int i = 0; i < THREADS; i++) {
            var own = random.split();
            var user = new FutureTask<>(() -> use(own, callbacks));
            users.add(user);
            if (i % 2 == 0) {
                Thread.ofPlatform().daemon().start(user);
            } else {
                Thread.startVirtualThread(user);
            }
        }
        int left = 0;
        for (FutureTask<Integer> user : users) {
            left += user.get();
        }
        for (int i = 0; i < left; i++) {
            callbacks.countDown();
        }
        for (JobQueue<Object> queue : queues) {
            assertThat(queue.submit("last").await()).isNotNull();
        }
        callbacks.await();
    }

    /** Returns how many of the callbacks that fall to this thread it has not registered. */
    private int use(SplittableRandom random, CountDownLatch callbacks) throws InterruptedException {
        int left = STEPS / 8;
        for (int step = 0; step < STEPS; step++) {
            JobQueue<Object> queue = queues.get(random.nextInt(QUEUES));
            Fence first = shared.get(random.nextInt(SHARED));
            Fence second = shared.get(random.nextInt(SHARED));
            Fence fence = first == null || second == null ? queue.submit("job")
                    : random.nextBoolean() ? queue.submit("job", first, second) : queue.submit("job", first);
            shared.set(random.nextInt(SHARED), fence);
            switch (random.nextInt(8)) {
                case 0 -> fence.await();
                case 1 -> fence.await(Duration.ofNanos(random.nextInt(100_000)));
                case 2 -> {
                    if (left > 0) {
                        left--;
                        JobQueue<Object> next = queues.get(random.nextInt(QUEUES));
                        fence.onDone(() -> {
                            next.trySubmit("from a callback");
                            callbacks.countDown();
                        });
                    }
                }
                case 3 -> {
                    FenceIssuer issuer = FenceIssuer.create("input");
                    shared.set(random.nextInt(SHARED), queue.submit("waits", issuer.fence()));
                    if (random.nextInt(20) == 0) {
                        issuer.fail(new IllegalStateException("input failed"));
                    } else {
                        issuer.signal();
                    }
                }
                default -> {
                    // Goes on submitting.
                }
            }
        }
        return left;
    }
}
