package io.ringfence.internal.seam;

/** A platform thread that belongs to a runtime, so that a turn holder can tell it from a borrowed one. */
public final class RuntimeThread extends Thread {

    RuntimeThread(Runnable body, String name) {
        super(null, body, name, 0, false);
        setDaemon(true);
    }

    /**
     * Whether the calling thread was borrowed from a user.
     *
     * @return false on the threads of a runtime
     */
    public static boolean borrowed() {
        return !(Thread.currentThread() instanceof RuntimeThread || Seam.ON && Loop.steppedByCaller());
    }
}
