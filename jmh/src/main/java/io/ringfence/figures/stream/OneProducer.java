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
 * The full life of a job, submitted one by one by one producer, beside what else hands work to a thread. All have the same bound on what is
 * outstanding, and none of the peers does what a queue does: its class says what it carries. The figure is that of one job.
 *
 * <p>The least queue there can be is {@code bare}; {@code bareAhead} does what the firmware and its host do so that lines come together.
 * Consumers spin as long as there is nothing. A producer that finds no room spins 64 times, then yields; the Disruptor and
 * {@code ArrayBlockingQueue} have their own way to wait for room.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = {"-XX:+UseParallelGC", Ways.FOR_AGRONA})
public class OneProducer extends Streaming {

    @Param({"ringfence", "ringfenceFence", "bare", "bareAhead", "disruptorMulti", "disruptorSingle", "jctoolsMpsc",
        "agronaManyToOne",
        "agronaOneToOne", "arrayBlockingQueue", "futurePool", "virtualThread", "synchronousQueue"})
    public String way;

    @Override
    Way way() {
        return Ways.open(way);
    }
}
