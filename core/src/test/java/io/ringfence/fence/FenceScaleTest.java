package io.ringfence.fence;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A million links, a hundred thousand waiters, on a small stack. */
@Timeout(180)
@Tag("slow")
class FenceScaleTest {
    private static final int LINKS = 1_000_000;
    private static final int HOPS = 200_000;
    private static final int MANY = 100_000;
    private static final long SMALL_STACK = 512 * 1024;

    private final AtomicInteger called = new AtomicInteger();
    private final AtomicInteger awaited = new AtomicInteger();

    /** A callback, and a virtual thread that waits. */
    private Thread waiters(Fence fence) {
        fence.onDone(called::incrementAndGet);
        return Thread.startVirtualThread(() -> {
            try {
                if (fence.await() == Outcome.OK) {
                    awaited.incrementAndGet();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void expectAll(List<Thread> threads, FenceTest.Body signal) throws Exception {
        threads.forEach(TestThreads::awaitParked);
        assertThat(called).hasValue(0);
        assertThat(awaited).hasValue(0);
        signal.run();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(called).hasValue(MANY);
        assertThat(awaited).hasValue(MANY);
    }

    // ---- a long chain

    @Test
    @DisplayName("A chain of 1,000,000 links is built, waited for, signalled in order and collected, on a small stack")
    void longChainForwards() throws Exception {
        TestThreads.start("small stack", SMALL_STACK, () -> longChain(false)).get();
    }

    @Test
    @DisplayName("A chain of 1,000,000 links is signalled in reverse, on a small stack")
    void longChainBackwards() throws Exception {
        TestThreads.start("small stack", SMALL_STACK, () -> longChain(true)).get();
    }

    private static void longChain(boolean backwards) throws Exception {
        SignalledFence[] leaves = new SignalledFence[LINKS];
        SyncObject object = SyncObject.create("long");
        for (int i = 0; i < LINKS; i++) {
            leaves[i] = new SignalledFence("leaf", null);
            object.add(i + 1, leaves[i]);
        }
        Fence last = object.fence();
        List<Outcome> outcomes = new ArrayList<>();
        FutureTask<Void> waiter = TestThreads.start("waiter", SMALL_STACK, () -> outcomes.add(last.await()));
        last.enableSignalling();
        for (int i = 0; i < LINKS; i++) {
            leaves[backwards ? LINKS - 1 - i : i].settle(null);
        }
        waiter.get();
        assertThat(outcomes).containsExactly(Outcome.OK);
        assertThat(object.query()).isEqualTo(LINKS);
    }

    @Test
    @DisplayName("A chain of 1,000,000 links that nobody has signalled is collected")
    void pendingChainIsCollected() throws Exception {
        TestThreads.start("small stack", SMALL_STACK, () -> pendingChain().forEach(TestThreads::awaitCollected)).get();
    }

    private static List<WeakReference<Fence>> pendingChain() {
        SyncObject object = SyncObject.create("pending");
        Fence first = object.add(1, new SignalledFence("first", null));
        for (int i = 1; i < LINKS; i++) {
            object.add(i + 1, Fences.signalled());
        }
        object.fence().enableSignalling();
        assertThat(object.query()).isZero();
        return List.of(new WeakReference<>(first), new WeakReference<>(object.fence()));
    }

    @Test
    @DisplayName("200,000 objects, each holding a point of the one before, pass a signal on in constant stack")
    void chainOfChains() throws Exception {
        TestThreads.start("small stack", SMALL_STACK, () -> {
            SignalledFence leaf = new SignalledFence("leaf", null);
            Fence last = leaf;
            for (int i = 0; i < HOPS; i++) {
                last = SyncObject.create("hop").add(1, last);
            }
            assertThat(last.isDone()).isFalse();
            leaf.settle(new Failure.Cancelled("bad"));
            assertThat(last.failure()).isEqualTo(new Failure.Cancelled("bad"));
        }).get();
    }

    // ---- many waiters

    @Test
    @DisplayName("100,000 callbacks and 100,000 virtual threads wait for one fence")
    void oneFence() throws Exception {
        FenceIssuer issuer = FenceIssuer.create("one");
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            threads.add(waiters(issuer.fence()));
        }
        expectAll(threads, issuer::signal);
    }

    @Test
    @DisplayName("A callback and a virtual thread wait for each of 100,000 points of a queue")
    void queuePoints() throws Exception {
        TestDevice device = new TestDevice(true);
        QueueOptions options = QueueOptions.named("many").withCapacity(131_072).withCredits(131_072);
        try (RingfenceRuntime runtime = RingfenceRuntime.start();
                JobQueue<Object> queue = runtime.openQueue(device, options)) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                threads.add(waiters(queue.submit("job")));
            }
            expectAll(threads, device::finishAll);
            assertThat(queue.timeline().signaled()).isEqualTo(MANY);
        }
    }

    @Test
    @DisplayName("A callback and a virtual thread wait for each of 100,000 points of a sync object")
    void syncPoints() throws Exception {
        SyncObject object = SyncObject.create("many");
        List<SignalledFence> leaves = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            leaves.add(new SignalledFence("leaf", null));
            threads.add(waiters(object.add(i + 1, leaves.getLast())));
        }
        expectAll(threads, () -> leaves.reversed().forEach(leaf -> leaf.settle(null)));
        assertThat(object.query()).isEqualTo(MANY);
    }
}
