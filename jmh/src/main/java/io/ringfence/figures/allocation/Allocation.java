package io.ringfence.figures.allocation;

import java.util.concurrent.TimeUnit;

import io.ringfence.fence.PointFence;
import io.ringfence.figures.devices.SpinningDevice;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the full life of a job allocates, as {@code -prof gc} tells it ({@code gc.alloc.rate.norm}): by the point API and by the fence API.
 * Jobs are submitted {@value #JOBS} at a time, which is never more than there is room for, and waited for by spinning.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
public class Allocation {

    private static final int JOBS = 1024;

    @Benchmark
    @OperationsPerInvocation(JOBS)
    public long point(SpinningDevice device) {
        long last = 0;
        for (int i = 0; i < JOBS; i++) {
            last = device.submit();
        }
        device.spin(last);
        return last;
    }

    @Benchmark
    @OperationsPerInvocation(JOBS)
    public PointFence fence(SpinningDevice device) throws InterruptedException {
        PointFence last = device.queue.submit(device.nop);
        for (int i = 1; i < JOBS; i++) {
            last = device.queue.submit(device.nop);
        }
        device.spin(last.seqno());
        return last;
    }
}
