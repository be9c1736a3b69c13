package io.ringfence.figures;

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
 * Target P9: many virtual threads, each waiting for a point of its own, all of them woken by one look at the device;
 * beside threads that park until they are unparked, and threads that join futures. The target is meant for a million:
 * {@code -p count=1000000}.
 *
 * <p>{@code wake} is measured from the moment when all wait until the last has gone on; {@code waitAndWake} begins with
 * starting the threads. The first shot of a million takes many times as long as those after it, whatever they wait for.
 * The heap is so large that a shot seldom meets a collection; it is touched only as far as {@code count} needs it.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 5)
@Fork(value = 3, jvmArgsAppend = {"-XX:+UseParallelGC", "-Xms8g", "-Xmx8g", "-Xmn6g"})
public class MillionWaitersBenchmark {

    /** What they wait for. */
    public enum Way {
        /** Each for a job of one queue; the device completes them together. */
        POINTS {
            @Override
            Crowd crowd(int count) throws InterruptedException {
                return new Crowd.OnPoints(count);
            }
        },
        /** Each for a flag; the waker sets and unparks one after the other. */
        PARKS {
            @Override
            Crowd crowd(int count) {
                return new Crowd.OnFlags(count);
            }
        },
        /** Each for a future; the waker completes one after the other. */
        FUTURES {
            @Override
            Crowd crowd(int count) {
                return new Crowd.OnFutures(count);
            }
        };

        abstract Crowd crowd(int count) throws InterruptedException;
    }

    /** How many wait, and for what. */
    @State(Scope.Benchmark)
    public static class Kind {
        @Param("10000")
        public int count;
        @Param
        public Way way;
    }

    /** Threads that have not been started. */
    @State(Scope.Benchmark)
    public static class Waiting {
        Crowd crowd;

        @Setup(Level.Invocation)
        public void prepare(Kind kind) throws InterruptedException {
            crowd = kind.way.crowd(kind.count);
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
            crowd = kind.way.crowd(kind.count);
            crowd.gather();
        }

        @TearDown(Level.Invocation)
        public void release() {
            crowd.close();
        }
    }

    @Benchmark
    public long wake(Parked parked) throws InterruptedException {
        return parked.crowd.disperse();
    }

    @Benchmark
    public long waitAndWake(Waiting waiting) throws InterruptedException {
        waiting.crowd.gather();
        return waiting.crowd.disperse();
    }
}
