package io.ringfence.driver;

/**
 * Where a driver reports completions, inside {@link Driver#poll} only. Reports beyond what the queue has seen issued
 * wait: the queue polls again when it has.
 */
public interface Completions {

    /**
     * All jobs handed to the device up to a seqno are complete.
     *
     * @param seqno the highest such seqno; reporting the same again changes nothing
     */
    void completedThrough(long seqno);

    /**
     * One job is complete, whatever became of those before it.
     *
     * @param seqno its seqno
     * @return false if the job is not one that the queue has seen issued; if it was handed to {@code run}, report it again
     */
    boolean completed(long seqno);

    /**
     * One job is complete and failed. Report this before {@link #completedThrough} passes it.
     *
     * @param seqno its seqno
     * @param cause why
     * @return false if the job is not one that the queue has seen issued; if it was handed to {@code run}, report it again
     */
    boolean failed(long seqno, Throwable cause);

    /**
     * The device is gone: every job on it failed, and every job that comes will.
     *
     * @param reason how it was lost
     */
    void deviceLost(String reason);
}
