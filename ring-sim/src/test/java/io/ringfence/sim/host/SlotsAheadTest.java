package io.ringfence.sim.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;

import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

import org.junit.jupiter.api.Test;

/** Only slots are cleared whose outcome has been read: in each, a failure stands that must not be lost. */
class SlotsAheadTest {
    private static final int SLOTS = 4 * SlotsAhead.BLOCK;
    private static final int FAILED = 7;

    private final SharedMemory memory = new SharedMemory((long) SLOTS * RingLayout.SLOT_BYTES);
    private final SlotsAhead ahead = new SlotsAhead(memory, 0, SLOTS);

    private static long status(int slot) {
        return (long) slot * RingLayout.SLOT_BYTES + RingLayout.STATUS_OFFSET;
    }

    private void failAll() {
        for (int slot = 0; slot < SLOTS; slot++) {
            memory.intPlain(status(slot), FAILED);
        }
    }

    /** Jobs have the numbers of the slots that were written for them, from 1 on. */
    private void write(SlotsAhead into, int from, int to) {
        for (int written = from; written <= to; written++) {
            if (written % SlotsAhead.BLOCK == 0) {
                into.blockWritten(written, written);
            }
        }
    }

    private int[] cleared() {
        return IntStream.range(0, SLOTS).filter(slot -> memory.intPlain(status(slot)) == 0).toArray();
    }

    @Test
    void unreadOutcomesStay() {
        write(ahead, 1, SLOTS);
        failAll();
        ahead.reportedRelease(23);
        write(ahead, 33, 40);
        assertThat(cleared()).as("slots of jobs 17 to 24, of which 24 was not read").isEmpty();
    }

    @Test
    void blockBehindTheNextIsClearedWhenAllOfItWasRead() {
        write(ahead, 1, SLOTS);
        failAll();
        ahead.reportedRelease(24);
        write(ahead, 33, 39);
        assertThat(cleared()).isEmpty();
        write(ahead, 40, 40);
        assertThat(cleared()).containsExactly(IntStream.range(16, 24).toArray());
    }

    @Test
    void newEpochFreesAllSlots() {
        write(ahead, 1, SLOTS);
        failAll();
        ahead.beginEpoch();
        write(ahead, 1, SlotsAhead.BLOCK);
        assertThat(cleared()).containsExactly(IntStream.range(16, 24).toArray());
    }

    @Test
    void smallRingIsLeftAlone() {
        SlotsAhead small = new SlotsAhead(memory, 0, SLOTS / 2);
        failAll();
        small.reportedRelease(Long.MAX_VALUE);
        write(small, 1, SLOTS);
        assertThat(cleared()).isEmpty();
    }
}
