package io.ringfence.figures.scheduler;

import java.util.concurrent.TimeUnit;

import io.ringfence.scheduler.BareRunQueue;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Who is next, and where he goes then: the part of a scheduler's decision that depends on the policy and grows with the number of
 * entities. A decision needs a new job; what that costs by itself is measured too, and has to be taken off.
 *
 * <p>The other policies are fifo, ready-fifo and rr: {@code -p policy=rr -p entities=10000}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
public class RunQueueDecision {

    /** Entities that always have a job. */
    @State(Scope.Thread)
    public static class Filled {

        @Param("1000")
        public int entities;

        @Param("fair")
        public String policy;

        private BareRunQueue queue;

        @Setup
        public void fill() {
            queue = new BareRunQueue(policy, entities);
        }
    }

    @Benchmark
    public Object decision(Filled filled) {
        return filled.queue.decide();
    }

    /** The same without the run queue. */
    @Benchmark
    public Object jobOnly(Filled filled) {
        return filled.queue.replace();
    }
}
