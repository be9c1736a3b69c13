package io.ringfence.figures.stream;

import io.ringfence.figures.devices.NoRoom;
import io.ringfence.figures.peers.DeviceWay;

/** As {@link RingfenceWay}, with a fence for each job, which nobody waits for. */
final class FenceWay extends DeviceWay {

    @Override
    protected long give(int count) {
        long full = 0;
        for (int i = 0; i < count; i++) {
            for (int tries = 0; device.queue.trySubmitFence(device.nop) == null; tries++) {
                full++;
                NoRoom.pause(tries);
            }
        }
        return full;
    }
}
