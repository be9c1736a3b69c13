package io.ringfence.figures.stream;

import java.util.concurrent.TimeUnit;

import io.ringfence.figures.peers.Way;

import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Warmup;

/**
 * As {@link OneProducer}, with batches of 64 jobs, each by one claim. The figure is that of one job.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = {"-XX:+UseParallelGC", Ways.FOR_AGRONA})
public class Batches extends Streaming {

    private static final int SIZE = 64;

    @Param({"ringfence", "bare", "bareAhead", "disruptorMulti"})
    public String way;

    @Override
    Way way() {
        return Ways.openBatches(way, SIZE);
    }
}
