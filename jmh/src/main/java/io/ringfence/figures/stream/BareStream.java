package io.ringfence.figures.stream;

import io.ringfence.figures.devices.NoRoom;
import io.ringfence.figures.peers.BareWay;

/** The least queue there can be: order, room, a slot of the device's ring, its completion. Carries a reference. */
final class BareStream extends BareWay {

    private final int size;

    /** With so many jobs for each claim. */
    BareStream(int size, int ahead, int behind) {
        super(ahead, behind);
        this.size = size;
    }

    @Override
    protected long give(int count) {
        long full = 0;
        for (int i = 0; i < count; i += size) {
            for (int tries = 0; queue.trySubmit(size) == 0; tries++) {
                full++;
                NoRoom.pause(tries);
            }
        }
        return full;
    }
}
