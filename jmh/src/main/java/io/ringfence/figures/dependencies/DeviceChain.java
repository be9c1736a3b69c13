package io.ringfence.figures.dependencies;

import io.ringfence.figures.devices.SpinningDevice;
import io.ringfence.sim.FirmwareRing;

/** Queues of one device, which waits by itself. */
final class DeviceChain extends Chain {

    private final FirmwareRing first;
    private long last;

    DeviceChain(SpinningDevice device) {
        this(device, device.firmware.openRing());
    }

    private DeviceChain(SpinningDevice device, FirmwareRing first) {
        super(device.runtime.openQueue(first, SpinningDevice.options()),
                device.openQueue(SpinningDevice.options()));
        this.first = first;
    }

    @Override
    public void prepare(int count) throws InterruptedException {
        first.suspend().fence().awaitOk();
        begin();
        for (int i = 0; i < count; i++) {
            last = submit();
        }
    }

    @Override
    public long run(int count) {
        var _ = first.resume();
        spin(last, 1);
        return last;
    }
}
