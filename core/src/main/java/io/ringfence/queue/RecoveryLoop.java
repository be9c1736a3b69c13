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

    /** How soon there is another try where memory was short. */
    private static final long RETRY_NANOS = 1_000_000;

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
    /** Some could not be noted for want of memory. */
    private boolean isShort;

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
        push(recovery, recovery);
        loop.wake();
    }

    private void push(Recovery first, Recovery last) {
        Recovery top;
        do {
            top = (Recovery) POSTED.getAcquire(this);
            last.nextPosted = top;
        } while (!POSTED.compareAndSet(this, top, first));
    }

    @Override
    public boolean work() {
        Recovery recovery = null;
        boolean any;
        try {
            recovery = (Recovery) POSTED.getAndSet(this, (Recovery) null);
            any = recovery != null;
            while (recovery != null) {
                boolean _ = waiting.add(recovery);
                Recovery below = recovery.nextPosted;
                recovery.taken();
                recovery = below;
            }
        } catch (OutOfMemoryError noMemory) {
            // Those that are noted are looked at all the same: what they end gives memory back.
            any = true;
        } finally {
            putBack(recovery);
        }
        isShort = recovery != null;
        if (any || !waiting.isEmpty() && Seam.nanoTime() - next >= 0) {
            step();
            return !isShort;
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
        push(rest, last);
    }

    private void step() {
        long now = Seam.nanoTime();
        // Should a look fail for want of memory, another one is due soon.
        next = now + RETRY_NANOS;
        long soonest = Long.MAX_VALUE;
        var all = waiting.iterator();
        while (all.hasNext()) {
            long until = looked(all.next(), now);
            if (until == Long.MAX_VALUE) {
                all.remove();
            } else {
                soonest = Math.min(soonest, until - now);
            }
        }
        next = now + soonest;
    }

    /** One that breaks keeps the others from nothing. */
    private static long looked(Recovery recovery, long now) {
        try {
            return recovery.step();
        } catch (Throwable thrown) {
            QueueFaults.reportFor("", recovery, "a look", thrown);
            return now + RETRY_NANOS;
        }
    }

    @Override
    public long nanosToWait() {
        long nanos = waiting.isEmpty() ? 0 : Math.max(1, next - Seam.nanoTime());
        return !isShort ? nanos : nanos == 0 ? RETRY_NANOS : Math.min(nanos, RETRY_NANOS);
    }
}
