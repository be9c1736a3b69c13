package io.ringfence.sim.host;

import io.ringfence.fence.Result;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.sim.device.RingStatus;
import io.ringfence.sim.device.RingStatus.Residence;
import io.ringfence.sim.device.Standing;
import io.ringfence.sim.layout.Geometry;
import io.ringfence.sim.layout.RequestKind;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

import org.jspecify.annotations.Nullable;

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
    private final long residence;
    private final RingWriter writer;
    private final Requests requests;
    private final InterruptDelay delay;
    private final Runnable interrupt;
    private volatile boolean closed;
    /** The requests have it too; here, for each job asks. */
    private volatile boolean registered;
    private volatile boolean longRunning;
    /** Why the firmware executes nothing of the ring, or null. */
    private volatile @Nullable String lost;
    /** The firmware's heartbeat when it was asked for last, and whether it was woken since. */
    private long lastBeat = -1;
    private boolean woken;

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
        residence = descriptor + RingLayout.RESIDENCE_OFFSET;
        writer = new RingWriter(host, ring);
        delay = new InterruptDelay(memory, descriptor, writer::epochVolatile);
        requests = new Requests(host, ring, this::refused);
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
        this.longRunning = longRunning;
        requests.suspensionMayTake(minRun + preemptTimeout);
    }

    /** Has the firmware look at the ring, if it does not yet. Any thread; by whoever writes slots, before the stamp. */
    public void register() {
        if (!registered) {
            requests.register();
            if (requests.isRegisteredVolatile()) {
                registered = true;
            }
        }
    }

    /**
     * Makes the firmware look at what was stamped; a full fence stands between the stamp and this look. Both words are read here,
     * after every submission: one call further down, the accesses are too deep for the compiler to inline.
     */
    public void doorbell() {
        Seam.at(Site.DEVICE);
        if (memory.intVolatile(residence) == RingLayout.RESIDENCE_AWAY) {
            host.ringDoorbell(ring);
            return;
        }
        Seam.at(Site.DEVICE);
        if (memory.longVolatile(RingLayout.ASLEEP_OFFSET) != 0) {
            host.wakeNow();
        }
    }

    /**
     * Says that what became of all jobs up to one has been read. The completion turn's.
     *
     * @param word the completion word that was read
     */
    public void reported(long word) {
        writer.reportedRelease(RingLayout.seqno(word));
        delay.seen(word);
    }

    /** Makes the firmware look at a command again that is in progress, wherever the ring is. */
    public void lookAgain() {
        host.ringDoorbell(ring);
    }

    /** Lets the ring go; everything on it is finished. The firmware forgets it without being waited for. */
    public void close() {
        closed = true;
        host.port(ring, null);
        requests.close("the ring was closed", writer::closeRelease);
    }

    /**
     * Refuses to go on with a ring that may be somebody else's by now.
     *
     * @throws IllegalStateException if it was closed
     */
    public void requireOpen() {
        if (closed) {
            throw new IllegalStateException(this + " was closed");
        }
    }

    HostSide host() {
        return host;
    }

    boolean isClosed() {
        return closed;
    }

    private void refused() {
        lost = "the firmware did not register ring " + ring;
        interrupt.run();
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
                lost = "the firmware executes nothing of ring " + ring + " any more";
                interrupt.run();
            });
            case RESET -> requests.ask(kind, writer::beginEpoch, null);
            default -> requests.ask(kind);
        };
    }

    /**
     * Why the firmware executes nothing of the ring: it was banned, or not registered.
     *
     * @return half a sentence, or null if it does
     */
    public @Nullable String lostVolatile() {
        return lost;
    }

    /**
     * Whether the ring is one for commands without an end.
     *
     * @return what {@link #describe} said
     */
    boolean isLongRunning() {
        return longRunning;
    }

    /**
     * What the firmware says of the ring.
     *
     * @return its status
     */
    public RingStatus status() {
        int state = memory.intAcquire(descriptor + RingLayout.STATE_OFFSET);
        Residence[] residences = Residence.values();
        int where = memory.intVolatile(residence);
        return new RingStatus(residences[Math.floorMod(where, residences.length)],
                (state & RingLayout.STATE_REGISTERED) != 0, (state & RingLayout.STATE_SUSPENDED) != 0,
                (state & RingLayout.STATE_QUIESCED) != 0, (state & RingLayout.STATE_BANNED) != 0,
                (state & RingLayout.STATE_WAITING) != 0, standing());
    }

    /**
     * Whether the firmware is at work on the ring, or nobody knows: it does not beat any more, though it has been woken since the
     * last time this was asked. One that sleeps does not beat either, and has said before where the ring stands. One thread at a
     * time, now and then.
     *
     * @return false while the ring waits for a slot, for other rings, or to be resumed, and when the firmware is seen for the first
     *     time to stand still without having said that it sleeps
     */
    public boolean isExecuting() {
        long beat = memory.longAcquire(RingLayout.HEARTBEAT_OFFSET);
        if (beat != lastBeat) {
            lastBeat = beat;
            woken = false;
            return isAtWork();
        }
        if (woken) {
            return true;
        }
        boolean asleep = memory.longVolatile(RingLayout.ASLEEP_OFFSET) != 0;
        woken = true;
        host.announceStamp();
        return asleep && isAtWork();
    }

    private boolean isAtWork() {
        RingStatus now = status();
        return now.residence() != Residence.QUEUED && !now.isWaiting() && !now.isSuspended() && !now.isQuiesced();
    }

    /**
     * How far the ring has got, from the words of its descriptor.
     *
     * @return where it stands
     */
    public Standing standing() {
        long done = Math.max(seqno(RingLayout.RETIRED_OFFSET), seqno(RingLayout.COMPLETION_OFFSET));
        return new Standing(done, Math.max(done, seqno(RingLayout.STARTED_OFFSET)));
    }

    /** What a word says, if it is of the present user of the ring: the firmware may still write one of the last. */
    private long seqno(int offset) {
        long word = memory.longAcquire(descriptor + offset);
        return RingLayout.epoch(word) == writer.epochVolatile() ? RingLayout.seqno(word) : 0;
    }

    @Override
    public void completed(long word) {
        delay.came(RingLayout.seqno(word), writer.reportedAcquire());
        interrupt.run();
        delay.looked(writer.reportedAcquire());
    }

    @Override
    public void look() {
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
