package io.ringfence.figures.dependencies;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

import io.ringfence.figures.devices.SpinningDevice;

/**
 * The least that a chain over two rings can be which the device resolves: slots with a stamp, written beforehand; for each, elsewhere, what
 * the other ring must have completed; and a completion word for each ring. The device reads both lines of a link and stores one word; the
 * submitter spins on the last ring's. Nothing of what a queue or a firmware is for.
 */
final class BareChain implements Links {

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
    private static final int RINGS = 2;
    private static final int CAPACITY = SpinningDevice.CAPACITY;
    private static final long LINE = 64;
    private static final long PAGE = 4096;
    private static final long WAITS = RINGS * CAPACITY * LINE;
    private static final long COMPLETED = 2 * WAITS;
    private static final long WORD_APART = 128;
    /** Links before the device looks whether it is to end. */
    private static final int MOST = 64;

    private final MemorySegment shared = Arena.ofAuto().allocate(COMPLETED + PAGE, PAGE);
    private final long[] written = new long[RINGS];
    private final Thread device;
    private volatile boolean running = true;
    private long first;

    BareChain() {
        device = Thread.ofPlatform().daemon().name("bare chain").start(this::resolve);
    }

    private static long slot(int ring, long number) {
        return ((long) ring * CAPACITY + (number & CAPACITY - 1)) * LINE;
    }

    private void resolve() {
        long[] done = new long[RINGS];
        while (running) {
            int most = MOST;
            while (most > 0 && (goesOn(done, 0) || goesOn(done, 1))) {
                most--;
            }
            if (most == MOST) {
                Thread.onSpinWait();
            }
        }
    }

    private boolean goesOn(long[] done, int ring) {
        long next = done[ring];
        long slot = slot(ring, next);
        if ((long) WORD.getAcquire(shared, slot) != next + 1
                || done[1 - ring] < (long) WORD.get(shared, WAITS + slot)) {
            return false;
        }
        done[ring] = next + 1;
        WORD.setRelease(shared, COMPLETED + ring * WORD_APART, next + 1);
        return true;
    }

    /** All links but the stamp of the first. */
    @Override
    public void prepare(int count) {
        for (int i = 0; i < count; i++) {
            int ring = i & 1;
            long number = written[ring]++;
            WORD.set(shared, WAITS + slot(ring, number), i == 0 ? 0 : written[1 - ring]);
            if (i == 0) {
                first = number;
            } else {
                WORD.setRelease(shared, slot(ring, number), number + 1);
            }
        }
    }

    @Override
    public long run(int count) {
        WORD.setRelease(shared, slot(0, first), first + 1);
        while ((long) WORD.getAcquire(shared, COMPLETED + WORD_APART) != written[1]) {
            Thread.onSpinWait();
        }
        return written[1];
    }

    @Override
    public void close() throws InterruptedException {
        running = false;
        device.join();
        if ((long) WORD.getAcquire(shared, COMPLETED) != written[0]) {
            throw new IllegalStateException(
                    written[0] + " links were written, " + WORD.getAcquire(shared, COMPLETED) + " are complete");
        }
    }
}
