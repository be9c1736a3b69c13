package io.ringfence.internal.waiting;

import java.util.concurrent.ThreadFactory;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.turn.Deferred;

import org.jspecify.annotations.Nullable;

/**
 * Many virtual threads that are woken together, by a virtual thread. On a carrier, waking another one needs no lock that all carriers
 * share, several can do it at the same time, and whoever has signalled is not kept: a crowd gets going in half the time. It makes no
 * difference to those who are woken, who need a carrier anyway.
 */
public final class Crowd extends Deferred {

    /** So many are a crowd; for fewer, starting a thread is not worth it. */
    public static final int LEAST = 256;
    /** How many of them one thread wakes. */
    private static final int SHARE = 1024;

    private static final ThreadFactory WAKERS =
            Thread.ofVirtual().name("ringfence-wakes").inheritInheritableThreadLocals(false).factory();

    private final ThreadFactory wakers;
    /** The last one first. */
    private final Deferred waiters;

    private Crowd(ThreadFactory wakers, Deferred waiters) {
        this.wakers = wakers;
        this.waiters = waiters;
    }

    /**
     * Takes the virtual threads that wait out of a chain, if they are a crowd.
     *
     * @param chain decided waiters, and anything else
     * @return the same chain; or what wakes the crowd, and then the others in their order
     */
    public static @Nullable Deferred of(@Nullable Deferred chain) {
        // Who runs is decided by whoever holds the probe.
        return Seam.ON || !isCrowd(chain) ? chain : split(chain, WAKERS);
    }

    private static boolean isCrowd(@Nullable Deferred chain) {
        int found = 0;
        for (Deferred item = chain; item != null && found < LEAST; item = item.next()) {
            found += isVirtual(item) ? 1 : 0;
        }
        return found == LEAST;
    }

    private static boolean isVirtual(Deferred item) {
        return item instanceof Await await && await.isOfVirtualThread();
    }

    /** The crowds, then the others; without memory all that are left stay where they are. */
    static @Nullable Deferred split(@Nullable Deferred chain, ThreadFactory wakers) {
        Deferred crowds = null;
        Deferred others = null;
        Deferred share = null;
        int shared = 0;
        Deferred rest = chain;
        while (rest != null) {
            Deferred item = rest;
            rest = item.next();
            if (!isVirtual(item)) {
                item.next(others);
                others = item;
                continue;
            }
            item.next(share);
            share = item;
            if (++shared == SHARE) {
                crowds = crowd(crowds, share, wakers);
                share = null;
                shared = 0;
            }
        }
        if (share != null) {
            crowds = crowd(crowds, share, wakers);
        }
        return join(crowds, reverse(others));
    }

    private static Deferred crowd(@Nullable Deferred crowds, Deferred share, ThreadFactory wakers) {
        Deferred woken = share;
        try {
            woken = new Crowd(wakers, share);
        } catch (OutOfMemoryError noCrowd) {
            // They are woken where they stand.
        }
        last(woken).next(crowds);
        return woken;
    }

    @Override
    protected @Nullable Deferred perform() {
        Deferred inOrder = reverse(waiters);
        try {
            wakers.newThread(() -> run(inOrder)).start();
            return null;
        } catch (Throwable noThread) {
            // There is no memory for one: they are woken from here.
            return inOrder;
        }
    }

    @Override
    public String toString() {
        return "threads that are woken together";
    }
}
