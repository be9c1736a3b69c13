package io.ringfence.figures.many;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.ringfence.figures.devices.NoRoom;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;
import io.ringfence.queue.SubmitCode;
import io.ringfence.sim.Command;
import io.ringfence.sim.FirmwareOptions;
import io.ringfence.sim.SimulatedFirmware;

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
 * The full life of a job on one of many queues of one device, all of them active: one producer goes round, one job for each queue, and
 * passes over a queue that has no room. All queues are of the same size, however many there are; their device executes all of them at the
 * same time. The figure is that of one job. Meant for up to ten thousand: {@code -p queues=10,1000,10000}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = "-XX:+UseParallelGC")
@State(Scope.Benchmark)
public class ActiveQueues {

    /** Jobs of an invocation. */
    private static final int JOBS = 1000;
    private static final int CAPACITY = 64;
    private static final int FEWEST_RINGS = 16;

    @Param({"1", "100"})
    public int queues;

    private SimulatedFirmware firmware;
    private RingfenceRuntime runtime;
    private final List<JobQueue<Command>> open = new ArrayList<>();
    private final Command nop = Command.nop();
    private int place;

    @Setup(Level.Trial)
    public void open() {
        int rings = Math.max(FEWEST_RINGS, queues);
        firmware = SimulatedFirmware.start(FirmwareOptions.defaults().withRings(rings).withGroupSlots(rings)
                .withSlots(CAPACITY));
        runtime = RingfenceRuntime.start();
        for (int i = 0; i < queues; i++) {
            open.add(runtime.openQueue(firmware.openRing(),
                    QueueOptions.named("active " + i).withCapacity(CAPACITY).withCredits(CAPACITY)));
        }
    }

    @Benchmark
    @OperationsPerInvocation(JOBS)
    public void job() {
        int at = place;
        int tries = 0;
        for (int submitted = 0; submitted < JOBS;) {
            long seqno = open.get(at).trySubmit(nop);
            if (seqno > 0) {
                submitted++;
                tries = 0;
            } else if (seqno == SubmitCode.FULL) {
                NoRoom.pause(tries++);
            } else {
                throw new IllegalStateException(SubmitCode.describe(seqno));
            }
            at = at + 1 == queues ? 0 : at + 1;
        }
        place = at;
    }

    @TearDown(Level.Trial)
    public void close() {
        // Waits for every job.
        runtime.close();
        for (JobQueue<Command> queue : open) {
            if (queue.timeline().signaled() != queue.timeline().claimedVolatile()) {
                throw new IllegalStateException(queue.describe());
            }
        }
        firmware.close();
    }
}
