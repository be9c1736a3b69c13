package io.ringfence.fence;

import io.ringfence.internal.waiting.Waiter;

/** Counts what hangs on a fence that other code signals. */
final class Linked {

    private Linked() {
    }

    /** How many waiters are linked, decided ones included. */
    static int on(Fence fence) throws ReflectiveOperationException {
        var state = StateFence.class.getDeclaredField("state");
        state.setAccessible(true);
        var below = Waiter.class.getDeclaredField("below");
        below.setAccessible(true);
        int count = 0;
        for (Object waiter = state.get(fence); waiter instanceof Waiter;) {
            count++;
            waiter = below.get(waiter);
        }
        return count;
    }
}
