package io.ringfence.sim;

import io.ringfence.driver.Completions;
import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.driver.FailureDomain;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.sim.device.RingStatus;
import io.ringfence.sim.firmware.Status;
import io.ringfence.sim.host.HostSide;
import io.ringfence.sim.host.RingDomain;
import io.ringfence.sim.host.RingPort;
import io.ringfence.sim.host.RingWriter;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

import org.jspecify.annotations.Nullable;

/** What the drivers of all rings have in common: commands are written and given up, and what the firmware has done with them is read. */
abstract sealed class CommandRing implements Driver<Command> permits FirmwareRing, LongRunningRing {

    private final SimulatedFirmware device;
    private final SharedMemory memory;
    private final RingPort port;
    private final RingWriter writer;
    private final FailureDomain domain;
    private final boolean longRunning;
    private final int slotCount;
    private final long descriptor;
    private volatile @Nullable DriverLink queue;
    /** Where the word of the last command stands that the firmware has let go of. */
    private final long word;

    /** The completion turn's: what has been reported, and how many failed commands have been found. */
    private long reported;
    private long faultsFound;
    /** Where the last job was found that was given up. */
    private int abortedIndex;

    CommandRing(SimulatedFirmware device, int number, RingOptions options, boolean longRunning) {
        this.device = device;
        this.longRunning = longRunning;
        HostSide host = device.host();
        port = new RingPort(host, number, this::interrupt);
        memory = host.memory();
        writer = port.writer();
        domain = device.options().resetsWhole() ? device.failureDomain() : new RingDomain(port);
        slotCount = host.geometry().slots();
        descriptor = host.geometry().descriptor(number);
        word = descriptor + (longRunning ? RingLayout.RETIRED_OFFSET : RingLayout.COMPLETION_OFFSET);
        describe(options);
    }

    final void describe(RingOptions how) {
        FirmwareGroup group = how.group();
        port.describe(group == null ? port.ring() : group.number(),
                (group == null ? how.groupPriority() : group.priority()).code(), how.priority(), longRunning,
                how.minRun().toNanos(), how.preemptTimeout().toNanos());
    }

    final void interrupt() {
        DriverLink link = queue;
        if (link != null) {
            link.interrupt();
        }
    }

    final SimulatedFirmware device() {
        return device;
    }

    final RingPort port() {
        return port;
    }

    final RingWriter writer() {
        return writer;
    }

    /**
     * The ring's number on its device.
     *
     * @return 0 or more
     */
    public final int number() {
        return port.ring();
    }

    /**
     * What the firmware says of the ring; the standing of a long-running one counts commands whose slots are free as completed.
     *
     * @return its status
     */
    public final RingStatus status() {
        return port.status();
    }

    // ---- the driver

    @Override
    public final void open(DriverLink link) {
        queue = link;
    }

    @Override
    public final int maxInFlight() {
        return slotCount;
    }

    @Override
    public final void run(long seqno, Command command) {
        port.register();
        write(seqno, command, 0);
    }

    /** Writes a command whose waits are written. */
    final void write(long seqno, Command command, int waits) {
        command.encode(memory, writer.next(), waits);
        writer.stamp(seqno);
    }

    /** Writes a command that has room for its only wait. */
    final void writeAfter(long seqno, Command command, int ring, long awaited) {
        command.encodeAfter(memory, writer.next(), ring, awaited);
        writer.stamp(seqno);
    }

    @Override
    public final void doorbell() {
        port.doorbell();
    }

    @Override
    public final void arm(long seqno) {
        Seam.at(Site.DEVICE);
        memory.longVolatile(descriptor + RingLayout.ARMED_OFFSET, seqno);
    }

    @Override
    public final void close() {
        queue = null;
        port.close();
        device.release(number());
    }

    // ---- hangs

    /** {@inheritDoc} A device that is reset as a whole takes rings with it of which no command is ever taken to hang. */
    @Override
    public final FailureDomain failureDomain() {
        return domain;
    }

    @Override
    public final boolean isExecuting() {
        return port.isExecuting();
    }

    @Override
    public final boolean hasStarted(long seqno) {
        return port.standing().started() >= seqno;
    }

    @Override
    public final boolean isRepeatable(Command command) {
        return command.isRepeatable();
    }

    @Override
    public void restart(int epoch, DriverLink link) {
        queue = link;
        abortedIndex = 0;
        // Failures of commands that were dropped before their completion was told are counted, and stand in no slot any more. As long as
        // the firmware has not told of this epoch, the count may be a former user's: it begins at 0 when the ring is registered.
        boolean isTold = RingLayout.epoch(memory.longAcquire(word)) == writer.epochVolatile();
        faultsFound = isTold ? memory.longAcquire(descriptor + RingLayout.FAULTS_OFFSET) : 0;
    }

    // ---- what became of the commands

    @Override
    public final void abort(long seqno, Command command) {
        long stamp = RingLayout.word(writer.epochVolatile(), seqno);
        // Jobs are given up one after the other, and so do their slots follow each other.
        for (int i = 0; i < slotCount; i++) {
            int index = abortedIndex + i & (slotCount - 1);
            long slot = writer.slot(index);
            if (memory.longAcquire(slot + RingLayout.STAMP_OFFSET) == stamp) {
                abortedIndex = index;
                int opcode = memory.intPlain(slot + RingLayout.OPCODE_OFFSET);
                memory.intVolatile(slot + RingLayout.OPCODE_OFFSET, opcode | RingLayout.ABORT);
                // The ring may be away, because the command waits for others or because the ring is suspended.
                port.lookAgain();
                return;
            }
        }
    }

    @Override
    public final void poll(Completions completions) {
        // Asked first: what the firmware completed before it ended must still be found below.
        String gone = device.hasEnded() ? "the firmware was closed" : port.lostVolatile();
        // Volatile: this is also the look that follows a request for an interrupt.
        long last = memory.longVolatile(word);
        long completed = RingLayout.epoch(last) == writer.epochVolatile() ? RingLayout.seqno(last) : 0;
        if (completed > reported) {
            long faults = memory.longAcquire(descriptor + RingLayout.FAULTS_OFFSET);
            if (faults != faultsFound && !reportFaults(completions, completed)) {
                // The queue has not seen all of them issued; it polls again when it has.
                return;
            }
            completions.completedThrough(completed);
            reported = completed;
            port.reported(last);
        }
        if (gone != null) {
            completions.deviceLost(gone);
        }
    }

    private boolean reportFaults(Completions completions, long completed) {
        int found = 0;
        for (int i = 0; i < slotCount; i++) {
            long slot = writer.slot(i);
            long seqno = RingLayout.seqno(memory.longAcquire(slot + RingLayout.STAMP_OFFSET));
            if (seqno <= reported || seqno > completed) {
                continue;
            }
            int number = memory.intPlain(slot + RingLayout.STATUS_OFFSET);
            if (number == 0) {
                continue;
            }
            Status status = Status.of(number);
            if (!completions.failed(seqno, new CommandException(status.text()))) {
                return false;
            }
            device.watch().badCommand(port.ring(), seqno, status);
            found++;
        }
        faultsFound += found;
        return true;
    }

    @Override
    public String toString() {
        return port.toString();
    }

    /** Tells which command failed, with no stack of a thread that has nothing to do with it. */
    static final class CommandException extends Exception {
        private static final long serialVersionUID = 1L;

        CommandException(@Nullable String message) {
            super(message, null, false, false);
        }
    }
}
