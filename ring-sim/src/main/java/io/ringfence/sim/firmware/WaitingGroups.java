package io.ringfence.sim.firmware;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Groups that wait for a slot: per priority, first come first. */
final class WaitingGroups {

    private final List<Set<Group>> queued = new ArrayList<>();
    /** How many are of the one mode, and of the other. */
    private final int[] counts = new int[2];

    WaitingGroups(int priorities) {
        for (int i = 0; i < priorities; i++) {
            queued.add(new LinkedHashSet<>());
        }
    }

    void add(Group group) {
        if (queued.get(group.priority).add(group)) {
            counts[group.mode()]++;
            group.place = Group.Place.QUEUED;
        }
    }

    void remove(Group group) {
        if (queued.get(group.priority).remove(group)) {
            counts[group.mode()]--;
            group.place = Group.Place.AWAY;
        }
    }

    /** A group that waits goes to the end of those of another priority. */
    void move(Group group, int priority) {
        boolean _ = queued.get(group.priority).remove(group);
        boolean _ = queued.get(priority).add(group);
    }

    Iterable<Group> of(int priority) {
        return queued.get(priority);
    }

    int count(int mode) {
        return counts[mode];
    }

    int count() {
        return counts[0] + counts[1];
    }

    boolean isEmpty() {
        return count() == 0;
    }
}
