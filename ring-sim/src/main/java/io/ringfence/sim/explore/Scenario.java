package io.ringfence.sim.explore;

/**
 * A short program that uses queues from several tasks.
 *
 * @param name  what the command line calls it
 * @param about what may go wrong in it, for people
 * @param small whether it is small enough for all its schedules with few preemptions to be gone through
 * @param play  opens queues, starts tasks; called by the first task of each schedule
 */
record Scenario(String name, String about, boolean small, Play play) {

    /** What a scenario does. */
    @FunctionalInterface
    interface Play {
        void on(Stage stage) throws Exception;
    }

    @Override
    public String toString() {
        return name;
    }
}
