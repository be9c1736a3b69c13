package io.ringfence.sim.replay;

/**
 * The list that the kernel went round before it had ranks: contexts in the order in which they first came, and the search begins behind
 * whoever went last in the recording. The scheduler's own round robin gives each a new rank at the end instead, which is another order
 * as soon as contexts come and go.
 */
final class AskedList implements Asked {

    private final int[] order;
    private final int[] positions;
    private final boolean[] isKnown;
    private final boolean[] isReady;
    private int known;
    private int last = -1;

    AskedList(int contexts) {
        order = new int[contexts];
        positions = new int[contexts];
        isKnown = new boolean[contexts];
        isReady = new boolean[contexts];
    }

    @Override
    public void joined(int context, long place) {
        if (!isKnown[context]) {
            isKnown[context] = true;
            positions[context] = known;
            order[known++] = context;
        }
    }

    @Override
    public void ready(int context, long place) {
        isReady[context] = true;
    }

    @Override
    public int choose() {
        for (int step = 1; step <= known; step++) {
            int context = order[(last + step) % known];
            if (isReady[context]) {
                return context;
            }
        }
        return -1;
    }

    @Override
    public void took(int context, long nextPlace) {
        isReady[context] = false;
        last = positions[context];
    }

    @Override
    public void done(int context, long nanos) {
        // It does not count.
    }

    @Override
    public int readyCount() {
        int count = 0;
        for (boolean ready : isReady) {
            count += ready ? 1 : 0;
        }
        return count;
    }
}
