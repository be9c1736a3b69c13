package io.ringfence.sim.virtual;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import io.ringfence.internal.seam.Loop;
import io.ringfence.internal.seam.Probe;
import io.ringfence.internal.seam.Seam;
import io.ringfence.sim.firmware.DoorbellIdle;
import io.ringfence.sim.firmware.FirmwareAgent;

import org.jspecify.annotations.Nullable;

/**
 * One thread, one clock. The threads of runtimes and firmware are not started; whoever waits runs them instead, and
 * when none has anything to do the clock jumps to the next moment at which one has. So a recording of a day replays in
 * seconds, by the code that ships, and always in the same way.
 *
 * <p>Used by the one thread that installed it.
 */
public final class VirtualWorld implements Probe, FirmwareHost {

    private static volatile @Nullable VirtualWorld current;

    private final List<Loop> loops = new ArrayList<>();
    private final List<FirmwareAgent> agents = new ArrayList<>();
    /** What virtual threads would run. */
    private final Deque<Runnable> started = new ArrayDeque<>();
    private long now;
    /** The loop that is being stepped. */
    private @Nullable Loop stepped;

    private VirtualWorld() {
    }

    /**
     * Makes a world at time zero and puts it behind the seam.
     *
     * @return the world
     * @throws IllegalStateException if the process was not started with the seam on
     */
    public static VirtualWorld install() {
        VirtualWorld world = new VirtualWorld();
        Seam.install(world);
        current = world;
        return world;
    }

    /**
     * The world that firmware started now belongs to.
     *
     * @return the world, or null in real time
     */
    public static @Nullable VirtualWorld installed() {
        return current;
    }

    /** Puts the real clock and real threads back. */
    public void uninstall() {
        current = null;
        Seam.install(Probe.DIRECT);
    }

    @Override
    public void add(FirmwareAgent agent, DoorbellIdle idle) {
        agents.add(agent);
    }

    @Override
    public void remove(FirmwareAgent agent) {
        agents.remove(agent);
    }

    @Override
    public boolean adopt(Loop loop) {
        loops.add(loop);
        return true;
    }

    @Override
    public void startVirtual(Runnable body) {
        started.add(body);
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public void spin() {
        // Spinning takes no time here: the clock moves when somebody parks.
        work();
    }

    @Override
    public void park(Object blocker, long nanos) {
        step(nanos == 0 ? Long.MAX_VALUE : now + nanos);
    }

    @Override
    public void unpark(@Nullable Thread thread) {
        // Nobody is parked: whoever waits runs the others.
    }

    /**
     * Runs the world until a moment; everything that happens up to and including it has happened then.
     *
     * @param time nanoseconds of the virtual clock
     */
    public void runUntil(long time) {
        while (runOnce(time)) {
            Thread.onSpinWait();
        }
        now = Math.max(now, time);
    }

    /**
     * Does what can be done now, or else lets the clock jump to the next moment at which something can.
     *
     * @param limit the clock does not jump beyond this moment
     * @return false if nothing happened
     */
    public boolean runOnce(long limit) {
        return work() || advance(limit);
    }

    private void step(long limit) {
        if (!runOnce(limit) && limit != Long.MAX_VALUE) {
            now = Math.max(now, limit);
        }
    }

    private boolean work() {
        boolean worked = false;
        for (int i = 0; i < loops.size(); i++) {
            worked |= step(loops.get(i));
        }
        loops.removeIf(Loop::isStopped);
        for (Runnable body = started.poll(); body != null; body = started.poll()) {
            body.run();
            worked = true;
        }
        for (FirmwareAgent agent : agents) {
            worked |= agent.doWork() > 0;
        }
        return worked;
    }

    private boolean step(Loop loop) {
        Loop before = stepped;
        stepped = loop;
        try {
            return loop.step();
        } finally {
            stepped = before;
        }
    }

    @Override
    public @Nullable Loop loop() {
        return stepped;
    }

    /**
     * The process stands still: time passes, and nobody does anything.
     *
     * @param nanos for how long
     */
    public void standStill(long nanos) {
        now += nanos;
    }

    /** Moves the clock to the next moment at which somebody has something to do, if that is not beyond the limit. */
    private boolean advance(long limit) {
        long next = Long.MAX_VALUE;
        for (Loop loop : loops) {
            long nanos = loop.nanosToWait();
            next = nanos > 0 ? Math.min(next, now + nanos) : next;
        }
        for (FirmwareAgent agent : agents) {
            next = Math.min(next, agent.nextMoment());
        }
        if (next == Long.MAX_VALUE || next > limit) {
            return false;
        }
        now = Math.max(now, next);
        return true;
    }
}
