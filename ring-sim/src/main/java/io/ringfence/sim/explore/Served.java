package io.ringfence.sim.explore;

/** Who knows what a device may be asked for. */
interface Served {

    /** A job is about to be taken by the device. */
    void beforeRun(Job job);

    /** A job that the device was not given is about to be refused. */
    void beforeCancel(Job job);

    /** A job was found to hang. */
    default void blamed(Job job) {
    }
}
