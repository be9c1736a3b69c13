package io.ringfence.driver;

import java.util.function.BiConsumer;

import io.ringfence.fence.PointFence;

import org.jspecify.annotations.Nullable;

/** How a driver reaches the queue that uses it. */
public interface DriverLink {

    /**
     * The name of the queue, for messages.
     *
     * @return the name
     */
    String queueName();

    /**
     * The device has made progress that the queue asked for. Any thread, at any time, also after the queue has gone;
     * costs a compare-and-set and at most one unpark, never waits.
     */
    void interrupt();

    /**
     * All jobs handed to the device up to a seqno are complete: for devices that tell by themselves, instead of being polled. Any
     * thread, also inside {@link Driver#run}; never waits. Signals fences and hands on what they let go on the calling thread, for
     * a bounded number of jobs; who has no time for that stores what is complete, answers it from {@link Driver#poll}, and calls
     * {@link #interrupt()}.
     *
     * @param seqno the highest such seqno; a lower one than before changes nothing
     */
    void completedThrough(long seqno);

    /**
     * One job is complete, whatever became of those before it. As {@link #completedThrough} otherwise; costs one small object.
     *
     * @param seqno its seqno, once
     */
    void completed(long seqno);

    /**
     * One job is complete and failed. Told before {@link #completedThrough} passes it. As {@link #completed} otherwise.
     *
     * @param seqno its seqno, once
     * @param cause why
     */
    void failed(long seqno, Throwable cause);

    /**
     * The device says that something is wrong with what it executes: has the driver's verdict asked for at once, as if the job had
     * timed out. Any thread; never waits. Nothing happens if the job is finished by then, or the ring was reset meanwhile.
     *
     * @param seqno the job, or 0 for the first that the device has not completed
     * @param what  what the device said, for messages
     */
    void fault(long seqno, String what);

    /**
     * Tells what a job names that is not ok though it is handed over, for a driver that hands it on: jobs of other rings that were left
     * to the device, and earlier jobs of this and of those rings, which need not be waited for. Inside of {@link Driver#run} and
     * {@link Driver#runAfter} of that job only.
     *
     * @param seqno  the job
     * @param reader is given each fence, with the driver of the ring that it is of, or null if that ring has ended; nothing if failures
     *               of what jobs name do not count
     * @hidden
     */
    default void unsettledInputs(long seqno, BiConsumer<PointFence, @Nullable Driver<?>> reader) {
        // Nothing is known.
    }
}
