package io.ringfence.figures.devices;

/**
 * What a producer does that found no room: the same for the queues and for all peers that leave it to their user. It spins, for room comes
 * soon where the consumer has a processor, then yields, for there may be fewer processors than busy threads.
 */
public final class NoRoom {

    private static final int SPINS = 64;

    private NoRoom() {
    }

    /** Gives the consumer time. */
    @SuppressWarnings("ThreadPriorityCheck") // only speed depends on it
    public static void pause(int tries) {
        if (tries < SPINS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }
}
