package io.ringfence.scheduler;

import io.ringfence.driver.DeviceWaits;
import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;

import org.jspecify.annotations.Nullable;

/**
 * What stands behind an entity's queue in place of a device: a job is handed over when its dependencies are done, and then waits for
 * the scheduler to choose it.
 *
 * @param <P> the user's payload
 */
final class EntityRing<P> implements Driver<EntityJob<P>> {

    /** Jobs of other entities that one is not to wait for on the host. */
    private static final int MAX_WAITS = 4;

    private final EntityCore<P> entity;
    private final int capacity;
    private final boolean inOrder;

    EntityRing(EntityCore<P> entity, int capacity, boolean inOrder) {
        this.entity = entity;
        this.capacity = capacity;
        this.inOrder = inOrder;
    }

    EntityCore<P> entity() {
        return entity;
    }

    @Override
    public void open(DriverLink link) {
        entity.opened(link);
    }

    @Override
    public int maxInFlight() {
        return capacity;
    }

    @Override
    public boolean executesInOrder() {
        return inOrder;
    }

    @Override
    public void run(long seqno, EntityJob<P> job) {
        offer(seqno, job, null);
    }

    /** One for which there was no memory is as good as refused. */
    private void offer(long seqno, EntityJob<P> job, @Nullable DeviceWaits waits) {
        boolean offered = false;
        try {
            job.inputs = waits == null ? null : new Pipelined(waits);
            entity.offer(seqno, job);
            offered = true;
        } finally {
            if (!offered) {
                cancel(seqno, job);
            }
        }
    }

    @Override
    public int maxWaits() {
        return inOrder ? MAX_WAITS : 0;
    }

    @Override
    public boolean canWaitFor(Driver<?> producer) {
        return inOrder && producer instanceof EntityRing<?> other && other != this && other.inOrder;
    }

    @Override
    public void runAfter(long seqno, EntityJob<P> job, DeviceWaits waits) {
        offer(seqno, job, waits);
    }

    @Override
    public void cancel(long seqno, EntityJob<P> job) {
        GangRun gang = job.gang;
        // One that was never offered has to say as well which it was.
        job.seqno = seqno;
        try {
            if (gang != null) {
                gang.broke(job, "was not run");
            }
        } finally {
            entity.refused(seqno);
        }
    }

    @Override
    public void skip(long seqno) {
        entity.refused(seqno);
    }

    @Override
    public void abort(long seqno, EntityJob<P> job) {
        entity.abort(job);
    }

    @Override
    public void hintDeadline(long seqno, long nanoTime) {
        entity.hint(seqno, nanoTime);
    }

    @Override
    public void doorbell() {
        entity.wake();
    }

    @Override
    public void arm(long seqno) {
        // Whatever is finished is told.
    }

    @Override
    public void close() {
        entity.ended();
    }

    @Override
    public String toString() {
        return entity.toString();
    }
}
