package io.ringfence.queue;

/**
 * Where a queue stands. The counters are read one after the other while the queue goes on.
 *
 * @param name     the queue's name
 * @param finished all jobs up to this seqno are finished
 * @param issued   all jobs up to this seqno were handed to the driver, or refused
 * @param claimed  the last seqno that was claimed
 * @param failed   how many of the finished jobs failed
 * @param waits    what the first job that was not handed to the driver waits for
 * @param inLine   how many wait for room in the ring: then {@code trySubmit} answers {@link SubmitCode#FULL}
 * @param closed   whether submissions are refused
 * @param recovery what its recoveries have come to
 */
public record QueueStatus(String name, long finished, long issued, long claimed, long failed, Waits waits, int inLine,
        boolean closed, Recoveries recovery) {

    /**
     * What the recoveries of a queue have come to.
     *
     * @param resets      how often its ring was reset: the epoch
     * @param hangs       how many of its jobs were guilty
     * @param falseAlarms how often its driver said that a job does not hang
     * @param replayed    how many jobs were handed over again, or are to be
     * @param victims     how many innocent jobs failed because they had been begun and must not be repeated
     */
    public record Recoveries(int resets, int hangs, int falseAlarms, long replayed, long victims) {
    }

    /** What a job waits for. */
    public enum Waits {
        /** There is no job that waits, or the first is just being handed over. */
        NOTHING,
        /** A claimed place to be published. */
        PUBLICATION,
        /** Fences it names. */
        DEPENDENCIES,
        /** Credits of its own queue. */
        CREDITS,
        /** Credits of the budget that its queue shares. */
        BUDGET
    }

    /**
     * Jobs in the ring.
     *
     * @return how many are claimed and not finished
     */
    public long live() {
        return Math.max(0, claimed - finished);
    }

    /**
     * Jobs with the driver.
     *
     * @return how many were handed over, or refused, and are not finished
     */
    public long onDevice() {
        return Math.max(0, issued - finished);
    }
}
