package io.ringfence.driver;

import java.time.Duration;

import io.ringfence.fence.Fence;

/**
 * What can be stopped and reset on a device only together: one ring, where the firmware isolates rings from each other, or the whole
 * device. All rings of a domain give the same object as their {@link Driver#failureDomain()}, and a ring is in one domain only.
 *
 * <p>Called by the runtime's recovery thread, one call at a time for each domain, while no queue of the domain is inside its driver
 * (but one whose {@code run} does not return, one that is just being opened, which may be polled before it is restarted, and one
 * that has ended, which may be {@linkplain Driver#close closed} at any time). No method may wait: each begins what it is asked for
 * and gives a fence that is signalled when that is done, or fails if it cannot be done. One that fails or is not signalled within {@link #bound()} is asked
 * for once more; if that does not help either, the domain is given up as lost.
 *
 * <p>In this order: {@code quiesce}; then each ring is {@linkplain Driver#poll polled} for the device's last word and asked which jobs
 * had {@linkplain Driver#hasStarted begun}; then either {@code resume}, if nobody is guilty any more, or {@code reset}, and each ring
 * is {@linkplain Driver#restart restarted}.
 */
public interface FailureDomain {

    /**
     * What it is called in messages.
     *
     * @return the name
     */
    String name();

    /**
     * How long each of the three may take.
     *
     * @return more than zero; 5 s unless overridden
     */
    default Duration bound() {
        return Duration.ofSeconds(5);
    }

    /**
     * Stops the device wherever it is. When the fence is signalled, nothing of the domain is executed any more, and what the rings
     * are asked after that does not change.
     *
     * @return signalled when it has stopped
     */
    Fence quiesce();

    /**
     * Goes on with a domain that was quiesced, as if nothing had happened.
     *
     * @return signalled when it does
     */
    Fence resume();

    /**
     * Gives up whatever the device was in the middle of, on all rings, and everything that was handed to it and not begun: afterwards
     * they are empty, and nothing that was handed over before will ever be executed or write memory.
     *
     * @return signalled when that is done
     */
    Fence reset();
}
