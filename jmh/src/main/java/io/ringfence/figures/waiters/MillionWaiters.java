package io.ringfence.figures.waiters;

import java.util.concurrent.TimeUnit;

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
 * Target P9: many virtual threads, each waiting for a point of its own, all of them woken by one look at the device;
 * beside threads that park until they are unparked, and threads that join futures. The target is meant for a million:
 * {@code -p waiters=1000000}.
 *
 * <p>{@code wake} is measured from the moment when all wait until the last has gone on; {@code waitAndWake} begins with
 * starting the threads. The first shot of a million takes many times as long as those after it, whatever they wait for.
 * {@code pinned} says how often a thread kept its carrier while it parked. The heap is so large that a shot meets no
 * collection; it is touched only as far as {@code waiters} needs it.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 5)
@Fork(value = 3, jvmArgsAppend = {"-XX:+UseParallelGC", "-Xms8g", "-Xmx8g", "-Xmn6g"})
public class MillionWaiters {

    /** How many wait, and for what. */
    @State(Scope.Benchmark)
    public static class Kind {
        @Param("10000")
        public int waiters;

        /**
         * Each for a job of one queue, which the device completes together; for a flag, which the waker sets before it unparks one after
         * the other; for a future, which the waker completes one after the other.
         */
        @Param({"points", "park", "future"})
        public String way;

        Crowd crowd() throws InterruptedException {
            return switch (way) {
                case "points" -> new Crowd.OnPoints(waiters);
                case "park" -> new Crowd.OnFlags(waiters);
                case "future" -> new Crowd.OnFutures(waiters);
                default -> throw new IllegalArgumentException("way '" + way + "': must be points, park or future");
            };
        }
    }

    /** What was seen. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Seen {
        /** How often a carrier was kept by a thread that parked. */
        public double pinned;
        private int results;
        private Pinned recording;

        @Setup(Level.Iteration)
        public void clear(BenchmarkParams params) {
            pinned = 0;
            results = Iterations.of(params);
        }

        @Setup(Level.Invocation)
        public void record() {
            recording = new Pinned();
        }

        @TearDown(Level.Invocation)
        public void count() {
            pinned += recording.stop() / (double) results;
            recording.close();
        }
    }

    /** Threads that have not been started. */
    @State(Scope.Benchmark)
    public static class Waiting {
        Crowd crowd;

        @Setup(Level.Invocation)
        public void prepare(Kind kind) throws InterruptedException {
            crowd = kind.crowd();
        }

        @TearDown(Level.Invocation)
        public void release() {
            crowd.close();
        }
    }

    /** Threads that wait. */
    @State(Scope.Benchmark)
    public static class Parked {
        Crowd crowd;

        @Setup(Level.Invocation)
        public void prepare(Kind kind) throws InterruptedException {
            // Between two shots there is little to keep; a collection while all wait would copy every thread.
            System.gc();
            crowd = kind.crowd();
            crowd.gather();
        }

        @TearDown(Level.Invocation)
        public void release() {
            crowd.close();
        }
    }

    @Benchmark
    public long wake(Parked parked, Seen seen) throws InterruptedException {
        return parked.crowd.disperse();
    }

    @Benchmark
    public long waitAndWake(Waiting waiting, Seen seen) throws InterruptedException {
        waiting.crowd.gather();
        return waiting.crowd.disperse();
    }
}
