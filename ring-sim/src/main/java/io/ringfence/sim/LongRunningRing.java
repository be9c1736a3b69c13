package io.ringfence.sim;

import java.time.Duration;

import io.ringfence.driver.LongRunningDriver;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Result;
import io.ringfence.sim.device.Standing;
import io.ringfence.sim.layout.RequestKind;

/**
 * A ring for commands that may run for days, as a {@link io.ringfence.queue.LongRunningQueue} drives it: a command is complete when its
 * slot is free, and a program learns what it did from the words it writes. The firmware does not let such rings and rings with fences
 * onto the device at the same time, and leaves it alone for its minimum run period once it is there.
 *
 * <p>What is asked of the firmware is answered later; each such method returns at once and may be called by any thread.
 */
public final class LongRunningRing extends CommandRing implements LongRunningDriver<Command> {

    private final RingOptions options;

    LongRunningRing(SimulatedFirmware device, int number, RingOptions options) {
        super(device, number, options, true);
        this.options = options;
    }

    /**
     * How the ring is scheduled.
     *
     * @return the options given when it was opened
     */
    public RingOptions options() {
        return options;
    }

    // ---- leaving the device

    @Override
    public Fence suspend() {
        return port().ask(RequestKind.SUSPEND).fence();
    }

    @Override
    public Fence resume() {
        return port().ask(RequestKind.RESUME).fence();
    }

    @Override
    public Duration minRun() {
        return options.minRun();
    }

    /**
     * Executes nothing of the ring any more; its queue is told that its device is lost.
     *
     * @return where the ring stands
     */
    public Result<Standing> ban() {
        return port().ask(RequestKind.BAN);
    }

    @Override
    public String toString() {
        return super.toString() + " (long-running)";
    }
}
