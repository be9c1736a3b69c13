package io.ringfence.sim.workload;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What was recorded of rings that contexts share: when each job was submitted, when it had nothing more to wait for that is not in
 * the recording, when it was handed to the device, and when it was done. The queues are the contexts.
 */
public final class Recording implements Workload {

    private final RecordedColumns columns;
    private final Edges edges;
    private final int[] previous;
    private final RecordingLabels labels;

    Recording(RecordedColumns columns, Edges edges, RecordingLabels labels) {
        this.columns = columns;
        this.edges = edges;
        this.labels = labels;
        previous = new int[columns.size()];
        int[] latest = new int[labels.contexts().size()];
        Arrays.fill(latest, -1);
        for (int job = 0; job < previous.length; job++) {
            int context = columns.context[job];
            previous[job] = latest[context];
            latest[context] = job;
        }
    }

    /**
     * What it was recorded with.
     *
     * @return one word
     */
    public String format() {
        return labels.format();
    }

    @Override
    public int jobCount() {
        return columns.size();
    }

    @Override
    public int queueCount() {
        return labels.contexts().size();
    }

    @Override
    public String queueName(int queue) {
        Context context = context(queue);
        return ringName(context.ring()) + ":" + context.name();
    }

    /**
     * Returns a context.
     *
     * @param queue the queue's number
     * @return the context
     */
    public Context context(int queue) {
        return labels.contexts().get(queue);
    }

    /**
     * Returns the number of rings, each with at least one context.
     *
     * @return at least 1
     */
    public int ringCount() {
        return labels.rings().size();
    }

    /**
     * Returns what a ring is called.
     *
     * @param ring the ring's number
     * @return its name
     */
    public String ringName(int ring) {
        return labels.rings().get(ring);
    }

    /**
     * Returns the ring of a job.
     *
     * @param job the job's number
     * @return the ring's number
     */
    public int ring(int job) {
        return context(queue(job)).ring();
    }

    @Override
    public int queue(int job) {
        return columns.context[job];
    }

    /**
     * Returns the number that a job has in its context.
     *
     * @param job the job's number
     * @return the recorded sequence number
     */
    public long seqno(int job) {
        return columns.seqno[job];
    }

    @Override
    public long submitNanos(int job) {
        return columns.submit[job];
    }

    /**
     * Returns when the last fence was signalled that a job waited for and that no job of the recording signals.
     *
     * @param job the job's number
     * @return nanoseconds, at least {@link #submitNanos(int)}
     */
    public long readyNanos(int job) {
        long[] ready = columns.ready;
        return ready == null ? columns.submit[job] : ready[job];
    }

    @Override
    public long startNanos(int job) {
        return columns.run[job];
    }

    @Override
    public long endNanos(int job) {
        return columns.done[job];
    }

    /**
     * Where the submission, the readiness and the start of jobs stand in the file, which decides between equal times.
     *
     * @return the places, or null if the format does not need them
     */
    public @Nullable EventPlaces places() {
        return columns.places;
    }

    @Override
    public int[] dependencies(int job) {
        return edges.sourcesOf(job);
    }

    @Override
    public int dependencyCount() {
        return edges.count();
    }

    @Override
    public int previousOnQueue(int job) {
        return previous[job];
    }

    /**
     * What the queues are.
     *
     * @return the kind
     */
    public RecordingKind kind() {
        return labels.kind();
    }

    @Override
    public boolean isSequential() {
        return kind() == RecordingKind.LANES;
    }

    @Override
    public boolean waitsForEnd(int job, int source) {
        return kind() != RecordingKind.RINGS || ring(job) != ring(source);
    }

    /**
     * Returns what was left out, for each ring that has any such job.
     *
     * @return an immutable list
     */
    public List<Skipped> skipped() {
        return labels.skipped();
    }

    @Override
    public List<String> warnings() {
        return labels.warnings();
    }
}
