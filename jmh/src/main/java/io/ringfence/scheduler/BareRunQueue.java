package io.ringfence.scheduler;

import java.util.ArrayList;
import java.util.List;

import io.ringfence.queue.PayloadTraits;

/**
 * The run queue of a scheduler without the rest, as benchmarks need it: entities that always have a job, and a device that works on each
 * for between 1 and 64 µs.
 */
public final class BareRunQueue {

    private static final int CAPACITY = 2;
    private static final long MICROSECOND = 1_000;

    private final RunQueue queue;
    private final AverageTime times = new AverageTime();
    private final List<EntityCore<Object>> entities = new ArrayList<>();
    private int place;
    private long seqno;

    /**
     * Fills it.
     *
     * @param policy the name of a policy
     * @param count  how many entities there are
     */
    public BareRunQueue(String policy, int count) {
        queue = new RunQueue("measured", Policies.named(policy).get(), times, 1);
        for (int i = 0; i < count; i++) {
            EntityCore<Object> entity = new EntityCore<>("entity " + i, Priority.NORMAL, CAPACITY, null);
            entities.add(entity);
            offer(entity);
            queue.join(entity);
            queue.ready(entity, true);
        }
    }

    private void offer(EntityCore<Object> entity) {
        entity.offer(++seqno, new EntityJob<>(entity, "job", 1, PayloadTraits.plain()));
    }

    /**
     * One decision: who is next is put where he belongs with his next job.
     *
     * @return the entity
     */
    public Object decide() {
        EntityCore<Object> next = chosen();
        EntityJob<Object> job = replaced(next);
        queue.next(next);
        queue.ready(next, true);
        return job;
    }

    /**
     * What a decision costs here without the run queue: one of the entities, in turn, is given another job.
     *
     * @return the entity's former job
     */
    public Object replace() {
        place = place + 1 == entities.size() ? 0 : place + 1;
        return replaced(entities.get(place));
    }

    private EntityJob<Object> replaced(EntityCore<Object> entity) {
        EntityJob<Object> job = entity.head();
        if (job == null) {
            throw new IllegalStateException(entity + " has no job");
        }
        entity.take(job);
        // Its time on the device, which is what the fair policy goes by.
        long nanos = ((job.seqno * 0x9E3779B97F4A7C15L >>> 58) + 1) * MICROSECOND;
        entity.cameBack(nanos, true);
        times.add(nanos);
        offer(entity);
        return job;
    }

    @SuppressWarnings("unchecked") // only such entities were put there
    private EntityCore<Object> chosen() {
        EntityCore<?> next = queue.choose(1, false);
        if (next == null) {
            throw new IllegalStateException("nobody is next");
        }
        return (EntityCore<Object>) next;
    }
}
