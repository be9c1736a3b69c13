package io.ringfence.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * Which entity's job goes next. A policy gives each entity that has jobs a rank, and the scheduler takes the lowest rank among
 * those whose first job could run; for equal ranks, who got it first. So a decision costs the logarithm of the number of
 * entities, and no answer of a policy can be a wrong one.
 *
 * <p>All methods are called by one thread at a time, as driver methods are: they must not wait. A policy belongs to one scheduler. One
 * that throws is reported and replaced by {@link Policies#fifo()}.
 *
 * <p>An example, the whole of a policy that prefers short jobs, but none for longer than a second:
 *
 * {@snippet :
 * final class ShortFirst implements Policy {
 *     private static final long SECOND = 1_000_000_000;
 *
 *     @Override
 *     public String name() {
 *         return "short-first";
 *     }
 *
 *     @Override
 *     public long join(Member entity, Others others) {
 *         return rank(entity);
 *     }
 *
 *     @Override
 *     public long next(Member entity, Others others) {
 *         return rank(entity);
 *     }
 *
 *     // As if each had waited since a moment that lies the later, the longer its jobs are.
 *     private static long rank(Member entity) {
 *         return entity.submittedNanos() + Math.min(100 * entity.meanJobNanos(), SECOND);
 *     }
 * }
 * }
 */
public interface Policy {

    /** What a policy can know of an entity. Valid during the call only, but for {@link #note}. */
    interface Member {

        /**
         * The entity's name.
         *
         * @return the name
         */
        String name();

        /**
         * The priority that counts from now on.
         *
         * @return the priority
         */
        Priority priority();

        /**
         * When the job was submitted that is the entity's first now.
         *
         * @return nanoseconds of the scheduler's clock
         */
        long submittedNanos();

        /**
         * When that job had nothing more to wait for.
         *
         * @return nanoseconds of the scheduler's clock; meaningful in {@link Policy#ready}
         */
        long readyNanos();

        /**
         * For how long jobs of the entity have been on the device, as far as they are complete.
         *
         * @return nanoseconds
         */
        long runtimeNanos();

        /**
         * How long its jobs take, the last ones above all: each new one counts for a quarter.
         *
         * @return nanoseconds, 0 before the first is complete
         */
        long meanJobNanos();

        /**
         * What the policy has noted of the entity.
         *
         * @return what was given to {@link #note(Object)} last, null before
         */
        @Nullable
        Object note();

        /**
         * Notes something of the entity, for as long as it lives; another scheduler's policy finds it too.
         *
         * @param note anything
         */
        void note(Object note);
    }

    /** The other entities that have jobs. */
    interface Others {

        /**
         * Whether there is none.
         *
         * @return true if there is none
         */
        boolean isEmpty();

        /**
         * The rank of the one that comes first, whether its job can run or not.
         *
         * @return the rank
         * @throws IllegalStateException if there is none
         */
        long firstRank();

        /**
         * The priority of that one.
         *
         * @return the priority
         * @throws IllegalStateException if there is none
         */
        Priority firstPriority();

        /**
         * How long jobs of this scheduler take, the last ones above all.
         *
         * @return nanoseconds, 0 before the first is complete
         */
        long meanJobNanos();
    }

    /**
     * The policy's name, for people.
     *
     * @return one word
     */
    String name();

    /**
     * Whether a more urgent entity always goes before a less urgent one, whatever their ranks.
     *
     * @return true unless overridden; always the same answer
     */
    default boolean isStrict() {
        return true;
    }

    /**
     * An entity that had no job has one.
     *
     * @param entity who
     * @param others the others
     * @return its rank
     */
    long join(Member entity, Others others);

    /**
     * A job of an entity was taken, and it has another.
     *
     * @param entity who
     * @param others the others
     * @return its rank
     */
    long next(Member entity, Others others);

    /**
     * The last job of an entity was taken, or it has no jobs any more for another reason.
     *
     * @param entity who
     * @param others the others
     */
    default void leave(Member entity, Others others) {
    }

    /**
     * The first job of an entity has nothing more to wait for.
     *
     * @param entity who
     * @param rank   the rank it has
     * @return its rank from now on; the same unless overridden
     */
    default long ready(Member entity, long rank) {
        return rank;
    }
}
