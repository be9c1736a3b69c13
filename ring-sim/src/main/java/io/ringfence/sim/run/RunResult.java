package io.ringfence.sim.run;

import java.util.List;

import io.ringfence.fence.Failure;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a run found.
 *
 * @param verified     whether every product equalled the reference, bit for bit, and no job failed
 * @param jobs         jobs that were finished, round trips included
 * @param failed       jobs of these that failed
 * @param workSeconds  time from the first submission to the last fence of all products together
 * @param workJobs     jobs finished in that time
 * @param roundTrips   nanoseconds from submission to seeing the fence done, of jobs that do nothing, one at a time
 * @param queues       what each queue did
 * @param firstFailure why the first failed job failed, or null
 */
public record RunResult(boolean verified, long jobs, long failed, double workSeconds, long workJobs,
        Histogram roundTrips,
        List<QueueShare> queues, @Nullable Failure firstFailure) {

    /**
     * What one queue did.
     *
     * @param name   the queue
     * @param jobs   jobs it finished
     * @param failed jobs of these that failed
     */
    public record QueueShare(String name, long jobs, long failed) {
    }

    /**
     * Jobs finished a second while products were computed.
     *
     * @return the rate
     */
    public double jobsPerSecond() {
        return workSeconds > 0 ? workJobs / workSeconds : 0;
    }
}
