package io.ringfence.figures;

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** The full life of a job, unbatched: accepted submissions, and how often the ring was full instead. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
public class ThroughputBenchmark {

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

    @Benchmark
    @Threads(1)
    public long oneProducer(SpinningDevice device, Attempts attempts) {
        return submit(device, attempts);
    }

    @Benchmark
    @Threads(2)
    public long twoProducers(SpinningDevice device, Attempts attempts) {
        return submit(device, attempts);
    }

    private static long submit(SpinningDevice device, Attempts attempts) {
        for (;;) {
            long seqno = device.queue.trySubmit(device.nop);
            if (seqno > 0) {
                return seqno;
            }
            attempts.full++;
            Thread.onSpinWait();
        }
    }
}
