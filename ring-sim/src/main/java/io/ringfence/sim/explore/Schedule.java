package io.ringfence.sim.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

import io.ringfence.internal.seam.Loop;

import org.jspecify.annotations.Nullable;

/**
 * Which task runs: exactly one at a time, chosen by the {@link Strategy} each time one comes to a step; and what time it is. Tasks are
 * virtual threads that park until it is their turn.
 */
final class Schedule {

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

    private final Strategy strategy;
    private final int mostSteps;
    private final Findings findings;
    private final Thread controller = Thread.currentThread();
    private final List<Task> tasks = new ArrayList<>();
    private final List<Move> moves = new ArrayList<>();
    private @Nullable Step step;
    private volatile @Nullable Task current;
    private volatile boolean over;
    private volatile int steps;
    private long now;
    private int lastSteps;

    /**
     * Makes a schedule without tasks.
     *
     * @param strategy  chooses
     * @param mostSteps a schedule that takes longer does not end
     * @param findings  what is checked at each step
     */
    Schedule(Strategy strategy, int mostSteps, Findings findings) {
        this.strategy = strategy;
        this.mostSteps = mostSteps;
        this.findings = findings;
    }

    /** Runs it until every task has ended, nothing can go on, or it takes too long. */
    void run(Task first) {
        step = new Step(first);
        letRun(first);
        while (!over) {
            LockSupport.park(this);
        }
    }

    /** A task that would find nothing to do and park at once begins when it is woken. */
    static Task asleep(Task task, Object blocker) {
        task.state = Task.State.PARKED;
        task.blocker = blocker;
        return task;
    }

    /** Adds a task; it runs when the strategy chooses it. */
    Task spawn(String name, @Nullable Loop loop, Task.Body body) {
        Task[] self = new Task[1];
        Task task = new Task(tasks.size(), name, loop, () -> live(self[0], body),
                (_, thrown) -> findings.violate("a callback threw " + Findings.describe(thrown)));
        self[0] = task;
        tasks.add(task);
        return task;
    }

    /** Waits until nobody else can go on, and does nothing that would help them. */
    void awaitQuiet() {
        Task me = running();
        me.state = Task.State.PARKED;
        me.blocker = QUIET;
        next(me);
    }

    /** What a device or a scenario does of several things; 0 is the likely one. */
    int choose(int count) {
        Task me = me();
        Step known = step;
        if (count < 2 || me == null || known == null || findings.violation() != null) {
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

    /** The running task. */
    Task running() {
        Task me = me();
        if (me == null) {
            throw new IllegalStateException("called from outside of the world");
        }
        return me;
    }

    /** The running task, whoever asks. */
    @Nullable
    Task current() {
        return current;
    }

    List<Task> tasks() {
        return tasks;
    }

    List<Move> moves() {
        return moves;
    }

    int steps() {
        return steps;
    }

    long now() {
        return now;
    }

    // ---- scheduling

    /** The running task, if the calling thread is it. */
    @Nullable
    Task me() {
        Task me = current;
        return me != null && me.thread == Thread.currentThread() ? me : null;
    }

    private void live(Task me, Task.Body body) {
        try {
            body.run();
        } catch (Throwable thrown) {
            findings.violate(me + " threw " + Findings.describe(thrown));
        }
        me.state = Task.State.ENDED;
        boolean _ = wake(me);
        next(me);
    }

    /** The running task has come to a point at which another may go on, or cannot go on itself. */
    void next(Task me) {
        me.steps++;
        stepsTaken();
        if (findings.violation() == null) {
            findings.check();
        }
        if (findings.violation() == null && steps > mostSteps) {
            findings.violate("it is not over after " + mostSteps + " steps: " + where());
        }
        if (findings.violation() != null && ++lastSteps > LAST_STEPS) {
            end(me);
            return;
        }
        Task chosen = choose(me);
        if (chosen == null) {
            if (!allEnded()) {
                findings.violate("nothing happens any more: " + where());
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

    /** Only the running task writes it; who watches from outside looks now and then whether it moves. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void stepsTaken() {
        steps++;
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
            int id = findings.violation() != null || known.count() == 1 && !known.hasClock() ? likely
                    : strategy.next(known);
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
            findings.note("time passes");
            pass(true);
            me.steps++;
        }
    }

    /** Lets those go on who wait for something. */
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
        StringBuilder text = new StringBuilder();
        for (Task task : tasks) {
            if (task.state != Task.State.ENDED) {
                text.append(System.lineSeparator()).append("  ").append(task.where());
            }
        }
        return text.append(findings.describeObjects()).toString();
    }
}
