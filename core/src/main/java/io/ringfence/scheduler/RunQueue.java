package io.ringfence.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The entities of one scheduler that have jobs, in the order of its policy. The scheduler's turn's.
 *
 * <p>An entity whose first job waits for something keeps its place among all, and is not among those of whom one is chosen.
 */
final class RunQueue implements Policy.Others {

    private static final int ALL = 0;
    private static final int READY = 1;
    /** Places that an entity keeps. */
    static final int PLACES = 2;

    private static final VarHandle STRICT;

    static {
        try {
            STRICT = MethodHandles.lookup().findVarHandle(RunQueue.class, "strict", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String name;
    private final AverageTime jobs;
    private final int limit;
    private Policy policy;
    private boolean strict;
    private final EntityHeap all = new EntityHeap(ALL, this::level);
    private final EntityHeap ready = new EntityHeap(READY, this::level);
    private final List<EntityCore<?>> passed = new ArrayList<>();
    private long arrivals;

    RunQueue(String name, Policy policy, AverageTime jobs, int limit) {
        this.name = name;
        this.policy = policy;
        this.jobs = jobs;
        this.limit = limit;
        // Nobody else knows of this queue yet.
        strict = policy.isStrict();
    }

    /** How the entities in it are ordered; any thread. */
    Comparator<Standing> orderOpaque() {
        return (boolean) STRICT.getOpaque(this) ? Standing.STRICT : Standing.BY_RANK;
    }

    /** What comes before the rank, and after it who has it for longer. */
    private int level(EntityCore<?> entity) {
        return strict ? entity.queuedPriority.number() : 0;
    }

    int size() {
        return all.size();
    }

    int readyCount() {
        return ready.size();
    }

    String policyName() {
        return policy.name();
    }

    boolean contains(EntityCore<?> entity) {
        return all.contains(entity);
    }

    // ---- what happens to entities

    /** One that had no jobs has one. */
    void join(EntityCore<?> entity) {
        insert(entity, asked(() -> policy.join(entity, this), entity));
    }

    /** A job of one was taken, and it has another. */
    void next(EntityCore<?> entity) {
        remove(entity);
        insert(entity, asked(() -> policy.next(entity, this), entity));
    }

    /** One has no jobs any more. */
    void leave(EntityCore<?> entity) {
        remove(entity);
        long _ = asked(() -> {
            policy.leave(entity, this);
            return 0;
        }, entity);
    }

    /** The first job of one can run now, or cannot. */
    void ready(EntityCore<?> entity, boolean can) {
        if (can == ready.contains(entity)) {
            return;
        }
        if (!can) {
            ready.remove(entity);
            Standing.readinessOpaque(entity, Readiness.WAITING);
            return;
        }
        long rank = asked(() -> policy.ready(entity, entity.rank), entity);
        if (rank != entity.rank) {
            all.remove(entity);
            place(entity, rank);
            all.add(entity);
        }
        ready.add(entity);
        Standing.readinessOpaque(entity, Readiness.READY);
    }

    private void remove(EntityCore<?> entity) {
        all.remove(entity);
        ready.remove(entity);
        Standing.readinessOpaque(entity, Readiness.IDLE);
    }

    private void insert(EntityCore<?> entity, long rank) {
        // Changed meanwhile, it counts from now on.
        Standing.priorityOpaque(entity, entity.priority());
        place(entity, rank);
        all.add(entity);
        Standing.readinessOpaque(entity, Readiness.WAITING);
    }

    private void place(EntityCore<?> entity, long rank) {
        Standing.rankOpaque(entity, rank, ++arrivals);
    }

    // ---- who is next

    /**
     * Who is next.
     *
     * @param credits how many there are
     * @param skips   whether one whose job costs more is passed over
     * @return the entity, or null if there is none or none may go
     */
    @Nullable
    EntityCore<?> choose(long credits, boolean skips) {
        EntityCore<?> first = ready.first();
        if (first == null || cost(first) <= credits) {
            return first;
        }
        return skips && credits > 0 ? firstThatFits(credits) : null;
    }

    /** One that was submitted for another scheduler may cost more than there ever are here. */
    private int cost(EntityCore<?> entity) {
        return Math.min(entity.headCost(), limit);
    }

    private @Nullable EntityCore<?> firstThatFits(long credits) {
        EntityCore<?> found = ready.first();
        while (found != null && cost(found) > credits) {
            passed.add(found);
            ready.remove(found);
            found = ready.first();
        }
        passed.forEach(ready::add);
        passed.clear();
        return found;
    }

    // ---- the policy

    private interface Question {
        long ask() throws Exception;
    }

    /** What a policy answers; one that throws is not asked again. */
    private long asked(Question question, EntityCore<?> entity) {
        try {
            return question.ask();
        } catch (Throwable thrown) {
            Reports.report("scheduler " + name, "policy " + policyName(policy), thrown);
            fallBack();
            return entity.submittedNanos();
        }
    }

    private static String policyName(Policy broken) {
        try {
            return broken.name();
        } catch (Throwable _) {
            return broken.getClass().getName();
        }
    }

    private void fallBack() {
        List<EntityCore<?>> canRun = emptied(ready);
        List<EntityCore<?>> everybody = emptied(all);
        policy = Policies.fifo();
        STRICT.setOpaque(this, policy.isStrict());
        for (EntityCore<?> entity : everybody) {
            place(entity, entity.submittedNanos());
            all.add(entity);
        }
        canRun.forEach(ready::add);
    }

    private static List<EntityCore<?>> emptied(EntityHeap heap) {
        List<EntityCore<?>> entities = new ArrayList<>();
        for (EntityCore<?> first = heap.first(); first != null; first = heap.first()) {
            heap.remove(first);
            entities.add(first);
        }
        return entities;
    }

    // ---- what a policy can know of the others

    @Override
    public boolean isEmpty() {
        return all.isEmpty();
    }

    private EntityCore<?> first() {
        EntityCore<?> first = all.first();
        if (first == null) {
            throw new IllegalStateException("no other entity has jobs");
        }
        return first;
    }

    @Override
    public long firstRank() {
        return first().rank;
    }

    @Override
    public Priority firstPriority() {
        return first().queuedPriority;
    }

    @Override
    public long meanJobNanos() {
        return jobs.nanos();
    }
}
