package io.ringfence.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.ringfence.internal.seam.Loop;
import io.ringfence.internal.seam.Seam;

/**
 * Looks at all queues that have something on their devices, some times in the shortest of their timeouts; asleep while there is none.
 * A pass that comes late, because the process stood still, counts no more than one that was on time.
 */
final class Watchdog implements Loop.Task {

    /** Passes in the shortest timeout. */
    private static final int SHARE = 8;
    private static final long SHORTEST_PERIOD = 1_000_000;
    private static final long LONGEST_PERIOD = 1_000_000_000;

    private final Loop loop;
    private final Queue<QueueCore<?>> added = new ConcurrentLinkedQueue<>();
    private final List<QueueCore<?>> watched;
    private long period = LONGEST_PERIOD;
    private long last;
    private boolean idle = true;

    Watchdog(String name) {
        this(name, new ArrayList<>());
    }

    /** With a list to note in what is watched. */
    Watchdog(String name, List<QueueCore<?>> watched) {
        this.watched = watched;
        loop = new Loop(name, Loop.Role.NO_TURNS, this);
    }

    Loop loop() {
        return loop;
    }

    /** A queue has something on its device; any thread that was first to say so. */
    void add(QueueCore<?> core) {
        try {
            added.add(core);
        } catch (OutOfMemoryError noMemory) {
            // Whoever hands over the next job tries again.
            HangClock clock = core.clock();
            if (clock != null) {
                clock.unwatched();
            }
            return;
        }
        loop.wake();
    }

    @Override
    public boolean work() {
        boolean more = take();
        long now = Seam.nanoTime();
        if (watched.isEmpty()) {
            idle = true;
            return false;
        }
        if (idle) {
            idle = false;
            last = now;
        }
        long passed = now - last;
        if (passed < period) {
            return more;
        }
        last = now;
        pass(Math.min(passed, period));
        return true;
    }

    private boolean take() {
        boolean any = false;
        for (QueueCore<?> core = added.peek(); core != null; core = added.peek()) {
            try {
                watched.add(core);
            } catch (OutOfMemoryError noMemory) {
                // It is still there at the next look; the others are looked at meanwhile.
                break;
            }
            QueueCore<?> _ = added.poll();
            any = true;
        }
        if (any) {
            setPeriod();
        }
        return any;
    }

    private void setPeriod() {
        long shortest = Long.MAX_VALUE;
        for (QueueCore<?> core : watched) {
            HangClock clock = core.clock();
            shortest = clock == null ? shortest : Math.min(shortest, clock.shortest());
        }
        period = Math.clamp(shortest / SHARE, SHORTEST_PERIOD, LONGEST_PERIOD);
    }

    private void pass(long passed) {
        boolean _ = watched.removeIf(core -> {
            try {
                return letsGo(core, passed);
            } catch (Throwable thrown) {
                core.faults().report("the watchdog's look", thrown);
                return false;
            }
        });
        setPeriod();
    }

    private static boolean letsGo(QueueCore<?> core, long passed) {
        HangClock clock = core.clock();
        if (clock == null || core.issue().parkedVolatile()) {
            return true;
        }
        if (clock.wasLetGo()) {
            // Whoever handed a job over just before the last pass has perhaps seen that somebody watched.
            return !clock.isBusy() || !clock.isMine();
        }
        if (!clock.pass(passed)) {
            // It stays in the list for one more pass.
            clock.letGo();
        }
        return false;
    }

    @Override
    public long nanosToWait() {
        if (idle) {
            return added.isEmpty() ? 0 : period;
        }
        return Math.max(1, period - (Seam.nanoTime() - last));
    }
}
