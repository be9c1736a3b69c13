package io.ringfence.driver;

import java.time.Duration;

import io.ringfence.fence.Fence;

/**
 * A ring for jobs that may run for days, as a {@link io.ringfence.queue.LongRunningQueue} drives it. What is reported as complete here is
 * <em>retired</em>: the device has let go of the job, so its place on the ring is free again. That says nothing about a result;
 * whoever gave the job learns of it from memory that the job writes.
 *
 * <p>The ring can be taken off the device and put back. {@link #suspend()} and {@link #resume()} are called by a thread of the queue
 * that is made for it, never two of them at the same time, but beside all other calls: beside {@link #run}, beside a reset of the
 * {@linkplain #failureDomain() failure domain}, and after {@link #close()}. None may wait. What they give has to be settled in time,
 * and failed if nothing will come of it any more; one that fails, as it may in the middle of a reset, is asked for once more until its
 * time is over.
 *
 * <p>While the ring is suspended, jobs may be handed over, and are executed when it is resumed; and jobs that the queue
 * {@linkplain #abort gives up} are retired without being executed any further, for a queue that is killed does not resume. A reset
 * leaves a suspended ring suspended. Neither call undoes what a failure domain was asked for: one that is quiesced executes
 * nothing until it is resumed or reset itself.
 *
 * @param <P> the payload of a job
 */
public interface LongRunningDriver<P> extends Driver<P> {

    /**
     * Takes the ring off the device as soon as its job can be interrupted, and keeps it off.
     *
     * @return signalled when the ring has left the device: no job of it is executed any more, and no memory of it written
     */
    Fence suspend();

    /**
     * Goes on where the ring was suspended.
     *
     * @return signalled when the ring may be executed again
     */
    Fence resume();

    /**
     * How long the ring is to be left alone after it was resumed, or opened. Without that, two who need the same memory would push
     * each other off the device and neither would get on. Any thread; never waits.
     *
     * @return zero or more
     */
    Duration minRun();
}
