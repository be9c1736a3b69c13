package io.ringfence.figures.waiters;

import java.util.concurrent.TimeUnit;

import io.ringfence.figures.devices.Iterations;
import io.ringfence.figures.devices.Turns;

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
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * Virtual threads woken that wait for points, and as many that park until they are unparked, in turn in one process: as
 * {@link MillionWaiters#wake}, so many {@code turns}. The counters are nanoseconds a thread, from the moment when all wait
 * until the last has gone on, and how often one of those that wait for points kept its carrier. The time of a shot is of no interest.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(value = 3, jvmArgsAppend = {"-XX:+UseParallelGC", "-Xms8g", "-Xmx8g", "-Xmn6g"})
@State(Scope.Thread)
public class WakeInTurn {

    @Param("10000")
    public int waiters;

    @Param("5")
    public int turns;

    private long pinned;

    /** What was seen. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Seen {
        public double park;
        public double points;
        public double pinned;
    }

    /** The first of each takes many times as long, and who loads a class keeps his carrier. */
    @Setup(Level.Trial)
    public void warmUp() throws InterruptedException {
        double _ = park();
        double _ = points();
    }

    @Benchmark
    public void wake(BenchmarkParams params, Seen seen) throws InterruptedException {
        Turns seenInTurn = new Turns();
        pinned = 0;
        for (int i = 0; i < turns; i++) {
            double park = park();
            double points = points();
            seenInTurn.add(park, points);
        }
        double[] shares = seenInTurn.shares(params);
        seen.park = shares[0];
        seen.points = shares[1];
        seen.pinned = (double) pinned / Iterations.of(params);
    }

    private double park() throws InterruptedException {
        return nanos(new Crowd.OnFlags(waiters));
    }

    private double points() throws InterruptedException {
        try (Pinned recording = new Pinned()) {
            double points = nanos(new Crowd.OnPoints(waiters));
            pinned += recording.stop();
            return points;
        }
    }

    /** For each of them. */
    private double nanos(Crowd crowd) throws InterruptedException {
        try (crowd) {
            // Of the crowd before there is little to keep; a collection while all wait would copy every thread.
            System.gc();
            crowd.gather();
            long start = System.nanoTime();
            long _ = crowd.disperse();
            return (double) (System.nanoTime() - start) / waiters;
        }
    }
}
