package io.ringfence.figures.roundtrip;

import java.util.concurrent.TimeUnit;

import io.ringfence.figures.peers.Way;

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
 * One job there and back, and only then the next. By the point ({@code point}: the submitter spins), by the fence ({@code fence}: it
 * awaits, which spins a little), by the least queue there can be ({@code bare}), and what else one could use, each waited for as it is meant to be: the Disruptor with several producers
 * allowed, a future of a pool of one thread, a virtual thread that is joined, two virtual threads with a {@code SynchronousQueue} in
 * each direction.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
@State(Scope.Benchmark)
public class RoundTrip {

    /** So many that what JMH does between two invocations, and starting a thread, does not count. */
    private static final int JOBS = 512;

    @Param({"point", "fence", "bare", "disruptor", "future", "synchronousQueue", "virtualThread"})
    public String way;

    private Way open;

    @Setup(Level.Trial)
    public void open() {
        open = Trips.open(way);
    }

    @TearDown(Level.Trial)
    public void close() throws InterruptedException {
        open.close();
    }

    @Benchmark
    @OperationsPerInvocation(JOBS)
    public long thereAndBack() throws InterruptedException {
        return open.jobs(JOBS);
    }
}
