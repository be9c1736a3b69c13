package io.ringfence.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.Client;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;
import io.ringfence.sim.faults.FaultPlan;

/** The teardown loop in which the kernel's scheduler oopsed: clients that come, submit and are killed, again and again. */
@Timeout(300)
class ClientStormTest {
    private static final int THREADS = 16;
    private static final int CLIENTS = 10;
    private static final long LONGEST_LIFE = Duration.ofMillis(50).toNanos();
    private static final Duration END = Duration.ofSeconds(60);
    /** The heap of a storm goes up and down by what is in flight; a leak of all clients would be many times this. */
    private static final long HEAP_SLACK = 24L << 20;

    private final Duration time = Duration.ofSeconds(Integer.getInteger("ringfence.storm.seconds", 10));
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicLong clients = new AtomicLong();
    private final AtomicLong jobs = new AtomicLong();
    private final AtomicLong hangs = new AtomicLong();

    @Test
    @DisplayName("Y-1: ten clients at a time on each of 16 threads come, submit and are killed within 50 ms, over a device that hangs")
    void storm() throws Exception {
        List<String> before = threads();
        long half = 0;
        long end = 0;
        try (SimulatedFirmware device = SimulatedFirmware.start(FirmwareOptions.defaults().withRings(1024).withSlots(64)
                .withGroupSlots(32).withTimeSlice(Duration.ofMillis(1)).withAnswerBound(Duration.ofSeconds(5))
                .withFaults(FaultPlan.parse("hang rate=0.00005; endless-loop rate=0.00005; lost-event rate=0.001")));
                RingfenceRuntime runtime = RingfenceRuntime.start()) {
            long start = System.nanoTime();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                long seed = i;
                threads.add(Thread.ofPlatform().name("storm-" + i)
                        .start(() -> rounds(device, runtime, new SplittableRandom(seed), start)));
            }
            for (Thread thread : threads) {
                while (!thread.join(time.dividedBy(8))) {
                    long passed = System.nanoTime() - start;
                    if (half == 0 && passed > time.toNanos() / 2) {
                        half = usedHeap();
                    }
                }
            }
            end = usedHeap();
            assertThat(runtime.describe()).as("queues left").isEmpty();
        }
        assertThat(wrong).isEmpty();
        assertThat(clients.get()).isGreaterThan(THREADS * CLIENTS);
        assertThat(jobs.get()).isPositive();
        assertThat(hangs.get()).as("guilty jobs").isPositive();
        assertThat(end).as("bytes used in the end, after %s in the middle", half).isLessThan(half + HEAP_SLACK);
        List<String> left = threads();
        left.removeAll(before);
        assertThat(left).as("threads left").noneMatch(name -> name.startsWith("ringfence") || name.startsWith("storm"));
    }

    private static List<String> threads() {
        return new ArrayList<>(Thread.getAllStackTraces().keySet().stream().filter(Thread::isAlive)
                .map(thread -> thread.getName() + "#" + thread.threadId()).toList());
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private void rounds(SimulatedFirmware device, RingfenceRuntime runtime, SplittableRandom random, long start) {
        try {
            while (System.nanoTime() - start < time.toNanos()) {
                round(device, runtime, random);
            }
        } catch (InterruptedException | RuntimeException | Error thrown) {
            wrong.add(Thread.currentThread().getName() + ": " + thrown);
        }
    }

    private void round(SimulatedFirmware device, RingfenceRuntime runtime, SplittableRandom random)
            throws InterruptedException {
        List<Client> all = new ArrayList<>();
        List<JobQueue<Command>> queues = new ArrayList<>();
        List<PointFence> fences = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Client client = runtime.openClient("client");
            all.add(client);
            JobQueue<Command> queue = client.openQueue(device.openRing(), QueueOptions.named("queue").withCapacity(32)
                    .withCredits(8).withTimeout(Duration.ofMillis(10)).withHangLimit(1));
            queues.add(queue);
            submit(queue, fences, random);
        }
        clients.addAndGet(CLIENTS);
        List<Fence> ends = new ArrayList<>();
        for (Client client : all) {
            // A fence that may be signalled or not within some part of the time: the point at which the client is killed.
            PointFence some = fences.get(random.nextInt(fences.size()));
            var _ = some.await(Duration.ofNanos(random.nextLong(LONGEST_LIFE / CLIENTS)));
            ends.add(client.kill());
        }
        for (Fence fence : fences) {
            settles(fence, runtime);
        }
        for (Fence fence : ends) {
            settles(fence, runtime);
        }
        for (JobQueue<Command> queue : queues) {
            hangs.addAndGet(queue.status().recovery().hangs());
        }
    }

    private void submit(JobQueue<Command> queue, List<PointFence> fences, SplittableRandom random) {
        int count = 1 + random.nextInt(16);
        for (int i = 0; i < count; i++) {
            PointFence input = fences.isEmpty() || random.nextInt(3) != 0 ? null
                    : fences.get(random.nextInt(fences.size()));
            Command command = random.nextInt(4) == 0 ? Command.delay(random.nextInt(1_000_000)) : Command.nop();
            PointFence fence = input == null ? queue.trySubmitFence(command) : queue.trySubmitFence(command, input);
            if (fence != null) {
                fences.add(fence);
                jobs.incrementAndGet();
            }
        }
    }

    private void settles(Fence fence, RingfenceRuntime runtime) throws InterruptedException {
        if (fence.await(END) == Outcome.PENDING) {
            wrong.add(fence + " is pending after " + TimeUnit.NANOSECONDS.toSeconds(END.toNanos()) + " s: "
                    + runtime.dump());
        }
    }
}
