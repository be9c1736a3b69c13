package io.ringfence.sim.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.PointFence;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.sim.Command;
import io.ringfence.sim.DeviceMemory;
import io.ringfence.sim.FirmwareOptions;
import io.ringfence.sim.kineto.KinetoTrace;
import io.ringfence.sim.run.DeviceSession;
import io.ringfence.sim.virtual.VirtualWorld;

import org.jspecify.annotations.Nullable;

/**
 * Replays a Kineto trace: each device operation becomes a delay of its recorded length on a queue of its own stream,
 * with the recorded dependencies between streams as fences.
 *
 * <p>One thread submits in host order. When submit times are honoured it does so at the recorded launch times, and no
 * job begins before the earlier of the end of its launching call and its recorded start; otherwise everything is
 * submitted as soon as there is room.
 */
public final class KinetoReplay {

    private static final int MOST_STREAMS = 4096;
    private static final int SLOTS = 256;
    private static final int TIMESTAMPS = 2 * Long.BYTES;
    private static final int REPORTED_FAILURES = 5;
    private static final int PROGRESS_EVERY = 1024;

    private final KinetoTrace trace;
    private final boolean honorSubmitTimes;
    private final ReplayClock clock;
    private final Gates gates = new Gates();
    private final List<JobQueue<Command>> queues = new ArrayList<>();
    private final DeviceMemory memory;
    private final long timestamps;
    private final PointFence[] fences;
    private final long[] submits;

    /**
     * Opens a queue for each stream of the trace.
     *
     * @param trace            what to replay
     * @param honorSubmitTimes whether recorded launch times bind
     * @param session          a device made with {@link #device}
     * @param world            the world the session was made in, or null for real time
     * @param speed            how much faster than recorded in real time
     */
    public KinetoReplay(KinetoTrace trace, boolean honorSubmitTimes, DeviceSession session,
            @Nullable VirtualWorld world,
            double speed) {
        this.trace = trace;
        this.honorSubmitTimes = honorSubmitTimes;
        for (int queue = 0; queue < trace.queueCount(); queue++) {
            String name = "device-" + trace.queueDevice(queue) + "-stream-" + trace.queueStream(queue);
            // What was recorded has ended, however long it took.
            queues.add(session.open(QueueOptions.named(name).withCapacity(4 * SLOTS).withCredits(SLOTS)
                    .withTimeout(QueueOptions.NO_TIMEOUT)));
        }
        memory = session.firmware().memory();
        timestamps = memory.allocate((long) trace.jobCount() * TIMESTAMPS);
        fences = new PointFence[trace.jobCount()];
        submits = new long[trace.jobCount()];
        clock = world != null ? ReplayClock.virtual(world) : ReplayClock.real(speed);
    }

    /**
     * The device that a replay needs.
     *
     * @param trace what to replay
     * @return its size
     * @throws IllegalArgumentException if the trace has more streams than a device can have rings
     */
    public static FirmwareOptions device(KinetoTrace trace) {
        if (trace.queueCount() > MOST_STREAMS) {
            throw new IllegalArgumentException("the trace has " + trace.queueCount()
                    + " streams with device operations: must be 1 to " + MOST_STREAMS);
        }
        // All streams at once, as they were recorded.
        return FirmwareOptions.defaults().withRings(trace.queueCount()).withGroupSlots(trace.queueCount())
                .withSlots(SLOTS)
                .withArenaBytes(64 + (long) trace.jobCount() * TIMESTAMPS);
    }

    /**
     * Does it. If it ends early, jobs that wait for their moment fail: a queue that is killed need not wait for it.
     *
     * @param progress is told now and then how many jobs were submitted
     * @return when everything happened
     * @throws InterruptedException if the thread is interrupted
     */
    public ReplayResult work(LongConsumer progress) throws InterruptedException {
        try {
            int jobs = submitAll(progress);
            for (PointFence fence : fences) {
                while (!fence.isDone()) {
                    fence.await();
                }
            }
            progress.accept(jobs);
            return result();
        } finally {
            gates.giveUp();
        }
    }

    private int submitAll(LongConsumer progress) throws InterruptedException {
        int next = 0;
        while (next < trace.jobCount() || gates.next() != Long.MAX_VALUE) {
            if (honorSubmitTimes) {
                long launch = next < trace.jobCount() ? trace.submitNanos(next) : Long.MAX_VALUE;
                clock.until(Math.min(launch, gates.next()));
                gates.open(clock.now());
            }
            while (next < trace.jobCount() && (!honorSubmitTimes || trace.submitNanos(next) <= clock.now())) {
                submit(next++);
                if (next % PROGRESS_EVERY == 0) {
                    progress.accept(next);
                }
            }
        }
        return next;
    }

    private void submit(int job) throws InterruptedException {
        JobQueue<Command> queue = queues.get(trace.queue(job));
        long length = clock.device(trace.endNanos(job) - trace.startNanos(job));
        Command command = Command.delay(length, timestamps + (long) job * TIMESTAMPS);
        Fence[] dependencies = dependencies(job);
        for (;;) {
            submits[job] = clock.now();
            PointFence fence = queue.trySubmitFence(command, dependencies);
            if (fence != null) {
                fences[job] = fence;
                return;
            }
            // What fills the ring may wait for a gate, which only this thread opens.
            if (!clock.pass(gates.next())) {
                if (gates.next() == Long.MAX_VALUE) {
                    throw new IllegalStateException("the replay is stuck: " + queue.describe());
                }
                clock.until(gates.next());
            }
            gates.open(clock.now());
        }
    }

    private Fence[] dependencies(int job) {
        int[] others = trace.crossDependencies(job);
        long earliest = Math.min(trace.launchEndNanos(job), trace.startNanos(job));
        boolean gated = honorSubmitTimes && earliest > clock.now();
        Fence[] named = new Fence[others.length + (gated ? 1 : 0)];
        for (int i = 0; i < others.length; i++) {
            named[i] = fences[others[i]];
        }
        if (gated) {
            named[others.length] = gates.at(earliest);
        }
        return named;
    }

    private ReplayResult result() {
        int jobs = trace.jobCount();
        long[] starts = new long[jobs];
        long[] ends = new long[jobs];
        int completed = 0;
        List<String> failures = new ArrayList<>();
        for (int job = 0; job < jobs; job++) {
            Failure failure = fences[job].failure();
            if (failure == null) {
                completed++;
            } else if (failures.size() < REPORTED_FAILURES) {
                failures.add("job " + job + ": " + failure.message());
            }
            long at = timestamps + (long) job * TIMESTAMPS;
            starts[job] = clock.recorded(memory.readLong(at));
            ends[job] = clock.recorded(memory.readLong(at + Long.BYTES));
        }
        return new ReplayResult(trace, submits, starts, ends, completed, failures);
    }
}
