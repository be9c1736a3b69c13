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

    /** Steps in which a schedule that went wrong may still come to its end, so that it leaves nothing behind. */
    private static final int LAST_STEPS = 20_000;
    /** What a look takes if all can do nothing but look. */
    private static final long SPIN_NANOS = 100_000;
    /** What those wait for who wait until nobody can go on. */
    private static final Object QUIET = new Object() {
        @Override
        public String toString() {
            return "quiet";
        }
    };
    private static final long STOPPED_NANOS = 30_000_000_000L;

    private final Strategy strategy;
    private final int mostSteps;
    private final @Nullable Trace trace;
    private final Thread controller = Thread.currentThread();
    private final List<Task> tasks = new ArrayList<>();
    private final List<Move> moves = new ArrayList<>();
    private final List<Runnable> invariants = new ArrayList<>();
    private final IdentityHashMap<Object, Watch> watched = new IdentityHashMap<>();
    private final IdentityHashMap<FirmwareAgent, Task> firmware = new IdentityHashMap<>();
    private final List<FirmwareAgent> removed = new ArrayList<>();
    private @Nullable Step step;
    private volatile @Nullable Task current;
    private volatile boolean over;
    private volatile int steps;
    private long now;
    /** Whether the world looks at itself: what that calls is no step. */
    private boolean looking;
    private @Nullable String violation;
    private @Nullable Supplier<String> describer;
    private int lastSteps;

    World(Strategy strategy, int mostSteps, @Nullable Trace trace) {
        this.strategy = strategy;
        this.mostSteps = mostSteps;
        this.trace = trace;
    }

    // ---- what a scenario asks for

    /**
     * Runs a schedule to its end: until every task has ended, nothing can go on, or it takes too long.
     *
     * @param first what the first task does
     */
    void run(Task.Body first) {
        Probe before = Seam.install(this);
        try {
            Task main = spawn("main", first);
            step = new Step(main);
            letRun(main);
            int seen = -1;
            while (!over) {
                LockSupport.parkNanos(this, STOPPED_NANOS);
                if (!over && steps == seen) {
                    Task stuck = current;
                    StringBuilder text = new StringBuilder("runs without coming to the seam: ").append(stuck);
                    if (stuck != null) {
                        for (StackTraceElement frame : stuck.thread.getStackTrace()) {
                            text.append(System.lineSeparator()).append("    at ").append(frame);
                        }
                    }
                    throw new IllegalStateException(text.toString());
                }
                seen = steps;
            }
        } finally {
            Seam.install(before);
        }
    }

    /** Adds a task; it runs when the strategy chooses it. */
    Task spawn(String name, Task.Body body) {
        return spawn(name, null, body);
    }

    /** Adds a task that would find nothing to do and park at once; it begins when it is woken. */
    Task spawnAsleep(String name, Object blocker, Task.Body body) {
        return asleep(spawn(name, body), blocker);
    }

    private static Task asleep(Task task, Object blocker) {
        task.state = Task.State.PARKED;
        task.blocker = blocker;
        return task;
    }

    private Task spawn(String name, @Nullable Loop loop, Task.Body body) {
        Task[] self = new Task[1];
        Task task = new Task(tasks.size(), name, loop, () -> live(self[0], body),
                (_, thrown) -> violate("a callback threw " + describe(thrown)));
        self[0] = task;
        tasks.add(task);
        return task;
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
        for (int i = 0; i < tasks.size(); i++) {
            if (tasks.get(i) != me) {
                join(tasks.get(i));
            }
        }
    }

    /** Waits until nobody else can go on, and does nothing that would help them. */
    void awaitQuiet() {
        Task me = running();
        me.state = Task.State.PARKED;
        me.blocker = QUIET;
        next(me);
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
        Task me = me();
        Step known = step;
        if (count < 2 || me == null || known == null || violation != null) {
            return 0;
        }
        me.steps++;
        known.task = me;
        int chosen = strategy.choose(known, count);
        if (chosen != 0) {
            moves.add(new Move(me.id, me.steps, Move.VALUE + chosen));
        }
        return chosen;
    }

    /** Adds what has to hold at every step. */
    void invariant(Runnable check) {
        invariants.add(check);
    }

    /** A rule was broken. The first one counts. */
    void violate(String what) {
        if (violation == null) {
            violation = what;
            note("VIOLATION: " + what);
        }
    }

    void note(String what) {
        Task me = current;
        if (trace != null && me != null) {
            trace.note(me, what);
        }
    }

    /** Asks the objects under test without that being a step of anybody. */
    <T> T peek(Supplier<T> question) {
        boolean before = looking;
        looking = true;
        try {
            return question.get();
        } finally {
            looking = before;
        }
    }

    /** The running task. */
    Task running() {
        Task me = me();
        if (me == null) {
            throw new IllegalStateException("called from outside of the world");
        }
        return me;
    }

    // ---- what came of it

    @Nullable
    String violation() {
        return violation;
    }

    List<Move> moves() {
        return moves;
    }

    int steps() {
        return steps;
    }

    // ---- scheduling

    private @Nullable Task me() {
        Task me = current;
        return me != null && me.thread == Thread.currentThread() ? me : null;
    }

    private void live(Task me, Task.Body body) {
        try {
            body.run();
        } catch (Throwable thrown) {
            violate(me + " threw " + describe(thrown));
        }
        me.state = Task.State.ENDED;
        boolean _ = wake(me);
        next(me);
    }

    private static String describe(Throwable thrown) {
        StringBuilder text = new StringBuilder(String.valueOf(thrown));
        for (StackTraceElement frame : thrown.getStackTrace()) {
            if (frame.getClassName().startsWith("io.ringfence") && text.length() < 1500) {
                text.append(System.lineSeparator()).append("    at ").append(frame);
            }
        }
        return text.toString();
    }

    /** The running task has come to a point at which another may go on, or cannot go on itself. */
    private void next(Task me) {
        me.steps++;
        stepsTaken();
        if (violation == null) {
            check();
        }
        if (violation == null && steps > mostSteps) {
            violate("it is not over after " + mostSteps + " steps: " + where());
        }
        if (violation != null && ++lastSteps > LAST_STEPS) {
            end(me);
            return;
        }
        Task chosen = choose(me);
        if (chosen == null) {
            if (!allEnded()) {
                violate("nothing happens any more: " + where());
            }
            end(me);
            return;
        }
        chosen.state = Task.State.READY;
        chosen.deadline = Long.MAX_VALUE;
        if (chosen != me) {
            letRun(chosen);
            if (me.state != Task.State.ENDED) {
                awaitTurn(me);
            }
        }
    }

    /** Only the running task writes it; the controller looks now and then whether it moves. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void stepsTaken() {
        steps++;
    }

    private void check() {
        looking = true;
        try {
            for (int i = 0; i < invariants.size(); i++) {
                invariants.get(i).run();
            }
        } catch (RuntimeException | Error thrown) {
            violate("a check threw " + describe(thrown));
        } finally {
            looking = false;
        }
    }

    private @Nullable Task choose(Task me) {
        Step known = Objects.requireNonNull(step, "running");
        for (;;) {
            known.fill(me, tasks);
            if (known.count() == 0) {
                if (known.hasClock()) {
                    pass(true);
                } else if (!wake(QUIET)) {
                    return null;
                }
                continue;
            }
            if (known.ready() == 0) {
                // Whoever spins waits for a moment, if for nothing else.
                now += SPIN_NANOS;
                pass(false);
            }
            int likely = known.likely();
            int id = violation != null || known.count() == 1 && !known.hasClock() ? likely : strategy.next(known);
            boolean possible = id == Strategy.CLOCK ? known.hasClock() : known.canGoOn(id) || isParked(id);
            if (!possible) {
                id = likely;
            }
            if (id != likely) {
                moves.add(new Move(me.id, me.steps, id));
            }
            if (id != Strategy.CLOCK) {
                return tasks.get(id);
            }
            note("time passes");
            pass(true);
            me.steps++;
        }
    }

    private boolean wake(Object blocker) {
        boolean any = false;
        for (Task task : tasks) {
            if (task.isParkedFor(blocker)) {
                task.state = Task.State.READY;
                any = true;
            }
        }
        return any;
    }

    /** Whether it may be woken for no reason. Who waits for the world itself is not. */
    private boolean isParked(int id) {
        return id >= 0 && id < tasks.size() && tasks.get(id).state == Task.State.PARKED
                && tasks.get(id).blocker != QUIET;
    }

    /** Wakes those whose time has come; lets the clock jump to the next such moment first, if asked to. */
    private void pass(boolean jump) {
        if (jump) {
            long first = Long.MAX_VALUE;
            for (Task task : tasks) {
                if (task.state == Task.State.PARKED) {
                    first = Math.min(first, task.deadline);
                }
            }
            now = Math.max(now, first);
        }
        for (Task task : tasks) {
            if (task.state == Task.State.PARKED && task.deadline <= now) {
                task.state = Task.State.READY;
            }
        }
    }

    private boolean allEnded() {
        for (Task task : tasks) {
            if (task.state != Task.State.ENDED) {
                return false;
            }
        }
        return true;
    }

    private void letRun(Task task) {
        current = task;
        if (task.started) {
            LockSupport.unpark(task.thread);
        } else {
            task.started = true;
            task.thread.start();
        }
    }

    private void awaitTurn(Task me) {
        boolean interrupted = false;
        while (current != me) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            me.thread.interrupt();
        }
    }

    private void end(Task me) {
        current = null;
        over = true;
        LockSupport.unpark(controller);
        while (me.state != Task.State.ENDED) {
            // A schedule that is stuck is left as it is, for the collector.
            LockSupport.park(this);
            boolean _ = Thread.interrupted();
        }
    }

    /** Where everybody stands, and what the scenario says of its objects. */
    private String where() {
        return peek(() -> {
            StringBuilder text = new StringBuilder();
            for (Task task : tasks) {
                if (task.state != Task.State.ENDED) {
                    text.append(System.lineSeparator()).append("  ").append(task.where());
                }
            }
            return text.append(describer == null ? "" : System.lineSeparator() + describer.get()).toString();
        });
    }

    /** Says what is told of the objects under test if nothing happens any more. */
    void describedBy(Supplier<String> objects) {
        describer = objects;
    }

    // ---- the probe

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public void at(Site site) {
        Task me = looking ? null : me();
        if (me != null) {
            me.site = site;
            if (trace != null) {
                trace.at(me, site);
            }
            next(me);
        }
    }

    @Override
    public void spin() {
        Task me = looking ? null : me();
        if (me == null) {
            Thread.onSpinWait();
            return;
        }
        me.state = Task.State.SPINNING;
        next(me);
    }

    @Override
    public void park(Object blocker, long nanos) {
        Task me = me();
        if (me == null) {
            Probe.super.park(blocker, nanos);
            return;
        }
        if (looking) {
            violate("a look at " + blocker + " would park");
            return;
        }
        if (UserCode.inside()) {
            violate(me + " parks inside a turn or a callback, on " + blocker);
        }
        if (me.permit || me.thread.isInterrupted()) {
            me.permit = false;
        } else {
            me.state = Task.State.PARKED;
            me.blocker = blocker;
            me.deadline = nanos == 0 || nanos > Long.MAX_VALUE - 1 - now ? Long.MAX_VALUE : now + nanos;
        }
        if (trace != null) {
            trace.parks(me);
        }
        next(me);
    }

    @Override
    public void unpark(@Nullable Thread thread) {
        for (Task task : tasks) {
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
        Task task = spawn(loop.toString(), loop, loop::run);
        // One that is to end when it has nothing to do has something to do.
        if (!loop.isStopped()) {
            Task _ = asleep(task, loop);
        }
        loop.runsOn(task.thread);
        return true;
    }

    @Override
    public @Nullable Loop loop() {
        Task me = me();
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
            if (me() != null) {
                join(task);
            }
        }
    }
}
