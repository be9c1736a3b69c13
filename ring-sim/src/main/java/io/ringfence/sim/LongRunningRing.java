package io.ringfence.sim;

import java.time.Duration;

import io.ringfence.driver.Completions;
import io.ringfence.driver.DriverLink;
import io.ringfence.driver.FailureDomain;
import io.ringfence.driver.LongRunningDriver;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Result;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.sim.device.RingStatus;
import io.ringfence.sim.device.Standing;
import io.ringfence.sim.host.RingDomain;
import io.ringfence.sim.host.RingPort;
import io.ringfence.sim.host.RingWriter;
import io.ringfence.sim.layout.RequestKind;
import io.ringfence.sim.layout.RingLayout;

import org.jspecify.annotations.Nullable;

/**
 * A ring for commands that may run for days, as a {@link io.ringfence.queue.LongRunningQueue} drives it: a command is complete when its
 * slot is free, and a program learns what it did from the words it writes. The firmware does not let such rings and rings with fences
 * onto the device at the same time, and leaves it alone for its minimum run period once it is there.
 *
 * <p>What is asked of the firmware is answered later; each such method returns at once and may be called by any thread.
 */
public final class LongRunningRing implements LongRunningDriver<Command> {

    private final SimulatedFirmware device;
    private final RingPort port;
    private final RingWriter writer;
    private final CommandRing ring;
    private final RingOptions options;
    private final FailureDomain domain;
    private volatile @Nullable DriverLink queue;

    LongRunningRing(SimulatedFirmware device, int number, RingOptions options) {
        this.device = device;
        this.options = options;
        port = new RingPort(device.host(), number, this::interrupt);
        writer = port.writer();
        domain = device.options().resetsWhole() ? device.failureDomain() : new RingDomain(port);
        ring = new CommandRing(device, port, RingLayout.RETIRED_OFFSET);
        ring.describe(options, true);
    }

    private void interrupt() {
        DriverLink link = queue;
        if (link != null) {
            link.interrupt();
        }
    }

    /**
     * The ring's number on its device.
     *
     * @return 0 or more
     */
    public int number() {
        return port.ring();
    }

    /**
     * How the ring is scheduled.
     *
     * @return the options given when it was opened
     */
    public RingOptions options() {
        return options;
    }

    // ---- the driver

    @Override
    public void open(DriverLink link) {
        queue = link;
    }

    @Override
    public int maxInFlight() {
        return device.host().geometry().slots();
    }

    @Override
    public void run(long seqno, Command command) {
        port.register();
        command.encode(device.host().memory(), writer.next(), 0);
        writer.stamp(seqno);
    }

    @Override
    public void abort(long seqno, Command command) {
        if (ring.abort(seqno)) {
            port.lookAgain();
        }
    }

    @Override
    public void doorbell() {
        port.doorbell();
    }

    @Override
    public void poll(Completions completions) {
        ring.poll(completions);
    }

    @Override
    public void arm(long seqno) {
        Seam.at(Site.DEVICE);
        device.host().memory().longVolatile(
                device.host().geometry().descriptor(number()) + RingLayout.ARMED_OFFSET, seqno);
    }

    /** {@inheritDoc} A command is never taken to hang, but a device that is reset as a whole takes this ring with it. */
    @Override
    public FailureDomain failureDomain() {
        return domain;
    }

    @Override
    public boolean isExecuting() {
        return port.isExecuting();
    }

    @Override
    public boolean hasStarted(long seqno) {
        return port.standing().started() >= seqno;
    }

    @Override
    public boolean isRepeatable(Command command) {
        return command.isRepeatable();
    }

    @Override
    public void restart(int epoch, DriverLink link) {
        queue = link;
        ring.restart();
    }

    @Override
    public void close() {
        queue = null;
        port.close();
        device.release(number());
    }

    // ---- leaving the device

    @Override
    public Fence suspend() {
        return port.ask(RequestKind.SUSPEND).fence();
    }

    @Override
    public Fence resume() {
        return port.ask(RequestKind.RESUME).fence();
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
        return port.ask(RequestKind.BAN);
    }

    /**
     * What the firmware says of the ring; its standing counts commands whose slots are free as completed.
     *
     * @return its status
     */
    public RingStatus status() {
        return port.status();
    }

    RingPort port() {
        return port;
    }

    @Override
    public String toString() {
        return port + " (long-running)";
    }
}
