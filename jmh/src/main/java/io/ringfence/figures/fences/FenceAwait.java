package io.ringfence.figures.fences;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** Waiting for what is done already. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
public class FenceAwait {

    @Benchmark
    public Outcome fenceAwait(SettledAndPending fences) throws InterruptedException {
        return fences.fenceDone.await();
    }

    @Benchmark
    public Fence fenceAwaitOk(SettledAndPending fences) throws InterruptedException {
        Fence fence = fences.fenceDone;
        fence.awaitOk();
        return fence;
    }

    @Benchmark
    public Outcome pointAwait(SettledAndPending fences) throws InterruptedException {
        return fences.pointDone.await();
    }

    @Benchmark
    public Object futureJoin(SettledAndPending fences) {
        return fences.futureDone.join();
    }

    @Benchmark
    public Object futureGet(SettledAndPending fences) throws InterruptedException, ExecutionException {
        return fences.futureDone.get();
    }
}
