package io.ringfence.sim.device;

/**
 * What the firmware says of a ring at one moment; for diagnosis, each word was read by itself.
 *
 * @param residence   where the ring is
 * @param isRegistered whether the firmware knows it
 * @param isSuspended whether it was suspended and not resumed
 * @param isQuiesced  whether it was quiesced, and neither resumed nor reset
 * @param isBanned    whether it was banned
 * @param isWaiting   whether its next command waits for other rings or for a stamp
 * @param standing    how far it has got
 */
public record RingStatus(Residence residence, boolean isRegistered, boolean isSuspended, boolean isQuiesced,
        boolean isBanned, boolean isWaiting, Standing standing) {

    /** Where a ring is. */
    public enum Residence {
        /** Nowhere: it has nothing to do, as far as the firmware knows. */
        AWAY,
        /** It waits for a slot, for other rings, or to be resumed. */
        QUEUED,
        /** On the device: its commands are executed. */
        ON_SLOT
    }
}
