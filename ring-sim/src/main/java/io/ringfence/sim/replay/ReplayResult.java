package io.ringfence.sim.replay;

import java.util.List;

import io.ringfence.sim.workload.Workload;

/**
 * When each job of a replay was submitted, began and ended, and what follows from it. Times are nanoseconds since the
 * first launch; jobs are numbered as in the trace.
 */
public final class ReplayResult {

    /** How far a start may be from the recorded one to count as matched. */
    public static final long MATCH_NANOS = 100_000;

    private final Workload trace;
    private final long[] submits;
    private final long[] starts;
    private final long[] ends;
    private final int completed;
    private final List<String> failures;
    private final long orderViolations;
    private final long dependencyViolations;

    ReplayResult(Workload trace, long[] submits, long[] starts, long[] ends, int completed, List<String> failures) {
        this.trace = trace;
        this.submits = submits;
        this.starts = starts;
        this.ends = ends;
        this.completed = completed;
        this.failures = failures;
        orderViolations = countOrderViolations();
        dependencyViolations = countDependencyViolations();
    }

    /**
     * What was replayed.
     *
     * @return the trace
     */
    public Workload trace() {
        return trace;
    }

    /**
     * When a job was submitted.
     *
     * @param job the job
     * @return nanoseconds since the first launch
     */
    public long submitNanos(int job) {
        return submits[job];
    }

    /**
     * When a job began.
     *
     * @param job the job
     * @return nanoseconds since the first launch
     */
    public long startNanos(int job) {
        return starts[job];
    }

    /**
     * When a job ended.
     *
     * @param job the job
     * @return nanoseconds since the first launch
     */
    public long endNanos(int job) {
        return ends[job];
    }

    /**
     * Jobs that finished ok.
     *
     * @return how many
     */
    public int completed() {
        return completed;
    }

    /**
     * Why jobs failed.
     *
     * @return some messages, empty if none did
     */
    public List<String> failures() {
        return failures;
    }

    /**
     * Dependencies whose job began before what it depends on had ended; those of stream order included.
     *
     * @return how many, 0 in a correct replay
     */
    public long dependencyViolations() {
        return dependencyViolations;
    }

    private long countDependencyViolations() {
        long violations = 0;
        for (int job = 0; job < trace.jobCount(); job++) {
            for (int dependency : trace.dependencies(job)) {
                if (starts[job] < (trace.waitsForEnd(job, dependency) ? ends[dependency] : starts[dependency])) {
                    violations++;
                }
            }
        }
        return violations;
    }

    /**
     * Jobs that began before the one before them on the same queue had ended, or begun if that is enough for its queue.
     *
     * @return how many, 0 in a correct replay
     */
    public long orderViolations() {
        return orderViolations;
    }

    private long countOrderViolations() {
        long violations = 0;
        for (int job = 0; job < trace.jobCount(); job++) {
            int previous = trace.previousOnQueue(job);
            if (previous >= 0 && starts[job] < (trace.isSequential() ? ends[previous] : starts[previous])) {
                violations++;
            }
        }
        return violations;
    }

    /**
     * Jobs that began within 100 µs of the recorded start.
     *
     * @return how many
     */
    public int startsMatched() {
        int matched = 0;
        for (int job = 0; job < trace.jobCount(); job++) {
            if (Math.abs(starts[job] - trace.startNanos(job)) <= MATCH_NANOS) {
                matched++;
            }
        }
        return matched;
    }

    /**
     * The farthest that a start is from the recorded one.
     *
     * @return nanoseconds
     */
    public long worstStartNanos() {
        long worst = 0;
        for (int job = 0; job < trace.jobCount(); job++) {
            worst = Math.max(worst, Math.abs(starts[job] - trace.startNanos(job)));
        }
        return worst;
    }

    /**
     * The last end in the recording.
     *
     * @return nanoseconds since the first launch
     */
    public long recordedMakespanNanos() {
        long last = 0;
        for (int job = 0; job < trace.jobCount(); job++) {
            last = Math.max(last, trace.endNanos(job));
        }
        return last;
    }

    /**
     * The last end in the replay.
     *
     * @return nanoseconds since the first launch
     */
    public long makespanNanos() {
        long last = 0;
        for (long end : ends) {
            last = Math.max(last, end);
        }
        return last;
    }

    /**
     * Whether every job finished and no rule was broken.
     *
     * @return false if the replay proves something wrong
     */
    public boolean isCorrect() {
        return completed == trace.jobCount() && dependencyViolations == 0 && orderViolations == 0;
    }
}
