package io.ringfence.sim;

import io.ringfence.driver.Completions;
import io.ringfence.sim.firmware.Status;
import io.ringfence.sim.host.HostSide;
import io.ringfence.sim.host.RingPort;
import io.ringfence.sim.host.RingWriter;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

import org.jspecify.annotations.Nullable;

/** What the drivers of all rings have in common: what the firmware has done with the commands is read, and it is told to give some up. */
final class CommandRing {

    private final SimulatedFirmware device;
    private final HostSide host;
    private final SharedMemory memory;
    private final RingPort port;
    private final RingWriter writer;
    private final int slotCount;
    private final long descriptor;
    /** Where the word of the last command stands that the firmware has let go of. */
    private final long word;

    /** The completion turn's: what has been reported, and how many failed commands have been found. */
    private long reported;
    private long faultsFound;
    /** Where the last job was found that was given up. */
    private int abortedIndex;

    CommandRing(SimulatedFirmware device, RingPort port, int wordOffset) {
        this.device = device;
        this.port = port;
        host = device.host();
        memory = host.memory();
        writer = port.writer();
        slotCount = host.geometry().slots();
        descriptor = host.geometry().descriptor(port.ring());
        word = descriptor + wordOffset;
    }

    void describe(RingOptions how, boolean longRunning) {
        FirmwareGroup group = how.group();
        port.describe(group == null ? port.ring() : group.number(),
                (group == null ? how.groupPriority() : group.priority()).code(), how.priority(), longRunning,
                how.minRun().toNanos(), how.preemptTimeout().toNanos());
    }

    /** Has a command given up; false if it is on the ring no more. */
    boolean abort(long seqno) {
        long stamp = RingLayout.word(writer.epochVolatile(), seqno);
        // Jobs are given up one after the other, and so do their slots follow each other.
        for (int i = 0; i < slotCount; i++) {
            int index = abortedIndex + i & (slotCount - 1);
            long slot = writer.slot(index);
            if (memory.longAcquire(slot + RingLayout.STAMP_OFFSET) == stamp) {
                abortedIndex = index;
                int opcode = memory.intPlain(slot + RingLayout.OPCODE_OFFSET);
                memory.intVolatile(slot + RingLayout.OPCODE_OFFSET, opcode | RingLayout.ABORT);
                return true;
            }
        }
        return false;
    }

    void poll(Completions completions) {
        // Asked first: what the firmware completed before it ended must still be found below.
        String gone = device.hasEnded() ? "the firmware was closed" : port.lostVolatile();
        long last = memory.longAcquire(word);
        long completed = RingLayout.epoch(last) == writer.epochVolatile() ? RingLayout.seqno(last) : 0;
        if (completed > reported) {
            long faults = memory.longAcquire(descriptor + RingLayout.FAULTS_OFFSET);
            if (faults != faultsFound && !reportFaults(completions, completed)) {
                // The queue has not seen all of them issued; it polls again when it has.
                return;
            }
            completions.completedThrough(completed);
            reported = completed;
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

    /** Begins at the first slot again. */
    void restart() {
        abortedIndex = 0;
    }

    /** Tells which command failed, with no stack of a thread that has nothing to do with it. */
    static final class CommandException extends Exception {
        private static final long serialVersionUID = 1L;

        CommandException(@Nullable String message) {
            super(message, null, false, false);
        }
    }
}
