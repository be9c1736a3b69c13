package io.ringfence.sim.kineto;

import io.ringfence.sim.workload.Edges;
import io.ringfence.sim.workload.Workload;

import java.util.Arrays;
import java.util.List;

/**
 * The device operations of one Kineto trace as a graph of jobs.
 *
 * <p>Jobs are numbered from 0 in host order, so every dependency of a job has a smaller number than the job. Times are
 * nanoseconds since the first launch, that is since {@code submitNanos(0)}. The object is immutable; methods that take
 * a job or queue number throw {@link IndexOutOfBoundsException} when there is no such job or queue.
 */
public final class KinetoTrace implements Workload {

    private final OrderedJobs jobs;
    private final Edges edges;
    private final List<QueueKey> queues;
    private final List<String> names;
    private final List<String> warnings;
    private final int dependencyCount;

    KinetoTrace(
            OrderedJobs jobs,
            Edges edges,
            List<QueueKey> queues,
            List<String> names,
            List<String> warnings) {
        this.jobs = jobs;
        this.edges = edges;
        this.queues = List.copyOf(queues);
        this.names = List.copyOf(names);
        this.warnings = List.copyOf(warnings);
        this.dependencyCount = jobs.streamEdgeCount() + edges.count();
    }

    /**
     * Returns the number of jobs.
     *
     * @return at least 1
     */
    @Override
    public int jobCount() {
        return jobs.size();
    }

    /**
     * Returns the number of queues, each with at least one job. Queues are numbered from 0 by device, then stream.
     *
     * @return at least 1
     */
    @Override
    public int queueCount() {
        return queues.size();
    }

    /**
     * Returns the device of a queue.
     *
     * @param queue the queue's number
     * @return the recorded device number, or -1 if the jobs of the queue named none
     */
    public int queueDevice(int queue) {
        return queues.get(queue).device();
    }

    /**
     * Returns the stream of a queue.
     *
     * @param queue the queue's number
     * @return the recorded stream number, or -1 if the jobs of the queue named none
     */
    public long queueStream(int queue) {
        return queues.get(queue).stream();
    }

    /**
     * Returns the queue on which a job ran.
     *
     * @param id the job's number
     * @return the queue's number
     */
    @Override
    public int queue(int id) {
        return jobs.queue[id];
    }

    /**
     * Returns when the launching call of a job began.
     *
     * @param id the job's number
     * @return nanoseconds since the first launch, at least 0; the recorded start of the job if the trace has no
     *     launching call for it
     */
    @Override
    public long submitNanos(int id) {
        return jobs.submit[id];
    }

    /**
     * Returns when the launching call of a job returned.
     *
     * @param id the job's number
     * @return nanoseconds since the first launch, at least {@link #submitNanos(int)}; the recorded start of the job if
     *     the trace has no launching call for it
     */
    public long launchEndNanos(int id) {
        return jobs.launchEnd[id];
    }

    /**
     * Returns when the device began a job.
     *
     * @param id the job's number
     * @return nanoseconds since the first launch; smaller than {@link #submitNanos(int)}, perhaps negative, where the
     *     clocks of host and device disagreed
     */
    @Override
    public long startNanos(int id) {
        return jobs.start[id];
    }

    /**
     * Returns when the device finished a job.
     *
     * @param id the job's number
     * @return nanoseconds since the first launch, at least {@link #startNanos(int)}
     */
    @Override
    public long endNanos(int id) {
        return jobs.end[id];
    }

    /**
     * Returns the name of a job. Equal names are one string.
     *
     * @param id the job's number
     * @return the recorded name, cut after {@value NameTable#MAX_LENGTH} characters; empty if none was recorded
     */
    public String name(int id) {
        return names.get(jobs.name[id]);
    }

    /**
     * Returns what a job did.
     *
     * @param id the job's number
     * @return the kind of operation
     */
    public KinetoJobKind kind(int id) {
        return JobColumns.kindOf(jobs.kind[id]);
    }

    /**
     * Returns the number that ties a job to its launching call. Jobs of one CUDA graph launch share it.
     *
     * @param id the job's number
     * @return the recorded correlation, or -1 if none was recorded
     */
    public long correlation(int id) {
        return jobs.correlation[id];
    }

    @Override
    public String queueName(int queue) {
        return queueDevice(queue) + ":" + queueStream(queue);
    }

    @Override
    public int[] dependencies(int id) {
        int previous = previousOnQueue(id);
        int[] cross = crossDependencies(id);
        if (previous < 0) {
            return cross;
        }
        int place = -Arrays.binarySearch(cross, previous) - 1;
        int[] all = new int[cross.length + 1];
        System.arraycopy(cross, 0, all, 0, place);
        all[place] = previous;
        System.arraycopy(cross, place, all, place + 1, cross.length - place);
        return all;
    }

    @Override
    public boolean isSequential() {
        return true;
    }

    /**
     * Returns the jobs of other queues on which a job depends because of event waits. They are not reduced: a
     * dependency stays although others imply it.
     *
     * @param id the job's number
     * @return smaller job numbers, ascending, each once; a new array, empty if there are none
     */
    public int[] crossDependencies(int id) {
        return edges.sourcesOf(id);
    }

    /**
     * Returns the job that precedes a job on its queue, on which it depends by stream order.
     *
     * @param id the job's number
     * @return a smaller job number, or -1 if the job is the first of its queue
     */
    @Override
    public int previousOnQueue(int id) {
        return jobs.previous[id];
    }

    /**
     * Returns the number of dependencies: those of stream order and those across queues.
     *
     * @return the sum over all jobs
     */
    @Override
    public int dependencyCount() {
        return dependencyCount;
    }

    /**
     * Returns what the reader had to leave out or assume, one line for each kind of irregularity, with its count.
     *
     * @return an immutable list, empty if the recording was regular
     */
    @Override
    public List<String> warnings() {
        return warnings;
    }
}
