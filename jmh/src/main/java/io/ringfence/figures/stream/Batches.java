package io.ringfence.figures.stream;

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
 * As {@link OneProducer}, with batches of 64 jobs, each by one claim. The figure is that of one job.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = {"-XX:+UseParallelGC", Ways.FOR_AGRONA})
@State(Scope.Benchmark)
public class Batches {

    private static final int SIZE = 64;

    @Param({"ringfence", "disruptorMulti"})
    public String way;

    private Way open;

    @Setup(Level.Trial)
    public void open() {
        open = Ways.openBatches(way, SIZE);
    }

    @TearDown(Level.Trial)
    public void close() throws InterruptedException {
        open.close();
    }

    @Benchmark
    @OperationsPerInvocation(Ways.JOBS)
    public void job(Attempts attempts) throws InterruptedException {
        attempts.full += open.jobs(Ways.JOBS);
    }
}
