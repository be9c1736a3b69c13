package io.ringfence.driver;

import io.ringfence.fence.Fence;

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

    /**
     * In which epoch of the producer's ring the job was handed over. If that ring was {@linkplain Driver#restart restarted} since,
     * the job was given up there, and what waits for it has to be told that it failed.
     *
     * @param index 0 to {@link #count()} - 1
     * @return what the producer's last {@code restart} before that was given, 0 if there was none
     */
    int epoch(int index);

    /**
     * The fence that the job named, for a driver that has no device which waits by itself.
     *
     * @param index 0 or more, less than {@link #count()}
     * @return the fence of that job
     */
    Fence fence(int index);
}
