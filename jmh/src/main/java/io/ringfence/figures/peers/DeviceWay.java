package io.ringfence.figures.roundtrip;

import io.ringfence.figures.devices.SpinningDevice;
import io.ringfence.figures.peers.Way;

/** A job that the embedded firmware executes. */
abstract class DeviceTrip extends Way {

    final SpinningDevice device = new SpinningDevice();

    DeviceTrip() {
        device.open();
    }

    @Override
    protected final long done() {
        return device.finished();
    }

    @Override
    protected final void stop() {
        device.close();
    }
}
