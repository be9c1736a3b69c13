package io.ringfence.figures.fences;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Fences;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * All of many and any of many: the leaves are made, put together and signalled in the order in which they were made. The
 * container is told to watch, as a waiter would tell it, or, {@code …Asked}, only asked at the end. What {@code …None} says
 * is the price of the leaves alone. Many: {@code -p leaves=1000}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
public class FenceContainers {

    /** How many there are. */
    @State(Scope.Thread)
    public static class Leaves {
        @Param("8")
        public int leaves;

        FenceIssuer[] issuers() {
            FenceIssuer[] issuers = new FenceIssuer[leaves];
            for (int i = 0; i < leaves; i++) {
                issuers[i] = FenceIssuer.create("leaf");
            }
            return issuers;
        }

        static Fence[] fences(FenceIssuer[] issuers) {
            Fence[] fences = new Fence[issuers.length];
            for (int i = 0; i < fences.length; i++) {
                fences[i] = issuers[i].fence();
            }
            return fences;
        }

        static void signal(FenceIssuer[] issuers) {
            for (FenceIssuer issuer : issuers) {
                issuer.signal();
            }
        }

        @SuppressWarnings({"unchecked", "rawtypes"})
        CompletableFuture<Void>[] futures() {
            CompletableFuture<Void>[] futures = new CompletableFuture[leaves];
            for (int i = 0; i < leaves; i++) {
                futures[i] = new CompletableFuture<>();
            }
            return futures;
        }

        static void complete(CompletableFuture<Void>[] futures) {
            for (CompletableFuture<Void> future : futures) {
                future.complete(null);
            }
        }
    }

    @Benchmark
    public boolean fenceAll(Leaves leaves) {
        FenceIssuer[] issuers = leaves.issuers();
        Fence all = Fences.allOf(Leaves.fences(issuers));
        all.enableSignalling();
        Leaves.signal(issuers);
        return all.isDone();
    }

    @Benchmark
    public boolean fenceAllAsked(Leaves leaves) {
        FenceIssuer[] issuers = leaves.issuers();
        Fence all = Fences.allOf(Leaves.fences(issuers));
        Leaves.signal(issuers);
        return all.isDone();
    }

    @Benchmark
    public boolean futureAll(Leaves leaves) {
        CompletableFuture<Void>[] futures = leaves.futures();
        CompletableFuture<Void> all = CompletableFuture.allOf(futures);
        Leaves.complete(futures);
        return all.isDone();
    }

    @Benchmark
    public boolean fenceAny(Leaves leaves) {
        FenceIssuer[] issuers = leaves.issuers();
        Fence any = Fences.anyOf(Leaves.fences(issuers));
        any.enableSignalling();
        Leaves.signal(issuers);
        return any.isDone();
    }

    @Benchmark
    public boolean futureAny(Leaves leaves) {
        CompletableFuture<Void>[] futures = leaves.futures();
        CompletableFuture<Object> any = CompletableFuture.anyOf(futures);
        Leaves.complete(futures);
        return any.isDone();
    }

    @Benchmark
    public void fenceNone(Leaves leaves, Blackhole made) {
        FenceIssuer[] issuers = leaves.issuers();
        made.consume(Leaves.fences(issuers));
        Leaves.signal(issuers);
    }

    @Benchmark
    public void futureNone(Leaves leaves, Blackhole made) {
        CompletableFuture<Void>[] futures = leaves.futures();
        made.consume(futures);
        Leaves.complete(futures);
    }
}
