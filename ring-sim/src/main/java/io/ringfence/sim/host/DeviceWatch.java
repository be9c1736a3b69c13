package io.ringfence.sim.host;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.ringfence.internal.seam.Seam;
import io.ringfence.sim.device.Finding;
import io.ringfence.sim.device.RingStatus;
import io.ringfence.sim.device.RingStatus.Residence;
import io.ringfence.sim.device.Standing;
import io.ringfence.sim.firmware.Status;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

/**
 * Notices what is wrong with a device, by looking at it now and then. It looks at progress: a clock runs while the same things are
 * seen, and only for a ring that is on the device and does not wait for others. What it finds is told once for each occasion.
 */
public final class DeviceWatch {

    /** What is known of one ring since the last look. */
    private static final class Seen {
        Standing standing = new Standing(0, 0);
        long stamped;
        /** For how long the same was seen on the device. */
        long nanos;
        boolean told;
    }

    /** One look counts for no more than this share of the bound. */
    private static final int SHARE = 8;

    private final HostSide host;
    private final SharedMemory memory;
    private final Map<Integer, Seen> rings = new HashMap<>();
    private Duration bound = Duration.ofSeconds(1);
    private long lastLook;
    private long heartbeat;
    private long stalledFor;
    private boolean stallTold;
    /** The last event that had been raised a while ago, and when that was. */
    private long raised;
    private long raisedAt;
    private final Requests device;

    /**
     * Watches a device.
     *
     * @param host   the device
     * @param device the requests to the whole device
     */
    public DeviceWatch(HostSide host, Requests device) {
        this.host = host;
        this.device = device;
        memory = host.memory();
    }

    /**
     * Says how long nothing may happen.
     *
     * @param longest more than zero
     */
    public synchronized void bound(Duration longest) {
        bound = longest;
    }

    /**
     * The firmware refused a command or failed it.
     *
     * @param ring   the ring
     * @param seqno  the job
     * @param status why
     */
    public void badCommand(int ring, long seqno, Status status) {
        boolean wrong = switch (status) {
            case BAD_OPCODE, OUT_OF_ARENA, MISALIGNED, BAD_OPERAND -> true;
            case OK, ABORTED, WAIT_FAILED, PREEMPT_TIMEOUT -> false;
        };
        if (wrong) {
            // Called inside of a queue's turn, which must not wait for who looks.
            host.events().numbers().add(new Finding(Finding.Kind.BAD_COMMAND, ring, seqno,
                    "ring " + ring + ": seqno " + seqno + ": " + status.text()));
        }
    }

    /**
     * Looks at the device. Any thread, as often as one likes; a few times in the bound.
     *
     * @return what was found since the last look, perhaps nothing
     */
    public synchronized List<Finding> look() {
        long now = Seam.nanoTime();
        // Who looks late has perhaps been kept from it, and others with him.
        long passed = lastLook == 0 ? 0 : Math.min(now - lastLook, bound.toNanos() / SHARE);
        lastLook = now;
        host.events().read();
        boolean due = now - raisedAt >= bound.toNanos() / SHARE;
        List<Finding> all = new ArrayList<>(host.events().numbers().take(due ? raised : 0));
        if (all.stream().anyMatch(finding -> finding.kind() == Finding.Kind.LOST_EVENT)) {
            // Whose it was is lost with it.
            host.interruptAll();
        }
        if (due) {
            raised = memory.longAcquire(RingLayout.RAISED_OFFSET);
            raisedAt = now;
        }
        boolean busy = false;
        for (int ring = 0; ring < host.geometry().rings(); ring++) {
            if (host.port(ring) instanceof RingPort port) {
                busy |= look(port, passed, all);
            } else {
                rings.remove(ring);
            }
        }
        device.expire(bound);
        lookAtHeartbeat(busy, passed, all);
        return all;
    }

    /**
     * Whether something was asked of the firmware that it has not answered.
     *
     * @return true until it has, or until it was given up by {@link #look}
     */
    public boolean isAnswerPending() {
        boolean pending = device.isAnswerPending();
        for (int ring = 0; ring < host.geometry().rings(); ring++) {
            pending |= host.port(ring) instanceof RingPort port && port.requests().isAnswerPending();
        }
        return pending;
    }

    /** Whether the ring has something to do. */
    private boolean look(RingPort port, long passed, List<Finding> all) {
        Requests requests = port.requests();
        requests.expire(bound);
        Seen seen = rings.computeIfAbsent(port.ring(), _ -> new Seen());
        RingStatus status = port.status();
        Standing standing = status.standing();
        long stamped = port.writer().stampedOpaque();
        boolean same = standing.equals(seen.standing) && stamped >= seen.stamped;
        boolean pending = stamped > standing.completed();
        if (!same) {
            endOfOccasion(port, seen, all);
        } else if (pending && seen.stamped > standing.completed() && status.residence() != Residence.QUEUED
                && !port.isLongRunning() && !status.isWaiting() && !status.isSuspended() && !status.isQuiesced()) {
            seen.nanos += passed;
        }
        seen.standing = standing;
        seen.stamped = stamped;
        if (seen.nanos > bound.toNanos() && !seen.told && stalledFor == 0) {
            seen.told = true;
            all.add(standstill(port, standing, seen.nanos));
        }
        return pending && !port.isLongRunning();
    }

    private static Finding standstill(RingPort port, Standing standing, long nanos) {
        long millis = nanos / 1_000_000;
        long next = standing.completed() + 1;
        return standing.isNextStarted()
                ? new Finding(Finding.Kind.HANG, port.ring(), standing.started(), port + ": seqno " + standing.started()
                        + " was begun and has not ended after " + millis + " ms on the device")
                : new Finding(Finding.Kind.UNSEEN_STAMP, port.ring(), next, port + ": the job after seqno "
                        + standing.completed() + " is not begun after " + millis
                        + " ms, though nothing is in its way");
    }

    private void endOfOccasion(RingPort port, Seen seen, List<Finding> all) {
        if (seen.nanos > bound.toNanos() / 4 && seen.standing.isNextStarted()) {
            all.add(new Finding(Finding.Kind.SLOW_COMMAND, port.ring(), seen.standing.started(), port + ": seqno "
                    + seen.standing.started() + " took more than " + seen.nanos / 1_000_000 + " ms"));
        }
        seen.nanos = 0;
        seen.told = false;
    }

    /** Firmware that has nothing to do sleeps; if there is something, it is woken, and its heart must beat. */
    private void lookAtHeartbeat(boolean busy, long passed, List<Finding> all) {
        long beat = memory.longAcquire(RingLayout.HEARTBEAT_OFFSET);
        boolean asleep = memory.longVolatile(RingLayout.ASLEEP_OFFSET) != 0;
        if (beat != heartbeat || asleep && !busy) {
            heartbeat = beat;
            stalledFor = 0;
            stallTold = false;
            return;
        }
        stalledFor += passed;
        if (stalledFor > bound.toNanos() && !stallTold) {
            stallTold = true;
            all.add(new Finding(Finding.Kind.STALLED_FIRMWARE, -1, 0,
                    "the firmware's heartbeat has stood still for " + stalledFor / 1_000_000 + " ms"));
        }
        host.announceStamp();
    }
}
