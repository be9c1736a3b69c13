package io.ringfence.scheduler;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The policies that come with the scheduler. */
public final class Policies {

    private Policies() {
    }

    /**
     * As Linux 7.2 does it: who has used least of the device goes first, a level of priority being worth twice to eight times as
     * much time as the one below it; who was idle neither gains nor loses by that; short jobs go a little before long ones.
     *
     * @return a new policy
     */
    public static Policy fair() {
        return new Fair();
    }

    /**
     * Whose first job was submitted first, within a priority: what Linux 6.2 to 7.1 did unless told otherwise.
     *
     * @return a new policy
     */
    public static Policy fifo() {
        return new Fifo();
    }

    /**
     * Whose first job has been ready for longest, within a priority.
     *
     * @return a new policy
     */
    public static Policy readyFifo() {
        return new ReadyFifo();
    }

    /**
     * One after the other, within a priority: who had its turn longest ago goes first.
     *
     * @return a new policy
     */
    public static Policy roundRobin() {
        return new RoundRobin();
    }

    /**
     * A policy by its name.
     *
     * @param name one of {@link #names()}
     * @return makes the policy
     * @throws IllegalArgumentException if there is none of that name
     */
    public static Supplier<Policy> named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "fair" -> Policies::fair;
            case "fifo" -> Policies::fifo;
            case "ready-fifo" -> Policies::readyFifo;
            case "rr" -> Policies::roundRobin;
            default -> throw new IllegalArgumentException("policy '" + name + "': must be one of " + names());
        };
    }

    /**
     * The names of all of them.
     *
     * @return the names, the usual one first
     */
    public static List<String> names() {
        return List.of("fair", "fifo", "ready-fifo", "rr");
    }

    /** By the time at which the first job was submitted. */
    private static final class Fifo implements Policy {
        @Override
        public String name() {
            return "fifo";
        }

        @Override
        public long join(Member entity, Others others) {
            return entity.submittedNanos();
        }

        @Override
        public long next(Member entity, Others others) {
            return entity.submittedNanos();
        }

        @Override
        public long ready(Member entity, long rank) {
            // As long as it was not, nobody could say when it was submitted.
            return entity.submittedNanos();
        }
    }

    /** By the time at which the first job became ready; until then it is not looked at. */
    private static final class ReadyFifo implements Policy {
        @Override
        public String name() {
            return "ready-fifo";
        }

        @Override
        public long join(Member entity, Others others) {
            return entity.submittedNanos();
        }

        @Override
        public long next(Member entity, Others others) {
            return entity.submittedNanos();
        }

        @Override
        public long ready(Member entity, long rank) {
            return entity.readyNanos();
        }
    }

    /** Whoever has had its turn goes to the end, and keeps that place while it has no jobs; one that never had a turn comes last. */
    private static final class RoundRobin implements Policy {
        private long turns;

        /** When an entity had its turn last. */
        private static final class Stamp {
            private long turn;
        }

        @Override
        public String name() {
            return "rr";
        }

        @Override
        public long join(Member entity, Others others) {
            return entity.note() instanceof Stamp last ? Math.min(last.turn, turns) : turns - 1;
        }

        @Override
        public long next(Member entity, Others others) {
            return stamp(entity);
        }

        @Override
        public void leave(Member entity, Others others) {
            long _ = stamp(entity);
        }

        private long stamp(Member entity) {
            Stamp last;
            if (entity.note() instanceof Stamp known) {
                last = known;
            } else {
                last = new Stamp();
                entity.note(last);
            }
            last.turn = ++turns;
            return last.turn;
        }
    }
}
