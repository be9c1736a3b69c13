package io.ringfence.figures.roundtrip;

/** The submitter awaits the fence. */
final class FenceTrip extends DeviceTrip {

    @Override
    protected long give(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            device.queue.submit(device.nop).await();
        }
        return 0;
    }
}
