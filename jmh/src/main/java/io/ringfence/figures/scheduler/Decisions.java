package io.ringfence.figures.scheduler;

/** A way to have many jobs wait that are then chosen one after the other. One thread. */
public interface Decisions extends AutoCloseable {

    /** How many: a multiple of the entities. */
    int JOBS = 20_000;

    /** Has all jobs wait. */
    void load() throws InterruptedException;

    /** Lets them go, and waits until the last has been chosen and handed over. */
    long unload();

    @Override
    void close();

    /** Opens the {@code executor} with a priority queue, or so many entities of a fair scheduler. */
    static Decisions open(String name) {
        return name.equals("executor") ? new ExecutorDecisions()
                : new SchedulerDecisions(Integer.parseInt(name), "fair", "bulk");
    }
}
