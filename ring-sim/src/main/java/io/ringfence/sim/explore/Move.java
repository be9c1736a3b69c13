package io.ringfence.sim.explore;

/**
 * One choice of a schedule that was not the likely one. A schedule is the list of them: everything else follows.
 *
 * @param task   the task that was asked, by its id
 * @param step   the how many-th step of this task it was
 * @param chosen the id of the task that went on instead, {@link Strategy#CLOCK}, or {@link #VALUE} plus what was chosen
 */
record Move(int task, int step, int chosen) {

    /** Added to what {@link Strategy#choose} answered. */
    static final int VALUE = 1 << 20;

    long key() {
        return key(task, step, chosen >= VALUE);
    }

    static long key(int task, int step, boolean value) {
        return (long) task << 33 | (long) step << 1 | (value ? 1 : 0);
    }

    @Override
    public String toString() {
        return task + "." + step + (chosen >= VALUE ? "=" + (chosen - VALUE) : ">" + chosen);
    }
}
