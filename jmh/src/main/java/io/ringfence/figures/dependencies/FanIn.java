package io.ringfence.figures.dependencies;

import java.util.concurrent.TimeUnit;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PointFence;
import io.ringfence.figures.devices.AtOnceDriver;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;

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
 * One job and eight fences, from making the fences until it has run and is finished, on a device that is done at once. With
 * {@code pending=8} the job names them and is submitted before they are signalled; with 0 it names none and is submitted after. So the
 * difference is what pending dependencies cost: being registered, counted down and looked at again. The heap is touched before, for
 * fences are allocated, and the first time that a page of it is used costs as much as several jobs.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = {"-XX:+UseParallelGC", "-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
@State(Scope.Thread)
public class FanIn {

    private static final int FENCES = 8;
    private static final Fence[] NONE = {};

    @Param({"0", "8"})
    public int pending;

    private final RingfenceRuntime runtime = RingfenceRuntime.start();
    private JobQueue<Object> queue;

    @Setup(Level.Trial)
    public void open() {
        if (pending != 0 && pending != FENCES) {
            throw new IllegalArgumentException("pending " + pending + ": must be 0 or " + FENCES);
        }
        queue = runtime.openQueue(new AtOnceDriver(),
                QueueOptions.named("fan-in").withCapacity(4096).withCredits(1024));
    }

    @TearDown(Level.Trial)
    public void close() {
        runtime.close();
    }

    @Benchmark
    public PointFence job() {
        FenceIssuer[] issuers = new FenceIssuer[FENCES];
        Fence[] fences = new Fence[FENCES];
        for (int i = 0; i < FENCES; i++) {
            issuers[i] = FenceIssuer.create("dependency");
            fences[i] = issuers[i].fence();
        }
        PointFence job = null;
        if (pending != 0) {
            job = queue.trySubmitFence("job", fences);
        }
        for (FenceIssuer issuer : issuers) {
            issuer.signal();
        }
        if (pending == 0) {
            job = queue.trySubmitFence("job", NONE);
        }
        if (job == null) {
            throw new IllegalStateException("no room though every job is finished");
        }
        while (!job.isDone()) {
            queue.timeline().poll();
        }
        return job;
    }
}
