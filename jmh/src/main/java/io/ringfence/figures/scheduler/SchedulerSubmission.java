package io.ringfence.figures.scheduler;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.figures.devices.PushingDriver;
import io.ringfence.queue.RingfenceRuntime;
import io.ringfence.queue.SubmitCode;
import io.ringfence.scheduler.Entity;
import io.ringfence.scheduler.EntityOptions;
import io.ringfence.scheduler.Policies;
import io.ringfence.scheduler.Scheduler;
import io.ringfence.scheduler.SchedulerOptions;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The full life of a job of an entity, submitted one by one, by threads that go through the entities in turn; the device is done at once.
 * Beside an executor with a priority queue, which does less. Two threads unless told otherwise: {@code -t 1}, {@code -t 4}; other
 * numbers of entities: {@code -p entities=1}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
@Threads(2)
public class SchedulerSubmission {

    /** Jobs that may wait at once. */
    private static final int ROOM = 8192;

    /** What became of the attempts of one iteration. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Attempts {
        public long full;

        @Setup(Level.Iteration)
        public void clear() {
            full = 0;
        }
    }

    /** Where a thread is among the entities. */
    @State(Scope.Thread)
    public static class Place {
        private static final AtomicInteger THREADS = new AtomicInteger();

        private int next = THREADS.getAndIncrement() * 7;

        int next(int count) {
            next++;
            return Math.floorMod(next, count);
        }
    }

    /** Entities with room for as many jobs together, whatever their number. */
    @State(Scope.Benchmark)
    public static class Shared {

        @Param("1000")
        public int entities;

        @Param("fair")
        public String policy;

        private RingfenceRuntime runtime;
        final List<Entity<Object>> opened = new ArrayList<>();

        @Setup(Level.Trial)
        public void open() {
            runtime = RingfenceRuntime.start();
            Scheduler<Object> scheduler = Scheduler.open(runtime, new PushingDriver(false),
                    SchedulerOptions.named("measured").withPolicy(Policies.named(policy)));
            int capacity = Math.max(2, Integer.highestOneBit(ROOM / entities));
            for (int i = 0; i < entities; i++) {
                opened.add(scheduler.openEntity(EntityOptions.named("entity " + i).withCapacity(capacity)));
            }
        }

        @TearDown(Level.Trial)
        public void close() {
            runtime.close();
        }
    }

    /** As many jobs may wait here. */
    @State(Scope.Benchmark)
    public static class SharedExecutor {

        private PriorityExecutor executor;
        private final AtomicLong submitted = new AtomicLong();

        @Setup(Level.Trial)
        public void open() {
            executor = new PriorityExecutor();
        }

        boolean trySubmit() {
            long before = submitted.get();
            if (before - executor.done() >= ROOM || !submitted.compareAndSet(before, before + 1)) {
                return false;
            }
            executor.submit(before);
            return true;
        }

        @TearDown(Level.Trial)
        public void close() {
            executor.close();
        }
    }

    @Benchmark
    public long scheduler(Shared shared, Place place, Attempts attempts) {
        for (;;) {
            Entity<Object> entity = shared.opened.get(place.next(shared.entities));
            long seqno = entity.trySubmit("job");
            if (seqno > 0) {
                return seqno;
            }
            if (seqno != SubmitCode.FULL) {
                throw new IllegalStateException(SubmitCode.describe(seqno));
            }
            attempts.full++;
            Thread.onSpinWait();
        }
    }

    /** The peer: an executor that takes the first task of a priority queue, by the order of submission. */
    @Benchmark
    public long executor(SharedExecutor shared, Attempts attempts) {
        while (!shared.trySubmit()) {
            attempts.full++;
            Thread.onSpinWait();
        }
        return attempts.full;
    }
}
