package io.ringfence.figures.idle;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.ringfence.figures.devices.Iterations;
import io.ringfence.figures.devices.Processor;
import io.ringfence.figures.devices.SpinningDevice;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;

/** Half a second in which nothing is submitted: {@code cpuMicrosPerSecond} tells what firmware that sleeps takes of the processors. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 4)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
public class IdleFirmware {

    /** More than the firmware polls for nothing. */
    private static final long UNTIL_ASLEEP = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long IDLE = TimeUnit.MILLISECONDS.toNanos(500);

    /** What was seen. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Seen {
        public double cpuMicrosPerSecond;
        private int results;

        @Setup(Level.Iteration)
        public void clear(BenchmarkParams params) {
            cpuMicrosPerSecond = 0;
            results = Iterations.of(params);
        }
    }

    @Benchmark
    public void sleep(SpinningDevice device, Seen seen) {
        device.spin(device.submit());
        LockSupport.parkNanos(UNTIL_ASLEEP);
        seen.cpuMicrosPerSecond += Processor.microsPerSecond(IDLE) / seen.results;
    }
}
