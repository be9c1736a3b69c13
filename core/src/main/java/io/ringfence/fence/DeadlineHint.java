package io.ringfence.fence;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;

import io.ringfence.internal.turn.Deferred;

import org.jspecify.annotations.Nullable;

/** A wish on its way to the producers of a fence and of everything the fence is made of. */
final class DeadlineHint extends Deferred {

    private final Fence fence;
    private final long nanoTime;

    DeadlineHint(Fence fence, long nanoTime) {
        this.fence = fence;
        this.nanoTime = nanoTime;
    }

    @Override
    protected @Nullable Deferred perform() {
        // What the producers themselves pass on arises inside and comes next, not on top of this.
        return Callback.call(this::spread);
    }

    private void spread() {
        Set<Fence> told = new LinkedHashSet<>();
        Deque<Fence> open = new ArrayDeque<>();
        open.add(fence);
        for (Fence each = open.poll(); each != null; each = open.poll()) {
            if (told.add(each)) {
                each.hintDeadline(nanoTime, open);
            }
        }
    }
}
