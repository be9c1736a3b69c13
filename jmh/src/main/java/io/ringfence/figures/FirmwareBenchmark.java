package io.ringfence.figures;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import com.sun.management.OperatingSystemMXBean;

import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.sim.Command;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The firmware's own figures: links of a chain of jobs over two queues, left to the device or resolved by the host; waking it up when
 * it sleeps; what it costs when it has nothing to do. There and back and the stream of jobs are in {@link RoundTripBenchmark} and
 * {@link ThroughputBenchmark}.
 */
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
public class FirmwareBenchmark {

    private static final int LINKS = 256;
    /** More than the firmware polls for nothing. */
    private static final long UNTIL_ASLEEP = TimeUnit.MILLISECONDS.toNanos(4);
    private static final long IDLE = TimeUnit.MILLISECONDS.toNanos(500);

    /** A second queue on the device, and two that run jobs whatever became of their inputs: those the device does not wait for. */
    @State(Scope.Benchmark)
    public static class Others {
        JobQueue<Command> second;
        JobQueue<Command> hostOne;
        JobQueue<Command> hostTwo;

        @Setup(Level.Trial)
        public void open(SpinningDevice device) {
            QueueOptions options = QueueOptions.named("other").withCapacity(4096).withCredits(1024);
            second = device.runtime.openQueue(device.firmware.openRing(), options);
            hostOne = device.runtime.openQueue(device.firmware.openRing(), options.withFailWithDependency(false));
            hostTwo = device.runtime.openQueue(device.firmware.openRing(), options.withFailWithDependency(false));
        }

        @TearDown(Level.Trial)
        public void close() {
            second.close();
            hostOne.close();
            hostTwo.close();
        }
    }

    /** What the process used of the processors, in thousandths of one; JMH adds up the iterations of a fork. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Processor {
        private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        private long rounds;
        private long cpuNanos;

        @Setup(Level.Iteration)
        public void clear() {
            rounds = 0;
            cpuNanos = 0;
        }

        public long permille() {
            return rounds == 0 ? 0 : cpuNanos * 1000 / (rounds * IDLE);
        }
    }

    /** Each link waits for the former one on the device: all are handed over before the first has run. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    @OperationsPerInvocation(LINKS)
    public Outcome linkByTheDevice(SpinningDevice device, Others others) throws InterruptedException {
        return chain(device.queue, others.second);
    }

    /** Each link is handed over when the former one was seen to be complete. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    @OperationsPerInvocation(LINKS)
    public Outcome linkByTheHost(Others others) throws InterruptedException {
        return chain(others.hostOne, others.hostTwo);
    }

    private static Outcome chain(JobQueue<Command> one, JobQueue<Command> other) throws InterruptedException {
        Fence last = one.submit(Command.nop());
        for (int i = 1; i < LINKS; i++) {
            last = (i % 2 == 0 ? one : other).submit(Command.nop(), last);
        }
        return last.await();
    }

    /** From the submission to a sleeping firmware until the fence is seen done by a submitter that spins. */
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    public Outcome wakeUp(SpinningDevice device, Sleeper sleeper) throws InterruptedException {
        Fence fence = device.queue.submit(device.nop);
        while (!fence.isDone()) {
            device.queue.timeline().poll();
            Thread.onSpinWait();
        }
        return fence.outcome();
    }

    /** Lets the firmware fall asleep before each call. */
    @State(Scope.Thread)
    public static class Sleeper {
        @Setup(Level.Invocation)
        public void letSleep() {
            LockSupport.parkNanos(UNTIL_ASLEEP);
        }
    }

    /** Half a second in which nothing is submitted. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    @Warmup(iterations = 4)
    @Measurement(iterations = 4)
    public void idle(SpinningDevice device, Processor processor) throws InterruptedException {
        device.queue.submit(device.nop).await();
        LockSupport.parkNanos(UNTIL_ASLEEP);
        long before = processor.system.getProcessCpuTime();
        LockSupport.parkNanos(IDLE);
        processor.cpuNanos += processor.system.getProcessCpuTime() - before;
        processor.rounds++;
    }
}
