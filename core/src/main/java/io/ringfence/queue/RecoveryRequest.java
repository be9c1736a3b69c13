package io.ringfence.queue;

/**
 * A job that seems to be at fault.
 *
 * @param core     its queue
 * @param epoch    of the queue, when that was seen
 * @param seqno    the job, 0 for the first on the device
 * @param executed nanoseconds without progress
 * @param clears   how often its clock had begun anew, or {@link #NO_CLOCK}
 * @param why      what was seen
 */
record RecoveryRequest(QueueCore<?> core, int epoch, long seqno, long executed, int clears, String why) {

    /** It is not a matter of time. */
    static final int NO_CLOCK = -1;

    boolean isCurrent() {
        HangClock clock = core.clock();
        // What was missed while the device stood still for others is not the job's fault.
        return (clears == NO_CLOCK || clock == null || clock.isSince(clears)) && core.epochVolatile() == epoch
                && !core.completion().endedVolatile() && core.lostVolatile() == null;
    }

    /** The same of another job of the queue. */
    RecoveryRequest against(long other) {
        return new RecoveryRequest(core, epoch, other, executed, clears, why);
    }

    String who() {
        return "seqno " + seqno + " of queue " + core.timeline();
    }
}
