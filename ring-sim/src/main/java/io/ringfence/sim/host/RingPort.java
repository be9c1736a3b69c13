package io.ringfence.sim.host;

import io.ringfence.fence.Result;
import io.ringfence.internal.seam.Seam;
import io.ringfence.sim.device.RingStatus;
import io.ringfence.sim.device.RingStatus.Residence;
import io.ringfence.sim.device.Standing;
import io.ringfence.sim.layout.Geometry;
import io.ringfence.sim.layout.RequestKind;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

/**
 * One ring as the host controls it, whatever kind of commands it is for: registers it with the firmware when it is first used,
 * hands on its events, asks for what is asked for. The firmware's state of the ring and the host's are told apart: a request is what
 * the host wants, the status what the firmware says.
 */
public final class RingPort implements Port {

    private final HostSide host;
    private final SharedMemory memory;
    private final int ring;
    private final long descriptor;
    private final RingWriter writer;
    private final Requests requests;
    private final Runnable interrupt;
    private volatile boolean banned;
    private volatile long resumedAt;

    /**
     * Takes a ring that nobody uses.
     *
     * @param host      the device
     * @param ring      its number
     * @param interrupt is called when the ring has completed what the host wanted to know of
     */
    public RingPort(HostSide host, int ring, Runnable interrupt) {
        this.host = host;
        this.ring = ring;
        this.interrupt = interrupt;
        Geometry geometry = host.geometry();
        memory = host.memory();
        descriptor = geometry.descriptor(ring);
        writer = new RingWriter(host, ring);
        requests = new Requests(host, ring);
        host.port(ring, this);
    }

    /**
     * The ring's number.
     *
     * @return 0 or more
     */
    public int ring() {
        return ring;
    }

    /**
     * Who writes its slots.
     *
     * @return the writer
     */
    public RingWriter writer() {
        return writer;
    }

    /**
     * What was asked of the firmware.
     *
     * @return the requests
     */
    public Requests requests() {
        return requests;
    }

    /**
     * Says how the ring is to be scheduled; before it is used, or to be followed by a request.
     *
     * @param group          number of its group
     * @param groupPriority  0 (real-time) to 3 (low)
     * @param priority       0 to 15
     * @param longRunning    whether its commands are not completed
     * @param minRun         nanoseconds
     * @param preemptTimeout nanoseconds
     */
    public void describe(int group, int groupPriority, int priority, boolean longRunning, long minRun,
            long preemptTimeout) {
        memory.intPlain(descriptor + RingLayout.GROUP_OFFSET, group);
        memory.intPlain(descriptor + RingLayout.GROUP_PRIORITY_OFFSET, groupPriority);
        memory.intPlain(descriptor + RingLayout.RING_PRIORITY_OFFSET, priority);
        memory.intPlain(descriptor + RingLayout.LONG_RUNNING_OFFSET, longRunning ? 1 : 0);
        memory.longPlain(descriptor + RingLayout.MIN_RUN_OFFSET, minRun);
        memory.longPlain(descriptor + RingLayout.PREEMPT_TIMEOUT_OFFSET, preemptTimeout);
    }

    /** Has the firmware look at the ring, if it does not yet. Any thread; by whoever writes slots, before the stamp. */
    public void register() {
        if (!requests.isRegisteredVolatile()) {
            resumedAt = Seam.nanoTime();
            requests.register();
        }
    }

    /** Lets the ring go; everything on it is finished. The firmware forgets it without being waited for. */
    public void close() {
        host.port(ring, null);
        if (requests.isRegisteredVolatile()) {
            Result<Standing> _ = requests.ask(RequestKind.DEREGISTER);
        }
        requests.end("the ring was closed");
    }

    /**
     * Asks for something; a ring that the firmware does not know yet is registered first.
     *
     * @param kind what
     * @return the answer
     */
    public Result<Standing> ask(RequestKind kind) {
        register();
        return switch (kind) {
            case BAN -> requests.ask(kind, null, () -> {
                banned = true;
                interrupt.run();
            });
            case RESUME -> requests.ask(kind, null, () -> resumedAt = Seam.nanoTime());
            case RESET -> requests.ask(kind, writer::beginEpoch, null);
            default -> requests.ask(kind);
        };
    }

    /**
     * Whether the firmware executes nothing of the ring any more, because it was asked to.
     *
     * @return true after a ban was answered
     */
    public boolean isBannedVolatile() {
        return banned;
    }

    /**
     * When the ring was resumed for the last time, or registered.
     *
     * @return on the scale of the seam's clock
     */
    public long resumedAtVolatile() {
        return resumedAt;
    }

    /**
     * What the firmware says of the ring.
     *
     * @return its status
     */
    public RingStatus status() {
        int state = memory.intAcquire(descriptor + RingLayout.STATE_OFFSET);
        Residence[] residences = Residence.values();
        int residence = memory.intVolatile(descriptor + RingLayout.RESIDENCE_OFFSET);
        return new RingStatus(residences[Math.floorMod(residence, residences.length)],
                (state & RingLayout.STATE_REGISTERED) != 0, (state & RingLayout.STATE_SUSPENDED) != 0,
                (state & RingLayout.STATE_QUIESCED) != 0, (state & RingLayout.STATE_BANNED) != 0,
                (state & RingLayout.STATE_WAITING) != 0, standing());
    }

    /**
     * How far the ring has got, from the words of its descriptor.
     *
     * @return where it stands
     */
    public Standing standing() {
        long retired = RingLayout.seqno(memory.longAcquire(descriptor + RingLayout.RETIRED_OFFSET));
        long completed = RingLayout.seqno(memory.longAcquire(descriptor + RingLayout.COMPLETION_OFFSET));
        long done = Math.max(retired, completed);
        long started = RingLayout.seqno(memory.longAcquire(descriptor + RingLayout.STARTED_OFFSET));
        return new Standing(done, Math.max(done, started));
    }

    @Override
    public void completed() {
        interrupt.run();
    }

    @Override
    public void replied(long request, int result, long completed, long started) {
        requests.replied(request, result, completed, started);
    }

    @Override
    public void ended(String reason) {
        requests.end(reason);
        interrupt.run();
    }

    @Override
    public String toString() {
        return "ring " + ring;
    }
}
