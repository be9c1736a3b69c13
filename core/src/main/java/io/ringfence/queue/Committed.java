package io.ringfence.queue;

import java.util.List;

import io.ringfence.fence.PointFence;

/** The fences of a {@link Batch} that was submitted. */
public final class Committed {

    private final Object batch;
    private final List<PointFence> fences;

    Committed(Object batch, PointFence... fences) {
        this.batch = batch;
        this.fences = List.of(fences);
    }

    /**
     * The fence of one job.
     *
     * @param member the job, as {@link Batch#add} returned it
     * @return its fence
     * @throws IllegalArgumentException if the job belongs to another batch
     */
    public PointFence fence(Batch.Member member) {
        if (member.identity() != batch) {
            throw new IllegalArgumentException(member + " belongs to another batch");
        }
        return fences.get(member.index());
    }

    /**
     * The fences of all jobs.
     *
     * @return the fences, in the order in which the jobs were added
     */
    public List<PointFence> fences() {
        return fences;
    }

    @Override
    public String toString() {
        return "jobs " + fences;
    }
}
