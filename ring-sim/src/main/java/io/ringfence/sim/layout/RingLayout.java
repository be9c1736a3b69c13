package io.ringfence.sim.layout;

/**
 * Where things are in the shared memory, in bytes. All words are little-endian and aligned to their size; whoever
 * writes a word and whoever reads it is said at the word. The page {@code docs/firmware-ring.md} shows the same as
 * tables.
 *
 * <pre>
 *  0 ┌────────────┐ HEADER_BYTES ┌─────────────────┐          ┌─────────────────┐          ┌─────────┐
 *    │   header   │              │ ring descriptors│          │      slots      │          │  arena  │
 *    └────────────┘              └─────────────────┘          └─────────────────┘          └─────────┘
 *                                 DESCRIPTOR_BYTES each        SLOT_BYTES each, ring after ring
 * </pre>
 */
public final class RingLayout {

    /** "RINGFNCE" in ASCII. */
    public static final long MAGIC = 0x52494e47464e4345L;
    /** The version of this layout. */
    public static final int VERSION = 1;

    /** Length of the header. */
    public static final int HEADER_BYTES = 4096;
    /** Header: {@link #MAGIC}; host, once. */
    public static final int MAGIC_OFFSET = 0;
    /** Header: {@link #VERSION}, int; host, once. */
    public static final int VERSION_OFFSET = 8;
    /** Header: bytes a slot, int; host, once. */
    public static final int SLOT_BYTES_OFFSET = 12;
    /** Header: number of rings, int; host, once. */
    public static final int RINGS_OFFSET = 16;
    /** Header: slots a ring, int, a power of two; host, once. */
    public static final int SLOTS_OFFSET = 20;
    /** Header: bytes of the arena, long; host, once. */
    public static final int ARENA_BYTES_OFFSET = 32;
    /** Header: 1 while the firmware sleeps or is about to, long; firmware. The other half of the doorbell's handshake. */
    public static final int ASLEEP_OFFSET = 128;
    /** Header: rounds the firmware has made, long; firmware. */
    public static final int HEARTBEAT_OFFSET = 256;
    /** Header: one bit a ring that is open, longs; host sets and clears with read-modify-writes. */
    public static final int OPEN_OFFSET = 384;
    /** The most rings that the header has bits for. */
    public static final int MAX_RINGS = 4096;

    /** Length of a ring descriptor. */
    public static final int DESCRIPTOR_BYTES = 512;
    /** Descriptor: the ring's epoch, int, 1 to 65535; host, release, before it sets the open bit. Part of stamps and completions. */
    public static final int RING_EPOCH_OFFSET = 0;
    /** Descriptor: the completion word, (epoch, seqno); firmware, release after the command's effects. */
    public static final int COMPLETION_OFFSET = 128;
    /** Descriptor: how many commands have failed, long; firmware, before the completion word. */
    public static final int FAULTS_OFFSET = 136;
    /** Descriptor: the seqno at which the host wants an interrupt, long; host, volatile. */
    public static final int ARMED_OFFSET = 256;

    /** Length of a command slot. */
    public static final int SLOT_BYTES = 64;
    /** Slot: the stamp, (epoch, seqno); host, release after everything else in the slot. */
    public static final int STAMP_OFFSET = 0;
    /** Slot: the opcode, int; host. Later, while the command is not complete, the host may add {@link #ABORT}. */
    public static final int OPCODE_OFFSET = 8;
    /** Added to an opcode: the command is to be given up. */
    public static final int ABORT = 1 << 31;
    /** Slot: 0, or why the command failed, int; host clears, firmware sets before the completion word. */
    public static final int STATUS_OFFSET = 12;
    /** Slot: six longs of operands; host. */
    public static final int OPERANDS_OFFSET = 16;
    /** Number of operands. */
    public static final int OPERANDS = 6;

    /** Bits of a stamp or completion word that hold the seqno; the 16 above hold the epoch. */
    public static final int SEQNO_BITS = 48;
    private static final long SEQNO_MASK = (1L << SEQNO_BITS) - 1;

    private RingLayout() {
    }

    /**
     * Puts an epoch and a seqno into one word.
     *
     * @param epoch the ring's epoch, 16 bits
     * @param seqno the seqno, 48 bits
     * @return the word
     */
    public static long word(int epoch, long seqno) {
        return (long) epoch << SEQNO_BITS | seqno & SEQNO_MASK;
    }

    /**
     * The seqno of a word.
     *
     * @param word a stamp or completion word
     * @return its seqno
     */
    public static long seqno(long word) {
        return word & SEQNO_MASK;
    }

    /**
     * The epoch of a word.
     *
     * @param word a stamp or completion word
     * @return its epoch
     */
    public static int epoch(long word) {
        return (int) (word >>> SEQNO_BITS);
    }

    /**
     * Where a ring's descriptor begins.
     *
     * @param ring the ring's number
     * @return the offset
     */
    public static long descriptor(int ring) {
        return HEADER_BYTES + (long) ring * DESCRIPTOR_BYTES;
    }

    /**
     * Where a ring's slots begin.
     *
     * @param rings number of rings
     * @param slots slots a ring
     * @param ring  the ring's number
     * @return the offset
     */
    public static long slots(int rings, int slots, int ring) {
        return descriptor(rings) + (long) ring * slots * SLOT_BYTES;
    }

    /**
     * Where the arena begins.
     *
     * @param rings number of rings
     * @param slots slots a ring
     * @return the offset
     */
    public static long arena(int rings, int slots) {
        return slots(rings, slots, rings);
    }
}
