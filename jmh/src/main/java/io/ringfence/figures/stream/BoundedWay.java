package io.ringfence.figures.stream;

import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.figures.devices.NoRoom;
import io.ringfence.figures.devices.SpinningDevice;
import io.ringfence.figures.peers.Way;

/** What knows no bound by itself is kept to the same as the others. */
abstract class BoundedWay extends Way {

    /** Jobs for which room is claimed at once, so that the bound costs next to nothing. */
    private static final int CLAIM = 64;

    private final AtomicLong claimed = new AtomicLong();

    abstract void start();

    @Override
    protected final long give(int count) {
        long full = 0;
        for (int i = 0; i < count; i += CLAIM) {
            long through = claimed.addAndGet(CLAIM);
            for (int tries = 0; through - done() > SpinningDevice.CAPACITY; tries++) {
                full++;
                NoRoom.pause(tries);
            }
            for (int k = 0; k < CLAIM; k++) {
                start();
            }
        }
        return full;
    }
}
