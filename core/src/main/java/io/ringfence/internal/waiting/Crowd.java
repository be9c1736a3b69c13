package io.ringfence.internal.waiting;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.DeferredList;
import io.ringfence.internal.turn.SpareThread;

import org.jspecify.annotations.Nullable;

/**
 * Many virtual threads that are woken together. The signaller wakes one of each share, and that one wakes the others of its share when it
 * goes on: on its carrier, which takes no lock that all carriers want and has the others next, as long as their lines are in its cache. A
 * crowd gets going in two thirds of the time, and keeps the signaller a third as long.
 *
 * <p>Nothing depends on a carrier. Those who wait may be pinned and hold all of them, so a platform thread looks on: when no share was
 * taken for a while, it takes all that are left. Each share is taken once.
 */
public final class Crowd extends Deferred {

    /** So many are a crowd; for fewer, a platform thread is not worth it. */
    static final int LEAST = 4096;
    /** How many belong together. */
    static final int SHARE = 1024;
    /** How long it may take until the next share is taken. */
    private static final long PATIENCE_NANOS = 1_000_000;

    private static final SpareThread LOOKING_ON = new SpareThread("ringfence-crowds");
    private static final VarHandle STATE;
    private static final VarHandle LEFT;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(Share.class, "state", int.class);
            LEFT = lookup.findVarHandle(Crowd.class, "left", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Onlooker onlooker = new Onlooker();
    /** The share made last, and behind it those before. */
    private @Nullable Share shares;
    /** Shares of which not all have been woken; counted up by the thread that gathers the crowd, before others know it. */
    private volatile int left;

    private Crowd() {
    }

    /** Makes sure that what is used later needs no more of the stack than its frames. */
    public static void prepare() {
        // Initialising the class is all there is to do.
    }

    /**
     * Takes the virtual threads that wait out of a chain, if they are many.
     *
     * @param chain decided waiters, and anything else
     * @return the same chain; or what wakes the crowd, and then the others in their order
     */
    static @Nullable Deferred of(@Nullable Deferred chain) {
        // Who runs is decided by whoever holds the probe.
        return Seam.ON || !isCrowd(chain) ? chain : split(chain);
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

    private static @Nullable Deferred split(@Nullable Deferred chain) {
        Crowd crowd;
        DeferredList others;
        try {
            crowd = new Crowd();
            others = new DeferredList();
        } catch (OutOfMemoryError noCrowd) {
            return chain;
        }
        Deferred lastFirst = crowd;
        Deferred rest = chain;
        while (rest != null) {
            Deferred item = rest;
            rest = item.next();
            item.next(null);
            if (!isVirtual(item)) {
                others.append(item, item);
            } else if (!crowd.joins((Await) item)) {
                lastFirst.next(item);
                lastFirst = item;
            }
        }
        lastFirst.next(others.take());
        return crowd;
    }

    /** Whether a waiter is woken by the first of its share; if not, it is the first of the next one, or alone if there is no memory for that. */
    private boolean joins(Await waiter) {
        Share share = shares;
        if (share != null && share.size < SHARE) {
            share.add(waiter);
            return true;
        }
        try {
            shares = new Share(this, waiter, share);
            int before = left;
            left = before + 1;
        } catch (OutOfMemoryError alone) {
            return false;
        }
        return false;
    }

    /** What is behind it in the chain are the firsts. */
    @Override
    protected @Nullable Deferred perform() {
        for (Share share = shares; share != null; share = share.before) {
            // If it has gone on already it does not see this, and the others are left to the onlooker.
            share.first.leads(share);
        }
        LOOKING_ON.work(onlooker);
        return null;
    }

    @Override
    public String toString() {
        return "threads that are woken together";
    }

    /** Sees to it that all are woken. */
    private final class Onlooker extends Deferred {
        @Override
        protected @Nullable Deferred perform() {
            int before = -1;
            for (int now = left; now != 0; now = left) {
                if (now == before) {
                    wakeAll();
                }
                before = now;
                Seam.parkNanos(Crowd.this, PATIENCE_NANOS);
            }
            return null;
        }

        private void wakeAll() {
            for (Share share = shares; share != null; share = share.before) {
                share.wakeFromOutside();
            }
        }

        @Override
        public String toString() {
            return "looking on while threads wake each other";
        }
    }

    /** Some of a crowd. */
    static final class Share {

        private static final int FREE = 0;
        private static final int TAKEN = 1;
        private static final int DONE = 2;

        private final Crowd crowd;
        private final Await first;
        private final @Nullable Share before;
        private Await last;
        private int size = 1;
        /** Those behind the first who have not been woken; belongs to whoever has taken the share. */
        private @Nullable Deferred others;
        @SuppressWarnings("UnusedVariable") // read through STATE
        private volatile int state;

        Share(Crowd crowd, Await first, @Nullable Share before) {
            this.crowd = crowd;
            this.first = first;
            this.before = before;
            last = first;
        }

        private void add(Await waiter) {
            if (others == null) {
                others = waiter;
            } else {
                last.next(waiter);
            }
            last = waiter;
            size++;
        }

        private boolean take() {
            return STATE.compareAndSet(this, FREE, TAKEN);
        }

        private void leave() {
            boolean done = others == null;
            state = done ? DONE : FREE;
            if (done) {
                LEFT.getAndAdd(crowd, -1);
            }
        }

        /** Wakes all but the first, unless somebody else does; for the first, who may be inside of user code. */
        void wakeOthers() {
            if (!take()) {
                return;
            }
            try {
                while (others instanceof Await waiter) {
                    Deferred rest = waiter.next();
                    waiter.wake();
                    waiter.next(null);
                    others = rest;
                }
            } finally {
                leave();
            }
        }

        /** As {@link #wakeOthers}, but none suffers from another that cannot be woken. */
        private void wakeFromOutside() {
            if (take()) {
                Deferred.run(others);
                others = null;
                leave();
            }
        }
    }
}
