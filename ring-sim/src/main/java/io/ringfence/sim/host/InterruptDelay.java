package io.ringfence.sim.host;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.IntSupplier;

import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

/**
 * Has the firmware hold interrupts of a ring back while somebody polls the ring: those who wait for its jobs ask for interrupts that tell
 * what the poller has seen by then, and each of them takes a processor from the poller or the firmware. The first interrupt that comes
 * too late says that there is a poller, the first that tells news that there is none any more; that one has been held back in vain.
 */
final class InterruptDelay {

    /** Far more than a poller takes for a look, far less than it takes to wake a thread that sleeps. */
    static final long NANOS = 10_000;

    private static final boolean ONE_CPU = Runtime.getRuntime().availableProcessors() == 1;

    private static final VarHandle POLLED;

    static {
        try {
            POLLED = MethodHandles.lookup().findVarHandle(InterruptDelay.class, "polled", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SharedMemory memory;
    private final long descriptor;
    private final IntSupplier epoch;
    @SuppressWarnings("UnusedVariable") // read and written through POLLED only
    private boolean polled;
    /** What the queue knew after the last interrupt. */
    private long found;

    /**
     * Makes that of one ring.
     *
     * @param memory     the memory
     * @param descriptor where the ring's descriptor begins
     * @param epoch      gives the ring's epoch: what is said for another does not count, for example for who had the ring before
     */
    InterruptDelay(SharedMemory memory, long descriptor, IntSupplier epoch) {
        this.memory = memory;
        this.descriptor = descriptor;
        this.epoch = epoch;
    }

    /**
     * An interrupt has come. One thread at a time, that which reads the events.
     *
     * @param told  the last job that it tells of
     * @param known the last job of which the queue knew
     */
    void came(long told, long known) {
        // Two that came together are both dealt with by the look that follows the first.
        boolean late = told <= known && known != found && !ONE_CPU;
        if (late || (boolean) POLLED.getOpaque(this)) {
            POLLED.setOpaque(this, late);
            memory.longRelease(descriptor + RingLayout.INTERRUPT_DELAY_OFFSET,
                    RingLayout.word(epoch.getAsInt(), late ? NANOS : 0));
        }
    }

    /**
     * The look that follows an interrupt was made. The thread that reads the events.
     *
     * @param known the last job of which the queue knows
     */
    void looked(long known) {
        found = known;
    }

    /**
     * The queue has seen a completion. The completion turn's.
     *
     * @param word the completion word
     */
    void seen(long word) {
        if ((boolean) POLLED.getOpaque(this)) {
            memory.longRelease(descriptor + RingLayout.SEEN_OFFSET, word);
        }
    }
}
