package io.ringfence.sim.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

import io.ringfence.fence.Failure;
import io.ringfence.queue.PayloadTraits;
import io.ringfence.sim.workload.Recording;

import org.jspecify.annotations.Nullable;

/** A replay in progress: a device that only takes time, and what becomes of jobs. */
final class Replaying {

    private static final int REPORTED_FAILURES = 5;
    private static final int MIN_CAPACITY = 2;
    private static final int MAX_CAPACITY = 1 << 20;

    private final Recording recording;
    private final ReplayClock clock;
    private final TimedDevice device;
    private final List<String> failures = new ArrayList<>();
    private int finished;
    private int completed;

    Replaying(Recording recording, ReplayClock clock) {
        this.recording = recording;
        this.clock = clock;
        device = new TimedDevice(clock, recording.jobCount());
    }

    TimedDevice device() {
        return device;
    }

    /** Traits of queues whose jobs are counted here. */
    PayloadTraits<TimedJob> traits() {
        return PayloadTraits.<TimedJob>plain().retiringInline((job, _, failure) -> retired(job, failure));
    }

    private synchronized void retired(TimedJob job, @Nullable Failure failure) {
        finished++;
        if (failure == null) {
            completed++;
        } else if (failures.size() < REPORTED_FAILURES) {
            failures.add("job " + job.number() + ": " + failure.message());
        }
    }

    private synchronized int finished() {
        return finished;
    }

    /** Room for a number of jobs, a power of two. */
    static int capacity(long jobs) {
        long wanted = Math.clamp(jobs, MIN_CAPACITY, MAX_CAPACITY);
        int power = Integer.highestOneBit((int) wanted);
        return power == wanted ? power : 2 * power;
    }

    /** Submits everything and waits for the end of it. */
    void work(Submitter submitter, LongConsumer progress) throws InterruptedException {
        try {
            submitter.submitAll(progress);
            while (finished() < recording.jobCount()) {
                if (!clock.pass(Long.MAX_VALUE) && finished() < recording.jobCount()) {
                    throw new IllegalStateException("the replay is stuck: " + finished() + " of "
                            + recording.jobCount() + " jobs are finished and nothing is left to happen");
                }
            }
        } finally {
            submitter.giveUp();
        }
    }

    synchronized ReplayResult result(Submitter submitter) {
        return new ReplayResult(recording, submitter.submits(), device.starts(), device.ends(), completed,
                List.copyOf(failures));
    }
}
