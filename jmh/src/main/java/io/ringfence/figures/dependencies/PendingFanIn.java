package io.ringfence.figures.dependencies;

import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;

import io.ringfence.figures.devices.Iterations;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * What eight pending dependencies cost: {@code more} is how many nanoseconds a job takes more with them than without. Some jobs with and as
 * many without, in turn, again and again, of which the median is taken; for the difference of two processes is mostly that of two states of
 * the machine. The time of a shot is of no interest. What each of the two takes alone is shown by {@link FanIn}.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 8)
@Measurement(iterations = 5)
@Fork(value = 3, jvmArgsAppend = {"-XX:+UseParallelGC", "-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
@State(Scope.Thread)
public class PendingFanIn {

    private static final int JOBS = 64;
    private static final long SHOT = TimeUnit.MILLISECONDS.toNanos(500);

    @Param({"queue", "futures", "bare"})
    public String way;

    private FanIns fanIns;

    /** What was seen. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Seen {
        public double more;
        private int results;

        @Setup(Level.Iteration)
        public void clear(BenchmarkParams params) {
            more = 0;
            results = Iterations.of(params);
        }
    }

    @Setup(Level.Trial)
    public void open() {
        fanIns = FanIns.open(way);
    }

    @TearDown(Level.Trial)
    public void close() {
        fanIns.close();
    }

    @Benchmark
    public void inTurn(Seen seen) {
        DoubleStream.Builder differences = DoubleStream.builder();
        long end = System.nanoTime() + SHOT;
        do {
            differences.add((double) (fanIns.pending(JOBS) - fanIns.none(JOBS)) / JOBS);
        } while (System.nanoTime() - end < 0);
        double[] sorted = differences.build().sorted().toArray();
        seen.more += sorted[sorted.length / 2] / seen.results;
    }
}
