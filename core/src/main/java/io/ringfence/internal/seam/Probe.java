package io.ringfence.internal.seam;

import java.lang.ref.Cleaner;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/** What stands behind the seam when it is on. Every method has the behaviour of production as its default. */
public interface Probe {

    /** A probe that does what production does. */
    Probe DIRECT = new Probe() {
    };

    /**
     * The time.
     *
     * @return nanoseconds since an arbitrary origin, never decreasing
     */
    default long nanoTime() {
        return System.nanoTime();
    }

    /** Called once per turn of a spinning wait loop. */
    default void spin() {
        Thread.onSpinWait();
    }

    /**
     * Called instead of parking.
     *
     * @param blocker what the thread waits for
     * @param nanos   the longest wait in nanoseconds, or 0 for no bound
     */
    default void park(Object blocker, long nanos) {
        if (nanos == 0) {
            LockSupport.park(blocker);
        } else {
            LockSupport.parkNanos(blocker, nanos);
        }
    }

    /**
     * Called instead of unparking.
     *
     * @param thread the thread to let go on
     */
    default void unpark(@Nullable Thread thread) {
        LockSupport.unpark(thread);
    }

    /**
     * Called before an access to shared memory. May throw at those of the turns, claims and slots, to see whether that is
     * survived.
     *
     * @param site which access
     */
    default void at(Site site) {
    }

    /**
     * Called when a runtime starts one of its threads.
     *
     * @param loop what the thread would run
     * @return true if no thread is to be started: this probe calls {@link Loop#step()} itself, or has a thread of its own
     *         run the loop, which it has told {@link Loop#runsOn} of
     */
    default boolean adopt(Loop loop) {
        return false;
    }

    /**
     * Asked on behalf of a thread that is none of a runtime's.
     *
     * @return the loop that it runs or steps, or null
     */
    default @Nullable Loop loop() {
        return null;
    }

    /**
     * Called when something is to be done once an object has been collected.
     *
     * @param cleaner what does it in production
     * @param watched the object
     * @param action  what to do
     * @return what ends the watch
     */
    default Cleaner.Cleanable watch(Cleaner cleaner, Object watched, Runnable action) {
        return cleaner.register(watched, action);
    }

    /**
     * Called instead of starting a virtual thread.
     *
     * @param body what it would run
     */
    default void startVirtual(Runnable body) {
        Thread.ofVirtual().start(body);
    }
}
