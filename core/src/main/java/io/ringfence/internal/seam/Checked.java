package io.ringfence.internal.seam;

import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * The checked mode: verifies at run time what queues, drivers and callbacks promise each other, and names who broke it. Off
 * unless the process was started with {@code -Dringfence.checked=true}; then the JIT removes what it guards.
 *
 * <p>A broken rule is logged as an error of {@code io.ringfence.checked}. Nothing is thrown: what runs goes on as it would
 * without.
 */
public final class Checked {

    /** Name of the system property that turns the checked mode on. */
    public static final String PROPERTY = "ringfence.checked";

    /** Whether rules are verified. Constant for the life of the process. */
    public static final boolean ON = Boolean.getBoolean(PROPERTY);

    private static final System.Logger LOG = System.getLogger("io.ringfence.checked");
    private static final int KEPT = 256;
    private static final Queue<String> VIOLATIONS = new ConcurrentLinkedQueue<>();

    /** So often it is looked at every call, then at every so many. */
    private static final int ALWAYS = 10_000;
    private static final int SAMPLED = 101;
    /** Counted without order: losing some does not matter. */
    private static int calls;

    private static final class Management {
        static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    }

    private Checked() {
    }

    /**
     * Verifies a rule.
     *
     * @param kept      whether it is kept
     * @param otherwise who broke which rule
     */
    public static void that(boolean kept, Supplier<String> otherwise) {
        if (!kept) {
            violated(otherwise.get());
        }
    }

    /**
     * A rule was broken.
     *
     * @param message who broke which rule
     */
    public static void violated(String message) {
        if (VIOLATIONS.size() < KEPT) {
            VIOLATIONS.add(message);
        }
        LOG.log(Level.ERROR, message + "; on thread " + Thread.currentThread().getName(),
                new IllegalStateException(message));
    }

    /**
     * What was broken since this was last asked.
     *
     * @return the messages; of very many, the first
     */
    public static List<String> takeViolations() {
        List<String> taken = List.copyOf(VIOLATIONS);
        VIOLATIONS.clear();
        return taken;
    }

    /**
     * How often the calling thread has parked, waited, or been blocked by a monitor so far.
     *
     * @return a number for {@link #notParkedSince}; -1 if it is not known, as on virtual threads
     */
    public static long parks() {
        Thread thread = Thread.currentThread();
        if (!ON || thread.isVirtual()) {
            return -1;
        }
        // Asking costs some microseconds; what parks does so again.
        int asked = calls + 1;
        calls = asked;
        if (asked > ALWAYS && asked % SAMPLED != 0) {
            return -1;
        }
        return count(thread);
    }

    private static long count(Thread thread) {
        ThreadInfo info = Management.THREADS.getThreadInfo(thread.threadId());
        return info == null ? -1 : info.getWaitedCount() + info.getBlockedCount();
    }

    /**
     * Verifies that the calling thread has not parked.
     *
     * @param before what {@link #parks()} said
     * @param who    whose code ran since, or what supplies its name
     */
    public static void notParkedSince(long before, Object who) {
        if (before >= 0) {
            long after = count(Thread.currentThread());
            if (after > before) {
                LOG.log(Level.WARNING,
                        (who instanceof Supplier<?> name ? name.get() : who) + " parked or was blocked "
                                + (after - before)
                                + " times where nothing may wait; on thread " + Thread.currentThread().getName());
            }
        }
    }
}
