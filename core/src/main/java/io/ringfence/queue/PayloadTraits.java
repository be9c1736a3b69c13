package io.ringfence.queue;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

import io.ringfence.internal.ring.Slots;

import io.ringfence.internal.seam.Seam;

import org.jspecify.annotations.Nullable;

/**
 * What a queue has to know of its payloads. Immutable; each method gives a copy.
 *
 * @param <P> the payload of a job
 */
public final class PayloadTraits<P> {

    /** The longest limit of a job of its own. */
    public static final Duration MAX_LIMIT = Duration.ofMillis(Slots.MAX_LIMIT_MILLIS);

    private static final PayloadTraits<?> PLAIN = new PayloadTraits<>(null, null, null, null, null, null);

    /** Null for one credit each. */
    private final @Nullable ToIntFunction<? super P> cost;
    private final @Nullable RetireHook<? super P> hook;
    /** Null to call the hook on the thread that completes. */
    private final @Nullable Executor executor;

    private final @Nullable Predicate<? super P> repeatable;
    private final @Nullable Function<? super P, @Nullable Duration> limit;
    private final @Nullable Predicate<? super P> awaited;
    /** Where jobs go back to that come from other queues. */
    private final @Nullable ReturnLine<? super P> returns;

    private PayloadTraits(@Nullable ToIntFunction<? super P> cost, @Nullable RetireHook<? super P> hook,
            @Nullable Executor executor, @Nullable Predicate<? super P> repeatable,
            @Nullable Function<? super P, @Nullable Duration> limit, @Nullable Predicate<? super P> awaited) {
        this(cost, hook, executor, repeatable, limit, awaited, null);
    }

    private PayloadTraits(@Nullable ToIntFunction<? super P> cost, @Nullable RetireHook<? super P> hook,
            @Nullable Executor executor, @Nullable Predicate<? super P> repeatable,
            @Nullable Function<? super P, @Nullable Duration> limit, @Nullable Predicate<? super P> awaited,
            @Nullable ReturnLine<? super P> returns) {
        this.cost = cost;
        this.hook = hook;
        this.executor = executor;
        this.repeatable = repeatable;
        this.limit = limit;
        this.awaited = awaited;
        this.returns = returns;
    }

    /**
     * Payloads that cost one credit each and are not asked for back.
     *
     * @param <P> the payload of a job
     * @return the traits
     */
    @SuppressWarnings("unchecked") // asks nothing of a payload
    public static <P> PayloadTraits<P> plain() {
        return (PayloadTraits<P>) PLAIN;
    }

    /**
     * With another cost.
     *
     * @param credits what a job costs in credits, 1 to the limit of its queue; called by submitters before anything is claimed
     * @return a copy
     */
    public PayloadTraits<P> withCost(ToIntFunction<? super P> credits) {
        return new PayloadTraits<>(Objects.requireNonNull(credits, "credits"), hook, executor, repeatable,
                limit, awaited);
    }

    /**
     * With a hook that may do anything but wait for the end of its own queue: it is called on a virtual thread, one call at a
     * time for each queue. A queue with a hook costs one small object more for each job.
     *
     * @param retired what takes payloads back
     * @return a copy
     */
    public PayloadTraits<P> retiring(RetireHook<? super P> retired) {
        return retiringOn(Seam::startVirtual, retired);
    }

    /**
     * With a hook that may do anything its executor allows, one call at a time for each queue.
     *
     * @param runner  runs the calls; if it refuses, the thread that completes does
     * @param retired what takes payloads back
     * @return a copy
     */
    public PayloadTraits<P> retiringOn(Executor runner, RetireHook<? super P> retired) {
        return new PayloadTraits<>(cost, Objects.requireNonNull(retired, "retired"),
                Objects.requireNonNull(runner, "runner"), repeatable, limit, awaited);
    }

    /**
     * With a hook that never waits: it is called on the thread that completes, as a callback is, which saves the way to another
     * thread. What could park is refused there.
     *
     * @param retired what takes payloads back
     * @return a copy
     */
    public PayloadTraits<P> retiringInline(RetireHook<? super P> retired) {
        return new PayloadTraits<>(cost, Objects.requireNonNull(retired, "retired"), null, repeatable, limit,
                awaited);
    }

    /**
     * With jobs that may be executed again after a reset gave them up half done. Without this the driver is asked.
     *
     * @param mayRepeat whether a job that was begun may be; called by the runtime's recovery thread, must not wait
     * @return a copy
     */
    public PayloadTraits<P> withRepeatable(Predicate<? super P> mayRepeat) {
        return new PayloadTraits<>(cost, hook, executor, Objects.requireNonNull(mayRepeat, "mayRepeat"), limit,
                awaited);
    }

    /**
     * With jobs that have a limit of their own, in place of the queue's {@linkplain QueueOptions#timeout timeout}; rounded up to
     * milliseconds. Such a limit counts also where the queue has none.
     *
     * @param longest how long a job may make no progress on the device, more than zero and at most {@link #MAX_LIMIT}, or null for the
     *                queue's limit; called by submitters before anything is claimed
     * @return a copy
     */
    public PayloadTraits<P> withLimit(Function<? super P, @Nullable Duration> longest) {
        return new PayloadTraits<>(cost, hook, executor, repeatable, Objects.requireNonNull(longest, "longest"),
                awaited);
    }

    /**
     * With jobs that have to be finished before one that depends on them is handed to the device, even where the device keeps the
     * order: the kernel's {@code DRM_SCHED_FENCE_DONT_PIPELINE}. Counts for jobs of a scheduler; whether one ring waits for another is
     * its driver's word.
     *
     * @param mustEnd whether dependent jobs wait for the job's end; called by submitters before anything is claimed
     * @return a copy
     */
    public PayloadTraits<P> withoutPipelining(Predicate<? super P> mustEnd) {
        return new PayloadTraits<>(cost, hook, executor, repeatable, limit, Objects.requireNonNull(mustEnd, "mustEnd"));
    }

    /**
     * For the queue of an entity, whose jobs carry payloads and cost one credit each: what was done with a payload is told here.
     *
     * @param payload what a job carries
     * @param <J>     a job of that queue
     * @return the traits
     * @hidden
     */
    public <J> PayloadTraits<J> ofEntity(Function<? super J, ? extends P> payload) {
        RetireHook<? super P> known = hook;
        return new PayloadTraits<>(null,
                known == null ? null : (job, seqno, failure) -> known.retired(payload.apply(job), seqno, failure),
                executor, null, null, null);
    }

    /**
     * For the hardware queue of a scheduler, whose jobs carry payloads and cost one credit each: what a payload may is told here.
     *
     * @param payload what a job carries
     * @param longest its limit, as {@link #limitOf} told it
     * @param line    where finished jobs go back to
     * @param <J>     a job of that queue
     * @return the traits
     * @hidden
     */
    public <J> PayloadTraits<J> ofRing(Function<? super J, ? extends P> payload,
            Function<? super J, @Nullable Duration> longest, ReturnLine<? super J> line) {
        Predicate<? super P> mayRepeat = repeatable;
        return new PayloadTraits<>(null, null, null,
                mayRepeat == null ? null : job -> mayRepeat.test(payload.apply(job)),
                limit == null ? null : longest, null, line);
    }

    /**
     * The limit of a payload.
     *
     * @param payload the payload
     * @return its limit, null for that of its queue
     * @throws IllegalArgumentException unless it is more than zero and at most {@link #MAX_LIMIT}
     * @hidden
     */
    public @Nullable Duration limitOf(P payload) {
        Duration longest = limit == null ? null : limit.apply(payload);
        if (longest != null && (!longest.isPositive() || longest.compareTo(MAX_LIMIT) > 0)) {
            throw new IllegalArgumentException(
                    "a limit of " + longest + " for a job: must be more than zero, and no more than " + MAX_LIMIT);
        }
        return longest;
    }

    /**
     * Whether a job may be handed to the device right behind a payload that it depends on.
     *
     * @param payload the payload
     * @return false if the payload has to be finished first
     * @hidden
     */
    public boolean isPipelined(P payload) {
        return awaited == null || !awaited.test(payload);
    }

    /**
     * What a payload costs.
     *
     * @param payload the payload
     * @return its cost in credits, which nobody has checked
     * @hidden
     */
    public int costOf(P payload) {
        return cost == null ? 1 : cost.applyAsInt(payload);
    }

    /** For queues whose jobs may run for ever. */
    PayloadTraits<P> withoutLimit() {
        return new PayloadTraits<>(cost, hook, executor, repeatable, null, awaited);
    }

    @Nullable
    ReturnLine<? super P> returns() {
        return returns;
    }

    @Nullable
    Predicate<? super P> repeatable() {
        return repeatable;
    }

    @Nullable
    Function<? super P, @Nullable Duration> limit() {
        return limit;
    }

    @Nullable
    ToIntFunction<? super P> cost() {
        return cost;
    }

    @Nullable
    RetireHook<? super P> hook() {
        return hook;
    }

    @Nullable
    Executor executor() {
        return executor;
    }
}
