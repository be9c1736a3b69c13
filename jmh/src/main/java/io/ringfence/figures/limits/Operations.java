package io.ringfence.figures.limits;

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Whether the processor's core is this program's own: twelve operations on registers, of which several can be done at once. Where the other
 * thread of a core works for somebody else, which no program of a virtual machine is told, they take 1.5 to 2 times as long, while cache
 * lines go from processor to processor as fast as before. One thread.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
@State(Scope.Thread)
public class Operations {

    /** How often an invocation does the twelve. */
    public static final int TURNS = 8192;

    private long kept = 1;

    @Benchmark
    @OperationsPerInvocation(TURNS)
    public long twelve() {
        long a = kept;
        long b = 2;
        long c = 3;
        long d = 4;
        long e = 5;
        long f = 6;
        for (int i = 0; i < TURNS; i++) {
            a += i ^ b;
            b += c & 0xff;
            c ^= d + i;
            d += e | 3;
            e += f ^ i;
            f += a;
        }
        kept = a + b + c + d + e + f;
        return kept;
    }
}
