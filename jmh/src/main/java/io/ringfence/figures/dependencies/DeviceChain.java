package io.ringfence.figures.dependencies;

import io.ringfence.figures.devices.SpinningDevice;
import io.ringfence.queue.JobQueue;
import io.ringfence.sim.Command;
import io.ringfence.sim.FirmwareRing;

/** Queues of one device, which waits by itself. */
final class DeviceChain extends Chain {

    private final FirmwareRing first;
    private final JobQueue<Command> beside;
    private long last;

    DeviceChain(SpinningDevice device) {
        this(device, device.firmware.openRing());
    }

    private DeviceChain(SpinningDevice device, FirmwareRing first) {
        super(device.runtime.openQueue(first, SpinningDevice.options()),
                device.openQueue(SpinningDevice.options()));
        this.first = first;
        beside = device.openQueue(SpinningDevice.options());
    }

    @Override
    public void prepare(int count) throws InterruptedException {
        first.suspend().fence().awaitOk();
        begin();
        for (int i = 0; i < count; i++) {
            last = submit();
        }
        // Suspending has woken threads, and one of them may have taken the firmware's processor for some milliseconds.
        SpinningDevice.spin(beside.timeline(), beside.trySubmit(Command.nop()));
    }

    @Override
    public long run(int count) {
        var _ = first.resume();
        spin(last, 1);
        return last;
    }

    @Override
    public void close() {
        super.close();
        beside.close();
    }
}
