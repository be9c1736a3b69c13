package io.ringfence.figures;

import java.util.concurrent.TimeUnit;

import io.ringfence.fence.Outcome;
import io.ringfence.fence.Timeline;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** One job there and back, the submitter spinning: by the point and by the fence. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
public class RoundTripBenchmark {

    @Benchmark
    public long point(SpinningDevice device) {
        long seqno = device.queue.trySubmit(device.nop);
        Timeline timeline = device.queue.timeline();
        while (!timeline.isDone(seqno)) {
            timeline.poll();
            Thread.onSpinWait();
        }
        return seqno;
    }

    @Benchmark
    public Outcome fence(SpinningDevice device) throws InterruptedException {
        return device.queue.submit(device.nop).await();
    }
}
