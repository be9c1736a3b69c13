package io.ringfence.sim.replay;

/**
 * Who would choose, asked beside a recording that goes its own way. Contexts are told of in the order of events; what is chosen is one of
 * those that have a job ready.
 */
interface Asked {

    /**
     * A context that had no job has one.
     *
     * @param context its number
     * @param place   where that stands among all events
     */
    void joined(int context, long place);

    /**
     * The first job of a context can run.
     *
     * @param context its number
     * @param place   where that stands among all events
     */
    void ready(int context, long place);

    /**
     * Who would go next.
     *
     * @return the context, or -1 if none is ready
     */
    int choose();

    /**
     * The recording handed over the first job of a context.
     *
     * @param context   its number
     * @param nextPlace where the submission of its next job stands among all events, or -1 if it has none
     */
    void took(int context, long nextPlace);

    /**
     * The device was done with a job.
     *
     * @param context its number
     * @param nanos   how long the device worked on it
     */
    void done(int context, long nanos);

    /**
     * How many contexts have a job that can run.
     *
     * @return 0 or more
     */
    int readyCount();
}
