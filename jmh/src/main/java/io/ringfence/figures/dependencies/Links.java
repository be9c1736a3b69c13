package io.ringfence.figures.dependencies;

/** Jobs each of which waits for the last one. One thread. */
public interface Links {

    /** What is not measured, for so many links. */
    void prepare(int count) throws InterruptedException;

    /** So many links, an even number; returns when the last is done. */
    long run(int count);

    /** Ends it; fails if a link did. */
    void close() throws InterruptedException;
}
