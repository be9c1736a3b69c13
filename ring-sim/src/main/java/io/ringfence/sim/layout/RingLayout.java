package io.ringfence.sim.layout;

/**
 * Where things are in the shared memory, in bytes. All words are little-endian and aligned to their size; whoever
 * writes a word is said at the word. The page {@code docs/firmware-ring.md} shows the same as tables; {@link Geometry} says
 * where the parts begin whose place depends on how large a device is.
 */
public final class RingLayout {

    /** "RINGFNCE" in ASCII. */
    public static final long MAGIC = 0x52494e47464e4345L;
    /** The version of this layout. */
    public static final int VERSION = 4;

    /** Length of the header. */
    public static final int HEADER_BYTES = 4096;
    /** Header: {@link #MAGIC}, long; host, last of the words that are written once. */
    public static final int MAGIC_OFFSET = 0;
    /** Header: {@link #VERSION}, int; host, once. */
    public static final int VERSION_OFFSET = 8;
    /** Header: bytes a slot, int; host, once. */
    public static final int SLOT_BYTES_OFFSET = 12;
    /** Header: number of rings, int; host, once. */
    public static final int RINGS_OFFSET = 16;
    /** Header: slots a ring, int, a power of two; host, once. */
    public static final int SLOTS_OFFSET = 20;
    /** Header: how many groups are on the device at a time, int; host, once. */
    public static final int GROUP_SLOTS_OFFSET = 24;
    /** Header: entries of the event ring, int, a power of two; host, once. */
    public static final int EVENTS_OFFSET = 28;
    /** Header: bytes of the arena, long; host, once. */
    public static final int ARENA_BYTES_OFFSET = 32;
    /** Header: how long a group keeps its slot while others wait, nanoseconds, long; host, once. */
    public static final int TIME_SLICE_OFFSET = 40;
    /** Header: counts the hosts that have used this memory, int, from 1; host, before it opens rings. */
    public static final int ATTACH_EPOCH_OFFSET = 48;
    /** Header: 1 while the firmware sleeps or is about to, long; firmware. The other half of the doorbell's handshake. */
    public static final int ASLEEP_OFFSET = 128;
    /** Header: rounds the firmware has made, long; firmware. */
    public static final int HEARTBEAT_OFFSET = 256;
    /** Header: the attach epoch that the firmware serves, int; firmware. */
    public static final int SERVED_EPOCH_OFFSET = 264;
    /** Header: how often the device was reset, int; firmware, before it replies. */
    public static final int RESETS_OFFSET = 268;
    /** Header: 1 after a doorbell or request bit was set, long; host sets, firmware takes it back and looks at the bits. */
    public static final int NEWS_OFFSET = 384;
    /** Header: the number of the last event raised, long; firmware. */
    public static final int RAISED_OFFSET = 512;
    /** Header: how many entries of the event ring the host has read, long; host, release. */
    public static final int READ_OFFSET = 640;
    /** Header: a request that concerns the whole device, {@link #request(long, int)}, long; host, volatile. */
    public static final int DEVICE_REQUEST_OFFSET = 768;
    /** The most rings. */
    public static final int MAX_RINGS = 1 << 16;

    /** Length of a ring descriptor. */
    public static final int DESCRIPTOR_BYTES = 640;
    /** Descriptor: the ring's epoch, int, 1 to 65535; host, before it registers or resets the ring. Part of stamps and completions. */
    public static final int RING_EPOCH_OFFSET = 0;
    /** Descriptor: the number of the ring's group, int, below twice the number of rings; host, before it registers. */
    public static final int GROUP_OFFSET = 4;
    /** Descriptor: the group's priority, int, 0 (real-time) to 3 (low); host, before it registers or changes properties. */
    public static final int GROUP_PRIORITY_OFFSET = 8;
    /** Descriptor: the ring's priority inside of its group, int, 0 to 15 (first); host, as the group's. */
    public static final int RING_PRIORITY_OFFSET = 12;
    /** Descriptor: 1 for a ring of long-running commands, int; host, before it registers. */
    public static final int LONG_RUNNING_OFFSET = 16;
    /** Descriptor: the last epoch of the ring's last user that has let it go, int, 0 for none; host, release, before it deregisters. */
    public static final int CLOSED_EPOCH_OFFSET = 20;
    /** Descriptor: how long a long-running group is left alone once it runs, nanoseconds, long; host, as the priorities. */
    public static final int MIN_RUN_OFFSET = 24;
    /** Descriptor: how long a command may keep a slot that its group has to leave, nanoseconds, long; host, as the priorities. */
    public static final int PREEMPT_TIMEOUT_OFFSET = 32;
    /** Descriptor: what was asked of the device last when the ring registered, long: that does not concern it; host, before. */
    public static final int DEVICE_REQUEST_BEFORE_OFFSET = 40;
    /** Descriptor: what the host asks for, {@link #request(long, int)}, long; host, volatile. */
    public static final int REQUEST_OFFSET = 64;
    /** Descriptor: the completion word, (epoch, seqno); firmware, release after the command's effects. */
    public static final int COMPLETION_OFFSET = 128;
    /** Descriptor: how many commands have failed since it was registered, long; firmware, before the completion word. */
    public static final int FAULTS_OFFSET = 136;
    /** Descriptor: the seqno at which the host wants an interrupt, long; host, volatile. */
    public static final int ARMED_OFFSET = 256;
    /** Descriptor: how long an interrupt for a completion is held back, (epoch, nanoseconds), long; host. At most a millisecond is. */
    public static final int INTERRUPT_DELAY_OFFSET = 264;
    /** Descriptor: the completion word that the host has seen, as long as interrupts are held back: they are dropped then; host. */
    public static final int SEEN_OFFSET = 272;
    /** Descriptor: one of the {@code RESIDENCE_} numbers, int; firmware, volatile. */
    public static final int RESIDENCE_OFFSET = 384;
    /** The firmware does not look at the ring: after a stamp its doorbell has to be rung. What zeroed memory says. */
    public static final int RESIDENCE_AWAY = 0;
    /** The ring waits for a slot, or for other rings: the firmware will look at it. */
    public static final int RESIDENCE_QUEUED = 1;
    /** The ring is on a slot: the firmware looks at it all the time. */
    public static final int RESIDENCE_ON_SLOT = 2;
    /** Descriptor: {@code STATE_} bits, int; firmware, release. */
    public static final int STATE_OFFSET = 388;
    /** The ring is registered. */
    public static final int STATE_REGISTERED = 1;
    /** It was suspended and not resumed. */
    public static final int STATE_SUSPENDED = 2;
    /** It was quiesced, and neither resumed nor reset. */
    public static final int STATE_QUIESCED = 4;
    /** It was banned. */
    public static final int STATE_BANNED = 8;
    /** Its next command waits for other rings or for a word of the arena. */
    public static final int STATE_WAITING = 16;
    /** Descriptor: the last command that was begun, if not a nop, (epoch, seqno); firmware, before the command's effects. */
    public static final int STARTED_OFFSET = 512;
    /** Descriptor: the last command whose slot may be used again, of a ring of long-running commands, (epoch, seqno); firmware, release. */
    public static final int RETIRED_OFFSET = 520;

    /** Length of a command slot. */
    public static final int SLOT_BYTES = 64;
    /** Slot: the stamp, (epoch, seqno); host, release after everything else in the slot. */
    public static final int STAMP_OFFSET = 0;
    /**
     * Slot: the opcode in the lowest 8 bits and the number of waits, or {@link #WAIT_IN_SLOT}, in the next 4, int; host. Later, while
     * the command is not complete, the host may add {@link #ABORT}.
     */
    public static final int OPCODE_OFFSET = 8;
    /** Added to an opcode: the command is to be given up. */
    public static final int ABORT = 1 << 31;
    /** Bits of an opcode word in which the opcode stands. */
    public static final int OPCODE_MASK = 0xff;
    /** Where in the opcode word the number of waits begins. */
    public static final int WAITS_SHIFT = 8;
    /** Bits of an opcode word in which the number of waits stands. */
    public static final int WAITS_MASK = 0xf;
    /**
     * Instead of a number of waits: there is one, and it stands in the slot, so that one line less goes from host to firmware. The
     * ring is in the next 16 bits, the word in the {@linkplain #WAIT_IN_SLOT_OFFSET last operand}, which the command does not use.
     */
    public static final int WAIT_IN_SLOT = WAITS_MASK;
    /** Where in the opcode word the ring of a wait begins that stands in the slot. */
    public static final int WAIT_IN_SLOT_SHIFT = 12;
    /** Bits of an opcode word in which that ring stands. */
    public static final int WAIT_IN_SLOT_MASK = 0xffff;
    /** Slot: 0, or why the command failed, int; host clears, and firmware what it finds; firmware sets it before the completion word. */
    public static final int STATUS_OFFSET = 12;
    /** Slot: six longs of operands; host. */
    public static final int OPERANDS_OFFSET = 16;
    /** Number of operands. */
    public static final int OPERANDS = 6;
    /** Slot: the last operand, or the word of a {@linkplain #WAIT_IN_SLOT wait that stands in the slot}, long; host. */
    public static final int WAIT_IN_SLOT_OFFSET = OPERANDS_OFFSET + 8 * (OPERANDS - 1);

    /** The last epoch of a ring, after which they begin again at 1; 0 is none. */
    public static final int MAX_EPOCH = 0xffff;

    /** How many commands of other rings a command may wait for. */
    public static final int MAX_WAITS = 4;
    /** Length of what a slot may wait for: {@link #MAX_WAITS} entries. */
    public static final int WAITS_BYTES = 64;
    /** Length of a wait. */
    public static final int WAIT_BYTES = 16;
    /** Wait: the number of the other ring, int; host. */
    public static final int WAIT_RING_OFFSET = 0;
    /** Wait: what its completion word must have reached, (epoch, seqno); host. */
    public static final int WAIT_WORD_OFFSET = 8;

    /** Length of an event. */
    public static final int EVENT_BYTES = 64;
    /** Event: how many events were written up to this one, long; firmware, release after the rest. */
    public static final int EVENT_STAMP_OFFSET = 0;
    /** Event: what kind it is of, int; firmware. */
    public static final int EVENT_KIND_OFFSET = 8;
    /** Event: the ring, int, or -1 for the device; firmware. */
    public static final int EVENT_RING_OFFSET = 12;
    /** Event: its number, long, ascending by one for each that is raised; firmware. */
    public static final int EVENT_NUMBER_OFFSET = 16;
    /** Event: the ring's last completed command, (epoch, seqno); firmware. */
    public static final int EVENT_COMPLETION_OFFSET = 24;
    /** Event: the ring's last begun command, (epoch, seqno); firmware. */
    public static final int EVENT_STARTED_OFFSET = 32;
    /** Event: the request that is answered, {@link #request(long, int)}, or 0; firmware. */
    public static final int EVENT_REQUEST_OFFSET = 40;
    /** Event: how the request was answered, int; firmware. */
    public static final int EVENT_RESULT_OFFSET = 48;

    /** Bits of a stamp or completion word that hold the seqno; the 16 above hold the epoch. */
    public static final int SEQNO_BITS = 48;
    private static final long SEQNO_MASK = (1L << SEQNO_BITS) - 1;
    private static final int KIND_BITS = 8;
    /**
     * Added to the kind of a request: the firmware is to register the ring first if it does not know its user. The request may have
     * taken the place of one to register it, which the host gave up.
     */
    public static final int REGISTER_FIRST = 1 << KIND_BITS - 1;
    private static final int KIND_MASK = REGISTER_FIRST - 1;

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
     * The word of a request.
     *
     * @param number the request's number on its ring, 1 or more
     * @param kind   a {@linkplain RequestKind#code() kind}, perhaps with {@link #REGISTER_FIRST}
     * @return the word
     */
    public static long request(long number, int kind) {
        return number << KIND_BITS | kind;
    }

    /**
     * The kind of a request.
     *
     * @param request a request's word
     * @return the code of its kind, without {@link #REGISTER_FIRST}
     */
    public static int requestKind(long request) {
        return (int) request & KIND_MASK;
    }

    /**
     * Whether a request is to register the ring first if need be.
     *
     * @param request a request's word
     * @return whether it has {@link #REGISTER_FIRST}
     */
    public static boolean registersFirst(long request) {
        return (request & REGISTER_FIRST) != 0;
    }
}
