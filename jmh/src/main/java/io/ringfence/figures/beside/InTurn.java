package io.ringfence.figures.beside;

import java.util.List;
import java.util.concurrent.TimeUnit;

import io.ringfence.figures.devices.Turns;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * Limit, peer and ours in turn in one process, a moment each, so many {@code turns} after some warm-up: the ratio of two processes is
 * mostly that of two states of the machine. The counters are nanoseconds a job; of a fan-in, how many more they are with eight pending
 * dependencies than with none. That of ours is the median of the turns, that of another as many times ours as in the median turn. The time of a
 * shot is of no interest.
 *
 * <p>What each does alone, and other peers, are in the packages of the questions.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(value = 3, jvmArgsAppend = {"-XX:+UseParallelGC", "-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
@State(Scope.Thread)
public class InTurn {

    /** Of a moment of warm-up, after which everything is opened anew: what code is compiled from differs. */
    private static final long WARM_UP = TimeUnit.MILLISECONDS.toNanos(300);
    /** Most of a moment of a chain that is left to the device goes into preparing it: so many times as much until it is compiled. */
    private static final int MORE_ALONE = 3;
    private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(100);

    @Param("4")
    public int warmUps;

    @Param("5")
    public int turns;

    /** One job there and back; twelve operations on registers. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Trip {
        public double operations;
        public double lines;
        public double disruptor;
        public double point;
    }

    /** A stream of jobs. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Stream {
        public double slots;
        public double disruptorMulti;
        public double ringfence;
    }

    /** A link of a chain of two queues. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Chain {
        public double trip;
        public double device;
        public double host;
    }

    /** What eight pending dependencies cost. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class FanIn {
        public double bare;
        public double futures;
        public double queue;
    }

    /** A decision of the fair scheduler, by how many entities have jobs, and of an executor with a priority queue. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Decision {
        public double executor;
        public double entities10;
        public double entities10000;
        public double entities1000;
    }

    @Benchmark
    public void trip(BenchmarkParams params, Trip seen) throws InterruptedException {
        double[] shares = shares(params, "trip", "operations", "lines", "disruptor", "point");
        seen.operations = shares[0];
        seen.lines = shares[1];
        seen.disruptor = shares[2];
        seen.point = shares[3];
    }

    @Benchmark
    public void stream(BenchmarkParams params, Stream seen) throws InterruptedException {
        stream(shares(params, "stream", "slots", "disruptorMulti", "ringfence"), seen);
    }

    /** Of 64. */
    @Benchmark
    public void batches(BenchmarkParams params, Stream seen) throws InterruptedException {
        stream(shares(params, "batches", "slots", "disruptorMulti", "ringfence"), seen);
    }

    private static void stream(double[] shares, Stream seen) {
        seen.slots = shares[0];
        seen.disruptorMulti = shares[1];
        seen.ringfence = shares[2];
    }

    @Benchmark
    public void chain(BenchmarkParams params, Chain seen) throws InterruptedException {
        warmUp(new Moments("chain", List.of("device")), MORE_ALONE * warmUps);
        double[] shares = shares(params, "chain", "trip", "device", "host");
        seen.trip = shares[0];
        seen.device = shares[1];
        seen.host = shares[2];
    }

    @Benchmark
    public void decision(BenchmarkParams params, Decision seen) throws InterruptedException {
        double[] shares = shares(params, "decision", "executor", "10", "10000", "1000");
        seen.executor = shares[0];
        seen.entities10 = shares[1];
        seen.entities10000 = shares[2];
        seen.entities1000 = shares[3];
    }

    @Benchmark
    public void fanIn(BenchmarkParams params, FanIn seen) throws InterruptedException {
        double[] shares = shares(params, "fanin", "bare", "futures", "queue");
        seen.bare = shares[0];
        seen.futures = shares[1];
        seen.queue = shares[2];
    }

    /** Of the figures, for JMH adds them up. */
    private double[] shares(BenchmarkParams params, String question, String... names) throws InterruptedException {
        if (turns < 1) {
            throw new IllegalArgumentException("turns " + turns + ": must be 1 or more");
        }
        Moments moments = new Moments(question, List.of(names));
        warmUp(moments, warmUps);
        Turns seen = new Turns();
        for (int i = 0; i < turns; i++) {
            seen.add(moments.line(MOMENT));
        }
        return seen.shares(params);
    }

    private static void warmUp(Moments moments, int times) throws InterruptedException {
        for (int i = 0; i < times; i++) {
            double[] _ = moments.line(WARM_UP);
        }
    }
}
