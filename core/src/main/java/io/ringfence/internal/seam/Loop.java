package io.ringfence.internal.seam;

import org.jspecify.annotations.Nullable;

/**
 * A thread of a runtime: it does what there is to do, parks when there is nothing, and is woken by {@link #wake()}.
 *
 * <p>Whoever has work for it first makes the work visible, then calls {@link #wake()}; a wake-up given while the loop
 * is still working is kept by the parking permit, so none is lost.
 */
public final class Loop implements Runnable {

    /** Which turns a loop takes over. */
    public enum Role {
        /** None: it must stay free for something else. */
        NO_TURNS,
        /** Those that do not block. */
        BRIEF_TURNS,
        /** All. */
        ALL_TURNS
    }

    /** The body of a loop. */
    @FunctionalInterface
    public interface Task {
        /**
         * Does what can be done now without waiting.
         *
         * @return whether anything was done
         */
        boolean work();

        /**
         * How long to wait for somebody to wake the loop when there was nothing to do.
         *
         * @return nanoseconds, after which {@link #work()} is called again; 0 to wait until woken
         */
        default long nanosToWait() {
            return 0;
        }
    }

    /** How long a loop waits whose work has thrown: what it wants may be memory. */
    private static final long BACK_OFF_NANOS = 1_000_000;
    /** Failures in a row after which a loop that is to end does not try to end its work before. */
    private static final int MOST_FAILURES = 1000;

    private final String name;
    private final Role role;
    private final Task task;
    private volatile @Nullable Thread thread;
    /** The thread to wake: this loop's own, or one that a probe has given to it. */
    private volatile @Nullable Thread sleeper;
    private volatile boolean stopped;
    /** How often in a row the work has thrown; the loop's own thread. */
    private int failures;

    /**
     * Makes a loop that is not running yet.
     *
     * @param name the name of its thread
     * @param role which turns are handed over to it
     * @param task what it does
     */
    public Loop(String name, Role role, Task task) {
        this.name = name;
        this.role = role;
        this.task = task;
    }

    /** Starts a daemon platform thread for this loop, unless the probe steps it. Called once, or again when it has thrown. */
    public void start() {
        if (Seam.adopt(this)) {
            return;
        }
        Thread created = new RuntimeThread(this, name);
        thread = created;
        sleeper = created;
        created.start();
    }

    /** Makes the loop look for work. Any thread; costs one unpark. */
    public void wake() {
        Seam.unpark(sleeper);
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
        return task.work();
    }

    /**
     * Whether turns of a kind are handed over to this loop.
     *
     * @param blocking whether they may block
     * @return whether it may be kept by them
     */
    public boolean takes(boolean blocking) {
        return role == Role.ALL_TURNS || role == Role.BRIEF_TURNS && !blocking;
    }

    /**
     * Says which thread will run this loop; for a probe that has adopted it.
     *
     * @param runner the thread, woken by {@link #wake()} from now on
     */
    public void runsOn(Thread runner) {
        sleeper = runner;
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
            boolean last = stopped;
            if (workGuarded()) {
                continue;
            }
            // User code that left this thread interrupted would make every park return at once.
            boolean _ = Thread.interrupted();
            if (failures != 0 && !(last && failures > MOST_FAILURES)) {
                Seam.parkNanos(this, BACK_OFF_NANOS);
                continue;
            }
            // Work made visible before the stop was seen before this look, or is seen by one more.
            if (last) {
                return;
            }
            if (!stopped) {
                rest();
            }
        }
    }

    private void rest() {
        long nanos = task.nanosToWait();
        if (nanos > 0) {
            Seam.parkNanos(this, nanos);
        } else {
            Seam.park(this);
        }
    }

    /**
     * How long the loop would wait for somebody to wake it; for a probe that runs loops itself.
     *
     * @return nanoseconds, 0 until woken
     */
    public long nanosToWait() {
        return task.nanosToWait();
    }

    /** Whether anything was done; if not, whether that is because something was thrown can be seen by {@link #failures}. */
    private boolean workGuarded() {
        try {
            boolean done = task.work();
            failures = 0;
            return done;
        } catch (Throwable thrown) {
            failures++;
            if ((failures & failures - 1) == 0) {
                report(thrown);
            }
            return false;
        }
    }

    private void report(Throwable thrown) {
        try {
            System.getLogger("io.ringfence.queue").log(System.Logger.Level.ERROR, name + " goes on after", thrown);
        } catch (Throwable ignored) {
            // The logger is foreign code, and there may be no memory for the text; there is nobody else to tell.
            return;
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
