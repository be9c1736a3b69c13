package io.ringfence.sim.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

import io.ringfence.queue.JobQueue;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;
import io.ringfence.sim.virtual.VirtualWorld;
import io.ringfence.sim.workload.Recording;
import io.ringfence.sim.workload.RecordingKind;

import org.jspecify.annotations.Nullable;

/**
 * Replays queues that share nothing: schedules, whose jobs begin no earlier than they did and end when they did, and lanes, whose jobs
 * take as long as they took, one after the other. A job queue for each of them.
 */
public final class QueueReplay {

    private final Recording recording;
    private final ReplayClock clock;

    /**
     * Prepares a replay.
     *
     * @param recording what to replay, a schedule or lanes
     * @param world     the world to replay in, or null for real time
     * @param speed     how much faster than recorded in real time
     */
    public QueueReplay(Recording recording, @Nullable VirtualWorld world, double speed) {
        this.recording = recording;
        clock = world != null ? ReplayClock.virtual(world) : ReplayClock.real(speed);
    }

    /**
     * Does it.
     *
     * @param progress is told now and then how many jobs were submitted
     * @return when everything happened
     * @throws InterruptedException  if the thread is interrupted
     * @throws IllegalStateException if it does not come to an end
     */
    public ReplayResult work(LongConsumer progress) throws InterruptedException {
        boolean lanes = recording.kind() == RecordingKind.LANES;
        RingfenceRuntime runtime = RingfenceRuntime.start();
        List<JobQueue<TimedJob>> queues = new ArrayList<>();
        Replaying replaying = new Replaying(recording, clock);
        boolean done = false;
        try {
            List<Line> lines = new ArrayList<>();
            int[] jobs = jobsOfQueues();
            for (int queue = 0; queue < jobs.length; queue++) {
                int capacity = Replaying.capacity(jobs[queue]);
                // One credit keeps the jobs of a lane one after the other.
                QueueOptions options = QueueOptions.named(recording.queueName(queue)).withCapacity(capacity)
                        .withCredits(lanes ? 1 : capacity).withTimeout(QueueOptions.NO_TIMEOUT);
                DeviceTimes times = lanes
                        ? (job, now, _) -> now + recording.endNanos(job) - recording.startNanos(job)
                        : (job, now, _) -> Math.max(now, recording.endNanos(job));
                JobQueue<TimedJob> opened = runtime.openQueue(
                        new TimedRing(options.name(), replaying.device(), times, false), options, replaying.traits());
                queues.add(opened);
                lines.add(new Line(opened::trySubmitFence));
            }
            Submitter submitter = new Submitter(recording, clock, lines,
                    lanes ? recording::readyNanos : recording::startNanos);
            replaying.work(submitter, progress);
            done = true;
            return replaying.result(submitter);
        } finally {
            for (JobQueue<TimedJob> queue : queues) {
                if (!done) {
                    var _ = queue.kill();
                }
                queue.close();
            }
            runtime.close();
        }
    }

    private int[] jobsOfQueues() {
        int[] jobs = new int[recording.queueCount()];
        for (int job = 0; job < recording.jobCount(); job++) {
            jobs[recording.queue(job)]++;
        }
        return jobs;
    }
}
