package io.ringfence.sim.firmware;

import java.util.concurrent.atomic.AtomicReferenceArray;

import io.ringfence.internal.seam.Seam;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;

/**
 * The firmware: in each round it looks at every open ring. What it learns from the host it reads from the shared
 * memory; only interrupts go through objects, as they would go through a line.
 */
public final class FirmwareAgent implements Agent {

    private final SharedMemory memory;
    private final Interpreter interpreter;
    private final int words;
    private final @Nullable Context[] contexts;
    private final AtomicReferenceArray<Runnable> interrupts;
    private long heartbeat;

    /**
     * Attaches to shared memory whose header is complete.
     *
     * @param memory     the memory
     * @param interrupts per ring, what raises the host's interrupt; set before the ring's open bit
     */
    public FirmwareAgent(SharedMemory memory, AtomicReferenceArray<Runnable> interrupts) {
        this.memory = memory;
        this.interrupts = interrupts;
        int rings = memory.intPlain(RingLayout.RINGS_OFFSET);
        int slots = memory.intPlain(RingLayout.SLOTS_OFFSET);
        long arena = memory.longPlain(RingLayout.ARENA_BYTES_OFFSET);
        interpreter = new Interpreter(memory.segment().asSlice(RingLayout.arena(rings, slots), arena));
        words = (rings + Long.SIZE - 1) / Long.SIZE;
        contexts = new Context[rings];
    }

    @Override
    public int doWork() {
        // One reading a round: a delay that begins in this round begins now.
        long now = Seam.nanoTime();
        int completed = 0;
        for (int word = 0; word < words; word++) {
            long open = memory.longAcquire(RingLayout.OPEN_OFFSET + (long) word * Long.BYTES);
            for (long rest = open; rest != 0; rest &= rest - 1) {
                int ring = word * Long.SIZE + Long.numberOfTrailingZeros(rest);
                if (ring < contexts.length) {
                    completed += context(ring).poll(now);
                }
            }
        }
        memory.longPlain(RingLayout.HEARTBEAT_OFFSET, ++heartbeat);
        return completed;
    }

    private Context context(int ring) {
        Context known = contexts[ring];
        if (known == null || !known.isCurrent()) {
            known = new Context(memory, interpreter, () -> interrupt(ring), ring);
            contexts[ring] = known;
        }
        return known;
    }

    /** Raises what is the ring's line now: the ring may have been opened for another queue since its context was made. */
    private void interrupt(int ring) {
        Runnable line = interrupts.get(ring);
        if (line != null) {
            line.run();
        }
    }

    /**
     * Announces that the firmware is about to sleep, or that it is awake.
     *
     * @param asleep whether the host has to ring the doorbell
     */
    void asleepVolatile(boolean asleep) {
        memory.longVolatile(RingLayout.ASLEEP_OFFSET, asleep ? 1 : 0);
    }

    /** Whether any ring has a command to take. */
    boolean hasWork() {
        for (int word = 0; word < words; word++) {
            long open = memory.longVolatile(RingLayout.OPEN_OFFSET + (long) word * Long.BYTES);
            for (long rest = open; rest != 0; rest &= rest - 1) {
                int ring = word * Long.SIZE + Long.numberOfTrailingZeros(rest);
                if (ring < contexts.length && context(ring).hasWork()) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * When the next delay ends.
     *
     * @return the time in nanoseconds, or {@code Long.MAX_VALUE} if nothing is delayed
     */
    public long nextDelayEnd() {
        long next = Long.MAX_VALUE;
        for (Context context : contexts) {
            if (context != null && context.isDelayed()) {
                next = Math.min(next, context.delayEnd());
            }
        }
        return next;
    }

    @Override
    public String roleName() {
        return "ringfence-firmware";
    }
}
