package io.ringfence.sim.replay;

import io.ringfence.sim.workload.Recording;

/** What became of a recording that was replayed through schedulers. */
public final class RingResult {

    private final Recording recording;
    private final ReplayResult times;
    private final Decisions decisions;
    private final long contested;
    private final int[] credits;
    private final long late;

    RingResult(Recording recording, ReplayResult times, long contested, int[] credits, long late) {
        this.recording = recording;
        this.times = times;
        this.contested = contested;
        this.credits = credits;
        this.late = late;
        long[] lags = new long[recording.jobCount()];
        for (int job = 0; job < lags.length; job++) {
            lags[job] = recording.startNanos(job) - times.startNanos(job);
        }
        decisions = Decisions.of(lags);
    }

    /**
     * What was replayed.
     *
     * @return the recording
     */
    public Recording recording() {
        return recording;
    }

    /**
     * When everything happened; a job starts when it is handed to the device.
     *
     * @return the times
     */
    public ReplayResult times() {
        return times;
    }

    /**
     * The schedulers' decisions beside the recorded ones.
     *
     * @return one for each job
     */
    public Decisions decisions() {
        return decisions;
    }

    /**
     * Decisions for which several contexts had a job that could run: only those say anything of the policy.
     *
     * @return how many
     */
    public long contested() {
        return contested;
    }

    /**
     * The credit limit of a ring.
     *
     * @param ring the ring's number
     * @return how many jobs were allowed on it at a time
     */
    public int credits(int ring) {
        return credits[ring];
    }

    /**
     * Jobs that were submitted later than recorded, because more waited before them than a context has room for.
     *
     * @return how many
     */
    public long lateSubmissions() {
        return late;
    }
}
