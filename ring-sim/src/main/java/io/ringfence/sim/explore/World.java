package io.ringfence.sim.explore;

import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import io.ringfence.internal.seam.Loop;
import io.ringfence.internal.seam.Probe;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.turn.UserCode;
import io.ringfence.sim.firmware.DoorbellIdle;
import io.ringfence.sim.firmware.FirmwareAgent;
import io.ringfence.sim.virtual.FirmwareHost;

import org.jspecify.annotations.Nullable;

/**
 * A process with one processor, whose scheduler is a {@link Strategy} and whose clock stands still until nobody can go on. Runs
 * one schedule: tasks are virtual threads of which exactly one is let run, until it comes to the seam.
 *
 * <p>What it must not do is wait for anything but the seam: a monitor that is held across a shared access would stop the world.
 */
final class World implements Probe, FirmwareHost {

    /** Who waits for longer waits without a bound. */
    private static final long LONGEST_NANOS = 100L * 86_400_000_000_000L;

    private final Findings findings;
    private final Schedule schedule;
    private final IdentityHashMap<Object, Watch> watched = new IdentityHashMap<>();
    private final IdentityHashMap<FirmwareAgent, Task> firmware = new IdentityHashMap<>();
    private final List<FirmwareAgent> removed = new ArrayList<>();

    World(Strategy strategy, int mostSteps, @Nullable Trace trace) {
        findings = new Findings(trace, this::current);
        schedule = new Schedule(strategy, mostSteps, findings);
    }

    private @Nullable Task current() {
        return schedule.current();
    }

    // ---- what a scenario asks for

    /**
     * Runs a schedule to its end.
     *
     * @param first what the first task does
     */
    void run(Task.Body first) {
        Probe before = Seam.install(this);
        try {
            schedule.run(spawn("main", first));
        } finally {
            Seam.install(before);
        }
    }

    /** Adds a task; it runs when the strategy chooses it. */
    Task spawn(String name, Task.Body body) {
        return schedule.spawn(name, null, body);
    }

    /** Adds a task that would find nothing to do and park at once; it begins when it is woken. */
    Task spawnAsleep(String name, Object blocker, Task.Body body) {
        return Schedule.asleep(spawn(name, body), blocker);
    }

    /** Waits until another task has ended. */
    void join(Task other) {
        while (other.state != Task.State.ENDED) {
            park(other, 0);
        }
    }

    /** Waits until all others have ended. */
    void joinAll() {
        Task me = running();
        for (int i = 0; i < schedule.tasks().size(); i++) {
            if (schedule.tasks().get(i) != me) {
                join(schedule.tasks().get(i));
            }
        }
    }

    /** Waits until nobody else can go on, and does nothing that would help them. */
    void awaitQuiet() {
        schedule.awaitQuiet();
    }

    /** Sets the interrupt status of a task. */
    void interrupt(Task other) {
        note("interrupts " + other);
        other.thread.interrupt();
        if (other.state == Task.State.PARKED) {
            other.state = Task.State.READY;
        }
    }

    /** Does what follows from the collection of a handle, on a task of its own; the scenario forgets the handle. */
    void collect(Object handle) {
        Watch watch = watched.remove(handle);
        if (watch != null) {
            Task _ = spawn("collector", watch.action::run);
        }
    }

    /** What a device or a scenario does of several things; 0 is the likely one. */
    int choose(int count) {
        return schedule.choose(count);
    }

    /** Adds what has to hold at every step. */
    void invariant(Runnable check) {
        findings.invariant(check);
    }

    /** A rule was broken. The first one counts. */
    void violate(String what) {
        findings.violate(what);
    }

    void note(String what) {
        findings.note(what);
    }

    /** Asks the objects under test without that being a step of anybody. */
    <T> T peek(Supplier<T> question) {
        return findings.peek(question);
    }

    /** Says what is told of the objects under test if nothing happens any more. */
    void describedBy(Supplier<String> objects) {
        findings.describedBy(objects);
    }

    /** The running task. */
    Task running() {
        return schedule.running();
    }

    // ---- what came of it

    /** Where the running task is; for who watches from outside. */
    String stack() {
        Task running = schedule.current();
        StringBuilder text = new StringBuilder(String.valueOf(running));
        if (running != null) {
            for (StackTraceElement frame : running.thread.getStackTrace()) {
                text.append(System.lineSeparator()).append("    at ").append(frame);
            }
        }
        return text.toString();
    }

    @Nullable
    String violation() {
        return findings.violation();
    }

    List<Move> moves() {
        return schedule.moves();
    }

    int steps() {
        return schedule.steps();
    }

    // ---- the probe

    @Override
    public long nanoTime() {
        return schedule.now();
    }

    @Override
    public void at(Site site) {
        Task me = findings.isLooking() ? null : schedule.me();
        if (me != null) {
            me.site = site;
            Trace trace = findings.trace();
            if (trace != null) {
                trace.at(me, site);
            }
            schedule.next(me);
        }
    }

    @Override
    public void spin() {
        Task me = findings.isLooking() ? null : schedule.me();
        if (me == null) {
            Thread.onSpinWait();
            return;
        }
        me.state = Task.State.SPINNING;
        schedule.next(me);
    }

    @Override
    public void park(Object blocker, long nanos) {
        Task me = schedule.me();
        if (me == null) {
            Probe.super.park(blocker, nanos);
            return;
        }
        if (findings.isLooking()) {
            violate("a look at " + blocker + " would park");
            return;
        }
        if (UserCode.inside()) {
            violate(me + " parks inside a turn or a callback, on " + blocker);
        }
        if (me.permit || me.thread.isInterrupted()) {
            me.permit = false;
        } else {
            long now = schedule.now();
            me.state = Task.State.PARKED;
            me.blocker = blocker;
            me.deadline = nanos == 0 || nanos > LONGEST_NANOS ? Long.MAX_VALUE : now + nanos;
        }
        Trace trace = findings.trace();
        if (trace != null) {
            trace.parks(me);
        }
        schedule.next(me);
    }

    @Override
    public void unpark(@Nullable Thread thread) {
        for (Task task : schedule.tasks()) {
            if (task.thread == thread) {
                if (task.state == Task.State.PARKED) {
                    task.state = Task.State.READY;
                } else {
                    task.permit = true;
                }
                return;
            }
        }
        Probe.super.unpark(thread);
    }

    @Override
    public boolean adopt(Loop loop) {
        Task task = schedule.spawn(loop.toString(), loop, loop::run);
        // One that is to end when it has nothing to do has something to do.
        if (!loop.isStopped()) {
            Task _ = Schedule.asleep(task, loop);
        }
        loop.runsOn(task.thread);
        return true;
    }

    @Override
    public @Nullable Loop loop() {
        Task me = schedule.me();
        return me == null ? null : me.loop;
    }

    @Override
    public void startVirtual(Runnable body) {
        Task _ = spawn("callback", body::run);
    }

    /** What is to be done once a handle is collected, if the scenario says that it is. */
    private final class Watch implements Cleaner.Cleanable {
        private final Object handle;
        private final Runnable action;

        Watch(Object handle, Runnable action) {
            this.handle = handle;
            this.action = action;
        }

        @Override
        public void clean() {
            if (watched.remove(handle) != null) {
                action.run();
            }
        }
    }

    @Override
    public Cleaner.Cleanable watch(Cleaner cleaner, Object handle, Runnable action) {
        Watch watch = new Watch(handle, action);
        watched.put(handle, watch);
        return watch;
    }

    // ---- firmware

    @Override
    public void add(FirmwareAgent agent, DoorbellIdle idle) {
        firmware.put(agent, spawn("firmware", () -> {
            while (!removed.contains(agent)) {
                if (agent.doWork() == 0) {
                    idle.rest();
                }
            }
        }));
    }

    @Override
    public void remove(FirmwareAgent agent) {
        removed.add(agent);
        Task task = firmware.get(agent);
        if (task != null) {
            unpark(task.thread);
            if (schedule.me() != null) {
                join(task);
            }
        }
    }
}
