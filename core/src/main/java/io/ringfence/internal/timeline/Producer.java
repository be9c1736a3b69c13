package io.ringfence.internal.timeline;

/** What a timeline may ask of the queue that advances it. Any thread; nothing here parks. */
public interface Producer {

    /** Looks whether the device has progressed, unless somebody is looking already. */
    void poll();

    /**
     * The last seqno that was claimed.
     *
     * @return the seqno, 0 if none was
     */
    long claimed();

    /** Tells that somebody waits, so that progress must be noticed without anybody polling. Called after registering. */
    void enableSignalling();

    /**
     * Tells by when somebody would like a point to be signalled. Advisory.
     *
     * @param seqno    the point
     * @param nanoTime the moment, on the scale of {@link System#nanoTime()}
     */
    void hintDeadline(long seqno, long nanoTime);
}
