package io.ringfence.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Comparator;

/**
 * Where an entity stands in the run queue of its home, as somebody else saw it. Written by the turn of the home, one word after the other,
 * so a reader may find some of them older than others.
 *
 * @param entity    who
 * @param readiness whether it has a job
 * @param priority  the priority that counts
 * @param rank      what the policy has answered
 * @param arrival   who got an equal rank first
 */
record Standing(EntityCore<?> entity, Readiness readiness, Priority priority, long rank, long arrival) {

    /** As {@link RunQueue} compares, within those of a priority. */
    static final Comparator<Standing> BY_RANK =
            Comparator.comparingLong(Standing::rank).thenComparingLong(Standing::arrival);
    /** As {@link RunQueue} compares, of a policy that is strict. */
    static final Comparator<Standing> STRICT =
            Comparator.<Standing>comparingInt(standing -> standing.priority.number()).thenComparing(BY_RANK);

    private static final VarHandle READINESS;
    private static final VarHandle PRIORITY;
    private static final VarHandle RANK;
    private static final VarHandle ARRIVAL;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            READINESS = lookup.findVarHandle(EntityCore.class, "readiness", Readiness.class);
            PRIORITY = lookup.findVarHandle(EntityCore.class, "queuedPriority", Priority.class);
            RANK = lookup.findVarHandle(EntityCore.class, "rank", long.class);
            ARRIVAL = lookup.findVarHandle(EntityCore.class, "arrival", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    // ---- the home

    static void readinessOpaque(EntityCore<?> entity, Readiness readiness) {
        READINESS.setOpaque(entity, readiness);
    }

    static void priorityOpaque(EntityCore<?> entity, Priority priority) {
        PRIORITY.setOpaque(entity, priority);
    }

    static void rankOpaque(EntityCore<?> entity, long rank, long arrival) {
        RANK.setOpaque(entity, rank);
        ARRIVAL.setOpaque(entity, arrival);
    }

    // ---- any thread

    static Standing opaque(EntityCore<?> entity) {
        return new Standing(entity, (Readiness) READINESS.getOpaque(entity), (Priority) PRIORITY.getOpaque(entity),
                (long) RANK.getOpaque(entity), (long) ARRIVAL.getOpaque(entity));
    }

    boolean hasJobs() {
        return readiness != Readiness.IDLE;
    }
}
