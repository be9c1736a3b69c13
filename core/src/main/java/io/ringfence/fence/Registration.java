package io.ringfence.fence;

/** A callback that was given to a fence, and the way to take it back. */
public sealed interface Registration permits Callback, SyncCallback {

    /**
     * Takes the callback back. Never waits; allowed everywhere.
     *
     * @return true if that came in time: the callback has not begun and never will; false if it has run, is running, was
     *         cancelled before, or was refused by its executor
     */
    boolean cancel();

    /**
     * Takes the callback back, and if it is running already, waits until it has ended. When this returns, the callback is
     * not running and will never run again, so what it uses may be closed.
     *
     * @return whether it came in time, as {@link #cancel()} says it
     * @throws InterruptedException  if the thread is interrupted while it waits; the callback may still be running
     * @throws IllegalStateException inside a driver method or a callback, this one included: there nothing may wait
     */
    boolean cancelAndAwait() throws InterruptedException;
}
