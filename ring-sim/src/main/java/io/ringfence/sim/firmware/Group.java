package io.ringfence.sim.firmware;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Rings that come onto the device and leave it together. It holds a slot, or waits for one in the scheduler's lists, or has nothing
 * to do.
 */
final class Group {

    /** Where a group is. */
    enum Place {
        /** On no slot and in no list: nothing to do, or all it has to do waits for others. */
        AWAY,
        /** In a list of those that wait for a slot. */
        QUEUED,
        /** On a slot. */
        ON_SLOT
    }

    final int number;
    /** 0 is real-time, 3 low. */
    int priority;
    Place place = Place.AWAY;
    /** Its place in the order of the last tick; the lowest is the first to be rotated out. */
    long rank;
    /** The mark of the last tick that chose it. */
    long chosen = -1;
    /** It has to leave its slot and begins nothing new. */
    boolean leaving;
    /** When it must have left. */
    long leaveBy;
    /** When it came onto its slot. */
    long since;
    boolean longRunning;

    private final List<Context> contexts = new ArrayList<>();

    Group(int number) {
        this.number = number;
    }

    void add(Context context) {
        contexts.add(context);
        sort();
    }

    /** After a change of priorities inside. */
    void sort() {
        contexts.sort(
                Comparator.comparingInt((Context context) -> -context.priority()).thenComparingInt(Context::ring));
    }

    void remove(Context context) {
        contexts.remove(context);
    }

    boolean isEmpty() {
        return contexts.isEmpty();
    }

    List<Context> contexts() {
        return contexts;
    }

    /** Executes what its rings have, first those of high priority. */
    int poll(long now) {
        int completed = 0;
        for (int i = 0; i < contexts.size(); i++) {
            completed += contexts.get(i).poll(now);
        }
        return completed;
    }

    /** Whether none of its rings could go on if it had a slot. */
    boolean isIdle() {
        for (int i = 0; i < contexts.size(); i++) {
            if (contexts.get(i).canGoOn()) {
                return false;
            }
        }
        return true;
    }

    /** Whether no command is in the middle of something that cannot be taken up again. */
    boolean isAtBorder() {
        for (int i = 0; i < contexts.size(); i++) {
            if (!contexts.get(i).isAtBorder()) {
                return false;
            }
        }
        return true;
    }

    /** The shortest time that a group may be given to leave: that of the strictest of its rings. */
    long preemptTimeout() {
        long shortest = Long.MAX_VALUE;
        for (Context context : contexts) {
            shortest = Math.min(shortest, context.preemptTimeout());
        }
        return shortest;
    }

    /** How long it is to be left alone once it has a slot, if it is long-running. */
    long minRun() {
        long longest = 0;
        if (!longRunning) {
            return longest;
        }
        for (Context context : contexts) {
            longest = Math.max(longest, context.minRun());
        }
        return longest;
    }

    /** 1 for a group of long-running rings, else 0. */
    int mode() {
        return longRunning ? 1 : 0;
    }

    /** Whether some ring waits for others; asked if it is idle. */
    boolean isBlocked() {
        for (Context context : contexts) {
            if (context.isBlocked()) {
                return true;
            }
        }
        return false;
    }

    /** Has those for whom its rings wait tell when they get on. */
    void awaitOthers() {
        for (Context context : contexts) {
            context.awaitOthers();
        }
    }

    /** Ends what its rings are in the middle of. */
    void killCommands() {
        for (Context context : contexts) {
            context.kill();
        }
    }

    void enters(long now) {
        place = Place.ON_SLOT;
        since = now;
        leaving = false;
        for (Context context : contexts) {
            context.enters(now);
        }
    }

    void leaves(long now) {
        place = Place.AWAY;
        leaving = false;
        for (Context context : contexts) {
            context.leaves(now);
        }
    }

    /** Has the host ring the doorbells of those rings that have nothing to do. */
    void goesAway() {
        for (Context context : contexts) {
            context.goesAway();
        }
    }

    @Override
    public String toString() {
        return "group " + number;
    }
}
