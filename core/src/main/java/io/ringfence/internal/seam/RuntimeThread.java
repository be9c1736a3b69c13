package io.ringfence.internal.seam;

/** A platform thread that belongs to a runtime, so that a turn holder can tell it from a borrowed one. */
public final class RuntimeThread extends Thread {

    private final boolean worker;

    RuntimeThread(Runnable body, String name, boolean worker) {
        super(null, body, name, 0, false);
        this.worker = worker;
        setDaemon(true);
    }

    /**
     * Whether the calling thread is one that turns are handed over to.
     *
     * @return false on borrowed threads, and on the one that must stay free for interrupts
     */
    public static boolean isWorker() {
        return Thread.currentThread() instanceof RuntimeThread thread ? thread.worker
                : Seam.ON && Loop.workerSteppedByCaller();
    }
}
