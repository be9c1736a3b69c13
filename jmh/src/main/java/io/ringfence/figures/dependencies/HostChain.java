package io.ringfence.figures.dependencies;

import io.ringfence.figures.devices.SpinningDevice;

/** Queues that run jobs whatever became of their inputs: those the device does not wait for. */
final class HostChain extends Chain {

    HostChain(SpinningDevice device) {
        super(device.openQueue(SpinningDevice.options().withFailWithDependency(false)),
                device.openQueue(SpinningDevice.options().withFailWithDependency(false)));
    }

    @Override
    public void prepare(int count) {
        begin();
    }

    @Override
    public long run(int count) {
        long former = submit();
        for (int i = 1; i < count; i++) {
            long next = submit();
            spin(former, 2);
            former = next;
        }
        spin(former, 1);
        return former;
    }
}
