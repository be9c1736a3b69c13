package io.ringfence.sim.firmware;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.sim.faults.FaultKind;
import io.ringfence.sim.layout.EventKind;
import io.ringfence.sim.layout.Geometry;
import io.ringfence.sim.layout.RequestKind;
import io.ringfence.sim.layout.RingLayout;
import io.ringfence.sim.layout.SharedMemory;

import org.jspecify.annotations.Nullable;

/**
 * Does what the host asks for, ring by ring, and answers by an event. A ring has one request at a time; one that was answered is
 * known by its number.
 */
final class Requests {

    private static final int MAX_RING_PRIORITY = 15;

    /** A ring that is suspended as soon as it has come to a border; whether it was before. */
    private record Suspension(Context context, long request, long from, long by, boolean again) {
    }

    private final Board board;
    private final SharedMemory memory;
    private final Geometry geometry;
    /** By ring, the last request that was taken; behind them, the device's. */
    private final long[] taken;
    private final Map<Integer, Group> groups = new HashMap<>();
    private final List<Suspension> suspensions = new ArrayList<>();
    private boolean hasNewRings;

    Requests(Board board) {
        this.board = board;
        memory = board.memory;
        geometry = board.geometry;
        taken = new long[geometry.rings() + 1];
    }

    // ---- what there is

    /** Whether the host has set a bit that was not looked at. */
    boolean hasWork() {
        return memory.longVolatile(RingLayout.NEWS_OFFSET) != 0;
    }

    /** Takes what the host asks for, then the doorbells. */
    void take(long now) {
        if (memory.longAcquire(RingLayout.NEWS_OFFSET) != 0) {
            long _ = memory.takeLong(RingLayout.NEWS_OFFSET);
            Seam.at(Site.DEVICE);
            // Rings that the host had registered before it asked for this are concerned, so they come first.
            long ofDevice = memory.longVolatile(RingLayout.DEVICE_REQUEST_OFFSET);
            for (int word = 0; word < geometry.bitWords(); word++) {
                for (long bits = bits(geometry.requests(word)); bits != 0; bits &= bits - 1) {
                    ring(word * Long.SIZE + Long.numberOfTrailingZeros(bits), now);
                }
            }
            device(ofDevice, now);
            for (int word = 0; word < geometry.bitWords(); word++) {
                for (long bits = bits(geometry.doorbells(word)); bits != 0; bits &= bits - 1) {
                    doorbell(word * Long.SIZE + Long.numberOfTrailingZeros(bits), now);
                }
            }
            // Because of what was done just now, and for stamps that the host has written.
            board.scheduler.lookAtBlocked(now, hasNewRings);
            hasNewRings = false;
        }
        for (int i = suspensions.size() - 1; i >= 0; i--) {
            suspend(suspensions.get(i), i, now);
        }
    }

    private long bits(long offset) {
        return memory.longAcquire(offset) == 0 ? 0 : memory.takeLong(offset);
    }

    /** When a suspension has to be looked at again, or {@code Long.MAX_VALUE}. */
    long nextMoment(long now) {
        long next = Long.MAX_VALUE;
        for (Suspension pending : suspensions) {
            next = Math.min(next, pending.from - now > 0 ? pending.from : pending.by);
        }
        return next;
    }

    private void doorbell(int ring, long now) {
        Context context = board.context(ring);
        if (context == null) {
            return;
        }
        context.doorbell();
        if (context.group().place != Group.Place.ON_SLOT && context.canGoOn()) {
            context.residence(RingLayout.RESIDENCE_QUEUED);
            board.scheduler.runnable(context.group(), now);
        }
    }

    // ---- the requests

    private void ring(int ring, long now) {
        if (ring >= geometry.rings()) {
            return;
        }
        long descriptor = geometry.descriptor(ring);
        long request = memory.longVolatile(descriptor + RingLayout.REQUEST_OFFSET);
        if (request == taken[ring]) {
            return;
        }
        int epoch = memory.intAcquire(descriptor + RingLayout.RING_EPOCH_OFFSET);
        if (memory.longVolatile(descriptor + RingLayout.REQUEST_OFFSET) != request) {
            // The epoch may be that of another user; what stands there now has its own bit.
            return;
        }
        taken[ring] = request;
        RequestKind kind = RequestKind.of(RingLayout.requestKind(request));
        Context context = board.context(ring);
        if (kind == RequestKind.REGISTER
                || kind != null && RingLayout.registersFirst(request) && isUnknown(ring, context, epoch)) {
            context = register(ring, context, epoch, now);
        }
        if (kind == null || context == null) {
            board.events.reply(ring, request, EventKind.REFUSED, 0, 0);
        } else if (kind == RequestKind.SUSPEND) {
            startSuspending(context, request, now);
        } else {
            answer(context, request, carryOut(kind, context, epoch, now));
        }
    }

    /** Whether the ring has a user of whom the firmware was not told; it may still know the one before, who has let the ring go. */
    private boolean isUnknown(int ring, @Nullable Context known, int epoch) {
        // The present user is asked about last: one who lets it go between the two looks must not be taken for another one.
        return (known == null || board.isLetGo(ring, known.epoch())) && !board.isLetGo(ring, epoch);
    }

    private void answer(Context context, long request, int result) {
        board.events.reply(context.ring(), request, result, context.completionWord(), context.startedWord());
    }

    private int carryOut(RequestKind kind, Context context, int epoch, long now) {
        switch (kind) {
            case DEREGISTER -> deregister(context, now);
            case RESUME -> {
                return resume(context, now);
            }
            case PROPERTIES -> {
                return properties(context) ? EventKind.DONE : EventKind.REFUSED;
            }
            case QUIESCE -> quiesce(context, now);
            case RESET -> {
                return reset(context, epoch, now);
            }
            case BAN -> {
                forgetSuspension(context, now);
                context.ban();
            }
            case SUSPEND -> throw new IllegalStateException("it is answered later");
            case REGISTER -> {
            }
        }
        return EventKind.DONE;
    }

    /** Null if it is refused: the descriptor is out of range. */
    private @Nullable Context register(int ring, @Nullable Context before, int epoch, long now) {
        if (before != null) {
            deregister(before, now);
        }
        long descriptor = geometry.descriptor(ring);
        int number = memory.intPlain(descriptor + RingLayout.GROUP_OFFSET);
        boolean longRunning = memory.intPlain(descriptor + RingLayout.LONG_RUNNING_OFFSET) != 0;
        if (number < 0 || number >= 2 * geometry.rings()) {
            return null;
        }
        Group group = groups.computeIfAbsent(number, Group::new);
        if (!group.isEmpty() && group.longRunning != longRunning) {
            forgetClosed(group, now);
            // It has gone with the last of its rings.
            group = groups.computeIfAbsent(number, Group::new);
        }
        if (!group.isEmpty() && group.longRunning != longRunning) {
            return null;
        }
        Context context = new Context(board, ring, group, longRunning, epoch);
        if (!properties(context)) {
            return null;
        }
        group.longRunning = longRunning;
        group.add(context);
        context.registered();
        hasNewRings = true;
        board.contexts[ring] = context;
        becomesRunnable(context, now);
        return context;
    }

    /** The number of a group is used again at once: rings of the former one were let go, which has perhaps not been read yet. */
    private void forgetClosed(Group group, long now) {
        for (Context context : List.copyOf(group.contexts())) {
            if (board.isLetGo(context.ring(), context.epoch())) {
                deregister(context, now);
            }
        }
    }

    /** Reads priorities and times; whether they are in range. */
    private boolean properties(Context context) {
        long descriptor = geometry.descriptor(context.ring());
        int groupPriority = memory.intPlain(descriptor + RingLayout.GROUP_PRIORITY_OFFSET);
        int priority = memory.intPlain(descriptor + RingLayout.RING_PRIORITY_OFFSET);
        long minRun = memory.longPlain(descriptor + RingLayout.MIN_RUN_OFFSET);
        long timeout = memory.longPlain(descriptor + RingLayout.PREEMPT_TIMEOUT_OFFSET);
        if (groupPriority < 0 || groupPriority >= GroupScheduler.PRIORITIES || priority < 0
                || priority > MAX_RING_PRIORITY || minRun < 0 || timeout < 1) {
            return false;
        }
        context.properties(priority, minRun, timeout);
        board.scheduler.changePriority(context.group(), groupPriority);
        context.group().sort();
        return true;
    }

    private void deregister(Context context, long now) {
        forgetSuspension(context, now);
        Group group = context.group();
        group.remove(context);
        context.gone();
        board.contexts[context.ring()] = null;
        if (group.isEmpty()) {
            board.scheduler.remove(group, now);
            Group _ = groups.remove(group.number);
        }
    }

    private int resume(Context context, long now) {
        if (context.awaitsReset()) {
            return EventKind.REFUSED;
        }
        forgetSuspension(context, now);
        context.suspended(false, now);
        if (!context.isQuiescedWithAll()) {
            context.quiesced(false, now);
        }
        becomesRunnable(context, now);
        return EventKind.DONE;
    }

    /** The whole device goes on, but for what is suspended. */
    private void resumeWithAll(Context context, long now) {
        if (!context.awaitsReset()) {
            context.quiesced(false, now);
            becomesRunnable(context, now);
        }
    }

    private void becomesRunnable(Context context, long now) {
        Group group = context.group();
        if (group.place == Group.Place.ON_SLOT) {
            context.enters(now);
        } else if (group.place == Group.Place.AWAY) {
            board.scheduler.settle(group, now);
        }
    }

    private void quiesce(Context context, long now) {
        forgetSuspension(context, now);
        context.quiesced(true, now);
    }

    private void quiesceWithAll(Context context, long now) {
        forgetSuspension(context, now);
        context.quiescedWithAll(now);
    }

    private int reset(Context context, int epoch, long now) {
        if (board.dice != null && board.dice.strikesRequest(FaultKind.FAILING_RESET, context.ring(),
                RequestKind.RESET.text()) != null) {
            return EventKind.FAILED;
        }
        if (context.isBanned()) {
            return EventKind.REFUSED;
        }
        forgetSuspension(context, now);
        context.reset(epoch);
        context.quiesced(false, now);
        becomesRunnable(context, now);
        return EventKind.DONE;
    }

    // ---- suspension

    private void startSuspending(Context context, long request, long now) {
        forgetSuspension(context, now);
        Group group = context.group();
        // A long-running group that has just come is left alone for a while.
        long from = group.place == Group.Place.ON_SLOT && group.longRunning ? group.since + group.minRun() : now;
        long by = Math.max(now, from) + Math.min(context.preemptTimeout(), Long.MAX_VALUE / 2);
        Suspension pending = new Suspension(context, request, from, by, context.isSuspended());
        suspensions.add(pending);
        suspend(pending, suspensions.size() - 1, now);
    }

    private void suspend(Suspension pending, int index, long now) {
        Context context = pending.context;
        if (now - pending.from < 0) {
            return;
        }
        if (!context.isSuspended()) {
            context.suspended(true, now);
        }
        if (now - pending.by >= 0) {
            context.kill();
        }
        if (context.isAtBorder()) {
            suspensions.remove(index);
            context.leaves(now);
            answer(context, pending.request, EventKind.DONE);
        }
    }

    private void forgetSuspension(Context context, long now) {
        boolean _ = suspensions.removeIf(pending -> {
            if (pending.context == context) {
                // What is refused has no effect, nor does it undo what was done before.
                context.suspended(pending.again, now);
                answer(context, pending.request, EventKind.REFUSED);
                return true;
            }
            return false;
        });
    }

    // ---- the device

    private void device(long request, long now) {
        int index = geometry.rings();
        if (request == taken[index]) {
            return;
        }
        taken[index] = request;
        RequestKind kind = RingLayout.registersFirst(request) ? null
                : RequestKind.of(RingLayout.requestKind(request));
        int result = switch (kind) {
            case QUIESCE -> everywhere(request, context -> quiesceWithAll(context, now));
            case RESUME -> everywhere(request, context -> resumeWithAll(context, now));
            case RESET -> resetAll(request, now);
            case null, default -> EventKind.REFUSED;
        };
        board.events.reply(-1, request, result, 0, 0);
    }

    /** A ring that was registered after the request, which may have been given up long ago, is not concerned. */
    private int everywhere(long request, Consumer<Context> action) {
        for (Context context : board.contexts) {
            if (context != null && context.deviceRequestBefore() != request) {
                action.accept(context);
            }
        }
        return EventKind.DONE;
    }

    /** Nothing is in progress afterwards, and nothing begins until each ring was reset to an epoch of its own. */
    private int resetAll(long request, long now) {
        if (board.dice != null && board.dice.strikesRequest(FaultKind.FAILING_RESET, -1,
                RequestKind.RESET.text()) != null) {
            return EventKind.FAILED;
        }
        int done = everywhere(request, context -> {
            quiesceWithAll(context, now);
            context.awaitReset();
            board.scheduler.remove(context.group(), now);
        });
        memory.intRelease(RingLayout.RESETS_OFFSET, memory.intPlain(RingLayout.RESETS_OFFSET) + 1);
        return done;
    }
}
