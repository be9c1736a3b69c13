package io.ringfence.sim.replay;

import java.util.Comparator;
import java.util.PriorityQueue;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;

/** Fences that the clock signals: a job that names one does not begin before its moment. */
final class Gates {

    private record Gate(long time, FenceIssuer issuer) {
    }

    private final PriorityQueue<Gate> pending = new PriorityQueue<>(Comparator.comparingLong(Gate::time));

    Fence at(long time) {
        FenceIssuer issuer = FenceIssuer.create("time " + time + " ns");
        pending.add(new Gate(time, issuer));
        return issuer.fence();
    }

    /** The next moment at which a gate opens, or {@code Long.MAX_VALUE}. */
    long next() {
        Gate first = pending.peek();
        return first == null ? Long.MAX_VALUE : first.time();
    }

    void open(long now) {
        while (next() <= now) {
            pending.remove().issuer().signal();
        }
    }
    /** What still waits for its moment is told that it will not come. */
    void giveUp() {
        for (Gate gate = pending.poll(); gate != null; gate = pending.poll()) {
            gate.issuer().fail(new Failure.Cancelled("the replay ended before its time " + gate.time() + " ns"));
        }
    }
}
