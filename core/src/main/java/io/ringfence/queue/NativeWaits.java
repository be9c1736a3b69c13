package io.ringfence.queue;

import io.ringfence.driver.DeviceWaits;
import io.ringfence.fence.Fence;
import io.ringfence.fence.PointFence;

import org.jspecify.annotations.Nullable;

/**
 * Those dependencies of a job that its device can wait for by itself, because they are jobs of other rings of it. One is left to the
 * device as soon as its producer was handed over, and not before: what stands behind it in the producer's ring could need the
 * credits that the waiting job holds. A producer that never reaches the device is waited for on the host, like everything else.
 *
 * <p>Owned like the job's slot; allocated when it is submitted.
 */
abstract sealed class NativeWaits implements DeviceWaits permits OneNativeWait, ManyNativeWaits {

    /** Says {@link #handedOverIn} of what was not handed over. */
    static final int NOT_YET = -1;

    /**
     * Finds those that the device of a queue can wait for.
     *
     * @param named   what a job names
     * @param pending not null where it has to be waited for
     * @return null if there are none
     */
    static @Nullable NativeWaits of(Fence[] named, @Nullable Object[] pending, QueueCore<?> core) {
        if (core.maxWaits() == 0) {
            return null;
        }
        ManyNativeWaits waits = null;
        for (int i = 0; i < named.length; i++) {
            if (pending[i] != null && named[i] instanceof PointFence point
                    && point.producer() instanceof QueueCore<?> producer && core.canWaitFor(producer)) {
                if (named.length == 1) {
                    return new OneNativeWait(core, producer, point);
                }
                waits = waits == null ? new ManyNativeWaits(core, named.length) : waits;
                waits.add(i, producer, point);
            }
        }
        return waits;
    }

    /** In which epoch of its ring a job was handed over, {@link #NOT_YET} if it was not. */
    static int handedOverIn(QueueCore<?> producer, long seqno) {
        // Read first: a reset takes the job off the device before it begins the next epoch.
        int epoch = producer.epochVolatile();
        return producer.isOnDevice(seqno) ? epoch : NOT_YET;
    }

    /**
     * Leaves what is still pending to the device, if that is possible for all of it.
     *
     * @return whether it is, perhaps because nothing is pending; otherwise nothing is left to it
     */
    abstract boolean take(JobDependencies job);

    /** Has the issue turn told when a producer hands something over. Registered first, looked at once more by the caller. */
    abstract void watch(JobDependencies job);

    /**
     * Has those finish what the device waited for who have completed it, and perhaps not noticed.
     *
     * @param waiter finishes the job that has waited
     * @return whether any does so now, or as soon as the turn of {@code waiter} was left
     */
    abstract boolean finish(Settlement<?> waiter);

    /** Refuses what is not 0 to {@link #count()} - 1. */
    final int checked(int index) {
        if (index < 0 || index >= count()) {
            throw new IndexOutOfBoundsException("wait " + index + ": must be 0 to " + (count() - 1));
        }
        return index;
    }
}
