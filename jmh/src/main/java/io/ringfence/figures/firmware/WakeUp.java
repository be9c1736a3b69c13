package io.ringfence.figures.firmware;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.ringfence.figures.devices.SpinningDevice;

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

/** From a submission to firmware that sleeps until the point is seen done by a submitter that spins. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
public class WakeUp {

    /** Lets the firmware fall asleep before each call. */
    @State(Scope.Thread)
    public static class Sleeper {

        /** More than the firmware polls for nothing. */
        private static final long UNTIL_ASLEEP = TimeUnit.MILLISECONDS.toNanos(4);

        @Setup(Level.Invocation)
        public void letSleep() {
            LockSupport.parkNanos(UNTIL_ASLEEP);
        }
    }

    @Benchmark
    public long thereAndBack(SpinningDevice device, Sleeper sleeper) {
        long seqno = device.submit();
        device.spin(seqno);
        return seqno;
    }
}
