package io.ringfence.queue;

import java.util.concurrent.CyclicBarrier;
import java.util.function.BooleanSupplier;

/** Waiting for what only shows itself by being so. Ends when the time of the test is over. */
final class Spin {

    private Spin() {
    }

    @SuppressWarnings("ThreadPriorityCheck") // on one processor, whoever is waited for needs it
    static void until(BooleanSupplier reached) {
        while (!reached.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("the time is over");
            }
            Thread.yield();
        }
    }

    /** Lets threads go at once, so that what they do next is done at the same time. */
    static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
