package io.ringfence.sim;

import java.lang.invoke.VarHandle;
import java.time.Duration;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.PreemptIssuer;
import io.ringfence.fence.Preemptible;
import io.ringfence.fence.Result;
import io.ringfence.internal.seam.Seam;
import io.ringfence.sim.device.RingStatus;
import io.ringfence.sim.device.Standing;
import io.ringfence.sim.host.HostSide;
import io.ringfence.sim.host.RingPort;
import io.ringfence.sim.host.RingWriter;
import io.ringfence.sim.layout.RequestKind;

/**
 * A ring for commands that may run for days. They have no fences: a program learns what they did from the words they write. Nobody
 * waits for such a ring but by its {@linkplain #preemptFence preempt fence}, which asks it to leave the device; afterwards it is
 * resumed. The firmware does not let it and rings with fences onto the device at the same time, and leaves it alone for its minimum
 * run period once it is there.
 *
 * <p>{@link #trySubmit} is for one thread at a time, everything else for any.
 */
public final class LongRunningRing implements AutoCloseable {

    private final SimulatedFirmware device;
    private final HostSide host;
    private final RingPort port;
    private final RingWriter writer;
    private final RingOptions options;
    private final int slotCount;
    private long submitted;
    /** Up to here everything is over, in the epoch in which that was seen. */
    private long givenUp;
    private int epoch;

    LongRunningRing(SimulatedFirmware device, int ring, RingOptions options) {
        this.device = device;
        this.options = options;
        host = device.host();
        slotCount = host.geometry().slots();
        port = new RingPort(host, ring, () -> {
        });
        writer = port.writer();
        epoch = writer.epochVolatile();
        FirmwareGroup group = options.group();
        port.describe(group == null ? ring : group.number(),
                (group == null ? options.groupPriority() : group.priority()).code(), options.priority(), true,
                options.minRun().toNanos(), options.preemptTimeout().toNanos());
    }

    /**
     * Hands a command to the device, behind those that were handed to it before.
     *
     * @param command the command
     * @return false if all slots are in use; nothing tells when one is free again. What is on the ring is lost if the device is reset as
     *         a whole
     * @throws IllegalStateException if the ring was closed
     */
    public boolean trySubmit(Command command) {
        port.requireOpen();
        port.register();
        // Beside the reset of the whole device, which gives up what is on the ring.
        synchronized (writer) {
            if (writer.epochVolatile() != epoch) {
                epoch = writer.epochVolatile();
                givenUp = submitted;
            }
            if (submitted - Math.max(givenUp, port.standing().completed()) >= slotCount) {
                return false;
            }
            command.encode(host.memory(), writer.next(), 0);
            writer.stamp(++submitted);
        }
        VarHandle.fullFence();
        port.doorbell();
        return true;
    }

    /**
     * A new preempt fence for this ring, to be put where others look for what the memory is in use by.
     *
     * @param name what it is called in messages
     * @return a fence that is signalled when the ring has left the device; somebody who waits makes it leave
     */
    public Fence preemptFence(String name) {
        return PreemptIssuer.allocate(name).arm(preemptible());
    }

    /**
     * The ring as something that can be asked to leave the device.
     *
     * @return what a {@link PreemptIssuer} is armed with; after its fence the ring stays away until {@link #resume()}
     */
    public Preemptible preemptible() {
        return new Preemptible() {
            @Override
            public void suspend(FenceIssuer left) {
                Fence answer = LongRunningRing.this.suspend().fence();
                var _ = answer.onDone(() -> {
                    Failure failure = answer.failure();
                    boolean _ = failure == null ? left.signal() : left.fail(failure);
                });
            }

            @Override
            public long nanosToRun() {
                Duration free = options.minRun();
                return free.isZero() ? 0 : port.resumedAtVolatile() + free.toNanos() - Seam.nanoTime();
            }
        };
    }

    /**
     * Takes the ring off the device at the next border, after its minimum run period, and keeps it off.
     *
     * @return where the ring stands then
     */
    public Result<Standing> suspend() {
        return port.ask(RequestKind.SUSPEND);
    }

    /**
     * Goes on with a ring that was suspended.
     *
     * @return where the ring stands
     */
    public Result<Standing> resume() {
        return port.ask(RequestKind.RESUME);
    }

    /**
     * Executes nothing of the ring any more.
     *
     * @return where the ring stands
     */
    public Result<Standing> ban() {
        return port.ask(RequestKind.BAN);
    }

    /**
     * What the firmware says of the ring; its standing counts commands from 1, in the order of submission.
     *
     * @return its status
     */
    public RingStatus status() {
        return port.status();
    }

    /** Gives up what is on the ring and lets the ring go. Not beside {@link #trySubmit}. */
    @Override
    public void close() {
        port.close();
        device.release(port.ring());
    }

    @Override
    public String toString() {
        return port + " (long-running)";
    }
}
