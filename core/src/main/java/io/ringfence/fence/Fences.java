package io.ringfence.fence;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Fences made of others: all of them, any of them, one that is signalled already, one for a {@link CompletionStage}.
 *
 * <p>Containers are flat: all of all is one list of leaves, whatever was put into what, so neither asking nor signalling nor
 * collecting them recurses. They cost nothing as long as nobody waits for them; then one small object for each leaf. A
 * container that is put into one of the other kind waits for its leaves from then on.
 */
public final class Fences {

    private Fences() {
    }

    /**
     * A fence that is signalled ok. The kernel's stub.
     *
     * @return always the same fence
     */
    public static Fence signalled() {
        return SignalledFence.STUB;
    }

    /**
     * A fence of its own that was signalled ok at a given moment.
     *
     * @param nanoTime its {@link Fence#signalTime()}, on the scale of {@link System#nanoTime()}
     * @return a new fence
     */
    public static Fence signalledAt(long nanoTime) {
        return SignalledFence.stub("signalled", null, nanoTime);
    }

    /**
     * A fence that has failed.
     *
     * @param name  what it is called in messages
     * @param cause why
     * @return a new fence
     */
    public static Fence failed(String name, Failure cause) {
        return SignalledFence.stub(Objects.requireNonNull(name, "name"), Objects.requireNonNull(cause, "cause"),
                System.nanoTime());
    }

    /**
     * A fence that is done when all given fences are, and failed if one of them is; the cause names one that failed. Of
     * several points of one timeline only the last is waited for, but the outcome of each counts.
     *
     * @param fences any number; a signalled fence if there are none or all are ok, and the fence itself if only one is not ok
     * @return a fence for all of them
     */
    public static Fence allOf(Collection<? extends Fence> fences) {
        return NamedFences.all(fences);
    }

    /**
     * As {@link #allOf(Collection)}.
     *
     * @param fences any number
     * @return a fence for all of them
     */
    public static Fence allOf(Fence... fences) {
        return allOf(Arrays.asList(fences));
    }

    /**
     * A fence that is done when the first of the given fences is, with that one's outcome.
     *
     * @param fences one or more
     * @return a fence for the first of them
     * @throws IllegalArgumentException if there are none
     */
    public static Fence anyOf(Collection<? extends Fence> fences) {
        return NamedFences.any(fences);
    }

    /**
     * As {@link #anyOf(Collection)}.
     *
     * @param fences one or more
     * @return a fence for the first of them
     * @throws IllegalArgumentException if there are none
     */
    public static Fence anyOf(Fence... fences) {
        return anyOf(Arrays.asList(fences));
    }

    /**
     * Waits until one of several fences is done.
     *
     * @param fences  one or more
     * @param timeout the longest wait; zero or less only looks
     * @return the index of one that is done, the lowest if several are; -1 if the time was over first
     * @throws InterruptedException     if the thread is interrupted first
     * @throws IllegalArgumentException if there are none
     * @throws IllegalStateException    inside a driver method or a callback
     */
    public static int awaitAny(List<? extends Fence> fences, Duration timeout) throws InterruptedException {
        Fence any = anyOf(fences);
        try {
            any.await(timeout);
        } finally {
            if (any instanceof AnyFence group) {
                group.sever();
            }
        }
        for (int i = 0; i < fences.size(); i++) {
            Fence fence = fences.get(i);
            // An any-of that watches its leaves itself may be told a moment later than the one made here.
            if (fence.isDone() || fence instanceof AnyFence group && group.firstDone() >= 0) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Waits until all of several fences are done.
     *
     * @param fences  any number
     * @param timeout the longest wait; zero or less only looks
     * @return whether all are
     * @throws InterruptedException  if the thread is interrupted first
     * @throws IllegalStateException inside a driver method or a callback
     */
    public static boolean awaitAll(Collection<? extends Fence> fences, Duration timeout) throws InterruptedException {
        Fence all = allOf(fences);
        try {
            return all.await(timeout) != Outcome.PENDING;
        } finally {
            if (all instanceof AllFence group && !group.isDone()) {
                group.withdraw();
            }
        }
    }

    /**
     * A fence that is signalled when a stage completes: ok, failed with what the stage was completed with, or cancelled.
     *
     * @param stage a stage of other code; if it is collected without having completed, the fence is abandoned
     * @param name  what the fence is called in messages
     * @return a new fence
     */
    public static Fence of(CompletionStage<?> stage, String name) {
        FenceIssuer issuer = FenceIssuer.create(name);
        stage.whenComplete((_, thrown) -> {
            if (thrown == null) {
                issuer.signal();
            } else {
                issuer.fail(causeOf(thrown));
            }
        });
        return issuer.fence();
    }

    /** What a stage was completed with, as a typed failure. */
    static Failure causeOf(Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return switch (cause) {
            case FenceFailedException failed -> failed.failure();
            case CancellationException cancelled -> new Failure.Cancelled(
                    "the stage was cancelled" + (cancelled.getMessage() == null ? "" : ": " + cancelled.getMessage()));
            default -> new Failure.DriverError(cause);
        };
    }

    /**
     * The sync objects and reservations of the process that hold fences which are not signalled, and for sync objects who waits
     * for points that nobody has submitted.
     *
     * @return some lines for people; empty if there are none
     */
    public static String dump() {
        return LiveObjects.dump();
    }
}
