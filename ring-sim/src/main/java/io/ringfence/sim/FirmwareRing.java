package io.ringfence.sim;

import io.ringfence.driver.Completions;
import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.sim.firmware.Status;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

import org.jspecify.annotations.Nullable;

/**
 * The host's side of one ring: a driver that writes commands into 64-byte slots and reads one completion word. Each
 * slot carries its own stamp, so host and firmware share no tail.
 */
final class FirmwareRing implements Driver<Command> {

    private final SimulatedFirmware device;
    private final SharedMemory memory;
    private final int ring;
    private final int epoch;
    private final long slots;
    private final int slotCount;
    private final long descriptor;

    /** Slots written so far; the issue turn's. */
    private long written;
    /** The completion turn's: what has been reported, and how many failed commands have been found. */
    private long reported;
    private long faultsFound;
    /** Where the last job was found that was given up. */
    private int abortedIndex;

    FirmwareRing(SimulatedFirmware device, SharedMemory memory, FirmwareOptions options, int ring) {
        this.device = device;
        this.memory = memory;
        this.ring = ring;
        slotCount = options.slots();
        slots = RingLayout.slots(options.rings(), slotCount, ring);
        descriptor = RingLayout.descriptor(ring);
        epoch = reset();
    }

    /** Makes the ring as good as new: a new epoch, no stamp, nothing completed. The firmware does not look at it yet. */
    private int reset() {
        int next = memory.intPlain(descriptor + RingLayout.RING_EPOCH_OFFSET) + 1 & 0xffff;
        for (int i = 0; i < slotCount; i++) {
            memory.longPlain(slots + (long) i * RingLayout.SLOT_BYTES + RingLayout.STAMP_OFFSET, 0);
        }
        memory.longPlain(descriptor + RingLayout.COMPLETION_OFFSET, 0);
        memory.longPlain(descriptor + RingLayout.FAULTS_OFFSET, 0);
        memory.longPlain(descriptor + RingLayout.ARMED_OFFSET, 0);
        memory.intRelease(descriptor + RingLayout.RING_EPOCH_OFFSET, next == 0 ? 1 : next);
        return next == 0 ? 1 : next;
    }

    @Override
    public void open(DriverLink link) {
        device.attach(ring, link);
    }

    @Override
    public int maxInFlight() {
        return slotCount;
    }

    @Override
    public void run(long seqno, Command command) {
        long slot = slots + (written & (slotCount - 1)) * RingLayout.SLOT_BYTES;
        command.encode(memory, slot);
        Seam.at(Site.DEVICE);
        memory.longRelease(slot + RingLayout.STAMP_OFFSET, RingLayout.word(epoch, seqno));
        written++;
    }

    @Override
    public void abort(long seqno, Command command) {
        // Jobs are given up one after the other, and so do their slots follow each other.
        for (int i = 0; i < slotCount; i++) {
            int index = abortedIndex + i & (slotCount - 1);
            long slot = slots + (long) index * RingLayout.SLOT_BYTES;
            if (memory.longAcquire(slot + RingLayout.STAMP_OFFSET) == RingLayout.word(epoch, seqno)) {
                abortedIndex = index;
                int opcode = memory.intPlain(slot + RingLayout.OPCODE_OFFSET);
                memory.intVolatile(slot + RingLayout.OPCODE_OFFSET, opcode | RingLayout.ABORT);
                device.ringDoorbell();
                return;
            }
        }
    }

    @Override
    public void doorbell() {
        device.ringDoorbell();
    }

    @Override
    public void poll(Completions completions) {
        // Asked first: what the firmware completed before it ended must still be found below.
        boolean gone = device.hasEnded();
        long completed = RingLayout.seqno(memory.longAcquire(descriptor + RingLayout.COMPLETION_OFFSET));
        if (completed > reported) {
            long faults = memory.longAcquire(descriptor + RingLayout.FAULTS_OFFSET);
            if (faults != faultsFound && !reportFaults(completions, completed)) {
                // The queue has not seen all of them issued; it polls again when it has.
                return;
            }
            completions.completedThrough(completed);
            reported = completed;
        }
        if (gone) {
            completions.deviceLost("the firmware was closed");
        }
    }

    private boolean reportFaults(Completions completions, long completed) {
        int found = 0;
        for (int i = 0; i < slotCount; i++) {
            long slot = slots + (long) i * RingLayout.SLOT_BYTES;
            long seqno = RingLayout.seqno(memory.longAcquire(slot + RingLayout.STAMP_OFFSET));
            if (seqno <= reported || seqno > completed) {
                continue;
            }
            int status = memory.intPlain(slot + RingLayout.STATUS_OFFSET);
            if (status == 0) {
                continue;
            }
            if (!completions.failed(seqno, new CommandException(Status.of(status).text()))) {
                return false;
            }
            found++;
        }
        faultsFound += found;
        return true;
    }

    @Override
    public void arm(long seqno) {
        Seam.at(Site.DEVICE);
        memory.longVolatile(descriptor + RingLayout.ARMED_OFFSET, seqno);
    }

    @Override
    public void close() {
        device.detach(ring);
    }

    @Override
    public String toString() {
        return "ring " + ring;
    }

    /** Tells which command failed, with no stack of a thread that has nothing to do with it. */
    static final class CommandException extends Exception {
        private static final long serialVersionUID = 1L;

        CommandException(@Nullable String message) {
            super(message, null, false, false);
        }
    }
}
