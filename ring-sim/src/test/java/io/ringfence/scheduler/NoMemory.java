package io.ringfence.scheduler;

import java.lang.ref.Cleaner;

import io.ringfence.internal.seam.Loop;
import io.ringfence.internal.seam.Probe;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;

import org.jspecify.annotations.Nullable;

/** A virtual world in which one method finds no memory, once, where it passes the seam. */
final class NoMemory implements Probe, AutoCloseable {

    private final Probe world;
    private final String type;
    private final String method;
    private int left;

    private NoMemory(Class<?> type, String method, int visit) {
        this.type = type.getName();
        this.method = method;
        left = visit;
        world = Seam.installed();
        Probe _ = Seam.install(this);
    }

    /** From now on, at the first visit. */
    static NoMemory in(Class<?> type, String method) {
        return in(type, method, 1);
    }

    /** From now on, at a visit that is counted from 1. */
    static NoMemory in(Class<?> type, String method, int visit) {
        return new NoMemory(type, method, visit);
    }

    /** Whether it happened. */
    boolean happened() {
        return left == 0;
    }

    @Override
    public void close() {
        Probe _ = Seam.install(world);
    }

    @Override
    public void at(Site site) {
        world.at(site);
        if (left != 0 && StackWalker.getInstance().walk(frames -> frames.skip(2).findFirst()
                .filter(frame -> frame.getClassName().equals(type) && frame.getMethodName().equals(method))
                .isPresent()) && --left == 0) {
            throw new OutOfMemoryError("as if");
        }
    }

    @Override
    public long nanoTime() {
        return world.nanoTime();
    }

    @Override
    public void spin() {
        world.spin();
    }

    @Override
    public void park(Object blocker, long nanos) {
        world.park(blocker, nanos);
    }

    @Override
    public void unpark(@Nullable Thread thread) {
        world.unpark(thread);
    }

    @Override
    public boolean adopt(Loop loop) {
        return world.adopt(loop);
    }

    @Override
    public @Nullable Loop loop() {
        return world.loop();
    }

    @Override
    public Cleaner.Cleanable watch(Cleaner cleaner, Object watched, Runnable action) {
        return world.watch(cleaner, watched, action);
    }

    @Override
    public void startVirtual(Runnable body) {
        world.startVirtual(body);
    }
}
