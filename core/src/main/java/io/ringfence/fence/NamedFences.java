package io.ringfence.fence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What to do with fences that somebody named together: flatten them, and find out which of them to wait for. Waiting can be
 * shortened to the last point of each timeline; whose outcome counts never is.
 */
final class NamedFences {

    private static final int DESCRIBED = 3;
    private static final int FEW = 16;
    private static final Fence[] NONE = {};

    private NamedFences() {
    }

    /** Puts leaves in place of every all-of, and leaves out what is ok; in the order of naming. */
    private static List<Fence> notOk(Collection<? extends Fence> named) {
        List<Fence> leaves = new ArrayList<>(named.size());
        for (Fence fence : named) {
            if (Objects.requireNonNull(fence, "fence") instanceof AllFence all) {
                for (Fence leaf : all.named()) {
                    addNotOk(leaf, leaves);
                }
            } else {
                addNotOk(fence, leaves);
            }
        }
        return leaves;
    }

    private static void addNotOk(Fence leaf, List<Fence> leaves) {
        // Looking for the same among many would cost more than waiting for it twice.
        if (leaf.outcome() != Outcome.OK && (leaves.size() > FEW || !leaves.contains(leaf))) {
            leaves.add(leaf);
        }
    }

    /**
     * A fence for all that were named.
     *
     * @param fences what was named
     * @return one of them if only one is not ok
     */
    static Fence all(Collection<? extends Fence> fences) {
        List<Fence> leaves = notOk(fences);
        if (leaves.isEmpty()) {
            return fences.isEmpty() ? SignalledFence.STUB : signalledWith(fences);
        }
        if (leaves.size() == 1) {
            return leaves.getFirst();
        }
        Fence[] sorted = leaves.toArray(NONE);
        if (!isSorted(sorted)) {
            Arrays.sort(sorted, Fence.BY_POINT);
        }
        Fence[] waits = lastPoints(sorted);
        arm(waits);
        return new AllFence(sorted, waits);
    }

    private static boolean isSorted(Fence[] leaves) {
        for (int i = 1; i < leaves.length; i++) {
            if (Fence.BY_POINT.compare(leaves[i - 1], leaves[i]) > 0) {
                return false;
            }
        }
        return true;
    }

    private static Fence signalledWith(Collection<? extends Fence> ok) {
        OptionalLong latest = latest(ok.toArray(NONE));
        return SignalledFence.stub("signalled", null, latest.orElse(StateFence.FORGOTTEN));
    }

    /** The latest of the times of fences that are done; empty if one is not known. */
    static OptionalLong latest(Fence[] done) {
        OptionalLong latest = OptionalLong.empty();
        for (Fence fence : done) {
            OptionalLong time = fence.signalTime();
            if (time.isEmpty()) {
                return time;
            }
            if (latest.isEmpty() || time.getAsLong() - latest.getAsLong() > 0) {
                latest = time;
            }
        }
        return latest;
    }

    /** The earliest of the times that are known. */
    static OptionalLong earliest(Fence[] fences) {
        OptionalLong earliest = OptionalLong.empty();
        for (Fence fence : fences) {
            OptionalLong time = fence.signalTime();
            if (time.isPresent() && (earliest.isEmpty() || time.getAsLong() - earliest.getAsLong() < 0)) {
                earliest = time;
            }
        }
        return earliest;
    }

    /** A fence for the first of those that were named. */
    static Fence any(Collection<? extends Fence> fences) {
        Set<Fence> leaves = new LinkedHashSet<>();
        for (Fence fence : fences) {
            if (Objects.requireNonNull(fence, "fence") instanceof AnyFence any) {
                leaves.addAll(Arrays.asList(any.named()));
            } else {
                leaves.add(fence);
            }
        }
        if (leaves.isEmpty()) {
            throw new IllegalArgumentException("any of no fences would never be signalled: name 1 fence or more");
        }
        if (leaves.size() == 1) {
            return leaves.iterator().next();
        }
        Fence[] all = leaves.toArray(NONE);
        arm(all);
        return new AnyFence(all);
    }

    /**
     * A container that becomes part of another is told to watch its own leaves, so that asking the outer one never asks
     * deeper than one level.
     */
    private static void arm(Fence[] leaves) {
        for (Fence leaf : leaves) {
            armContainer(leaf);
        }
    }

    /** Tells a fence to watch its leaves, if it has any. */
    static void armContainer(Fence leaf) {
        if (isContainer(leaf)) {
            leaf.arm();
        }
    }

    static boolean isContainer(Fence fence) {
        return fence instanceof StateFence && !(fence instanceof SignalledFence);
    }

    /** Lets the producer of a leaf look, unless the leaf is a container, which watches its own. */
    static void pollBasic(Fence leaf) {
        if (!isContainer(leaf)) {
            leaf.poll();
        }
    }

    /** The pending ones of sorted leaves, of each timeline the last. */
    private static Fence[] lastPoints(Fence[] sorted) {
        Fence[] kept = new Fence[sorted.length];
        int count = 0;
        for (int i = 0; i < sorted.length; i++) {
            boolean last = i + 1 == sorted.length || sorted[i].timelineId() == Fence.NO_TIMELINE
                    || sorted[i].timelineId() != sorted[i + 1].timelineId();
            if (last && !sorted[i].isDone()) {
                kept[count++] = sorted[i];
            }
        }
        return Arrays.copyOf(kept, count);
    }

    /**
     * What the failure of one leaf means for the whole.
     *
     * @return the failure, or null if the leaf has not failed
     */
    static @Nullable Failure failureOf(Fence leaf) {
        Failure failed = leaf.failure();
        if (failed == null) {
            return null;
        }
        try {
            return new Failure.DependencyFailed(leaf.toString(), failed.root());
        } catch (OutOfMemoryError e) {
            return failed;
        }
    }

    /** Some of the fences, for people. */
    static String describe(Fence[] fences) {
        StringBuilder text = new StringBuilder().append(fences.length).append(" fences (");
        for (int i = 0; i < Math.min(DESCRIBED, fences.length); i++) {
            Fence fence = fences[i];
            text.append(i == 0 ? "" : ", ").append(fence instanceof AllFence || fence instanceof AnyFence
                    ? "a group of " + fence.leaves().size()
                    : fence.toString());
        }
        return text.append(fences.length > DESCRIBED ? ", …)" : ")").toString();
    }
}
