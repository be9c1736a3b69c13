package io.ringfence.figures.devices;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The least that a device's ring is: slots of 64 bytes, each with a stamp, from one thread at a time to another one, which polls the
 * stamps, takes what it finds, and says in one word how much it has taken. Slots are numbered from 0.
 */
public final class StampedSlots {

    /** How many there are. */
    public static final int CAPACITY = SpinningDevice.CAPACITY;

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
    private static final long SLOT = 64;
    private static final long PAGE = 4096;
    /** Where the consumer tells how many slots it has taken, after the slots. */
    private static final long TAKEN = CAPACITY * SLOT + 128;
    /** A word of a slot that nobody reads. */
    private static final long ASKS = 32;
    /** Taken at most before the producer is told. */
    private static final int MOST = 256;
    private static final long STRAYED = -1;

    private final MemorySegment ring = Arena.ofAuto().allocate(CAPACITY * SLOT + PAGE, PAGE);
    private final int behind;
    private final Thread consumer;
    private volatile boolean running = true;
    /** The consumer's; read when it has ended. */
    private long checked;

    /** Starts the consumer; it waits for so many spin hints before it looks again when it has found something. */
    public StampedSlots(int behind) {
        this.behind = behind;
        consumer = Thread.ofPlatform().daemon().name("slots").start(this::consume);
    }

    private static long slot(long number) {
        return (number & CAPACITY - 1) * SLOT;
    }

    private void consume() {
        MemorySegment shared = ring;
        long next = 0;
        long sum = 0;
        while (running) {
            long before = next;
            while ((long) WORD.getAcquire(shared, slot(next)) == next + 1 && next - before < MOST) {
                sum += (long) WORD.get(shared, slot(next) + Long.BYTES) - next;
                next++;
            }
            if (next == before) {
                Thread.onSpinWait();
            } else {
                WORD.setRelease(shared, TAKEN, next);
                for (int i = 0; i < behind; i++) {
                    Thread.onSpinWait();
                }
            }
        }
        checked = sum == 0 ? next : STRAYED;
    }

    /** Fills a slot, which the consumer must have taken the last time, or never seen. */
    public void writeRelease(long number) {
        WORD.set(ring, slot(number) + Long.BYTES, number);
        WORD.setRelease(ring, slot(number), number + 1);
    }

    /** Asks for the lines of some slots, all of which are free. */
    public void askFor(long first, int count) {
        for (int i = 0; i < count; i++) {
            WORD.set(ring, slot(first + i) + ASKS, first);
        }
    }

    /** How many slots the consumer has taken. */
    public long takenAcquire() {
        return (long) WORD.getAcquire(ring, TAKEN);
    }

    /** Waits until so many slots have been taken, ends the consumer, and fails unless it has found in them what was written. */
    public void close(long written) throws InterruptedException {
        while (takenAcquire() < written) {
            Thread.onSpinWait();
        }
        running = false;
        consumer.join();
        if (checked != written) {
            throw new IllegalStateException(written + " slots were written, " + checked + " were taken");
        }
    }
}
