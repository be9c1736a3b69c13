package io.ringfence.figures.fences;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.ringfence.fence.FenceIssuer;

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
import org.openjdk.jmh.annotations.Warmup;

/**
 * A fence that other code signals, and the callbacks that wait for it, beside a future: the whole life, and the signalling
 * alone.
 *
 * <p>What {@code …SignalOnly} signals was made ready before, {@value #BATCH} of them for each stretch that is measured, so
 * that reading the clock twice costs each less than a nanosecond. What a profiler says of allocation there includes the
 * preparation. The callbacks of a prepared batch have left the first cache when they run.
 *
 * <p>None and many: {@code -p waiters=0,1000}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
public class FenceSignal {

    private static final int BATCH = 64;

    /** Who waits, and what they do. */
    @State(Scope.Thread)
    public static class Waiters {
        @Param({"1", "8"})
        public int waiters;

        long fired;
        final Runnable callback = () -> fired++;

        FenceIssuer issuer() {
            FenceIssuer issuer = FenceIssuer.create("measured");
            for (int i = 0; i < waiters; i++) {
                issuer.fence().onDone(callback);
            }
            return issuer;
        }

        CompletableFuture<Void> future() {
            CompletableFuture<Void> future = new CompletableFuture<>();
            for (int i = 0; i < waiters; i++) {
                var _ = future.thenRun(callback);
            }
            return future;
        }
    }

    /** Fences that only have to be signalled. */
    @State(Scope.Thread)
    public static class PreparedFences {
        final FenceIssuer[] issuers = new FenceIssuer[BATCH];

        @Setup(Level.Invocation)
        public void prepare(Waiters waiters) {
            for (int i = 0; i < BATCH; i++) {
                issuers[i] = waiters.issuer();
            }
        }
    }

    /** Futures that only have to be completed. */
    @State(Scope.Thread)
    public static class PreparedFutures {
        @SuppressWarnings({"unchecked", "rawtypes"})
        final CompletableFuture<Void>[] futures = new CompletableFuture[BATCH];

        @Setup(Level.Invocation)
        public void prepare(Waiters waiters) {
            for (int i = 0; i < BATCH; i++) {
                futures[i] = waiters.future();
            }
        }
    }

    @Benchmark
    public FenceIssuer fence(Waiters waiters) {
        FenceIssuer issuer = waiters.issuer();
        issuer.signal();
        return issuer;
    }

    @Benchmark
    public CompletableFuture<Void> future(Waiters waiters) {
        CompletableFuture<Void> future = waiters.future();
        future.complete(null);
        return future;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int fenceSignalOnly(PreparedFences prepared) {
        int settled = 0;
        for (FenceIssuer issuer : prepared.issuers) {
            settled += issuer.signal() ? 1 : 0;
        }
        return settled;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int futureSignalOnly(PreparedFutures prepared) {
        int settled = 0;
        for (CompletableFuture<Void> future : prepared.futures) {
            settled += future.complete(null) ? 1 : 0;
        }
        return settled;
    }
}
