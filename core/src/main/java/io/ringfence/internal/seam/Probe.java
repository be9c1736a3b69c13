package io.ringfence.internal.seam;

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
     * Called before an access to shared memory.
     *
     * @param site which access
     */
    default void at(Site site) {
    }

    /**
     * Called when a runtime starts one of its threads.
     *
     * @param loop what the thread would run
     * @return true if this probe calls {@link Loop#step()} itself and no thread is to be started
     */
    default boolean adopt(Loop loop) {
        return false;
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
