package io.ringfence.figures.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.ringfence.figures.devices.PushingDriver;
import io.ringfence.queue.RingfenceRuntime;
import io.ringfence.scheduler.Entity;
import io.ringfence.scheduler.EntityOptions;
import io.ringfence.scheduler.Policies;
import io.ringfence.scheduler.Priority;
import io.ringfence.scheduler.Scheduler;
import io.ringfence.scheduler.SchedulerOptions;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A decision of the scheduler and all that comes of it: jobs of many entities wait, the device is let go, and each job is chosen, handed
 * over, complete, accounted for and finished. Submitting them is not measured, but what a profiler says of allocation includes it. The
 * figure is that of one job.
 *
 * <p>The other policies are fifo, ready-fifo and rr. Ten thousand entities take a while to be opened: {@code -p entities=10000}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
public class SchedulerDecision {

    /** A multiple of the entities. */
    private static final int JOBS = 20_000;

    /** Entities that have the same number of jobs each, and a device that is kept from them. */
    @State(Scope.Benchmark)
    public static class Loaded {

        @Param({"10", "1000"})
        public int entities;

        @Param("fair")
        public String policy;

        /** What the device tells of: all that it was rung for, or each job. */
        @Param("bulk")
        public String completion;

        private RingfenceRuntime runtime;
        Scheduler<Object> scheduler;
        private PushingDriver device;
        private final List<Entity<Object>> opened = new ArrayList<>();

        @Setup(Level.Trial)
        public void open() {
            runtime = RingfenceRuntime.start();
            device = new PushingDriver(completion.equals("single"));
            scheduler = Scheduler.open(runtime, device,
                    SchedulerOptions.named("measured").withPolicy(Policies.named(policy)));
            int jobs = JOBS / entities;
            int capacity = Math.max(2, Integer.highestOneBit(2 * jobs - 1));
            for (int i = 0; i < entities; i++) {
                opened.add(scheduler.openEntity(EntityOptions.named("entity " + i).withPriority(Priority.NORMAL)
                        .withCapacity(capacity)));
            }
        }

        @Setup(Level.Invocation)
        public void load() throws InterruptedException {
            for (Entity<Object> entity : opened) {
                while (!entity.timeline().isDone(entity.timeline().claimedVolatile())) {
                    Thread.onSpinWait();
                }
            }
            var _ = scheduler.freeze().await();
            for (int i = 0; i < JOBS; i++) {
                if (opened.get(i % entities).trySubmit("job") < 0) {
                    throw new IllegalStateException("no room though every job is complete");
                }
            }
        }

        /** Lets the device go, and waits until it was given all jobs. */
        long unload() {
            long through = device.given() + JOBS;
            scheduler.thaw();
            while (device.given() < through) {
                Thread.onSpinWait();
            }
            return through;
        }

        @TearDown(Level.Trial)
        public void close() {
            runtime.close();
        }
    }

    /** An executor that has the same number of jobs, and one before them that waits. */
    @State(Scope.Benchmark)
    public static class LoadedExecutor {

        private PriorityExecutor executor;
        private CountDownLatch gate;
        private long jobs;

        @Setup(Level.Trial)
        public void open() {
            executor = new PriorityExecutor();
        }

        @Setup(Level.Invocation)
        public void load() throws InterruptedException {
            gate = new CountDownLatch(1);
            CountDownLatch held = new CountDownLatch(1);
            executor.submitFirst(() -> hold(held));
            held.await();
            for (int i = 0; i < JOBS; i++) {
                // As for a fair order: one of each entity, then the next of each.
                executor.submit(++jobs);
            }
        }

        private void hold(CountDownLatch held) {
            held.countDown();
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new AssertionError("nobody interrupts here", e);
            }
        }

        long unload() {
            gate.countDown();
            while (executor.done() < jobs) {
                Thread.onSpinWait();
            }
            return jobs;
        }

        @TearDown(Level.Trial)
        public void close() {
            executor.close();
        }
    }

    @Benchmark
    @OperationsPerInvocation(JOBS)
    public long scheduler(Loaded loaded) {
        return loaded.unload();
    }

    /** The peer: an executor that takes the first task of a priority queue. */
    @Benchmark
    @OperationsPerInvocation(JOBS)
    public long executor(LoadedExecutor loaded) {
        return loaded.unload();
    }
}
