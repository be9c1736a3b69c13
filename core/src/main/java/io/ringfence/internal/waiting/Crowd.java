package io.ringfence.internal.waiting;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;

import io.ringfence.internal.seam.Loop;
import io.ringfence.internal.seam.RuntimeThread;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.DeferredList;

import org.jspecify.annotations.Nullable;

/**
 * Many virtual threads that are woken together. The signaller wakes one of each share, and that one wakes the others of its share when it
 * goes on: on its carrier, which takes no lock that all carriers want and has the others next, as long as their lines are in its cache. A
 * crowd gets going in two thirds of the time, and keeps the signaller a third as long.
 *
 * <p>Nothing depends on a carrier. Those who wait may be pinned and hold all of them, so a platform thread of the crowd's own looks on: when
 * no share was finished for a while, it takes all that are left. Each share is taken once.
 */
public final class Crowd extends Deferred {

    /** So many are a crowd; for fewer, a platform thread is not worth it. */
    static final int LEAST = 4096;
    /** How many belong together. */
    static final int SHARE = 1024;
    /** How long it may take until the next share is finished. */
    private static final long PATIENCE_NANOS = 1_000_000;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Share.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
        if (!Seam.ON) {
            rehearse();
        }
    }

    /** The firsts, and those that are not in the crowd; empty once it is in a chain. */
    private final DeferredList kept = new DeferredList();
    /** The share made last, and behind it those before. */
    private @Nullable Share shares;

    private Crowd() {
    }

    /**
     * Walks through all of it once while there is room enough on the stack: loading and linking takes far more than the code itself, and
     * waiters that were decided must not be lost.
     */
    public static void prepare() {
        // Initialising the class is all there is to do.
    }

    private static void rehearse() {
        Await first = new Await(null, true);
        first.next(new Await(null, true));
        boolean _ = isCrowd(first);
        DeferredList list = new DeferredList();
        Crowd crowd = Objects.requireNonNull(made());
        list.append(crowd, crowd);
        list.append(first);
        end(gather(crowd, list, null), list);
        crowd.begin(false);
        crowd.lead();
        first.goOn();
        boolean _ = new Onlooker(crowd).loop.isStopped() || RuntimeThread.isWorker(false);
    }

    /**
     * Puts a crowd in the place of its waiters, if they are many.
     *
     * @param chain decided waiters, and anything else
     * @return the same chain; or what wakes the crowd, and then the others in their order
     */
    static @Nullable Deferred of(@Nullable Deferred chain) {
        return isCrowd(chain) ? gathered(chain) : chain;
    }

    private static @Nullable Deferred gathered(@Nullable Deferred chain) {
        Crowd crowd = made();
        if (crowd == null) {
            return chain;
        }
        crowd.take(chain);
        crowd.next(crowd.kept.take());
        return crowd;
    }

    private static @Nullable Crowd made() {
        try {
            return new Crowd();
        } catch (OutOfMemoryError noCrowd) {
            return null;
        }
    }

    /**
     * As {@link #of}, for the end of a list that still grows: what is gathered is not in the list again before {@link #end}.
     *
     * @param known  the crowd of those that were in the list before, null as long as there is none
     * @param list   a list
     * @param before what was its last item before the waiters were appended, or null
     * @return the crowd; null if there is none yet
     */
    static @Nullable Crowd gather(@Nullable Crowd known, DeferredList list, @Nullable Deferred before) {
        if (known != null) {
            known.take(list.takeBehind(known));
            return known;
        }
        Crowd crowd = isCrowd(list.behind(before)) ? made() : null;
        if (crowd != null) {
            crowd.take(list.takeBehind(before));
            list.append(crowd, crowd);
        }
        return crowd;
    }

    private static boolean isCrowd(@Nullable Deferred chain) {
        if (Seam.ON) {
            // Who runs is decided by whoever holds the probe.
            return false;
        }
        int found = 0;
        for (Deferred item = chain; item != null && found < LEAST; item = item.next()) {
            found += isVirtual(item) ? 1 : 0;
        }
        return found == LEAST;
    }

    private static boolean isVirtual(Deferred item) {
        return item instanceof Await await && await.isOfVirtualThread();
    }

    private void take(@Nullable Deferred chain) {
        Deferred rest = chain;
        while (rest != null) {
            Deferred item = rest;
            rest = item.next();
            item.next(null);
            if (!isVirtual(item) || !joins((Await) item)) {
                kept.append(item, item);
            }
        }
    }

    /** Appends the firsts and those that are not in the crowd to a list that ends with it; nothing if there is none. */
    static void end(@Nullable Crowd crowd, DeferredList list) {
        Deferred last = crowd == null ? null : crowd.kept.last();
        Deferred chain = crowd == null ? null : crowd.kept.take();
        if (chain != null && last != null) {
            list.append(chain, last);
        }
    }

    /** Whether a waiter is woken by the first of its share; if not, it is the first of the next one, or alone if there is no memory for that. */
    private boolean joins(Await waiter) {
        Share share = shares;
        if (share != null && share.size < SHARE) {
            share.add(waiter);
            return true;
        }
        try {
            shares = new Share(waiter, share);
        } catch (OutOfMemoryError alone) {
            return false;
        }
        return false;
    }

    /** What is behind it in the chain are the firsts; they are still here if there was no room on the stack to end it. */
    @Override
    protected @Nullable Deferred perform() {
        begin(true);
        return kept.take();
    }

    /** Has the firsts wake the others, if somebody can look on. */
    void begin(boolean mayStartThread) {
        if (mayStartThread && isLookedOn()) {
            lead();
        } else {
            // The chain goes on with the firsts, and nobody has been told to wake others.
            wakeAll();
        }
    }

    private boolean isLookedOn() {
        try {
            new Onlooker(this).loop.start();
            return true;
        } catch (Throwable noThread) {
            return false;
        }
    }

    private void lead() {
        for (Share share = shares; share != null; share = share.before) {
            if (!share.first.leads(share)) {
                // It has gone on already.
                share.wakeOthers();
            }
        }
    }

    private void wakeAll() {
        for (Share share = shares; share != null; share = share.before) {
            share.wakeOthers();
        }
    }

    private int unfinished() {
        int count = 0;
        for (Share share = shares; share != null; share = share.before) {
            count += share.isDoneVolatile() ? 0 : 1;
        }
        return count;
    }

    @Override
    public String toString() {
        return "threads that are woken together";
    }

    /** Sees to it that all are woken. */
    private static final class Onlooker implements Loop.Task {

        private final Crowd crowd;
        private final Loop loop = new Loop("ringfence-crowd", Loop.Role.NO_TURNS, this);
        private int before = -1;

        Onlooker(Crowd crowd) {
            this.crowd = crowd;
        }

        @Override
        public boolean work() {
            int now = crowd.unfinished();
            if (now == 0) {
                loop.stop();
            } else if (now == before) {
                crowd.wakeAll();
            }
            before = now;
            return false;
        }

        @Override
        public long nanosToWait() {
            return PATIENCE_NANOS;
        }
    }

    /** Some of a crowd. */
    static final class Share {

        private static final int FREE = 0;
        private static final int TAKEN = 1;
        private static final int DONE = 2;

        private final Await first;
        private final @Nullable Share before;
        private @Nullable Await last;
        private int size = 1;
        /** Those behind the first who have not been woken; belongs to whoever has taken the share. */
        private @Nullable Await others;
        @SuppressWarnings("UnusedVariable") // read through STATE
        private volatile int state;

        Share(Await first, @Nullable Share before) {
            this.first = first;
            this.before = before;
        }

        private void add(Await waiter) {
            if (last == null) {
                others = waiter;
            } else {
                last.next(waiter);
            }
            size++;
            last = size < SHARE ? waiter : null;
        }

        private boolean isDoneVolatile() {
            return (int) STATE.getVolatile(this) == DONE;
        }

        /** Wakes all but the first, unless somebody else does. */
        void wakeOthers() {
            if (!STATE.compareAndSet(this, FREE, TAKEN)) {
                return;
            }
            try {
                for (Await waiter = others; waiter != null; waiter = others) {
                    // First: whoever cannot go on from here leaves this one too.
                    wake(waiter);
                    others = (Await) waiter.next();
                    waiter.next(null);
                }
            } finally {
                // Whoever could not go on leaves the rest to the onlooker.
                STATE.setVolatile(this, others == null ? DONE : FREE);
            }
        }

        private static void wake(Await waiter) {
            try {
                waiter.wake();
            } catch (Throwable broken) {
                report(waiter, broken);
            }
        }
    }
}
