package io.ringfence.internal.timeline;

/** What a timeline may ask of the queue that advances it. Any thread; nothing here parks. */
public interface Producer {

    /** Looks whether the device has progressed, unless somebody is looking already. */
    void poll();

    /** Tells that somebody waits, so that progress must be noticed without anybody polling. Called after registering. */
    void enableSignalling();
}
