package io.ringfence.internal.waiting;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.turn.Deferred;

import org.jspecify.annotations.Nullable;

/** A waiter that lets one parked thread go on. */
public final class Await extends Waiter {

    /** Polls of the spin phase on a platform thread; some 10 µs, a third of what a wake-up across processors costs. */
    private static final int SPINS_PLATFORM = 400;
    /** On a virtual thread: its carrier has others to run, and parking is cheap there. */
    private static final int SPINS_VIRTUAL = 40;
    private static final boolean ONE_CPU = Runtime.getRuntime().availableProcessors() == 1;

    /** What {@link #led} is once the thread has gone on. */
    private static final Object GONE = new Object();
    private static final VarHandle LED;

    static {
        try {
            LED = MethodHandles.lookup().findVarHandle(Await.class, "led", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final @Nullable Thread thread;
    private final boolean virtual;
    private final long since = Seam.nanoTime();
    /** Whether the thread itself has decided not to wait any more; its own. */
    private boolean givenUp;
    /** The share of a crowd that this one wakes when it goes on, {@link #GONE} when it has, or null. */
    @SuppressWarnings("UnusedVariable") // read and written through LED only
    private volatile @Nullable Object led;

    /** Makes a waiter for the calling thread. */
    public Await() {
        this(Thread.currentThread(), Thread.currentThread().isVirtual());
    }

    Await(@Nullable Thread thread, boolean virtual) {
        this.thread = thread;
        this.virtual = virtual;
    }

    @Override
    protected @Nullable Deferred fired() {
        wake();
        return null;
    }

    void wake() {
        Seam.unpark(thread);
    }

    boolean isOfVirtualThread() {
        return virtual;
    }

    /**
     * Has it wake others when it goes on; called once at most, before it is woken.
     *
     * @return false if it has gone on already
     */
    boolean leads(Crowd.Share others) {
        return LED.compareAndSet(this, (Object) null, (Object) others);
    }

    /** The thread goes on because this fired; who waits by {@link #park} need not call it. */
    public void goOn() {
        if (virtual && LED.getAndSet(this, GONE) instanceof Crowd.Share others) {
            others.wakeOthers();
        }
    }

    /**
     * Parks the calling thread, which made this waiter, until it fires.
     *
     * @param blocker what is waited for
     * @param nanos   the longest wait in nanoseconds, or {@code Long.MAX_VALUE} for no bound
     * @return true if it fired, false if the time was over first; it will not fire any more then
     * @throws InterruptedException if the thread is interrupted first; it will not fire any more then
     */
    public boolean park(Object blocker, long nanos) throws InterruptedException {
        boolean hasFired = awaitDecision(blocker, nanos);
        if (hasFired) {
            goOn();
        }
        return hasFired;
    }

    private boolean awaitDecision(Object blocker, long nanos) throws InterruptedException {
        boolean bounded = nanos != Long.MAX_VALUE;
        long start = bounded ? Seam.nanoTime() : 0;
        while (!isDecided()) {
            if (Thread.interrupted()) {
                if (giveUp()) {
                    throw new InterruptedException();
                }
                Thread.currentThread().interrupt();
                return true;
            }
            if (!bounded) {
                Seam.park(blocker);
                continue;
            }
            long left = nanos - (Seam.nanoTime() - start);
            if (left <= 0) {
                return !giveUp();
            }
            Seam.parkNanos(blocker, left);
        }
        return true;
    }

    private boolean giveUp() {
        givenUp = decide();
        return givenUp;
    }

    /**
     * Whether {@link #park} ended without being fired, so that the waiter has to be taken off.
     *
     * @return true once the waiting thread has decided so
     */
    public boolean isGivenUp() {
        return givenUp;
    }

    /**
     * How many polls the calling thread should spend before it parks.
     *
     * @return a small number; 1 on a machine with one processor, where whoever is waited for cannot run meanwhile, and behind a probe,
     *         which decides who runs
     */
    public static int spins() {
        if (ONE_CPU || Seam.ON) {
            return 1;
        }
        return Thread.currentThread().isVirtual() ? SPINS_VIRTUAL : SPINS_PLATFORM;
    }

    /**
     * A bound in nanoseconds.
     *
     * @param timeout any time
     * @return its nanoseconds, 0 if it is over; less than {@code Long.MAX_VALUE}, which stands for no bound
     */
    public static long nanos(Duration timeout) {
        if (timeout.isNegative()) {
            return 0;
        }
        try {
            return Math.min(timeout.toNanos(), Long.MAX_VALUE - 1);
        } catch (ArithmeticException tooLong) {
            return Long.MAX_VALUE - 1;
        }
    }

    @Override
    public String toString() {
        return "thread " + (thread == null ? "" : thread.getName() + "#" + thread.threadId()) + ", since "
                + TimeUnit.NANOSECONDS.toMillis(Seam.nanoTime() - since) + " ms,";
    }
}
