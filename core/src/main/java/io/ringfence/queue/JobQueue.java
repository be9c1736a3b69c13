package io.ringfence.queue;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToIntFunction;

import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.fence.Result;
import io.ringfence.fence.Timeline;
import io.ringfence.internal.ring.ClaimCursor;
import io.ringfence.internal.ring.Slots;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.turn.StackRoom;
import io.ringfence.internal.turn.UserCode;

import org.jspecify.annotations.Nullable;

/**
 * A queue of jobs for one ring of a device. Jobs run in the order of submission, each when the fences it names are
 * signalled and there are credits for it; each gets a fence that is signalled when it is finished, ok or failed, in the
 * order of submission.
 *
 * <p>A job that names a fence which fails is not run and fails too. A payload belongs to the queue from submission
 * until its fence is signalled; after submission exactly one of {@code run} and {@code cancel} happens to it.
 *
 * <p>Any thread may submit, platform or virtual, many at once; producers never wait for each other. A thread that
 * submits may find itself handing jobs to the driver, its own and others', for a bounded number of jobs. A thread
 * descheduled between claiming a place and publishing the job delays the jobs behind it, and nothing else.
 *
 * @param <P> the payload of a job
 */
public final class JobQueue<P> implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("io.ringfence.queue");
    private static final Fence[] NONE = {};

    private final QueueCore<P> core;
    private final ToIntFunction<? super P> cost;
    private final int highWater;
    private final long cadence;

    JobQueue(QueueCore<P> core, ToIntFunction<? super P> cost) {
        this.core = core;
        this.cost = cost;
        int capacity = core.options().capacity();
        this.highWater = capacity - capacity / 4;
        this.cadence = Math.max(1, capacity / 16) - 1L;
    }

    /**
     * The queue's name.
     *
     * @return the name given in its options
     */
    public String name() {
        return core.options().name();
    }

    /**
     * The timeline whose points the jobs are. It outlives the queue.
     *
     * @return always the same timeline
     */
    public Timeline timeline() {
        return core.timeline();
    }

    /**
     * How the queue was set up.
     *
     * @return its options
     */
    public QueueOptions options() {
        return core.options();
    }

    // ---- waiting submission

    /**
     * Submits a job; waits while the ring is full, in the order in which submitters came.
     *
     * @param payload the job
     * @return its fence; costs one small object
     * @throws QueueClosedException     if the queue is closed; nothing was submitted
     * @throws IllegalArgumentException if the job costs less than 1 credit or more than the queue's limit
     * @throws InterruptedException     if the thread is interrupted while it waits; nothing was submitted
     * @throws IllegalStateException    inside a driver method or a callback, where nothing may wait
     */
    public PointFence submit(P payload) throws InterruptedException {
        return submit(payload, NONE);
    }

    /**
     * Submits a job that runs after one fence; as {@link #submit(Object)} otherwise.
     *
     * @param payload    the job
     * @param dependency what it depends on
     * @return its fence
     * @throws InterruptedException if the thread is interrupted while it waits; nothing was submitted
     */
    public PointFence submit(P payload, Fence dependency) throws InterruptedException {
        return submit(payload, JobDependencies.settledOk(dependency) ? NONE : new Fence[] {dependency});
    }

    /**
     * Submits a job that runs after all given fences; as {@link #submit(Object)} otherwise.
     *
     * @param payload      the job
     * @param dependencies what it depends on; any number, of any queue or issuer
     * @return its fence
     * @throws InterruptedException if the thread is interrupted while it waits; nothing was submitted
     */
    public PointFence submit(P payload, Fence... dependencies) throws InterruptedException {
        PointFence fence = new PointFence(core.timeline());
        submit(payload, fence, dependencies);
        return fence;
    }

    /**
     * Submits a job that returns a value; as {@link #submit(Object, Fence...)} otherwise.
     *
     * @param payload      the job
     * @param reader       reads the value from the payload, once, when the device has completed the job and before its fence
     *                     is signalled; called as a driver method is, so it must not park. If it throws, the job fails
     * @param dependencies what the job depends on; any number, of any queue or issuer
     * @param <R>          the value
     * @return its fence and, when that is ok, its value
     * @throws InterruptedException if the thread is interrupted while it waits; nothing was submitted
     */
    public <R extends @Nullable Object> Result<R> submitFor(P payload, Function<? super P, ? extends R> reader,
            Fence... dependencies) throws InterruptedException {
        Result<R> result = Result.ofJob(core.timeline(), reader);
        submit(payload, (PointFence) result.fence(), dependencies);
        return result;
    }

    private void submit(P payload, PointFence fence, Fence... dependencies) throws InterruptedException {
        UserCode.refuseParking("submit to queue", name());
        int credits = credits(payload);
        JobDependencies named = named(dependencies);
        Slots slots = core.slots();
        enableSignalling(named);
        StackRoom.require(core.claim().claimedVolatile());
        long seqno = core.line().anyVolatile() ? ClaimCursor.FULL : core.claim().claim(1);
        if (seqno == ClaimCursor.FULL) {
            core.completion().poll();
            seqno = core.line().claim();
        }
        if (seqno < 0) {
            throw new QueueClosedException(name());
        }
        fence.claimed(seqno);
        publish(slots, seqno, payload, named, fence, credits);
    }

    // ---- submission that never waits

    /**
     * Submits a job if there is room. Never waits and allocates nothing; allowed everywhere.
     *
     * @param payload the job
     * @return its seqno on {@link #timeline()}, or {@link SubmitCode#FULL} or {@link SubmitCode#CLOSED}
     * @throws IllegalArgumentException if the job costs less than 1 credit or more than the queue's limit
     */
    public long trySubmit(P payload) {
        return trySubmit(payload, (JobDependencies) null);
    }

    /**
     * Submits a job that runs after one fence, if there is room. Never waits; allocates nothing if the fence is
     * signalled ok already, else what waiting for it takes.
     *
     * @param payload    the job
     * @param dependency what it depends on
     * @return its seqno, or a negative code
     * @throws IllegalArgumentException if the job costs less than 1 credit or more than the queue's limit
     */
    public long trySubmit(P payload, Fence dependency) {
        return trySubmit(payload, JobDependencies.settledOk(dependency) ? null : named(dependency));
    }

    /**
     * Submits a job that runs after two fences, if there is room; as {@link #trySubmit(Object, Fence)} otherwise.
     *
     * @param payload the job
     * @param first   what it depends on
     * @param second  what it depends on too
     * @return its seqno, or a negative code
     * @throws IllegalArgumentException if the job costs less than 1 credit or more than the queue's limit
     */
    public long trySubmit(P payload, Fence first, Fence second) {
        if (JobDependencies.settledOk(first)) {
            return trySubmit(payload, second);
        }
        if (JobDependencies.settledOk(second)) {
            return trySubmit(payload, first);
        }
        return trySubmit(payload, named(first, second));
    }

    /**
     * Submits a job that runs after all given fences, if there is room, for those who want its fence. Never waits.
     *
     * @param payload      the job
     * @param dependencies what it depends on; any number, of any queue or issuer
     * @return its fence, or null if there is no room now or others wait for room already; nothing was submitted then
     * @throws QueueClosedException     if the queue is closed
     * @throws IllegalArgumentException if the job costs less than 1 credit or more than the queue's limit
     */
    public @Nullable PointFence trySubmitFence(P payload, Fence... dependencies) {
        PointFence fence = new PointFence(core.timeline());
        long answer = trySubmit(payload, named(dependencies), fence);
        if (answer == SubmitCode.CLOSED) {
            throw new QueueClosedException(name());
        }
        return answer == SubmitCode.FULL ? null : fence;
    }

    private long trySubmit(P payload, @Nullable JobDependencies named) {
        return trySubmit(payload, named, null);
    }

    private long trySubmit(P payload, @Nullable JobDependencies named, @Nullable PointFence fence) {
        int credits = credits(payload);
        Slots slots = core.slots();
        if (core.line().anyVolatile() || named != null && core.claim().closedVolatile()) {
            return core.claim().closedVolatile() ? SubmitCode.CLOSED : SubmitCode.FULL;
        }
        enableSignalling(named);
        StackRoom.require(core.claim().claimedVolatile());
        long seqno = core.claim().claim(1);
        if (seqno == ClaimCursor.FULL) {
            core.completion().poll();
            seqno = core.claim().claim(1);
        }
        if (seqno > 0) {
            if (fence != null) {
                fence.claimed(seqno);
            }
            publish(slots, seqno, payload, named, fence, credits);
        }
        return seqno;
    }

    private int credits(P payload) {
        Objects.requireNonNull(payload, "payload");
        int credits = cost.applyAsInt(payload);
        int limit = core.options().credits();
        if (credits < 1 || credits > limit) {
            throw new IllegalArgumentException("a job that costs " + credits + " credits on queue " + name()
                    + ": must be 1 to its limit, " + limit);
        }
        return credits;
    }

    private @Nullable JobDependencies named(Fence... fences) {
        return fences.length == 0 ? null : JobDependencies.of(fences, core.timelineState(),
                core.executesInOrder(), core.issue());
    }

    /** Before the claim: what is called here may be user code, and may find no room on the stack. */
    private static void enableSignalling(@Nullable JobDependencies named) {
        if (named != null) {
            named.enableSignalling();
        }
    }

    /** From the claim to the stamp there are only stores. */
    private void publish(Slots slots, long seqno, P payload, @Nullable JobDependencies named,
            @Nullable PointFence fence,
            int credits) {
        Seam.at(Site.PUBLISH);
        slots.publishRelease(seqno, payload, named, fence, credits);
        core.issue().news();
        ClaimCursor claim = core.claim();
        // Completions are harvested by whoever waits; when nobody does, a producer looks before the ring is full.
        if (claim.depth(seqno) >= highWater && (seqno & cadence) == 0) {
            claim.refresh();
            if (claim.depth(seqno) >= highWater) {
                core.completion().poll();
            }
        }
    }

    // ---- the end

    /**
     * Refuses submissions from now on and lets what was submitted finish. Never waits; any number of times.
     *
     * @return a fence that is signalled when every job is finished and the driver will not be called again
     */
    public Fence startClose() {
        return core.startClose();
    }

    /**
     * Cancels every job that has not reached the device, and closes. Jobs on the device finish on the device's word; a
     * cancelled job still waits for the fences it named, since what they stand for may yet write what it was to use. Never
     * waits.
     *
     * @return a fence that is signalled when every job is finished and the driver will not be called again
     */
    public Fence kill() {
        core.kill("queue " + core.timeline() + " was killed");
        return core.startClose();
    }

    /**
     * Closes and waits until every job is finished, at most as long as the options say; then cancels what has not
     * reached the device and waits once more as long for what has. If the device still does not let go, a warning that
     * names the jobs is logged, and the fences stay pending until it does. Inside a driver method or a callback it only
     * starts. Any number of times, from any thread; an interrupt is kept for the caller.
     */
    @Override
    public void close() {
        Fence end = core.startClose();
        if (UserCode.inside() || end.isDone()) {
            return;
        }
        Duration bound = core.options().closeTimeout();
        if (awaitKeepingInterrupt(end, bound)) {
            return;
        }
        LOG.log(Level.WARNING, "close cancels what still waits after " + bound + ": " + core.describe());
        core.kill("queue " + core.timeline() + " did not finish within " + bound + " of its close");
        if (!awaitKeepingInterrupt(end, bound)) {
            LOG.log(Level.WARNING, "close gives up after another " + bound + ": " + core.describe());
        }
    }

    private static boolean awaitKeepingInterrupt(Fence end, Duration bound) {
        boolean interrupted = false;
        long start = Seam.nanoTime();
        try {
            for (;;) {
                try {
                    return end.await(bound.minusNanos(Seam.nanoTime() - start)) != Outcome.PENDING;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Where the queue stands: its cursors, and what its head waits for.
     *
     * @return one line for people
     */
    public String describe() {
        return core.describe();
    }

    @Override
    public String toString() {
        return core.timeline().toString();
    }
}
