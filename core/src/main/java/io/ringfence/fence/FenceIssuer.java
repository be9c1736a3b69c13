package io.ringfence.fence;

import java.util.Objects;

import io.ringfence.internal.turn.StackRoom;

/**
 * The right to signal one fence. Whoever holds the issuer signals; whoever holds the {@link #fence()} waits.
 *
 * <p>Signal it on every path, or close the issuer: a fence whose issuer is closed unsignalled fails as abandoned. All
 * methods may be called by any thread, also inside a driver method or a callback; none waits. Callbacks and dependent
 * jobs run on the signalling thread.
 */
public final class FenceIssuer implements AutoCloseable {

    static {
        StackRoom.prepare();
    }

    private final SignalledFence fence;

    private FenceIssuer(SignalledFence fence) {
        this.fence = fence;
    }

    /**
     * Makes a pending fence.
     *
     * @param name what it is called in messages
     * @return its issuer
     */
    public static FenceIssuer create(String name) {
        return new FenceIssuer(new SignalledFence(Objects.requireNonNull(name, "name")));
    }

    /**
     * The fence, to give to those who wait.
     *
     * @return always the same fence
     */
    public Fence fence() {
        return fence;
    }

    /**
     * Signals the fence ok. What this thread wrote before is visible to whoever sees the fence done.
     *
     * @return true if that settled it, false if it was settled before, in which case nothing changes
     */
    public boolean signal() {
        return fence.settle(null);
    }

    /**
     * Signals the fence as failed.
     *
     * @param thrown why
     * @return true if that settled it, false if it was settled before, in which case nothing changes
     */
    public boolean fail(Throwable thrown) {
        return fence.settle(new Failure.DriverError(Objects.requireNonNull(thrown, "thrown")));
    }

    /** Fails the fence as abandoned, unless it is settled. */
    @Override
    public void close() {
        fence.settle(new Failure.Abandoned(fence.name()));
    }

    @Override
    public String toString() {
        return "issuer of " + fence;
    }
}
