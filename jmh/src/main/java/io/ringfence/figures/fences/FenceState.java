package io.ringfence.figures.fences;

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** Asking whether it is done: a fence that other code signals, the fence of a job, a future. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
public class FenceState {

    @Benchmark
    public boolean fenceDone(SettledAndPending fences) {
        return fences.fenceDone.isDone();
    }

    @Benchmark
    public boolean fencePending(SettledAndPending fences) {
        return fences.fencePending.isDone();
    }

    @Benchmark
    public boolean pointDone(SettledAndPending fences) {
        return fences.pointDone.isDone();
    }

    @Benchmark
    public boolean pointPending(SettledAndPending fences) {
        return fences.pointPending.isDone();
    }

    @Benchmark
    public boolean futureDone(SettledAndPending fences) {
        return fences.futureDone.isDone();
    }

    @Benchmark
    public boolean futurePending(SettledAndPending fences) {
        return fences.futurePending.isDone();
    }
}
