package io.ringfence.sim.layout;

/**
 * How large a device is, and so where the parts of its shared memory begin:
 *
 * <pre>
 *  0 ┌────────┐ HEADER_BYTES ┌──────────┐┌─────────┐┌─────────────┐┌────────┐┌───────┐┌───────┐┌───────┐
 *    │ header │              │ doorbells││ requests││ descriptors ││ events ││ slots ││ waits ││ arena │
 *    └────────┘              └──────────┘└─────────┘└─────────────┘└────────┘└───────┘└───────┘└───────┘
 *                             a bit for each ring   one for each            ring after ring
 * </pre>
 *
 * @param rings      how many rings
 * @param slots      command slots a ring, a power of two
 * @param groupSlots how many groups are on the device at a time
 * @param events     entries of the event ring, a power of two
 * @param arenaBytes memory that commands work on
 * @param timeSlice  how long a group keeps its slot while others wait, nanoseconds
 */
public record Geometry(int rings, int slots, int groupSlots, int events, long arenaBytes, long timeSlice) {

    private static final int LINE = 128;

    /**
     * Reads and checks a header. Each word is read once.
     *
     * @param memory shared memory
     * @return what the header says
     * @throws IllegalArgumentException if this is no such memory, or of another version, or if the parts do not fit into it
     */
    public static Geometry read(SharedMemory memory) {
        require("magic", memory.longAcquire(RingLayout.MAGIC_OFFSET), RingLayout.MAGIC);
        require("version", memory.intPlain(RingLayout.VERSION_OFFSET), RingLayout.VERSION);
        require("bytes a slot", memory.intPlain(RingLayout.SLOT_BYTES_OFFSET), RingLayout.SLOT_BYTES);
        int rings = bounded("rings", memory.intPlain(RingLayout.RINGS_OFFSET), RingLayout.MAX_RINGS);
        int slots = powerOfTwo("slots", bounded("slots", memory.intPlain(RingLayout.SLOTS_OFFSET), 1 << 20));
        int groupSlots = bounded("group slots", memory.intPlain(RingLayout.GROUP_SLOTS_OFFSET), RingLayout.MAX_RINGS);
        int events = powerOfTwo("events", bounded("events", memory.intPlain(RingLayout.EVENTS_OFFSET), 1 << 20));
        long arena = memory.longPlain(RingLayout.ARENA_BYTES_OFFSET);
        long slice = memory.longPlain(RingLayout.TIME_SLICE_OFFSET);
        Geometry read = new Geometry(rings, slots, groupSlots, events, arena, slice);
        long size = memory.segment().byteSize();
        if (arena < 0 || arena > size || read.total() > size || slice < 1) {
            throw new IllegalArgumentException("shared memory of " + size + " bytes: its header tells of " + read
                    + ", which needs " + read.total() + " bytes and a time slice of at least 1 ns");
        }
        return read;
    }

    private static void require(String what, long found, long wanted) {
        if (found != wanted) {
            throw new IllegalArgumentException("shared memory with " + what + " " + Long.toHexString(found)
                    + ": must be " + Long.toHexString(wanted) + " (hexadecimal)");
        }
    }

    private static int bounded(String what, int found, int most) {
        if (found < 1 || found > most) {
            throw new IllegalArgumentException(
                    "shared memory with " + what + " " + found + ": must be 1 to " + most);
        }
        return found;
    }

    private static int powerOfTwo(String what, int found) {
        if (Integer.bitCount(found) != 1) {
            throw new IllegalArgumentException("shared memory with " + what + " " + found + ": must be a power of two");
        }
        return found;
    }

    /**
     * Writes a header, the magic last.
     *
     * @param memory zeroed memory of {@link #total()} bytes
     */
    public void write(SharedMemory memory) {
        memory.intPlain(RingLayout.VERSION_OFFSET, RingLayout.VERSION);
        memory.intPlain(RingLayout.SLOT_BYTES_OFFSET, RingLayout.SLOT_BYTES);
        memory.intPlain(RingLayout.RINGS_OFFSET, rings);
        memory.intPlain(RingLayout.SLOTS_OFFSET, slots);
        memory.intPlain(RingLayout.GROUP_SLOTS_OFFSET, groupSlots);
        memory.intPlain(RingLayout.EVENTS_OFFSET, events);
        memory.longPlain(RingLayout.ARENA_BYTES_OFFSET, arenaBytes);
        memory.longPlain(RingLayout.TIME_SLICE_OFFSET, timeSlice);
        memory.longRelease(RingLayout.MAGIC_OFFSET, RingLayout.MAGIC);
    }

    /**
     * Length of the doorbells, and of the requests: a bit for each ring, in whole cache lines.
     *
     * @return bytes
     */
    public long bitBytes() {
        return (rings + LINE * Byte.SIZE - 1L) / (LINE * Byte.SIZE) * LINE;
    }

    /**
     * How many words have doorbell bits; as many have request bits.
     *
     * @return words of 8 bytes
     */
    public int bitWords() {
        return (rings + Long.SIZE - 1) / Long.SIZE;
    }

    /**
     * The word with the doorbell bits of 64 rings.
     *
     * @param word the number of the word, {@code ring / 64}
     * @return its offset
     */
    public long doorbells(int word) {
        return RingLayout.HEADER_BYTES + (long) word * Long.BYTES;
    }

    /**
     * The word with the request bits of 64 rings.
     *
     * @param word the number of the word, {@code ring / 64}
     * @return its offset
     */
    public long requests(int word) {
        return RingLayout.HEADER_BYTES + bitBytes() + (long) word * Long.BYTES;
    }

    /**
     * Where a ring's descriptor begins.
     *
     * @param ring the ring's number
     * @return the offset
     */
    public long descriptor(int ring) {
        return RingLayout.HEADER_BYTES + 2 * bitBytes() + (long) ring * RingLayout.DESCRIPTOR_BYTES;
    }

    /**
     * Where an event is written.
     *
     * @param number how many were written before
     * @return the offset
     */
    public long event(long number) {
        return descriptor(rings) + (number & events - 1) * RingLayout.EVENT_BYTES;
    }

    /**
     * Where a ring's slots begin.
     *
     * @param ring the ring's number
     * @return the offset
     */
    public long slots(int ring) {
        return descriptor(rings) + (long) events * RingLayout.EVENT_BYTES
                + (long) ring * slots * RingLayout.SLOT_BYTES;
    }

    /**
     * Where begins what the commands of a ring wait for, {@link RingLayout#WAITS_BYTES} for each slot.
     *
     * @param ring the ring's number
     * @return the offset
     */
    public long waits(int ring) {
        return slots(rings) + (long) ring * slots * RingLayout.WAITS_BYTES;
    }

    /**
     * Where the arena begins.
     *
     * @return the offset
     */
    public long arena() {
        return waits(rings);
    }

    /**
     * Length of it all.
     *
     * @return bytes
     */
    public long total() {
        return arena() + arenaBytes;
    }
}
