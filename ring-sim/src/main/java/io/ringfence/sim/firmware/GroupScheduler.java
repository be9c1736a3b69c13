package io.ringfence.sim.firmware;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides which groups are on the device's slots: rotation by time slice, as the Panthor driver does it for Mali.
 *
 * <p>A <i>full</i> tick comes when a time slice is over: of each priority, highest first, the group that has been first steps
 * behind those that wait. A <i>partial</i> one comes when something happened meanwhile and leaves who works where it is: free slots
 * are filled, who has nothing to do gives way, and a real-time group that has come pushes others off. Nothing ticks while everybody
 * has a slot.
 *
 * <p>Groups of long-running rings and the others never are on the device at the same time: the mode changes when the present one has
 * nothing to do, or has had its time slice while the other waits. A long-running group is left alone for its minimum run period.
 */
final class GroupScheduler {

    static final int PRIORITIES = 4;
    static final int REALTIME = 0;
    private static final Comparator<Group> BY_RANK = Comparator.comparingLong(group -> group.rank);
    private static final long FAR = Long.MAX_VALUE / 2;

    private final int slotCount;
    private final long slice;
    private final List<Group> onSlots = new ArrayList<>();
    private final WaitingGroups waiting = new WaitingGroups(PRIORITIES);
    /** Groups without a slot all of whose rings wait for others. */
    private final Set<Group> blocked = new LinkedHashSet<>();
    private boolean ticks;
    private boolean hasTicked;
    private long lastTick;
    private long nextTick;
    private boolean immediate;
    /** The present mode: 1 for long-running, else 0. */
    private int mode;
    private long modeSince;
    /** The mode was changed, and none of its groups has come yet: its time has not begun. */
    private boolean modeBegins;
    private long ranks;
    private int leaving;

    GroupScheduler(int slots, long slice) {
        slotCount = slots;
        this.slice = slice;
    }

    // ---- what happens to groups

    /** A group has something to do; if it has no slot it waits for one. */
    void runnable(Group group, long now) {
        if (group.place != Group.Place.AWAY) {
            return;
        }
        boolean _ = blocked.remove(group);
        waiting.add(group);
        immediate |= group.priority == REALTIME;
        if (!ticks) {
            ticks = true;
            nextTick = sliceEnd(now);
        }
    }

    /** Counted from the last tick, or from when the first on a slot has come: who has been there for longer has had its slice. */
    private long sliceEnd(long now) {
        long begun = now;
        for (int i = 0; i < onSlots.size(); i++) {
            begun = Math.min(begun, onSlots.get(i).since);
        }
        begun = hasTicked ? Math.max(begun, lastTick) : begun;
        return Math.max(now, begun + slice);
    }

    /**
     * Others have got on: who has no slot because it waited for them is looked at again.
     *
     * @param renew whether there are new rings, which have to be told that somebody waits for them
     */
    void lookAtBlocked(long now, boolean renew) {
        if (!blocked.isEmpty()) {
            for (Group group : List.copyOf(blocked)) {
                if (!group.isIdle()) {
                    runnable(group, now);
                } else if (renew) {
                    group.awaitOthers();
                }
            }
        }
    }

    void changePriority(Group group, int priority) {
        if (group.place == Group.Place.QUEUED && group.priority != priority) {
            waiting.move(group, priority);
        }
        // One that comes to be real-time pushes others off; one that is so no longer may be pushed off.
        immediate |= group.priority != priority && (priority == REALTIME || group.priority == REALTIME);
        group.priority = priority;
    }

    /** A group has to go from wherever it is; it comes back if it still has something to do. */
    void remove(Group group, long now) {
        boolean _ = blocked.remove(group);
        switch (group.place) {
            case AWAY -> {
            }
            case QUEUED -> drop(group, now);
            case ON_SLOT -> takeOff(group, now);
        }
    }

    // ---- rounds

    /** Lets those on slots execute what they have. */
    int poll(long now) {
        int completed = 0;
        for (int i = 0; i < onSlots.size(); i++) {
            completed += onSlots.get(i).poll(now);
        }
        return completed;
    }

    /** Ticks if it is time to, or something happened that makes it worth while. */
    void round(long now) {
        if (leaving != 0 && waiting.isEmpty()) {
            letStay();
        }
        if (leaving != 0) {
            letLeave(now);
        }
        boolean due = now - nextTick >= 0;
        // Not if a tick is due: who came just before it would be the first to go.
        if (!due || waiting.count() <= slotCount - onSlots.size()) {
            fill(now);
        }
        // If everybody has a slot by now, this was no tick.
        if (!waiting.isEmpty()) {
            if (due) {
                tick(true, now);
            } else if (isWorthWhile()) {
                tick(false, now);
            }
        }
        immediate = false;
        if (waiting.isEmpty()) {
            ticks = false;
            letStay();
        }
    }

    /** Whether a tick before its time would change anything. */
    private boolean isWorthWhile() {
        if (immediate) {
            return true;
        }
        boolean works = false;
        boolean idles = false;
        for (int i = 0; i < onSlots.size(); i++) {
            Group group = onSlots.get(i);
            boolean idle = !group.leaving && group.isIdle();
            idles |= idle;
            works |= !idle;
        }
        return waiting.count(mode) != 0 ? idles : !works;
    }

    /** Whether the next round would move a group. */
    boolean hasWork() {
        return !waiting.isEmpty() && (isWorthWhile()
                || waiting.count(mode) != 0 && onSlots.size() < slotCount && !isOtherModeThere());
    }

    /** When a round has something to do that no command brings about, or {@code Long.MAX_VALUE}. */
    long nextMoment() {
        long next = waiting.isEmpty() || !ticks ? Long.MAX_VALUE : nextTick;
        for (int i = 0; leaving != 0 && i < onSlots.size(); i++) {
            if (onSlots.get(i).leaving) {
                next = Math.min(next, onSlots.get(i).leaveBy);
            }
        }
        return next;
    }

    /** Those with a slot. */
    List<Group> onSlots() {
        return onSlots;
    }

    // ---- the tick

    private void fill(long now) {
        int free = slotCount - onSlots.size();
        if (waiting.count(mode) == 0 || free == 0 || isOtherModeThere()) {
            return;
        }
        List<Group> picked = new ArrayList<>(free);
        for (int priority = 0; priority < PRIORITIES; priority++) {
            pickQueued(picked, free, priority, now);
        }
        for (Group group : picked) {
            enter(group, now);
        }
    }

    private void tick(boolean full, long now) {
        if (full) {
            lastTick = now;
            hasTicked = true;
            nextTick = now + slice;
        }
        chooseMode(full, now);
        List<Group> picked = new ArrayList<>(slotCount);
        if (full) {
            pickAll(picked, now);
        } else {
            pickMore(picked, now);
        }
        for (int i = onSlots.size() - 1; i >= 0; i--) {
            Group group = onSlots.get(i);
            boolean idle = group.mode() == mode && picked.size() < slotCount && group.isIdle();
            if (idle && group.chosen != ranks) {
                // A slot that nobody wants is left to who had it: it may have something to do again soon.
                choose(picked, group);
            }
        }
        apply(picked, full, now);
        ranks++;
    }

    /** Long-running or not, for all slots together. */
    private void chooseMode(boolean full, long now) {
        if (waiting.count(1 - mode) == 0) {
            return;
        }
        boolean works = waiting.count(mode) != 0;
        long held = now;
        for (int i = 0; i < onSlots.size(); i++) {
            Group group = onSlots.get(i);
            if (group.mode() == mode && !group.isIdle()) {
                works = true;
                held = Math.max(held, group.since + group.minRun());
            }
        }
        if (held != now) {
            nextTick = Math.min(nextTick, held);
        } else if (!works || full && !isOtherModeThere() && now - modeSince >= slice) {
            mode = 1 - mode;
            modeSince = now;
            modeBegins = true;
        }
    }

    private void pickAll(List<Group> picked, long now) {
        for (int priority = 0; priority < PRIORITIES; priority++) {
            List<Group> old = onSlots(priority);
            // Who could not leave yet has stepped behind already.
            List<Group> late = old.stream().filter(group -> group.leaving).toList();
            boolean _ = old.removeAll(late);
            Group first = old.isEmpty() ? null : old.removeFirst();
            pick(picked, old);
            pickQueued(picked, slotCount, priority, now);
            if (first != null) {
                pick(picked, List.of(first));
            }
            pick(picked, late);
        }
    }

    private void pickMore(List<Group> picked, long now) {
        pick(picked, onSlots(REALTIME));
        pickQueued(picked, slotCount, REALTIME, now);
        for (int priority = 1; priority < PRIORITIES; priority++) {
            pick(picked, onSlots(priority));
        }
        for (int priority = 1; priority < PRIORITIES; priority++) {
            pickQueued(picked, slotCount, priority, now);
        }
    }

    private List<Group> onSlots(int priority) {
        List<Group> found = new ArrayList<>();
        for (Group group : onSlots) {
            if (group.priority == priority) {
                found.add(group);
            }
        }
        found.sort(BY_RANK);
        return found;
    }

    private void pick(List<Group> picked, List<Group> from) {
        for (int i = 0; i < from.size() && picked.size() < slotCount; i++) {
            Group group = from.get(i);
            if (group.mode() == mode && !group.isIdle()) {
                choose(picked, group);
            }
        }
    }

    private void pickQueued(List<Group> picked, int most, int priority, long now) {
        List<Group> idle = List.of();
        for (Group group : waiting.of(priority)) {
            if (picked.size() >= most) {
                break;
            }
            if (group.isIdle()) {
                idle = idle.isEmpty() ? new ArrayList<>() : idle;
                idle.add(group);
            } else if (group.mode() == mode) {
                choose(picked, group);
            }
        }
        for (Group group : idle) {
            drop(group, now);
        }
    }

    private void choose(List<Group> picked, Group group) {
        group.chosen = ranks;
        picked.add(group);
    }

    private void apply(List<Group> picked, boolean full, long now) {
        for (int i = onSlots.size() - 1; i >= 0; i--) {
            Group group = onSlots.get(i);
            if (group.chosen != ranks) {
                evict(group, now);
            } else if (group.leaving && full) {
                // Not before: meanwhile its slice is over, even if the slot that came free was another.
                group.leaving = false;
                leaving--;
            }
        }
        for (Group group : picked) {
            if (group.place == Group.Place.QUEUED && onSlots.size() < slotCount && !isOtherModeThere()) {
                enter(group, now);
            }
            group.rank = ++ranks;
        }
    }

    private boolean isOtherModeThere() {
        for (int i = 0; i < onSlots.size(); i++) {
            if (onSlots.get(i).mode() != mode) {
                return true;
            }
        }
        return false;
    }

    // ---- moving groups

    private void evict(Group group, long now) {
        if (group.mode() == mode && !group.isIdle() && now - group.since < group.minRun()) {
            nextTick = Math.min(nextTick, group.since + group.minRun());
        } else if (group.isAtBorder()) {
            takeOff(group, now);
        } else if (!group.leaving) {
            group.leaving = true;
            group.leaveBy = now + Math.min(group.preemptTimeout(), FAR);
            leaving++;
        }
    }

    private void enter(Group group, long now) {
        if (modeBegins) {
            modeBegins = false;
            modeSince = now;
        }
        waiting.remove(group);
        onSlots.add(group);
        group.rank = ++ranks;
        group.enters(now);
    }

    private void takeOff(Group group, long now) {
        if (group.leaving) {
            leaving--;
        }
        boolean _ = onSlots.remove(group);
        group.leaves(now);
        settle(group, now);
    }

    /** A group that waited for a slot has nothing to do any more. */
    private void drop(Group group, long now) {
        waiting.remove(group);
        settle(group, now);
    }

    /** Finds out where a group belongs that has no slot and is in no list. */
    void settle(Group group, long now) {
        group.goesAway();
        if (!group.isIdle()) {
            runnable(group, now);
        } else if (group.isBlocked()) {
            boolean _ = blocked.add(group);
            group.awaitOthers();
        }
    }

    /** Nobody needs their slots any more. */
    private void letStay() {
        for (int i = 0; leaving != 0 && i < onSlots.size(); i++) {
            Group group = onSlots.get(i);
            if (group.leaving) {
                group.leaving = false;
                leaving--;
                mode = group.mode();
            }
        }
    }

    /** Those that have to leave do so when they have come to a border; whoever takes too long loses its command. */
    private void letLeave(long now) {
        for (int i = onSlots.size() - 1; i >= 0; i--) {
            Group group = onSlots.get(i);
            if (!group.leaving) {
                continue;
            }
            if (now - group.leaveBy >= 0) {
                group.killCommands();
            }
            if (group.isAtBorder()) {
                takeOff(group, now);
            }
        }
    }
}
