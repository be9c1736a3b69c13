package io.ringfence.sim.replay;

import io.ringfence.scheduler.Policy;
import io.ringfence.scheduler.Priority;

import org.jspecify.annotations.Nullable;

/**
 * A policy of the scheduler, asked for ranks as the scheduler asks it: the lowest among those that are ready would go, for equal ranks
 * who got it first. Its times are places among the events, so that equal times keep the order of the file.
 */
final class AskedPolicy implements Asked, Policy.Others {

    /** What the policy can know of a context. */
    private static final class Contender implements Policy.Member {
        private final String name;
        private boolean waits;
        private boolean isReady;
        private long submitted;
        private long readied;
        private long runtime;
        private long mean;
        private @Nullable Object note;
        private long rank;
        private long arrival;

        private Contender(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Priority priority() {
            return Priority.NORMAL;
        }

        @Override
        public long submittedNanos() {
            return submitted;
        }

        @Override
        public long readyNanos() {
            return readied;
        }

        @Override
        public long runtimeNanos() {
            return runtime;
        }

        @Override
        public long meanJobNanos() {
            return mean;
        }

        @Override
        public @Nullable Object note() {
            return note;
        }

        @Override
        public void note(Object noted) {
            note = noted;
        }
    }

    private final Policy policy;
    private final Contender[] contenders;
    private long arrivals;
    private long mean;

    AskedPolicy(Policy policy, int contexts) {
        this.policy = policy;
        contenders = new Contender[contexts];
        for (int i = 0; i < contexts; i++) {
            contenders[i] = new Contender("context " + i);
        }
    }

    private void rank(Contender contender, long rank) {
        contender.rank = rank;
        contender.arrival = ++arrivals;
    }

    @Override
    public void joined(int context, long place) {
        Contender contender = contenders[context];
        contender.submitted = place;
        rank(contender, policy.join(contender, this));
        contender.waits = true;
    }

    @Override
    public void ready(int context, long place) {
        Contender contender = contenders[context];
        contender.readied = place;
        contender.isReady = true;
        long rank = policy.ready(contender, contender.rank);
        if (rank != contender.rank) {
            rank(contender, rank);
        }
    }

    @Override
    public int choose() {
        int best = -1;
        for (int i = 0; i < contenders.length; i++) {
            if (contenders[i].isReady && (best < 0 || isBefore(contenders[i], contenders[best]))) {
                best = i;
            }
        }
        return best;
    }

    private static boolean isBefore(Contender one, Contender other) {
        return one.rank != other.rank ? one.rank < other.rank : one.arrival < other.arrival;
    }

    @Override
    public void took(int context, long nextPlace) {
        Contender contender = contenders[context];
        contender.isReady = false;
        contender.waits = false;
        if (nextPlace < 0) {
            policy.leave(contender, this);
            return;
        }
        contender.submitted = nextPlace;
        rank(contender, policy.next(contender, this));
        contender.waits = true;
    }

    @Override
    public void done(int context, long nanos) {
        Contender contender = contenders[context];
        contender.runtime += nanos;
        contender.mean = averaged(contender.mean, nanos);
        mean = averaged(mean, nanos);
    }

    /** Each new one counts for a quarter. */
    private static long averaged(long before, long nanos) {
        return before == 0 ? nanos : before - before / 4 + nanos / 4;
    }

    @Override
    public int readyCount() {
        int count = 0;
        for (Contender contender : contenders) {
            count += contender.isReady ? 1 : 0;
        }
        return count;
    }

    // ---- what the policy can know of the others

    private @Nullable Contender first() {
        Contender first = null;
        for (Contender contender : contenders) {
            if (contender.waits && (first == null || isBefore(contender, first))) {
                first = contender;
            }
        }
        return first;
    }

    @Override
    public boolean isEmpty() {
        return first() == null;
    }

    @Override
    public long firstRank() {
        Contender first = first();
        if (first == null) {
            throw new IllegalStateException("no other context has jobs");
        }
        return first.rank;
    }

    @Override
    public Priority firstPriority() {
        return Priority.NORMAL;
    }

    @Override
    public long meanJobNanos() {
        return mean;
    }
}
