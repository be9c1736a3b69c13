package io.ringfence.sim.explore;

import java.lang.Thread.UncaughtExceptionHandler;

import io.ringfence.internal.seam.Loop;
import io.ringfence.internal.seam.Site;

import org.jspecify.annotations.Nullable;

/** One who acts in a {@link World}: what would be a thread. Its fields belong to whichever task runs. */
final class Task {

    /** What keeps a task from running. */
    enum State {
        /** Nothing. */
        READY,
        /** It waits in a loop for something that others have to do. */
        SPINNING,
        /** It is parked. */
        PARKED,
        /** It has nothing left to do. */
        ENDED
    }

    /** What a task does. */
    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }

    final int id;
    final String name;
    /** The loop of a runtime that it runs, if any. */
    final @Nullable Loop loop;
    final Thread thread;
    State state = State.READY;
    boolean started;
    /** It was unparked before it parked. */
    boolean permit;
    /** When it goes on at the latest, if parked. */
    long deadline = Long.MAX_VALUE;
    @Nullable
    Object blocker;
    /** How often it has come to a point at which another could go on. */
    int steps;
    /** The access it is about to make. */
    @Nullable
    Site site;

    Task(int id, String name, @Nullable Loop loop, Runnable body, UncaughtExceptionHandler callbacks) {
        this.id = id;
        this.name = name;
        this.loop = loop;
        thread = Thread.ofVirtual().name(name).uncaughtExceptionHandler(callbacks).unstarted(body);
    }

    boolean isParkedFor(Object what) {
        return state == State.PARKED && blocker == what;
    }

    String where() {
        return switch (state) {
            case READY, SPINNING -> name + " goes on" + (site == null ? "" : " at " + site);
            case PARKED -> name + " waits for " + blocker;
            case ENDED -> name + " has ended";
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
