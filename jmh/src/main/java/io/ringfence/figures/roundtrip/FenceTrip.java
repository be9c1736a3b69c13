package io.ringfence.figures.roundtrip;

import io.ringfence.figures.peers.DeviceWay;

/** The submitter awaits the fence. */
final class FenceTrip extends DeviceWay {

    @Override
    protected long give(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            device.queue.submit(device.nop).await();
        }
        return 0;
    }
}
