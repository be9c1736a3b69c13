package io.ringfence.queue;

import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import io.ringfence.fence.Failure;
import io.ringfence.fence.FailureCursor;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Fences;
import io.ringfence.fence.PointFence;
import io.ringfence.fence.Result;
import io.ringfence.fence.Timeline;
import io.ringfence.internal.turn.StackRoom;
import io.ringfence.internal.waiting.Await;

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

    private static final Fence[] NONE = {};

    private final QueueCore<P> core;
    /** Made with the first job. All it begins with is final, so it does not matter who has made the one that is seen. */
    private @Nullable Submitter<P> submitter;

    JobQueue(QueueCore<P> core) {
        this.core = core;
    }

    QueueCore<P> core() {
        return core;
    }

    Submitter<P> submitter() {
        Submitter<P> known = submitter;
        if (known == null) {
            known = new Submitter<>(core);
            submitter = known;
        }
        return known;
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
     * Submits a job that runs after two fences; as {@link #submit(Object)} otherwise.
     *
     * @param payload    the job
     * @param dependency what it depends on
     * @param another    what it depends on too
     * @return its fence
     * @throws InterruptedException if the thread is interrupted while it waits; nothing was submitted
     */
    public PointFence submit(P payload, Fence dependency, Fence another) throws InterruptedException {
        if (JobDependencies.settledOk(dependency)) {
            return submit(payload, another);
        }
        return submit(payload, new Fence[] {dependency, another});
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
        try {
            PointFence fence = new PointFence(core.timeline());
            boolean _ = submitter().submit(payload, fence, Long.MAX_VALUE, dependencies);
            return fence;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * As {@link #submit(Object, Fence...)}, but waits for room for at most the given time.
     *
     * @param payload      the job
     * @param timeout      the longest wait; zero or less only looks
     * @param dependencies what the job depends on; any number, of any queue or issuer
     * @return its fence
     * @throws TimeoutException     if there was no room in time; nothing was submitted. The message tells where the queue
     *                              stands and what its first job waits for
     * @throws InterruptedException if the thread is interrupted while it waits; nothing was submitted
     */
    public PointFence submit(P payload, Duration timeout, Fence... dependencies)
            throws InterruptedException, TimeoutException {
        try {
            PointFence fence = new PointFence(core.timeline());
            if (!submitter().submit(payload, fence, Await.nanos(timeout), dependencies)) {
                throw new TimeoutException("no room after " + timeout + ": " + core.describe());
            }
            return fence;
        } finally {
            Reference.reachabilityFence(this);
        }
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
        try {
            Result<R> result = Result.ofJob(core.timeline(), reader);
            boolean _ = submitter().submit(payload, (PointFence) result.fence(), Long.MAX_VALUE, dependencies);
            return result;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * A fence for room: signalled when there is room for some jobs and all who wait for room before have been served; the way to
     * wait for room without a thread. As long as it is pending, {@code trySubmit} answers FULL to others, as for any submitter
     * that waits. Being signalled it keeps nothing reserved: whoever is quicker gets the room.
     *
     * @param jobs for how many, 1 to the capacity
     * @return a fence; failed as cancelled if the queue is closed first
     * @throws IllegalArgumentException unless {@code jobs} is 1 to the capacity
     */
    public Fence room(int jobs) {
        int capacity = core.options().capacity();
        if (jobs < 1 || jobs > capacity) {
            throw new IllegalArgumentException("room for " + jobs + " jobs in queue " + core.timeline()
                    + ": must be 1 to its capacity, " + capacity);
        }
        try {
            StackRoom.require(1);
            core.completion().poll();
            if (!core.line().anyVolatile() && !core.claim().closedVolatile() && core.claim().room() >= jobs) {
                return Fences.signalled();
            }
            RoomPlace place = new RoomPlace(core, jobs);
            core.line().enter(place);
            place.lookAgain();
            return place.fence();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    // ---- submission that never waits

    /**
     * Submits a job if there is room. Never waits and allocates nothing; allowed everywhere.
     *
     * @param payload the job
     * @return its seqno on {@link #timeline()}, or a negative {@link SubmitCode}
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
     * @return its seqno, or a negative {@link SubmitCode}
     * @throws IllegalArgumentException if the job costs less than 1 credit or more than the queue's limit
     */
    public long trySubmit(P payload, Fence dependency) {
        return trySubmit(payload, JobDependencies.settledOk(dependency) ? null : submitter().named(dependency));
    }

    /**
     * Submits a job that runs after two fences, if there is room; as {@link #trySubmit(Object, Fence)} otherwise.
     *
     * @param payload the job
     * @param first   what it depends on
     * @param second  what it depends on too
     * @return its seqno, or a negative {@link SubmitCode}
     * @throws IllegalArgumentException if the job costs less than 1 credit or more than the queue's limit
     */
    public long trySubmit(P payload, Fence first, Fence second) {
        if (JobDependencies.settledOk(first)) {
            return trySubmit(payload, second);
        }
        if (JobDependencies.settledOk(second)) {
            return trySubmit(payload, first);
        }
        return trySubmit(payload, submitter().named(first, second));
    }

    /**
     * Submits a job that runs after a point for which there need be no fence; as {@link #trySubmit(Object, Fence)} otherwise.
     *
     * @param payload  the job
     * @param timeline knows the outcome of the point
     * @param seqno    the point; must have been submitted
     * @return its seqno, or a negative {@link SubmitCode}
     * @throws IllegalArgumentException if the point was not submitted, or the job costs less than 1 credit or more than the
     *                                  queue's limit
     */
    public long trySubmit(P payload, FailureCursor timeline, long seqno) {
        return trySubmit(payload, timeline.isOk(seqno) ? null : submitter().named(timeline.fence(seqno)));
    }

    /**
     * Submits a job that runs after two points for which there need be no fences; as {@link #trySubmit(Object, Fence)}
     * otherwise.
     *
     * @param payload     the job
     * @param first       knows the outcome of the first point
     * @param firstSeqno  the first point; must have been submitted
     * @param second      knows the outcome of the second point
     * @param secondSeqno the second point; must have been submitted
     * @return its seqno, or a negative {@link SubmitCode}
     * @throws IllegalArgumentException if a point was not submitted, or the job costs less than 1 credit or more than the
     *                                  queue's limit
     */
    public long trySubmit(P payload, FailureCursor first, long firstSeqno, FailureCursor second, long secondSeqno) {
        if (first.isOk(firstSeqno)) {
            return trySubmit(payload, second, secondSeqno);
        }
        if (second.isOk(secondSeqno)) {
            return trySubmit(payload, first, firstSeqno);
        }
        return trySubmit(payload, submitter().named(first.fence(firstSeqno), second.fence(secondSeqno)));
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
        try {
            PointFence fence = new PointFence(core.timeline());
            long answer = submitter().trySubmit(payload, submitter().named(dependencies), fence);
            if (answer < SubmitCode.FULL) {
                throw submitter().closed();
            }
            return answer == SubmitCode.FULL ? null : fence;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private long trySubmit(P payload, @Nullable JobDependencies named) {
        try {
            return submitter().trySubmit(payload, named, null);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Submits jobs in their order, as many as there is room for, by one claim and one turn. Never waits.
     *
     * @param payloads the jobs; must not be changed until this returns
     * @param from     the index of the first
     * @param to       the index after the last
     * @return how many were submitted, and their seqnos
     * @throws IndexOutOfBoundsException unless {@code from} and {@code to} are a range of the array
     * @throws IllegalArgumentException  if a job costs less than 1 credit or more than the queue's limit; none is submitted then
     */
    public Bulk trySubmitAll(P[] payloads, int from, int to) {
        try {
            return submitter().trySubmitAll(payloads, from, to);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Submits jobs in their order, as {@link #trySubmitAll(Object[], int, int)} does.
     *
     * @param payloads the jobs
     * @return how many were submitted, and their seqnos
     */
    public Bulk trySubmitAll(P[] payloads) {
        return trySubmitAll(payloads, 0, payloads.length);
    }

    // ---- cancelling

    /**
     * Cancels one job. One that was not handed to the driver will not be, and fails as cancelled; as any job that does not run it
     * is signalled after its predecessor and after all fences it named. One that is on the device ends when the device says
     * so: a driver that can is asked to {@linkplain io.ringfence.driver.Driver#abort give it up}. Never waits; any number of times.
     *
     * @param job the fence of a job of this queue
     * @return false if the job is finished already; else what becomes of it is the outcome of its fence
     * @throws IllegalArgumentException if it is not a job of this queue
     */
    public boolean cancel(PointFence job) {
        if (job.timeline() != core.timeline()) {
            throw new IllegalArgumentException(job + " is no job of queue " + core.timeline());
        }
        return cancel(job.seqno());
    }

    /**
     * Cancels one job, as {@link #cancel(PointFence)} does.
     *
     * @param seqno its seqno
     * @return false if the job is finished already
     * @throws IllegalArgumentException unless the seqno was submitted
     */
    public boolean cancel(long seqno) {
        try {
            return core.cancel(seqno);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    // ---- holding it back

    /**
     * Keeps the queue from handing jobs to its driver, until {@link #thaw()}. Everything else goes on: jobs are accepted, completed,
     * cancelled. It has nothing to do with the queue's life: a frozen queue is open, and can be closed or killed. Of a budget that it
     * shares it keeps nothing for a job that it does not hand over. Never waits, may be called anywhere, frozen twice is frozen once.
     *
     * @return signalled when no {@code run} of the driver is in progress and none will begin
     */
    public Fence freeze() {
        try {
            return core.freeze().freeze();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Ends {@link #freeze()}. Never waits, may be called anywhere; nothing happens if the queue is not frozen. */
    public void thaw() {
        try {
            core.freeze().thaw();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Stops the clock that tells hangs, until {@link #resumeTimeout}: for a time in which the device is known to be slow or away.
     *
     * @return what the first job on the device has left of its timeout, as of the watchdog's last look
     */
    public Duration suspendTimeout() {
        HangClock clock = core.clock();
        return clock == null ? QueueOptions.NO_TIMEOUT : clock.suspend();
    }

    /**
     * Lets the clock go on.
     *
     * @param left what the first job on the device is to have left, as {@link #suspendTimeout()} gave it; more is fine. One that has
     *             become the first meanwhile has all of its time
     * @throws IllegalArgumentException if {@code left} is negative
     */
    public void resumeTimeout(Duration left) {
        if (left.isNegative()) {
            throw new IllegalArgumentException("left " + left + ": must be zero or more");
        }
        HangClock clock = core.clock();
        if (clock != null) {
            clock.resume(left);
        }
    }

    // ---- the end

    /**
     * Whether the queue's device is gone, so that every job fails that is submitted.
     *
     * @return true once it is known to be
     */
    public boolean isLost() {
        Workings<P> used = core.workingsVolatile();
        Failure why = used == null ? core.lostVolatile() : used.faults().stoppedVolatile();
        return why instanceof Failure.DeviceLost;
    }

    /**
     * The end of the queue, which this does not bring about.
     *
     * @return a fence that is signalled when the queue was closed and every job is finished, the driver will not be called again, and
     *         the last retire hook has returned
     */
    public Fence ended() {
        return core.end().fence();
    }

    /**
     * Refuses submissions from now on and lets what was submitted finish. Never waits; any number of times.
     *
     * @return a fence that is signalled when every job is finished, the driver will not be called again, and the last retire hook
     *         has returned
     */
    public Fence startClose() {
        try {
            return core.end().startClose();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Cancels every job that has not reached the device, asks the driver to {@linkplain io.ringfence.driver.Driver#abort give up}
     * those that have, and closes. Jobs on the device finish on the device's word; a cancelled job still waits for the fences it
     * named, since what they stand for may yet write what it was to use. Never waits.
     *
     * @return a fence that is signalled when every job is finished, the driver will not be called again, and the last retire hook
     *         has returned
     */
    public Fence kill() {
        try {
            return core.end().kill(new Failure.Cancelled("queue " + core.timeline() + " was killed"));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Kills the queue, and answers {@link SubmitCode#BANNED} to whoever submits from now on.
     *
     * @param reason why; named by failures and errors
     * @return as {@link #kill()}
     */
    public Fence ban(String reason) {
        try {
            return core.end().ban(Objects.requireNonNull(reason, "reason"));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Closes and waits until every job is finished, at most as long as the options say; then cancels what has not
     * reached the device and waits once more as long for what has. If the device still does not let go, the fences stay pending
     * until it does. When a bound expires, a warning with {@link #dump()} is logged. Inside a driver method or a callback it only
     * starts. Any number of times, from any thread; an interrupt is kept for the caller.
     *
     * <p>A queue that is collected without having been closed is reported, and closed.
     */
    @Override
    public void close() {
        try {
            core.end().close();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    // ---- diagnosis

    /**
     * Where the queue stands, in numbers.
     *
     * @return its counters and what its first job waits for
     */
    public QueueStatus status() {
        return QueueDump.status(core);
    }

    /**
     * Where the queue stands, in one line: its cursors, and what its head waits for.
     *
     * @return a line for people
     */
    public String describe() {
        return core.describe();
    }

    /**
     * Everything that is known of the queue: what its first job waits for and since when, what is on the device, credits, turns,
     * who waits for room and for its fences. Any thread, while the queue goes on; payloads are shown by their {@code toString}.
     *
     * @return some lines for people
     */
    public String dump() {
        return core.dump();
    }

    @Override
    public String toString() {
        return core.timeline().toString();
    }
}
