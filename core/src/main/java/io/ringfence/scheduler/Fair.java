package io.ringfence.scheduler;

/**
 * The fair policy of Linux 7.2 ({@code drm_sched_rq}), to the nanosecond: the rank is the time that an entity has had on the device,
 * stretched by its priority. Time counts when it is complete, and is charged when the next job is taken.
 */
final class Fair implements Policy {

    private static final long MICROSECOND = 1_000;

    /** What is known of one entity. */
    private static final class Account {
        /** While it has jobs, its rank; else how far it was ahead of the first of the others. */
        private long virtual;
        /** How much of its time was charged. */
        private long charged;
    }

    @Override
    public String name() {
        return "fair";
    }

    @Override
    public boolean isStrict() {
        return false;
    }

    /** By how many bits time is stretched: kernel jobs count half of what high ones do, those a quarter of normal ones, those an eighth. */
    private static int shift(Priority priority) {
        return switch (priority) {
            case KERNEL -> 1;
            case HIGH -> 2;
            case NORMAL -> 4;
            case LOW -> 7;
        };
    }

    private static Account account(Member entity) {
        if (entity.note() instanceof Account known) {
            return known;
        }
        Account made = new Account();
        entity.note(made);
        return made;
    }

    @Override
    public long join(Member entity, Others others) {
        Account account = account(entity);
        if (others.isEmpty()) {
            return account.virtual;
        }
        if (account.virtual == 0) {
            account.virtual = begin(entity, others);
        }
        account.virtual += others.firstRank();
        return account.virtual;
    }

    /** Where one stands that owes nothing: behind who is more urgent, before who is less so, and among equals short jobs first. */
    private static long begin(Member entity, Others others) {
        Priority first = others.firstPriority();
        Priority own = entity.priority();
        if (first.isBefore(own)) {
            long jobs = 1 + micros(entity.meanJobNanos()) + micros(others.meanJobNanos());
            return jobs * MICROSECOND << shift(own);
        }
        if (own.isBefore(first)) {
            return (long) own.number() - first.number();
        }
        return micros(entity.meanJobNanos()) <= micros(others.meanJobNanos()) ? -1 : 1;
    }

    private static long micros(long nanos) {
        return nanos / MICROSECOND;
    }

    @Override
    public long next(Member entity, Others others) {
        Account account = account(entity);
        long runtime = entity.runtimeNanos();
        account.virtual += runtime - account.charged << shift(entity.priority());
        account.charged = runtime;
        return account.virtual;
    }

    @Override
    public void leave(Member entity, Others others) {
        Account account = account(entity);
        long first = others.isEmpty() ? 0 : others.firstRank();
        account.virtual = first > 0 && account.virtual > first ? account.virtual - first : 0;
    }
}
