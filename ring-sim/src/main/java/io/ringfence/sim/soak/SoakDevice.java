package io.ringfence.sim.soak;

import java.time.Duration;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

import io.ringfence.queue.CreditBudget;
import io.ringfence.sim.DeviceMemory;
import io.ringfence.sim.FirmwareOptions;
import io.ringfence.sim.SimulatedFirmware;
import io.ringfence.sim.faults.FaultPlan;

/** A device of the soak, with the budget that its queues may share and the cells in which jobs leave their traces. */
final class SoakDevice implements AutoCloseable {

    /** A counter, then the moments of begin and end. */
    static final int CELL_BYTES = 64;
    static final int TIMES_OFFSET = 16;
    /** Where the one stands that is added. */
    private static final int ONE = 0;
    private static final int CELLS = 1 << 16;
    private static final int RINGS = 128;

    final SimulatedFirmware firmware;
    final CreditBudget budget;
    private final AtomicLong taken = new AtomicLong();
    private final Queue<Long> freed = new ConcurrentLinkedQueue<>();

    SoakDevice(boolean resetsWhole, String faults) {
        firmware = SimulatedFirmware.start(FirmwareOptions.defaults().withRings(RINGS).withSlots(128)
                .withGroupSlots(RINGS / 8).withTimeSlice(Duration.ofMillis(1)).withWholeResets(resetsWhole)
                .withAnswerBound(Duration.ofMillis(200)).withArenaBytes((long) (CELLS + 1) * CELL_BYTES)
                .withFaults(FaultPlan.parse(faults)));
        budget = CreditBudget.create("soak", 256);
        memory().writeFloats(ONE, new float[] {1});
    }

    DeviceMemory memory() {
        return firmware.memory();
    }

    static long one() {
        return ONE;
    }

    /** A cell that nobody uses and in which zeros stand, or -1 if there is none left. */
    long cell() {
        Long free = freed.poll();
        if (free != null) {
            return free;
        }
        long index = taken.incrementAndGet();
        return index > CELLS ? -1 : index * CELL_BYTES;
    }

    /** What a queue that has ended has used. */
    void free(Collection<Long> cells) {
        freed.addAll(cells);
    }

    @Override
    public void close() {
        firmware.close();
    }
}
