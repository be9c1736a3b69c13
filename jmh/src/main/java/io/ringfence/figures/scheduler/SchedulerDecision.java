package io.ringfence.figures.scheduler;

import java.util.concurrent.TimeUnit;

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

    /** A scheduler. */
    @State(Scope.Benchmark)
    public static class Loaded {

        @Param({"10", "1000"})
        public int entities;

        @Param("fair")
        public String policy;

        /** What the device tells of: all that it was rung for, or each job. */
        @Param("bulk")
        public String completion;

        Decisions decisions;

        @Setup(Level.Trial)
        public void open() {
            decisions = new SchedulerDecisions(entities, policy, completion);
        }

        @Setup(Level.Invocation)
        public void load() throws InterruptedException {
            decisions.load();
        }

        @TearDown(Level.Trial)
        public void close() {
            decisions.close();
        }
    }

    /** The peer: an executor that takes the first task of a priority queue. */
    @State(Scope.Benchmark)
    public static class LoadedExecutor {

        Decisions decisions;

        @Setup(Level.Trial)
        public void open() {
            decisions = new ExecutorDecisions();
        }

        @Setup(Level.Invocation)
        public void load() throws InterruptedException {
            decisions.load();
        }

        @TearDown(Level.Trial)
        public void close() {
            decisions.close();
        }
    }

    @Benchmark
    @OperationsPerInvocation(Decisions.JOBS)
    public long scheduler(Loaded loaded) {
        return loaded.decisions.unload();
    }

    @Benchmark
    @OperationsPerInvocation(Decisions.JOBS)
    public long executor(LoadedExecutor loaded) {
        return loaded.decisions.unload();
    }
}
