package io.ringfence.sim.replay;

import io.ringfence.internal.seam.Seam;
import io.ringfence.sim.virtual.VirtualWorld;

import org.jspecify.annotations.Nullable;

/**
 * The time of a replay: nanoseconds since the first launch, as the recording counts them. Either the virtual clock, or
 * the real one times the speed.
 */
final class ReplayClock {

    /** Parking takes longer than asked for; the rest is spent spinning. */
    private static final long SPIN_NANOS = 100_000;
    private static final long NAP_NANOS = 1_000_000;

    private final @Nullable VirtualWorld world;
    private final double speed;
    private final long origin;

    private ReplayClock(@Nullable VirtualWorld world, double speed) {
        this.world = world;
        this.speed = speed;
        this.origin = Seam.nanoTime();
    }

    static ReplayClock virtual(VirtualWorld world) {
        return new ReplayClock(world, 1);
    }

    static ReplayClock real(double speed) {
        return new ReplayClock(null, speed);
    }

    long now() {
        return recorded(Seam.nanoTime());
    }

    /** A reading of the device's clock as time of the recording. */
    long recorded(long reading) {
        return speed == 1 ? reading - origin : (long) ((reading - origin) * speed);
    }

    /** How long the device has to take for what took so long in the recording. */
    long device(long recordedNanos) {
        return speed == 1 ? recordedNanos : Math.round(recordedNanos / speed);
    }

    /** Lets time pass until a moment. */
    void until(long time) throws InterruptedException {
        if (world != null) {
            world.runUntil(time);
            return;
        }
        for (long left = device(time - now()); left > 0; left = device(time - now())) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (left > SPIN_NANOS) {
                Seam.parkNanos(this, left - SPIN_NANOS);
            } else {
                Seam.spin();
            }
        }
    }

    /**
     * Lets the device get on a little.
     *
     * @return false if it cannot get on before that moment
     */
    boolean pass(long limit) throws InterruptedException {
        if (world != null) {
            return world.runOnce(limit);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long left = limit == Long.MAX_VALUE ? NAP_NANOS : device(limit - now());
        Seam.parkNanos(this, Math.min(left, NAP_NANOS));
        return left > 0;
    }
}
