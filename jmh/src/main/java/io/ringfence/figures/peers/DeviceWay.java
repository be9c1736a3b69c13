package io.ringfence.figures.peers;

import io.ringfence.figures.devices.SpinningDevice;

/** Jobs of a queue that the embedded firmware executes. */
public abstract class DeviceWay extends Way {

    protected final SpinningDevice device = new SpinningDevice();

    protected DeviceWay() {
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
