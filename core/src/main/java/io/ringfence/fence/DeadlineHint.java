package io.ringfence.fence;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;

import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.UserCode;

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
        int token = UserCode.enter();
        try {
            spread();
        } finally {
            // What the producers themselves pass on arose inside and comes next.
            next(UserCode.exit(token));
        }
        Deferred arisen = next();
        next(null);
        return arisen;
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
