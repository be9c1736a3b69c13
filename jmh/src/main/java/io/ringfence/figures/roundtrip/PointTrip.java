package io.ringfence.figures.roundtrip;

import io.ringfence.figures.peers.DeviceWay;

/** Submitted without a fence; the submitter spins until the point is done. */
final class PointTrip extends DeviceWay {

    @Override
    protected long give(int count) {
        for (int i = 0; i < count; i++) {
            device.spin(device.submit());
        }
        return 0;
    }
}
