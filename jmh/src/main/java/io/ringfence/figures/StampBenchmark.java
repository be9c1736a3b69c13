package io.ringfence.figures;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a stamp costs in each memory mode, on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StampBenchmark {
    private static final VarHandle STAMP =
            ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "stamp", VarHandle.class, StampBenchmark.class,
                    long.class);

    long stamp;

    @Benchmark
    public long release() {
        long next = (long) STAMP.getAcquire(this) + 1;
        STAMP.setRelease(this, next);
        return next;
    }

    @Benchmark
    public long sequential() {
        long next = (long) STAMP.getVolatile(this) + 1;
        STAMP.setVolatile(this, next);
        return next;
    }
}
