package io.ringfence.internal.turn;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.ringfence.internal.seam.Loop;

/**
 * Works chains off that must not run on the thread on which they arose, such as the callbacks of an abandoned fence. A
 * platform thread is started when there is something to do and ends when there is nothing left; never more than one for each instance.
 */
public final class SpareThread {

    /** For user code, which may take its time. */
    private static final SpareThread COMMON = new SpareThread("ringfence-spare");

    private final String name;
    private final Queue<Deferred> chains = new ConcurrentLinkedQueue<>();
    /** Chains handed in and not worked off; whoever raises it from 0 starts the thread. */
    private final AtomicInteger left = new AtomicInteger();

    /**
     * Makes one for chains that must not wait for others; the thread is started when there is one.
     *
     * @param name the name of its thread
     */
    public SpareThread(String name) {
        this.name = name;
    }

    /**
     * Lets the spare thread that all share work a chain off. Any thread; never waits.
     *
     * @param chain the chain
     */
    public static void run(Deferred chain) {
        COMMON.work(chain);
    }

    /**
     * Lets this spare thread work a chain off. Any thread; never waits.
     *
     * @param chain the chain
     */
    public void work(Deferred chain) {
        boolean first;
        try {
            chains.add(chain);
            first = left.getAndIncrement() == 0;
        } catch (OutOfMemoryError noPlace) {
            Deferred.run(chain);
            return;
        }
        if (first) {
            start();
        }
    }

    private void start() {
        try {
            Loop loop = new Loop(name, Loop.Role.ALL_TURNS, this::workOff);
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

    private boolean workOff() {
        Deferred chain = chains.poll();
        if (chain == null) {
            return false;
        }
        int rest = 1;
        try {
            Deferred.run(chain);
        } finally {
            // Whoever hands in a chain from now on finds 0 and starts a thread of its own.
            rest = left.decrementAndGet();
        }
        return rest != 0;
    }
}
