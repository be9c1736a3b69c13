package io.ringfence.internal.seam;

import java.lang.ref.Cleaner;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * The seam itself: what the core calls instead of the JDK wherever one thread can notice another.
 *
 * <p>Threads: any. Cost with the seam off: that of the JDK call behind it, nothing for {@link #at(Site)}.
 */
public final class Seam {

    /** Name of the system property that turns the seam on; read once, when this class is initialised. */
    public static final String PROPERTY = "ringfence.seam";

    /** Whether a probe may take part. Constant for the life of the process, so that the JIT removes what it guards. */
    public static final boolean ON = Boolean.getBoolean(PROPERTY);

    private static volatile Probe probe = Probe.DIRECT;

    private Seam() {
    }

    /**
     * Makes {@code replacement} the probe of this process.
     *
     * @param replacement the probe that takes the calls from now on
     * @return the probe that took them until now
     * @throws IllegalStateException if the process was started without {@code -Dringfence.seam=true}
     */
    public static Probe install(Probe replacement) {
        if (!ON) {
            throw new IllegalStateException("a probe needs -D" + PROPERTY + "=true when the process starts");
        }
        Probe before = probe;
        probe = replacement;
        return before;
    }

    /**
     * The clock of the core.
     *
     * @return nanoseconds since an arbitrary origin, never decreasing
     */
    public static long nanoTime() {
        return ON ? probe.nanoTime() : System.nanoTime();
    }

    /** One turn of a wait loop that spins. */
    public static void spin() {
        if (ON) {
            probe.spin();
        } else {
            Thread.onSpinWait();
        }
    }

    /**
     * Parks the calling thread until it is unparked, interrupted, or for no reason at all.
     *
     * @param blocker what the thread waits for, shown in thread dumps
     */
    public static void park(Object blocker) {
        if (ON) {
            probe.park(blocker, 0);
        } else {
            LockSupport.park(blocker);
        }
    }

    /**
     * As {@link #park(Object)}, for at most the given time.
     *
     * @param blocker what the thread waits for, shown in thread dumps
     * @param nanos   the longest wait in nanoseconds; nothing happens unless it is positive
     */
    public static void parkNanos(Object blocker, long nanos) {
        if (nanos <= 0) {
            return;
        }
        if (ON) {
            probe.park(blocker, nanos);
        } else {
            LockSupport.parkNanos(blocker, nanos);
        }
    }

    /**
     * Lets a thread go on that is parked or about to park.
     *
     * @param thread the thread, or null, in which case nothing happens
     */
    public static void unpark(@Nullable Thread thread) {
        if (ON) {
            probe.unpark(thread);
        } else {
            LockSupport.unpark(thread);
        }
    }

    /**
     * Marks an access to memory that several threads share, just before it is made.
     *
     * @param site which access
     */
    public static void at(Site site) {
        if (ON) {
            probe.at(site);
        }
    }

    /**
     * Runs something on a virtual thread of its own.
     *
     * @param body what to run
     */
    public static void startVirtual(Runnable body) {
        if (ON) {
            probe.startVirtual(body);
        } else {
            Thread.ofVirtual().name("ringfence-callback").start(body);
        }
    }

    /**
     * Has something done once an object has been collected.
     *
     * @param cleaner what does it
     * @param watched the object
     * @param action  what to do; must not refer to the object
     * @return what ends the watch
     */
    public static Cleaner.Cleanable watch(Cleaner cleaner, Object watched, Runnable action) {
        return ON ? probe.watch(cleaner, watched, action) : cleaner.register(watched, action);
    }

    /**
     * The probe of this process.
     *
     * @return what takes the calls now
     */
    public static Probe installed() {
        return probe;
    }

    static @Nullable Loop loop() {
        return ON ? probe.loop() : null;
    }

    static boolean adopt(Loop loop) {
        return ON && probe.adopt(loop);
    }
}
