package io.ringfence.internal.turn;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.internal.seam.Loop;

/**
 * Works chains off that must not run on the thread on which they arose, such as the callbacks of an abandoned fence. A
 * platform thread is started when there is something to do and ends when there is nothing left; never more than one.
 */
public final class SpareThread {

    private static final Queue<Deferred> CHAINS = new ConcurrentLinkedQueue<>();
    /** Chains handed in and not worked off; whoever raises it from 0 starts the thread. */
    private static final AtomicInteger LEFT = new AtomicInteger();

    private SpareThread() {
    }

    /**
     * Lets the spare thread work a chain off. Any thread; never waits.
     *
     * @param chain the chain
     */
    public static void run(Deferred chain) {
        boolean first;
        try {
            CHAINS.add(chain);
            first = LEFT.getAndIncrement() == 0;
        } catch (OutOfMemoryError noPlace) {
            Deferred.run(chain);
            return;
        }
        if (first) {
            start();
        }
    }

    private static void start() {
        try {
            Loop loop = new Loop("ringfence-spare", Loop.Role.ALL_TURNS, SpareThread::workOff);
            // It ends as soon as it finds nothing to do.
            loop.stop();
            loop.start();
        } catch (OutOfMemoryError noThread) {
            // What has to be done is done here, rather than never.
            boolean worked;
            do {
                worked = workOff();
            } while (worked);
        }
    }

    private static boolean workOff() {
        Deferred chain = CHAINS.poll();
        if (chain == null) {
            return false;
        }
        int left = 1;
        try {
            Deferred.run(chain);
        } finally {
            // Whoever hands in a chain from now on finds 0 and starts a thread of its own.
            left = LEFT.decrementAndGet();
        }
        return left != 0;
    }
}
