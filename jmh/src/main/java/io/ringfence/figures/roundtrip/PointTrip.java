package io.ringfence.figures.roundtrip;

/** Submitted without a fence; the submitter spins until the point is done. */
final class PointTrip extends DeviceTrip {

    @Override
    protected long give(int count) {
        for (int i = 0; i < count; i++) {
            device.spin(device.submit());
        }
        return 0;
    }
}
