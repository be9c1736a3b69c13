package io.ringfence.sim.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;
import io.ringfence.scheduler.Entity;
import io.ringfence.scheduler.EntityOptions;
import io.ringfence.scheduler.Priority;
import io.ringfence.scheduler.Scheduler;
import io.ringfence.scheduler.SchedulerOptions;
import io.ringfence.sim.virtual.VirtualWorld;
import io.ringfence.sim.workload.Recording;

import org.jspecify.annotations.Nullable;

/**
 * Replays contexts that share rings through the scheduler: a scheduler for each ring, an entity for each context, a credit for each
 * job. Jobs are submitted when they were; fences that nothing in the recording signals are signalled when they were.
 */
public final class RingReplay {

    /** A context's ring is as large as this allows, so that jobs are submitted in time though they wait longer than recorded. */
    private static final int BACKLOG_FACTOR = 8;
    private static final int MIN_BACKLOG = 1 << 10;

    private final Recording recording;
    private final RingSettings settings;
    private final RingTimes times;
    private final ReplayClock clock;

    /**
     * Prepares a replay.
     *
     * @param recording what to replay
     * @param settings  how
     * @param world     the world to replay in, or null for real time
     * @param speed     how much faster than recorded in real time
     */
    public RingReplay(Recording recording, RingSettings settings, @Nullable VirtualWorld world, double speed) {
        this.recording = recording;
        this.settings = settings;
        times = new RingTimes(recording);
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
    public RingResult work(LongConsumer progress) throws InterruptedException {
        RingfenceRuntime runtime = RingfenceRuntime.start();
        List<Scheduler<TimedJob>> schedulers = new ArrayList<>();
        List<WatchedPolicy> policies = new ArrayList<>();
        Replaying replaying = new Replaying(recording, clock);
        boolean done = false;
        try {
            for (int ring = 0; ring < recording.ringCount(); ring++) {
                schedulers.add(scheduler(ring, runtime, replaying, policies));
            }
            List<Line> lines = new ArrayList<>();
            for (int queue = 0; queue < recording.queueCount(); queue++) {
                Entity<TimedJob> entity = entity(queue, schedulers.get(recording.context(queue).ring()));
                lines.add(new Line(entity::trySubmitFence));
            }
            Submitter submitter = new Submitter(recording, clock, lines, recording::readyNanos);
            replaying.work(submitter, progress);
            done = true;
            long contested = policies.stream().mapToLong(WatchedPolicy::contested).sum();
            return new RingResult(recording, replaying.result(submitter), contested, credits(), submitter.late());
        } finally {
            if (!done) {
                // All before one is waited for: what it has may wait for jobs of another.
                schedulers.forEach(each -> {
                    var _ = each.kill();
                });
            }
            schedulers.forEach(Scheduler::close);
            runtime.close();
        }
    }

    private Scheduler<TimedJob> scheduler(int ring, RingfenceRuntime runtime, Replaying replaying,
            List<WatchedPolicy> policies) {
        DeviceTimes device = settings.serviceTimes()
                ? (job, now, last) -> Math.max(now, last) + times.service(job)
                : (job, now, _) -> Math.max(now, recording.endNanos(job));
        TimedRing driver = new TimedRing(recording.ringName(ring), replaying.device(), device, true);
        SchedulerOptions options = SchedulerOptions.named(recording.ringName(ring)).withCredits(credits()[ring])
                .withTimeout(QueueOptions.NO_TIMEOUT).withPolicy(() -> {
                    WatchedPolicy policy = new WatchedPolicy(settings.policy().get());
                    policies.add(policy);
                    return policy;
                });
        return Scheduler.open(runtime, driver, options, replaying.traits(), null);
    }

    private Entity<TimedJob> entity(int queue, Scheduler<TimedJob> scheduler) {
        long backlog = Math.max(MIN_BACKLOG, (long) BACKLOG_FACTOR * times.backlog(queue));
        int capacity = Replaying.capacity(Math.min(times.jobs(queue), backlog));
        Priority priority = settings.priorities().getOrDefault(queue, Priority.NORMAL);
        return scheduler.openEntity(
                new EntityOptions(QueueOptions.named(recording.queueName(queue)).withCapacity(capacity), priority));
    }

    private int[] credits() {
        int[] credits = new int[recording.ringCount()];
        for (int ring = 0; ring < credits.length; ring++) {
            credits[ring] = settings.credits() > 0 ? settings.credits() : times.mostInFlight(ring);
        }
        return credits;
    }
}
