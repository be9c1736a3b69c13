package io.ringfence.figures.fences;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Registration;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One callback: called, called at once since it came late, or taken back.
 *
 * <p>Taking back from what lives long has no twin among futures: the one that others were made from keeps those that were
 * cancelled until it completes itself.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
public class FenceCallback {

    /** What is called. */
    @State(Scope.Thread)
    public static class Called {
        long times;
        final Runnable callback = () -> times++;
    }

    @Benchmark
    public Registration fenceFire(Called called) {
        FenceIssuer issuer = FenceIssuer.create("measured");
        Registration registration = issuer.fence().onDone(called.callback);
        issuer.signal();
        return registration;
    }

    @Benchmark
    public CompletableFuture<Void> futureFire(Called called) {
        CompletableFuture<Void> future = new CompletableFuture<>();
        CompletableFuture<Void> dependent = future.thenRun(called.callback);
        future.complete(null);
        return dependent;
    }

    @Benchmark
    public Registration fenceLate(SettledAndPending fences, Called called) {
        return fences.fenceDone.onDone(called.callback);
    }

    @Benchmark
    public CompletableFuture<Void> futureLate(SettledAndPending fences, Called called) {
        return fences.futureDone.thenRun(called.callback);
    }

    @Benchmark
    public FenceIssuer fenceCancel(Called called) {
        FenceIssuer issuer = FenceIssuer.create("measured");
        issuer.fence().onDone(called.callback).cancel();
        issuer.signal();
        return issuer;
    }

    @Benchmark
    public CompletableFuture<Void> futureCancel(Called called) {
        CompletableFuture<Void> future = new CompletableFuture<>();
        future.thenRun(called.callback).cancel(false);
        future.complete(null);
        return future;
    }

    @Benchmark
    public boolean fenceCancelLongLived(SettledAndPending fences, Called called) {
        return fences.fencePending.onDone(called.callback).cancel();
    }

    @Benchmark
    public boolean pointCancelLongLived(SettledAndPending fences, Called called) {
        return fences.pointPending.onDone(called.callback).cancel();
    }
}
