package io.ringfence.sim.host;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.sim.layout.Geometry;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

/**
 * Writes commands into the slots of one ring, one after the other, each with a stamp of its own, so that host and firmware share no
 * tail. One thread at a time.
 */
public final class RingWriter {

    private static final VarHandle STAMPED;

    private final SharedMemory memory;
    private final long descriptor;
    private final long slots;
    private final long waits;
    private final int mask;
    private final SlotsAhead ahead;
    /** Read by rings whose jobs wait for this one's. */
    private volatile int epoch;
    private long written;
    @SuppressWarnings("UnusedVariable") // read and written through STAMPED only
    private long stamped;

    static {
        try {
            STAMPED = MethodHandles.lookup().findVarHandle(RingWriter.class, "stamped", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * Begins a new epoch on a ring that the firmware does not look at.
     *
     * @param host the device
     * @param ring the ring's number
     */
    public RingWriter(HostSide host, int ring) {
        Geometry geometry = host.geometry();
        memory = host.memory();
        descriptor = geometry.descriptor(ring);
        slots = geometry.slots(ring);
        waits = geometry.waits(ring);
        mask = geometry.slots() - 1;
        ahead = new SlotsAhead(memory, slots, geometry.slots());
        memory.longPlain(descriptor + RingLayout.COMPLETION_OFFSET, 0);
        memory.longPlain(descriptor + RingLayout.RETIRED_OFFSET, 0);
        memory.longPlain(descriptor + RingLayout.STARTED_OFFSET, 0);
        memory.longPlain(descriptor + RingLayout.FAULTS_OFFSET, 0);
        memory.longPlain(descriptor + RingLayout.ARMED_OFFSET, 0);
        memory.longPlain(descriptor + RingLayout.INTERRUPT_DELAY_OFFSET, 0);
        memory.longPlain(descriptor + RingLayout.SEEN_OFFSET, 0);
        beginEpoch();
    }

    /** Takes the next epoch and the first slot. The firmware has stopped looking at the ring. */
    public synchronized void beginEpoch() {
        int next = memory.intPlain(descriptor + RingLayout.RING_EPOCH_OFFSET) + 1 & RingLayout.MAX_EPOCH;
        for (int i = 0; i <= mask; i++) {
            memory.longPlain(slot(i) + RingLayout.STAMP_OFFSET, 0);
        }
        written = 0;
        ahead.beginEpoch();
        epoch = next == 0 ? 1 : next;
        memory.intRelease(descriptor + RingLayout.RING_EPOCH_OFFSET, epoch);
    }

    /** Says that all jobs of this epoch and of those before it are finished: who waits for one on the device need not any more. */
    void closeRelease() {
        memory.intRelease(descriptor + RingLayout.CLOSED_EPOCH_OFFSET, epoch);
    }

    /**
     * The epoch that stamps and completions carry.
     *
     * @return 1 to 65535
     */
    public int epochVolatile() {
        return epoch;
    }

    /**
     * Where a slot is.
     *
     * @param index its number, 0 to the number of slots - 1
     * @return its offset
     */
    public long slot(int index) {
        return slots + (long) index * RingLayout.SLOT_BYTES;
    }

    /**
     * The slot that is written next.
     *
     * @return its offset
     */
    public long next() {
        return slot((int) written & mask);
    }

    /**
     * Says what the command of the next slot waits for.
     *
     * @param index which of its waits, 0 to {@link RingLayout#MAX_WAITS} - 1
     * @param ring  the ring that it waits for
     * @param word  what that ring's completion word must have reached
     */
    public void waitFor(int index, int ring, long word) {
        long wait = waits + (written & mask) * RingLayout.WAITS_BYTES + (long) index * RingLayout.WAIT_BYTES;
        memory.intPlain(wait + RingLayout.WAIT_RING_OFFSET, ring);
        memory.longPlain(wait + RingLayout.WAIT_WORD_OFFSET, word);
    }

    /**
     * Shows the next slot, which is complete, to the firmware.
     *
     * @param seqno the job
     */
    public void stamp(long seqno) {
        Seam.at(Site.DEVICE);
        memory.longRelease(next() + RingLayout.STAMP_OFFSET, RingLayout.word(epoch, seqno));
        written++;
        STAMPED.setOpaque(this, seqno);
        if ((written & SlotsAhead.BLOCK - 1) == 0) {
            ahead.blockWritten(seqno, written);
        }
    }

    /**
     * Says that what became of all jobs up to one has been read from their slots. The completion turn's.
     *
     * @param seqno the job
     */
    void reportedRelease(long seqno) {
        ahead.reportedRelease(seqno);
    }

    /**
     * The last job of which what became of it has been read; any thread.
     *
     * @return its seqno, 0 if there is none
     */
    long reportedAcquire() {
        return ahead.reportedAcquire();
    }

    /**
     * The last job that was written; any thread.
     *
     * @return its seqno, 0 if there is none
     */
    long stampedOpaque() {
        return (long) STAMPED.getOpaque(this);
    }
}
