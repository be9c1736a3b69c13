package io.ringfence.sim.explore;

/** Chooses at each step of a schedule which task goes on. One object serves one schedule; the running task calls it. */
interface Strategy {

    /** Answer of {@link #next}: nobody; the clock jumps to the next moment at which somebody parked goes on. */
    int CLOCK = -1;

    /**
     * Which task goes on.
     *
     * @param step what can be chosen
     * @return the id of a task that can go on, or of a parked one, which then goes on for no reason; or {@link #CLOCK} if
     *         {@link Step#hasClock} says so
     */
    int next(Step step);

    /**
     * What a device or a scenario does of several things.
     *
     * @param step  who asks
     * @param count how many there are
     * @return 0 to {@code count - 1}; 0 is what happens unless there is a reason for something else
     */
    int choose(Step step, int count);
}
