package io.ringfence.fence;

import java.util.concurrent.atomic.AtomicBoolean;

import io.ringfence.internal.turn.StackRoom;

import org.jspecify.annotations.Nullable;

/**
 * The right to signal one fence together with a value; otherwise as {@link FenceIssuer}.
 *
 * @param <R> the value
 */
public final class ResultIssuer<R extends @Nullable Object> implements AutoCloseable {

    private final FenceIssuer issuer;
    private final Result<R> result;
    /** Who may write the value, of those that signal at the same time. */
    private final AtomicBoolean valued = new AtomicBoolean();

    private ResultIssuer(FenceIssuer issuer) {
        this.issuer = issuer;
        result = new Result<>(issuer.fence());
    }

    /**
     * Makes a pending result.
     *
     * @param name what its fence is called in messages
     * @param <R>  the value
     * @return its issuer
     */
    public static <R extends @Nullable Object> ResultIssuer<R> create(String name) {
        return new ResultIssuer<>(FenceIssuer.create(name));
    }

    /**
     * The result, to give to those who wait.
     *
     * @return always the same result
     */
    public Result<R> result() {
        return result;
    }

    /**
     * Signals the fence ok with a value.
     *
     * @param value the value
     * @return true if that settled it; false if it was settled before, or another thread is just doing so with its own
     *         value
     */
    public boolean signal(R value) {
        StackRoom.require(1);
        if (issuer.fence().isDone() || !valued.compareAndSet(false, true)) {
            return false;
        }
        result.set(value);
        // Without asking for room again: refused now, it would be refused for ever.
        return issuer.signalInside();
    }

    /**
     * Signals the fence as failed.
     *
     * @param thrown why
     * @return true if that settled it, false if it was settled before, in which case nothing changes
     */
    public boolean fail(Throwable thrown) {
        return issuer.fail(thrown);
    }

    /**
     * Signals the fence as failed with a typed cause.
     *
     * @param cause why
     * @return true if that settled it, false if it was settled before, in which case nothing changes
     */
    public boolean fail(Failure cause) {
        return issuer.fail(cause);
    }

    /** Fails the fence as abandoned, unless it is settled. */
    @Override
    public void close() {
        issuer.close();
    }

    @Override
    public String toString() {
        return issuer.toString();
    }
}
