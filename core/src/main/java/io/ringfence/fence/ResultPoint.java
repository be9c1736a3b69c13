package io.ringfence.fence;

import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * The fence of a job that returns a value, read from its payload when the device has completed it.
 *
 * @param <P> the payload of the job
 * @param <R> the value
 */
final class ResultPoint<P, R extends @Nullable Object> extends PointFence {

    private static final Failure UNKNOWN = new Failure.Cancelled(
            "reading the result failed, and the cause was lost: out of memory while it was recorded");

    private final Result<R> result = new Result<>(this);
    /** Let go when it has been called; the completion turn's. */
    private @Nullable Function<? super P, ? extends R> reader;
    /** What the reader threw; the completion turn's. */
    private @Nullable Failure failed;

    ResultPoint(Timeline timeline, Function<? super P, ? extends R> reader) {
        super(timeline);
        this.reader = reader;
    }

    Result<R> result() {
        return result;
    }

    /** {@inheritDoc} @hidden */
    @Override
    @SuppressWarnings("unchecked") // the queue that made this fence passes its own payload
    public @Nullable Failure complete(@Nullable Object payload) {
        Function<? super P, ? extends R> once = reader;
        reader = null;
        if (once == null || payload == null) {
            // Asked again, because recording the answer broke.
            return failed;
        }
        try {
            result.set(once.apply((P) payload));
        } catch (Throwable thrown) {
            failed = failure(thrown);
        }
        return failed;
    }

    /** {@inheritDoc} @hidden */
    @Override
    public boolean isTold() {
        return true;
    }

    private static Failure failure(Throwable thrown) {
        try {
            return new Failure.DriverError(thrown);
        } catch (OutOfMemoryError noRoom) {
            return UNKNOWN;
        }
    }
}
