package io.ringfence.figures.stream;

import java.util.concurrent.TimeUnit;

import io.ringfence.figures.peers.Way;

import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * As {@link OneProducer}, with two producers on one queue. What JMH reports is the time of each thread for a job of its own: divided by
 * the number of threads it is the time per job of the queue. On two processors that are three busy threads.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = {"-XX:+UseParallelGC", Ways.FOR_AGRONA})
@Threads(2)
public class TwoProducers extends Streaming {

    @Param({"ringfence", "bare", "bareAhead", "disruptorMulti", "jctoolsMpsc", "agronaManyToOne", "arrayBlockingQueue",
        "futurePool",
        "virtualThread"})
    public String way;

    @Override
    Way way() {
        return Ways.open(way);
    }
}
