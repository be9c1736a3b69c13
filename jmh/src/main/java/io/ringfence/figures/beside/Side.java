package io.ringfence.figures.beside;

/** One of the ways that are measured side by side. One thread. */
interface Side {

    /** What comes before some jobs and is not measured. */
    default void prepare() throws InterruptedException {
    }

    /** Does some jobs; returns how many. */
    int some() throws InterruptedException;

    /** The nanoseconds that as many jobs take without that of which the cost is wanted. */
    default long without() {
        return 0;
    }

    /** Ends its threads; fails if a job did. */
    void end() throws InterruptedException;
}
