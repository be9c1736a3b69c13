package io.ringfence.fence;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * A fence with a value that exists when the fence is signalled ok. All methods may be called by any thread.
 *
 * @param <R> the value
 */
public final class Result<R extends @Nullable Object> {

    private final Fence fence;
    /** Written before the fence is signalled, read after it was seen signalled. */
    private @Nullable R value;

    Result(Fence fence) {
        this.fence = fence;
    }

    /**
     * The result of a job that is about to be claimed; for queues only.
     *
     * @param timeline the queue's timeline
     * @param reader   reads the value from the payload of the completed job
     * @param <P>      the payload
     * @param <R>      the value
     * @return a new result whose fence is a {@link PointFence}
     * @hidden
     */
    public static <P, R extends @Nullable Object> Result<R> ofJob(Timeline timeline,
            Function<? super P, ? extends R> reader) {
        return new ResultPoint<P, R>(timeline, Objects.requireNonNull(reader, "reader")).result();
    }

    /**
     * The result of a stage of other code.
     *
     * @param stage the stage; if it is collected without having completed, the fence is abandoned
     * @param name  what the fence is called in messages
     * @param <R>   the value
     * @return a new result: ok with the stage's value, or failed with what the stage was completed with
     */
    public static <R extends @Nullable Object> Result<R> of(CompletionStage<R> stage, String name) {
        ResultIssuer<R> issuer = ResultIssuer.create(name);
        stage.whenComplete((value, thrown) -> {
            if (thrown == null) {
                issuer.signal(value);
            } else {
                issuer.fail(Fences.causeOf(thrown));
            }
        });
        return issuer.result();
    }

    void set(R known) {
        value = known;
    }

    /**
     * The fence that is signalled when the value is there; what jobs depend on.
     *
     * @return always the same fence
     */
    public Fence fence() {
        return fence;
    }

    /**
     * The value of a fence that is signalled ok.
     *
     * @return the value
     * @throws IllegalStateException if the fence is pending
     * @throws FenceFailedException  if it failed
     */
    @SuppressWarnings("NullAway") // set whenever the fence is ok
    public R value() {
        if (!fence.isDone()) {
            throw new IllegalStateException(fence + " is pending and has no value yet");
        }
        Failure failed = fence.failure();
        if (failed != null) {
            throw new FenceFailedException(fence, failed);
        }
        return value;
    }

    /**
     * Waits for the value, as {@link Fence#await()} does.
     *
     * @return the value
     * @throws FenceFailedException  if the fence failed
     * @throws InterruptedException  if the thread is interrupted first
     * @throws IllegalStateException inside a driver method or a callback
     */
    public R await() throws InterruptedException {
        fence.await();
        return value();
    }

    /**
     * Waits for the value for at most the given time.
     *
     * @param timeout the longest wait; zero or less only looks
     * @return the value
     * @throws TimeoutException      if the time was over first
     * @throws FenceFailedException  if the fence failed
     * @throws InterruptedException  if the thread is interrupted first
     * @throws IllegalStateException inside a driver method or a callback
     */
    public R await(Duration timeout) throws InterruptedException, TimeoutException {
        if (fence.await(timeout) == Outcome.PENDING) {
            throw new TimeoutException(fence + " is pending after " + timeout);
        }
        return value();
    }

    /**
     * This result as a future, as {@link Fence#toCompletableFuture()} makes it, completed with the value.
     *
     * @return a new future
     */
    public CompletableFuture<R> toCompletableFuture() {
        return FutureView.of(fence, this::value);
    }

    @Override
    public String toString() {
        return "result of " + fence;
    }
}
