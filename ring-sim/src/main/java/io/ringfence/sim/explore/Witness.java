package io.ringfence.sim.explore;

import java.util.HashMap;
import java.util.Map;

import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;

import org.jspecify.annotations.Nullable;

/** Watches what a queue asks of its device: in each epoch in order, each job once, and none again that must not be. */
final class Witness {

    /** How deep one call of a device may stand above another. */
    private static final int DEEPEST = 200;
    private static final int LOOK_EVERY = 16;

    private final World world;
    private final String name;
    /** All that were ever handed to the device, by seqno. */
    private final Map<Long, Job> handed = new HashMap<>();
    private int epoch;
    private long passed;
    private @Nullable Task inside;
    private int calls;

    Witness(World world, String name) {
        this.world = world;
        this.name = name;
    }

    int epoch() {
        return epoch;
    }

    /** The last job with a seqno that was handed over, in whichever epoch. */
    @Nullable
    Job taken(long seqno) {
        return handed.get(seqno);
    }

    /** A job is handed over, or refused. */
    void passes(String what, long seqno, Job job) {
        if (seqno <= passed) {
            world.violate(what + " of " + job + "#" + seqno + " after #" + passed + " on " + name);
        }
        passed = seqno;
        job.seqno = seqno;
        if (job.cancels != 0 || job.runs != 0 && !mayPassAgain(job)) {
            world.violate(what + " of " + job + ", which was run " + job.runs + " times and cancelled " + job.cancels
                    + " times before, last in epoch " + job.epoch + " of " + epoch);
        }
        if (epoch > job.cancelledIn && "run".equals(what)) {
            world.violate("run of " + job + " in epoch " + epoch + ", which was cancelled in epoch " + job.cancelledIn);
        }
        for (Job other : handed.values()) {
            if (other.seqno < seqno && !other.isSettledOrIn(epoch)) {
                world.violate(what + " of " + job + " before " + other + ", which is to be handed over again");
            }
        }
        job.epoch = epoch;
        if (inside != null) {
            world.violate(what + " of " + job + " beside another call, of " + inside);
        }
        if (++calls % LOOK_EVERY == 0 && StackWalker.getInstance()
                .walk(frames -> frames.limit(DEEPEST + 1).count()) > DEEPEST) {
            world.violate(what + " of " + job + " stands on more than " + DEEPEST + " frames");
        }
    }

    private boolean mayPassAgain(Job job) {
        return job.epoch < epoch && job.completeAt == 0 && job.condemned == null && !job.throwsInRun;
    }

    /** A job is on the device now. */
    void takes(long seqno, Job job) {
        var _ = handed.put(seqno, job);
    }

    void enters() {
        inside = world.running();
    }

    void leaves() {
        inside = null;
    }

    /** The ring is empty, and a new epoch begins. */
    void restarts(int next) {
        if (next != epoch + 1) {
            world.violate(name + " goes from epoch " + epoch + " to " + next);
        }
        if (inside != null) {
            world.violate("restart of " + name + " beside another call, of " + inside);
        }
        epoch = next;
        passed = 0;
        for (Job job : handed.values()) {
            PointFence fence = job.fence;
            if (!job.isSettledOrIn(next) && fence != null && fence.isDone() && !job.failed) {
                world.violate(job + " is " + fence.outcome() + ", though it was reset and is to be handed over again");
            }
        }
    }

    /** At each step: what the device works on is not complete. */
    void check(Iterable<Job> onDevice) {
        for (Job job : onDevice) {
            PointFence fence = job.fence;
            if (fence != null && fence.outcome() == Outcome.OK) {
                world.violate(job + " is signalled while " + name + " still works on it, in epoch " + epoch);
            }
        }
    }
}
