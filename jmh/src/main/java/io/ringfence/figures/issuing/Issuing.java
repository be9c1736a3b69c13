package io.ringfence.figures.issuing;

import java.util.concurrent.TimeUnit;

import io.ringfence.figures.devices.SpinningDevice;
import io.ringfence.queue.JobQueue;
import io.ringfence.sim.Command;

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
 * Who writes jobs to the ring: {@code submitter}, whoever submits one (bypass); {@code runtime}, a thread of the runtime, as for drivers
 * that may block (no bypass). One job there and back, the submitter spins; and a stream of jobs by one producer. The figure is that of
 * one job.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
@State(Scope.Benchmark)
public class Issuing {

    private static final int JOBS = 512;

    @Param({"submitter", "runtime"})
    public String issuer;

    private final SpinningDevice device = new SpinningDevice();
    private JobQueue<Command> queue;

    @Setup(Level.Trial)
    public void open() {
        device.open();
        queue = switch (issuer) {
            case "submitter" -> device.queue;
            case "runtime" -> device.runtime.openQueue(new RuntimeIssued(device.firmware.openRing()),
                    SpinningDevice.options());
            default -> throw new IllegalArgumentException("issuer '" + issuer + "': must be submitter or runtime");
        };
    }

    @Benchmark
    @OperationsPerInvocation(JOBS)
    public long thereAndBack() {
        long seqno = 0;
        for (int i = 0; i < JOBS; i++) {
            seqno = device.submit(queue);
            SpinningDevice.spin(queue.timeline(), seqno);
        }
        return seqno;
    }

    @Benchmark
    @OperationsPerInvocation(JOBS)
    public long stream() {
        long seqno = 0;
        for (int i = 0; i < JOBS; i++) {
            seqno = device.submit(queue);
        }
        return seqno;
    }

    @TearDown(Level.Trial)
    public void close() {
        // Waits for every job.
        queue.close();
        if (queue.timeline().signaled() != queue.timeline().claimedVolatile()) {
            throw new IllegalStateException(queue.describe());
        }
        device.close();
    }
}
