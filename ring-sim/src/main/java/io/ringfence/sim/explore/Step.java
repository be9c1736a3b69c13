package io.ringfence.sim.explore;

import java.util.List;

/** What can be chosen at a step. Filled anew for each one. */
final class Step {

    /** Who has come to a point at which another could go on. */
    Task task;
    private int[] ids = new int[16];
    private int count;
    /** How many of those are ready; the others, behind them, spin. */
    private int ready;
    private int parked;
    private int likely;
    private boolean clock;

    Step(Task first) {
        task = first;
    }

    /** Looks who can go on: those that are ready, then those that spin. */
    void fill(Task now, List<Task> tasks) {
        task = now;
        if (ids.length < tasks.size()) {
            ids = new int[2 * tasks.size()];
        }
        count = 0;
        collect(tasks, Task.State.READY);
        ready = count;
        collect(tasks, Task.State.SPINNING);
        clock = false;
        parked = -1;
        for (int i = 0; i < tasks.size(); i++) {
            Task task = tasks.get(i);
            if (task.state == Task.State.PARKED) {
                clock |= task.deadline != Long.MAX_VALUE;
                parked = task != now ? task.id : parked;
            }
        }
        likely = count == 0 ? Strategy.CLOCK : now.state == Task.State.READY ? now.id : after(now.id);
    }

    private void collect(List<Task> tasks, Task.State state) {
        for (int i = 0; i < tasks.size(); i++) {
            if (tasks.get(i).state == state) {
                ids[count++] = i;
            }
        }
    }

    private int after(int id) {
        int among = ready == 0 ? count : ready;
        for (int i = 0; i < among; i++) {
            if (ids[i] > id) {
                return ids[i];
            }
        }
        return ids[0];
    }

    /** How many of those that can go on do not merely spin. */
    int ready() {
        return ready;
    }

    /** How many tasks can go on. */
    int count() {
        return count;
    }

    /** The id of one that can go on. */
    int id(int index) {
        return ids[index];
    }

    boolean canGoOn(int id) {
        for (int i = 0; i < count; i++) {
            if (ids[i] == id) {
                return true;
            }
        }
        return false;
    }

    /** Whether the task itself could go on. */
    boolean isForced() {
        return task.state != Task.State.READY;
    }

    /** Whether time can pass: somebody waits for a moment. */
    boolean hasClock() {
        return clock;
    }

    /** Some task that is parked, or -1. */
    int parked() {
        return parked;
    }

    /** What is chosen without a reason for something else: who runs goes on, else the next in turn. */
    int likely() {
        return likely;
    }
}
