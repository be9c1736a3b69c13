package io.ringfence.sim.workload;

import java.util.List;

/**
 * Recorded jobs on queues. Jobs are numbered from 0 in the order in which they were submitted, so every dependency of a job has a
 * smaller number than the job. Times are nanoseconds since the first submission. Immutable; methods that take a job or queue number
 * throw {@link IndexOutOfBoundsException} when there is no such job or queue.
 */
public interface Workload {

    /**
     * Returns the number of jobs.
     *
     * @return at least 1
     */
    int jobCount();

    /**
     * Returns the number of queues, each with at least one job.
     *
     * @return at least 1
     */
    int queueCount();

    /**
     * Returns what a queue is called: what it shares with others, a colon, what is its own.
     *
     * @param queue the queue's number
     * @return the name, without commas
     */
    String queueName(int queue);

    /**
     * Returns the queue of a job.
     *
     * @param job the job's number
     * @return the queue's number
     */
    int queue(int job);

    /**
     * Returns when a job was submitted.
     *
     * @param job the job's number
     * @return nanoseconds, ascending with the job's number
     */
    long submitNanos(int job);

    /**
     * Returns when a job began.
     *
     * @param job the job's number
     * @return nanoseconds
     */
    long startNanos(int job);

    /**
     * Returns when a job ended.
     *
     * @param job the job's number
     * @return nanoseconds, at least {@link #startNanos(int)}
     */
    long endNanos(int job);

    /**
     * Returns the jobs that a job waits for.
     *
     * @param job the job's number
     * @return smaller job numbers, ascending, each once; a new array
     */
    int[] dependencies(int job);

    /**
     * Whether a job waits for the end of another one that it depends on; else it only has to begin later.
     *
     * @param job    the job's number
     * @param source one of its {@link #dependencies(int)}
     * @return true unless both are on one ring that executes in order
     */
    default boolean waitsForEnd(int job, int source) {
        return true;
    }

    /**
     * Returns the number of dependencies.
     *
     * @return the sum over all jobs
     */
    int dependencyCount();

    /**
     * Returns the job before a job on its queue.
     *
     * @param job the job's number
     * @return a smaller job number, or -1 if the job is the first of its queue
     */
    int previousOnQueue(int job);

    /**
     * Whether a job of a queue begins only when the one before it has ended; else it is enough that it begins no earlier than that.
     *
     * @return true for queues that are streams
     */
    boolean isSequential();

    /**
     * Returns what the reader had to leave out or assume, one line for each kind of irregularity, with its count.
     *
     * @return an immutable list, empty if the recording was regular
     */
    List<String> warnings();
}
