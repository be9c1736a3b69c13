package io.ringfence.internal.seam;

/** The shared accesses at which a scheduler of interleavings may switch. */
public enum Site {
    /** Somebody who uses a queue is about to make what it works with, if nobody has. */
    FIRST_USE,
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
    CLOSE,
    /** Somebody is about to ask whether a queue is drained. */
    DRAINED,
    /** A turn is about to note that it will not get on without news. */
    BLOCK,
    /** A queue is about to be stopped: what has not reached the device is refused. */
    STOP,
    /** Somebody is about to get into the line of those who wait for room, or to count himself in. */
    LINE_ENTER,
    /** Somebody is about to ask whether he may claim, or is the first. */
    LINE_LOOK,
    /** Somebody is about to leave the line, or to wake the next. */
    LINE_LEAVE,
    /** Credits are about to be taken from a budget. */
    BUDGET_TAKE,
    /** A queue is about to begin or to cease to wait for a budget. */
    BUDGET_WAIT,
    /** A place in a budget's line is about to be granted, or let go of. */
    BUDGET_GRANT,
    /** Credits are about to be given back to a budget. */
    BUDGET_RETURN,
    /** Requests to cancel jobs are about to be handed in, or taken. */
    CANCEL,
    /** Reports that a device pushes are about to be handed in, or taken. */
    PUSH,
    /** Finished jobs are about to be counted, or handed to the retire hook. */
    RETIRE,
    /** A chain is about to be given to a worker, or taken back. */
    HAND_OVER,
    /** A client is about to end its queues, or to look whether it has ended. */
    CLIENT,
    /** The line before a lock is about to be changed or looked at. */
    LOCK,
    /** A sync object or a reservation is about to be changed. */
    SYNC,
    /** A turn is about to be asked to stand still, or to be let go on. */
    HALT,
    /** A queue is about to be put under the watchdog's eyes, or taken from them. */
    WATCH,
    /** An entity is about to change its home, to offer a job, or to be looked at by its scheduler. */
    SCHEDULE,
    /** Something a device shares with its host is about to be read or written. */
    DEVICE
}
