package io.ringfence.figures.dependencies;

import java.util.concurrent.TimeUnit;

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

/**
 * One job and eight things that it depends on, from making these until it has run and is finished. With {@code pending=8} the job names
 * them, and is given before they happen; with 0 it names none, and is given after. So the difference is what pending dependencies cost:
 * being registered, counted down and looked at again. The heap is touched before, for they are allocated, and the first time that a page
 * of it is used costs as much as several jobs.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = {"-XX:+UseParallelGC", "-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
@State(Scope.Thread)
public class FanIn {

    @Param({"queue", "futures", "bare"})
    public String way;

    @Param({"0", "8"})
    public int pending;

    private FanIns fanIns;

    @Setup(Level.Trial)
    public void open() {
        if (pending != 0 && pending != FanIns.MEMBERS) {
            throw new IllegalArgumentException("pending " + pending + ": must be 0 or " + FanIns.MEMBERS);
        }
        fanIns = FanIns.open(way);
    }

    @TearDown(Level.Trial)
    public void close() {
        fanIns.close();
    }

    @Benchmark
    public Object job() {
        return pending == 0 ? fanIns.none() : fanIns.pending();
    }
}
