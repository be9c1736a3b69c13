package io.ringfence.figures.idle;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.ringfence.figures.devices.Iterations;
import io.ringfence.figures.devices.ObedientDriver;
import io.ringfence.figures.devices.Processor;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;

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
 * Queues that have had no job: {@code footprint} opens many, tells what each keeps of the heap with its driver and the reference to it
 * ({@code bytesPerQueue}), and what the process takes of the processors while all of them have nothing to do
 * ({@code cpuMicrosPerSecond}); its own time is of no interest. Meant for a hundred thousand:
 * {@code -p queues=100000}. {@code createAndClose} opens and closes one.
 */
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 3, jvmArgsAppend = {"-XX:+UseParallelGC", "-Xms2g", "-Xmx2g"})
public class IdleQueues {

    private static final long IDLE = TimeUnit.SECONDS.toNanos(1);
    private static final QueueOptions OPTIONS = QueueOptions.named("idle").withCapacity(4096).withCredits(1024);

    /** Owns the queues. */
    @State(Scope.Benchmark)
    public static class Owner {
        RingfenceRuntime runtime;

        @Setup(Level.Trial)
        public void open() {
            runtime = RingfenceRuntime.start();
        }

        @TearDown(Level.Trial)
        public void close() {
            runtime.close();
        }

        JobQueue<Object> openQueue() {
            return runtime.openQueue(new ObedientDriver(), OPTIONS);
        }
    }

    /** Many of them. */
    @State(Scope.Benchmark)
    public static class Many {
        @Param("10000")
        public int queues;

        final List<JobQueue<Object>> open = new ArrayList<>();

        @TearDown(Level.Iteration)
        public void close() {
            // Asked first: each close would wait for its own end.
            open.forEach(JobQueue::startClose);
            open.forEach(JobQueue::close);
            open.clear();
        }
    }

    /** What was seen. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Seen {
        public double bytesPerQueue;
        public double cpuMicrosPerSecond;
        private int results;

        @Setup(Level.Iteration)
        public void clear(BenchmarkParams params) {
            bytesPerQueue = 0;
            cpuMicrosPerSecond = 0;
            results = Iterations.of(params);
        }
    }

    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Warmup(iterations = 0)
    @Measurement(iterations = 1)
    public int footprint(Owner owner, Many many, Seen seen) {
        long before = used();
        for (int i = 0; i < many.queues; i++) {
            many.open.add(owner.openQueue());
        }
        seen.bytesPerQueue += (used() - before) / (double) many.queues / seen.results;
        // The compiler still has work from opening them.
        double _ = Processor.microsPerSecond(IDLE);
        seen.cpuMicrosPerSecond += Processor.microsPerSecond(IDLE) / seen.results;
        return many.open.size();
    }

    /** What of the heap is in use. */
    private static long used() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @Warmup(iterations = 5, time = 1)
    @Measurement(iterations = 5, time = 1)
    public void createAndClose(Owner owner) {
        owner.openQueue().close();
    }
}
