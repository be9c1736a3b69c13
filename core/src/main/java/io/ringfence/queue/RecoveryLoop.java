package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.Set;

import io.ringfence.driver.FailureDomain;
import io.ringfence.internal.seam.Loop;
import io.ringfence.internal.seam.Seam;

import org.jspecify.annotations.Nullable;

/** The thread of a runtime on which its failure domains are recovered, and which of them there are. */
final class RecoveryLoop implements Loop.Task {

    private static final VarHandle POSTED;

    static {
        try {
            POSTED = MethodHandles.lookup().findVarHandle(RecoveryLoop.class, "posted", Recovery.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** All domains of the process that have queues: each has one actor. Guards itself; held over nobody's code. */
    private static final IdentityHashMap<FailureDomain, Recovery> DOMAINS = new IdentityHashMap<>();

    private final RingfenceRuntime runtime;
    private final Loop loop;
    @SuppressWarnings("UnusedVariable") // read and written through POSTED only
    private volatile @Nullable Recovery posted;
    /** Those that wait for something. */
    private final Set<Recovery> waiting;
    private long next = Long.MAX_VALUE;

    RecoveryLoop(RingfenceRuntime runtime, String name) {
        this(runtime, name, new LinkedHashSet<>());
    }

    /** With a set to note in who waits for something. */
    RecoveryLoop(RingfenceRuntime runtime, String name, Set<Recovery> waiting) {
        this.runtime = runtime;
        this.waiting = waiting;
        loop = new Loop(name, Loop.Role.NO_TURNS, this);
    }

    Loop loop() {
        return loop;
    }

    RingfenceRuntime runtime() {
        return runtime;
    }

    /**
     * Who recovers a queue that is about to be opened.
     *
     * @throws IllegalArgumentException if the domain has queues of another runtime
     */
    Recovery of(QueueCore<?> core, FailureDomain domain) {
        String name = domain.name();
        synchronized (DOMAINS) {
            Recovery known = DOMAINS.computeIfAbsent(domain, _ -> new Recovery(this, domain, name));
            if (!known.isOf(this)) {
                throw new IllegalArgumentException("queue " + core.options().name() + " is of failure domain " + name
                        + ", which has queues of another runtime: all of a domain must be of one");
            }
            known.comes(core);
            return known;
        }
    }

    /** A queue has ended, or was not opened. */
    void left(Recovery recovery, QueueCore<?> core) {
        FailureDomain domain = recovery.domain();
        if (domain != null) {
            synchronized (DOMAINS) {
                if (!recovery.goes(core)) {
                    boolean _ = DOMAINS.remove(domain, recovery);
                }
            }
        }
    }

    /** Has a domain looked at. Any thread. */
    void post(Recovery recovery) {
        Recovery top;
        do {
            top = (Recovery) POSTED.getAcquire(this);
            recovery.nextPosted = top;
        } while (!POSTED.compareAndSet(this, top, recovery));
        loop.wake();
    }

    @Override
    public boolean work() {
        Recovery recovery = (Recovery) POSTED.getAndSet(this, (Recovery) null);
        boolean any = recovery != null;
        if (any) {
            // Should the look fail for want of memory, the next one is due.
            next = Seam.nanoTime();
        }
        try {
            while (recovery != null) {
                boolean _ = waiting.add(recovery);
                Recovery below = recovery.nextPosted;
                recovery.taken();
                recovery = below;
            }
        } finally {
            putBack(recovery);
        }
        if (any || !waiting.isEmpty() && Seam.nanoTime() - next >= 0) {
            step();
            return true;
        }
        return false;
    }

    /** What could not be taken is taken before anything else. */
    private void putBack(@Nullable Recovery rest) {
        if (rest == null) {
            return;
        }
        Recovery last = rest;
        for (Recovery below = last.nextPosted; below != null; below = last.nextPosted) {
            last = below;
        }
        Recovery top;
        do {
            top = (Recovery) POSTED.getAcquire(this);
            last.nextPosted = top;
        } while (!POSTED.compareAndSet(this, top, rest));
    }

    private void step() {
        long now = Seam.nanoTime();
        long soonest = Long.MAX_VALUE;
        var all = waiting.iterator();
        while (all.hasNext()) {
            long until = all.next().step();
            if (until == Long.MAX_VALUE) {
                all.remove();
            } else {
                soonest = Math.min(soonest, until - now);
            }
        }
        next = now + soonest;
    }

    @Override
    public long nanosToWait() {
        return waiting.isEmpty() ? 0 : Math.max(1, next - Seam.nanoTime());
    }
}
