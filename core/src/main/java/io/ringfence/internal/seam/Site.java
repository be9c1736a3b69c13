package io.ringfence.internal.seam;

/** The shared accesses at which a scheduler of interleavings may switch. */
public enum Site {
    /** A producer is about to claim seqnos. */
    CLAIM,
    /** A producer is about to publish a claimed slot. */
    PUBLISH,
    /** Somebody is about to enter a turn. */
    TURN_ENTER,
    /** A holder is about to leave its turn. */
    TURN_LEAVE,
    /** The issue turn is about to look at a slot. */
    SLOT_LOOK,
    /** The issue turn is about to hand a job to the driver. */
    RUN,
    /** The issue turn is about to move {@code issued}. */
    ISSUED,
    /** The completion turn is about to poll the driver. */
    POLL,
    /** The completion turn is about to move {@code finished}. */
    FINISHED,
    /** A waiter is about to be made visible to its signaller. */
    WAITER_PUSH,
    /** Whoever registered a waiter is about to look whether it came too late. */
    WAITER_LOOK,
    /** A signaller is about to take the waiters it woke. */
    WAITER_SWEEP,
    /** A waiter is about to be claimed for firing or cancelling. */
    WAITER_DECIDE,
    /** An issuer is about to settle its fence. */
    SETTLE,
    /** A device raised its interrupt. */
    INTERRUPT,
    /** A queue is about to be closed to producers. */
    CLOSE
}
