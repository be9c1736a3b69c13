package io.ringfence.driver;

/**
 * What a job waits for on the device itself: jobs of other rings that have been handed to it. Valid inside of
 * {@link Driver#runAfter} only.
 */
public interface DeviceWaits {

    /**
     * How many there are.
     *
     * @return 1 to {@link Driver#maxWaits()}
     */
    int count();

    /**
     * Whose job it is.
     *
     * @param index 0 to {@link #count()} - 1
     * @return a driver that {@link Driver#canWaitFor} has accepted
     */
    Driver<?> producer(int index);

    /**
     * Which job it is; the producer's {@code run} or {@code runAfter} has returned for it.
     *
     * @param index 0 to {@link #count()} - 1
     * @return its seqno
     */
    long seqno(int index);
}
