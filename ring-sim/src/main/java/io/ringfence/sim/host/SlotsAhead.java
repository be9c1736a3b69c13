package io.ringfence.sim.host;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

/**
 * Clears the status of slots that will be written soon, eight at once, so that their cache lines come from the firmware's processor
 * together. Written one by one, each with many other stores in between, each is waited for alone: a processor asks for the lines of only
 * a few of its outstanding stores. Only free slots are cleared; where the ring is full, none is, and nothing is lost.
 *
 * <p>The issue turn's, but for {@link #reportedRelease} and {@link #reportedAcquire}.
 */
final class SlotsAhead {

    /** Slots that are cleared together. */
    static final int BLOCK = 8;

    private static final VarHandle REPORTED;

    static {
        try {
            REPORTED = MethodHandles.lookup().findVarHandle(SlotsAhead.class, "reported", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SharedMemory memory;
    private final long slots;
    /** By block, the last job that was written into it; of a ring with few slots, none. */
    private final long[] last;
    @SuppressWarnings("UnusedVariable") // read and written through REPORTED only
    private long reported;

    SlotsAhead(SharedMemory memory, long slots, int count) {
        this.memory = memory;
        this.slots = slots;
        last = new long[count < 4 * BLOCK ? 0 : count / BLOCK];
    }

    /**
     * Says that what became of all jobs up to one has been read from their slots. The completion turn's.
     *
     * @param seqno the job
     */
    void reportedRelease(long seqno) {
        REPORTED.setRelease(this, seqno);
    }

    /** The job up to which that was said. Any thread. */
    long reportedAcquire() {
        return (long) REPORTED.getAcquire(this);
    }

    /**
     * The last slot of a block was written.
     *
     * @param seqno   the job in it
     * @param written how many slots have been written, this one included
     */
    void blockWritten(long seqno, long written) {
        if (last.length != 0) {
            int mask = last.length - 1;
            int block = (int) (written / BLOCK) & mask;
            last[block - 1 & mask] = seqno;
            clear(block + 1 & mask);
        }
    }

    private void clear(int block) {
        Seam.at(Site.DEVICE);
        if (last[block] <= reportedAcquire()) {
            long status = slots + (long) block * BLOCK * RingLayout.SLOT_BYTES + RingLayout.STATUS_OFFSET;
            for (int i = 0; i < BLOCK; i++) {
                memory.intPlain(status + (long) i * RingLayout.SLOT_BYTES, 0);
            }
        }
    }

    /** A new epoch has begun: all slots are free. */
    void beginEpoch() {
        Arrays.fill(last, 0);
    }
}
