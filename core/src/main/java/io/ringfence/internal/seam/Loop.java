package io.ringfence.internal.seam;

import org.jspecify.annotations.Nullable;

/**
 * A thread of a runtime: it does what there is to do, parks when there is nothing, and is woken by {@link #wake()}.
 *
 * <p>Whoever has work for it first makes the work visible, then calls {@link #wake()}; a wake-up given while the loop is
 * still working is kept by the parking permit, so none is lost.
 */
public final class Loop implements Runnable {

    /** The body of a loop. */
    @FunctionalInterface
    public interface Task {
        /**
         * Does what can be done now without waiting.
         *
         * @return whether anything was done
         */
        boolean work();
    }

    /** The thread that steps a loop on behalf of a probe, which runs one thread at a time. */
    private static volatile @Nullable Thread stepping;

    private final String name;
    private final Task task;
    private @Nullable Thread thread;
    private volatile boolean stopped;

    /**
     * Makes a loop that is not running yet.
     *
     * @param name the name of its thread
     * @param task what it does
     */
    public Loop(String name, Task task) {
        this.name = name;
        this.task = task;
    }

    /** Starts a daemon platform thread for this loop, unless the probe steps it. Called once. */
    public void start() {
        if (Seam.adopt(this)) {
            return;
        }
        Thread created = new RuntimeThread(this, name);
        thread = created;
        created.start();
    }

    /** Makes the loop look for work. Any thread; costs one unpark. */
    public void wake() {
        Thread sleeper = thread;
        if (sleeper != null) {
            Seam.unpark(sleeper);
        }
    }

    /** Asks the loop to end once it has nothing left to do. Any thread, any number of times. */
    public void stop() {
        stopped = true;
        wake();
    }

    /**
     * Waits until the thread has ended.
     *
     * @throws InterruptedException if the caller is interrupted meanwhile
     */
    public void join() throws InterruptedException {
        Thread ending = thread;
        if (ending != null && ending != Thread.currentThread()) {
            ending.join();
        }
    }

    /**
     * Does one round of work; for a probe that runs loops itself.
     *
     * @return whether anything was done
     */
    public boolean step() {
        Thread before = stepping;
        stepping = Thread.currentThread();
        try {
            return task.work();
        } finally {
            stepping = before;
        }
    }

    static boolean steppedByCaller() {
        return stepping == Thread.currentThread();
    }

    /**
     * Whether {@link #stop()} was called.
     *
     * @return true once it was
     */
    public boolean isStopped() {
        return stopped;
    }

    @Override
    public void run() {
        for (;;) {
            if (task.work()) {
                continue;
            }
            if (stopped) {
                return;
            }
            Seam.park(this);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
