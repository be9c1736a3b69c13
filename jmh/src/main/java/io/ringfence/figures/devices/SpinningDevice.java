package io.ringfence.figures.devices;

import io.ringfence.fence.FailureCursor;
import io.ringfence.fence.Timeline;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;
import io.ringfence.queue.SubmitCode;
import io.ringfence.sim.Command;
import io.ringfence.sim.SimulatedFirmware;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One queue on one ring of the embedded firmware, as the benchmarks use it: the firmware's default settings, a ring of
 * {@value #CAPACITY} jobs, {@value #CREDITS} of them on the device.
 */
@State(Scope.Benchmark)
public class SpinningDevice {

    /** How many jobs may be outstanding. */
    public static final int CAPACITY = 4096;
    /** How many of them may be on the device. */
    public static final int CREDITS = 1024;

    public SimulatedFirmware firmware;
    public RingfenceRuntime runtime;
    public JobQueue<Command> queue;
    public Timeline timeline;
    public final Command nop = Command.nop();
    private FailureCursor outcomes;

    @Setup(Level.Trial)
    public void open() {
        firmware = SimulatedFirmware.start();
        runtime = RingfenceRuntime.start();
        queue = openQueue(options());
        timeline = queue.timeline();
        outcomes = timeline.failureCursor();
    }

    /** The options of its queue. */
    public static QueueOptions options() {
        return QueueOptions.named("measured").withCapacity(CAPACITY).withCredits(CREDITS);
    }

    /** Opens a queue on another ring. */
    public JobQueue<Command> openQueue(QueueOptions options) {
        return runtime.openQueue(firmware.openRing(), options);
    }

    /** Submits a job by the point API, trying again as long as the ring is full. */
    public long submit() {
        return submit(queue);
    }

    /** The same to another queue. */
    public long submit(JobQueue<Command> to) {
        for (int tries = 0;; tries++) {
            long seqno = trySubmit(to);
            if (seqno > 0) {
                return seqno;
            }
            NoRoom.pause(tries);
        }
    }

    /** Submits a job by the point API: its seqno, or {@link SubmitCode#FULL}. */
    public long trySubmit() {
        return trySubmit(queue);
    }

    private long trySubmit(JobQueue<Command> to) {
        long seqno = to.trySubmit(nop);
        if (seqno < SubmitCode.FULL) {
            throw new IllegalStateException(SubmitCode.describe(seqno));
        }
        return seqno;
    }

    /** Waits for a job of its queue, spinning. */
    public void spin(long seqno) {
        spin(timeline, seqno);
    }

    /** Waits for a job, spinning; who has seen it does not pause any more. */
    public static void spin(Timeline timeline, long seqno) {
        for (;;) {
            timeline.poll();
            if (timeline.isDone(seqno)) {
                return;
            }
            Thread.onSpinWait();
        }
    }

    /** How many jobs are finished; all of them are to be ok. */
    public long finished() {
        timeline.poll();
        long signaled = timeline.signaled();
        if (signaled > 0 && !outcomes.isOk(signaled)) {
            throw new IllegalStateException("job " + signaled + " failed: " + outcomes.failure(signaled));
        }
        return signaled;
    }

    @TearDown(Level.Trial)
    public void close() {
        runtime.close();
        firmware.close();
    }
}
