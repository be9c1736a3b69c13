package io.ringfence.fence;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.Objects;

import io.ringfence.internal.turn.StackRoom;
import io.ringfence.internal.waiting.Crowd;

import org.jspecify.annotations.Nullable;

/**
 * The right to signal one fence. Whoever holds the issuer signals; whoever holds the {@link #fence()} waits.
 *
 * <p>Signal it on every path, or close the issuer: a fence whose issuer is closed or collected unsignalled fails as
 * {@link Failure.Abandoned abandoned}, which is logged as a warning of {@code io.ringfence.fence}; its callbacks then run
 * on a thread of their own. It is not noticed as long as a callback or the producer of the fence holds the issuer itself. All
 * methods may be called by any thread, also inside a driver method or a callback; none
 * waits. Callbacks and dependent jobs run on the signalling thread.
 */
public final class FenceIssuer implements AutoCloseable {

    static {
        StackRoom.prepare();
        Crowd.prepare();
    }

    private final SignalledFence fence;
    private final Abandonment abandonment;
    private final Cleaner.Cleanable watch;

    private FenceIssuer(SignalledFence fence) {
        this.fence = fence;
        abandonment = new Abandonment(fence);
        watch = abandonment.watch(this);
    }

    /**
     * Makes a pending fence.
     *
     * @param name what it is called in messages
     * @return its issuer
     */
    public static FenceIssuer create(String name) {
        return new FenceIssuer(new SignalledFence(Objects.requireNonNull(name, "name"), null));
    }

    /**
     * Makes a pending fence that notes when it is signalled, for {@link Fence#signalTime()}; costs a look at the clock.
     *
     * @param name what it is called in messages
     * @return its issuer
     */
    public static FenceIssuer createTimed(String name) {
        return new FenceIssuer(new SignalledFence(Objects.requireNonNull(name, "name"), null, true));
    }

    /**
     * Makes a pending fence whose producer wants to know when somebody begins to wait.
     *
     * @param name     what it is called in messages
     * @param producer whom to tell; let go when the fence is signalled
     * @return its issuer
     */
    public static FenceIssuer create(String name, FenceProducer producer) {
        return new FenceIssuer(new SignalledFence(Objects.requireNonNull(name, "name"),
                Objects.requireNonNull(producer, "producer")));
    }

    /**
     * Makes the fence that is signalled when a queue has ended; for queues only.
     *
     * @param timeline the queue's timeline
     * @return its issuer
     * @hidden
     */
    public static FenceIssuer ofEnd(Timeline timeline) {
        SignalledFence end = new SignalledFence("end of queue " + timeline, null);
        end.isAfterAllOf(timeline);
        return new FenceIssuer(end);
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
        return settle(null);
    }

    /**
     * Signals the fence as failed.
     *
     * @param thrown why
     * @return true if that settled it, false if it was settled before, in which case nothing changes
     */
    public boolean fail(Throwable thrown) {
        return settle(new Failure.DriverError(Objects.requireNonNull(thrown, "thrown")));
    }

    /**
     * Signals the fence as failed with a typed cause.
     *
     * @param cause why
     * @return true if that settled it, false if it was settled before, in which case nothing changes
     */
    public boolean fail(Failure cause) {
        return settle(Objects.requireNonNull(cause, "cause"));
    }

    /**
     * As {@link #signal()}, for callers that have room on their stack.
     *
     * @return true if that settled it
     * @hidden
     */
    public boolean signalInside() {
        return settleInside(null);
    }

    /**
     * As {@link #fail(Failure)}, for callers that have room on their stack.
     *
     * @param cause why
     * @return true if that settled it
     * @hidden
     */
    public boolean failInside(Failure cause) {
        return settleInside(cause);
    }

    private boolean settle(@Nullable Failure failure) {
        StackRoom.require(1);
        return settleInside(failure);
    }

    private boolean settleInside(@Nullable Failure failure) {
        try {
            boolean first = fence.settle(failure);
            if (first) {
                watch.clean();
            }
            return first;
        } finally {
            // Else the collector might take this issuer for given up while it is signalling.
            Reference.reachabilityFence(this);
        }
    }

    /** Fails the fence as abandoned, unless it is settled. */
    @Override
    public void close() {
        StackRoom.require(1);
        try {
            abandonment.abandon(false);
            watch.clean();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public String toString() {
        return "issuer of " + fence;
    }
}
