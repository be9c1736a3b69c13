package io.ringfence.sim.firmware;

import java.util.List;
import java.util.function.LongSupplier;

import io.ringfence.internal.seam.Seam;
import io.ringfence.sim.faults.FaultDice;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;

/**
 * The firmware: in each round it takes what the host asks for, decides who is on the device, and lets those execute commands. What
 * it learns from the host it reads from the shared memory; only its interrupt line is an object, as it would be a wire.
 */
public final class FirmwareAgent implements Agent {

    /** Looks at a slot in a round that finds nothing: they cost far less than the rest of it, above all its reading of the clock. */
    private static final int LOOKS = 16;

    /** Commands of a round after which rings that let each other go on do so in the next. */
    private static final int LINKS = 64;

    private final SharedMemory memory;
    private final Board board;
    private final Requests requests;
    private final GroupScheduler scheduler;
    private long heartbeat;

    /**
     * Attaches to shared memory whose header is complete.
     *
     * @param memory the memory
     * @param line   raises the host's interrupt after an event was written
     * @param dice   how it is to misbehave, or null
     * @throws IllegalArgumentException if the header is not as it must be
     */
    public FirmwareAgent(SharedMemory memory, Runnable line, @Nullable FaultDice dice) {
        this(memory, line, dice, Seam::nanoTime);
    }

    FirmwareAgent(SharedMemory memory, Runnable line, @Nullable FaultDice dice, LongSupplier clock) {
        this.memory = memory;
        board = new Board(memory, line, dice, clock);
        requests = new Requests(board);
        scheduler = board.scheduler;
        memory.intRelease(RingLayout.SERVED_EPOCH_OFFSET, memory.intPlain(RingLayout.ATTACH_EPOCH_OFFSET));
    }

    @Override
    public int doWork() {
        // One reading a round: a delay that begins in this round begins now.
        long now = board.nanoTime();
        if (board.isOut(now)) {
            return 0;
        }
        requests.take(now);
        scheduler.round(now);
        int completed = pollAll(now);
        for (int i = LOOKS / Math.max(1, scheduler.onSlots().size()); completed == 0 && i > 0; i--) {
            completed = pollAll(now);
        }
        letGoOn(completed, now);
        board.raise();
        board.flush(now);
        board.events.flush(now);
        memory.longPlain(RingLayout.HEARTBEAT_OFFSET, ++heartbeat);
        return completed;
    }

    /** Rings that have let each other go on do so again before the rest of the round, which takes as long as several of their commands. */
    private void letGoOn(int completed, long now) {
        int more = completed;
        for (int all = 0; all < LINKS && more != 0 && board.takeWaited(); all += more) {
            more = follow(now);
            if (more == 0) {
                more = pollAll(now);
            }
        }
    }

    private int pollAll(long now) {
        board.worked = false;
        return scheduler.poll(now);
    }

    /**
     * Goes from ring to ring, each of which waited for the one before: without a look at those in between, as long as no command takes
     * so long that they could miss it.
     */
    private int follow(long now) {
        int all = 0;
        Context next = board.follower;
        while (next != null && all < LINKS && !board.worked && next.isOnSlot()) {
            int more = next.pollLikely(now);
            all += more;
            next = more == 0 ? null : next.follower();
        }
        board.follower = null;
        return all;
    }

    /**
     * Announces that the firmware is about to sleep, or that it is awake.
     *
     * @param asleep whether the host has to ring the doorbell
     */
    void asleepVolatile(boolean asleep) {
        memory.longVolatile(RingLayout.ASLEEP_OFFSET, asleep ? 1 : 0);
    }

    /** Whether a round now would do something. */
    boolean hasWork() {
        if (board.dead || board.stalls) {
            return false;
        }
        if (requests.hasWork() || scheduler.hasWork() || board.events.owes()) {
            return true;
        }
        List<Group> groups = scheduler.onSlots();
        for (int i = 0; i < groups.size(); i++) {
            for (Context context : groups.get(i).contexts()) {
                if (context.hasWork()) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * When something happens by itself: a delay ends, a time slice is over.
     *
     * @return the time in nanoseconds, or {@code Long.MAX_VALUE} if nothing does
     */
    public long nextMoment() {
        if (board.dead) {
            return Long.MAX_VALUE;
        }
        if (board.stalls) {
            return board.stalledUntil;
        }
        long next = Math.min(Math.min(scheduler.nextMoment(), Math.min(board.events.nextDue(), board.nextDue())),
                requests.nextMoment(board.nanoTime()));
        List<Group> groups = scheduler.onSlots();
        for (int i = 0; i < groups.size(); i++) {
            for (Context context : groups.get(i).contexts()) {
                next = Math.min(next, context.nextMoment());
            }
        }
        return next;
    }

    @Override
    public String roleName() {
        return "ringfence-firmware";
    }
}
