package io.ringfence.figures.dependencies;

import java.util.concurrent.TimeUnit;

import io.ringfence.figures.devices.SpinningDevice;

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
 * Links of a chain of jobs that alternate between two queues of the embedded firmware, each after the last one of the other queue. The
 * figure is that of one link.
 *
 * <p>{@code host}: the queues resolve the dependency. The next link is submitted while the former one is on its way, and the submitter
 * spins until that is done. {@code device}: the firmware does. All links were submitted before, behind a ring that was suspended; what is
 * measured is from letting it go until the last link is done, with the submitter spinning.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
public class PingPong {

    static final int LINKS = 1024;

    /** Two queues, and who resolves what is between them. */
    @State(Scope.Benchmark)
    public static class Chained {

        @Param({"host", "device"})
        public String way;

        Chain chain;

        @Setup(Level.Trial)
        public void open(SpinningDevice device) {
            chain = Chains.open(way, device);
        }

        @Setup(Level.Invocation)
        public void prepare() throws InterruptedException {
            chain.prepare(LINKS);
        }

        @TearDown(Level.Trial)
        public void close() {
            chain.close();
        }
    }

    @Benchmark
    @OperationsPerInvocation(LINKS)
    public long link(Chained chained) {
        return chained.chain.run(LINKS);
    }
}
