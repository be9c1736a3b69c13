package io.ringfence.queue;

import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Objects;

import io.ringfence.driver.LongRunningDriver;
import io.ringfence.fence.Fence;
import io.ringfence.fence.PreemptIssuer;
import io.ringfence.fence.Reservation;

/**
 * A queue of jobs that may run for days, for one ring of a device. Jobs are handed over in the order of submission, each when the fences
 * it names are signalled and there are credits for it; nothing is ever taken to hang. They have no fences and no timeline, for nobody
 * could say when such a fence is signalled: a program learns what its jobs did from the memory that they write. A job's place is free
 * again when the device has let go of it.
 *
 * <p>Who wants the memory that the queue works on waits for its {@linkplain #preemptFence() preempt fence}, which stands in the
 * {@linkplain #uses reservations} of that memory. As soon as somebody waits, the queue is taken off the device, no sooner than it may
 * be after it was resumed the last time ({@link LongRunningDriver#minRun}), and the fence is signalled. Then the memory is
 * {@linkplain Rebind bound} again, a new preempt fence takes the place of the old one, and the queue goes on where it was. A queue that
 * does not leave the device in time, or whose memory cannot be bound again, is banned. One that is killed does not come back: its
 * preempt fence is signalled as soon as the device has let go of it.
 *
 * <p>Any thread may call any method, platform or virtual, as for a {@link JobQueue}. It costs a thread for each preemption, while that
 * lasts, and none otherwise.
 *
 * @param <P> the payload of a job
 */
public final class LongRunningQueue<P> implements AutoCloseable {

    /** How long the device has to let the queue leave, and to let it come back. */
    static final Duration BOUND = PreemptIssuer.BOUND;

    static final Rebind NOTHING_TO_BIND = () -> {
    };

    private static final Fence[] NONE = {};

    private final JobQueue<P> jobs;
    private final Preemption<P> preemption;

    private LongRunningQueue(JobQueue<P> jobs, Preemption<P> preemption) {
        this.jobs = jobs;
        this.preemption = preemption;
    }

    /** Refuses what would make others wait for ever, and takes away what such a queue does not have. */
    static QueueOptions unbounded(QueueOptions options) {
        CreditBudget budget = options.budget();
        if (budget != null) {
            throw new IllegalArgumentException("queue " + options.name()
                    + " is long-running and may not draw on budget " + budget.name()
                    + ": nobody could say when its credits come back");
        }
        return options.withTimeout(QueueOptions.NO_TIMEOUT);
    }

    static <P> LongRunningQueue<P> over(JobQueue<P> jobs, LongRunningDriver<P> driver, Rebind rebind,
            Duration bound) {
        boolean made = false;
        try {
            // A device counts the minimum run period from when the ring came to a slot, which may be later.
            Preemption<P> preemption = new Preemption<>(jobs.core(), driver, Objects.requireNonNull(rebind, "rebind"),
                    bound.plus(Preemption.sensible(driver.minRun())));
            preemption.begin();
            LongRunningQueue<P> queue = new LongRunningQueue<>(jobs, preemption);
            made = true;
            return queue;
        } finally {
            if (!made) {
                Fence _ = jobs.kill();
            }
        }
    }

    /**
     * The queue's name.
     *
     * @return the name given in its options
     */
    public String name() {
        return jobs.name();
    }

    /**
     * How the queue was set up.
     *
     * @return its options; without a timeout
     */
    public QueueOptions options() {
        return jobs.options();
    }

    // ---- submission

    /**
     * Submits a job; waits while the ring is full, in the order in which submitters came. While the queue is off the device, jobs are
     * accepted as always, and executed when it is back. Costs one small object.
     *
     * @param payload the job
     * @return its seqno
     * @throws QueueClosedException     if the queue is closed; nothing was submitted
     * @throws IllegalArgumentException if the job costs less than 1 credit or more than the queue's limit
     * @throws InterruptedException     if the thread is interrupted while it waits; nothing was submitted
     * @throws IllegalStateException    inside a driver method or a callback, where nothing may wait
     */
    public long submit(P payload) throws InterruptedException {
        return submit(payload, NONE);
    }

    /**
     * Submits a job that runs after all given fences; as {@link #submit(Object)} otherwise. If one fails, the job is not run.
     *
     * @param payload      the job
     * @param dependencies what it depends on; any number, of any queue or issuer, but not this queue's preempt fence or end
     * @return its seqno
     * @throws IllegalArgumentException also if the job would wait for itself
     * @throws InterruptedException     if the thread is interrupted while it waits; nothing was submitted
     */
    public long submit(P payload, Fence... dependencies) throws InterruptedException {
        return jobs.submit(payload, dependencies).seqno();
    }

    /**
     * Submits a job if there is room. Never waits and allocates nothing; allowed everywhere.
     *
     * @param payload the job
     * @return its seqno, or a negative {@link SubmitCode}
     * @throws IllegalArgumentException if the job costs less than 1 credit or more than the queue's limit
     */
    public long trySubmit(P payload) {
        return jobs.trySubmit(payload);
    }

    /**
     * Submits a job that runs after all given fences, if there is room. Never waits; allowed everywhere.
     *
     * @param payload      the job
     * @param dependencies what it depends on; any number, of any queue or issuer, but not this queue's preempt fence or end
     * @return its seqno, or a negative {@link SubmitCode}
     * @throws IllegalArgumentException if the job costs less than 1 credit or more than the queue's limit, or would wait for itself
     */
    public long trySubmit(P payload, Fence... dependencies) {
        try {
            Submitter<P> submitter = jobs.submitter();
            return submitter.trySubmit(payload, submitter.named(dependencies), null);
        } finally {
            Reference.reachabilityFence(jobs);
        }
    }

    /**
     * Cancels one job, as {@link JobQueue#cancel(long)} does: surely before it is handed over, and on the device if that can.
     *
     * @param seqno its seqno
     * @return false if the device has let go of it already, as far as is known
     * @throws IllegalArgumentException unless the seqno was submitted
     */
    public boolean cancel(long seqno) {
        return jobs.cancel(seqno);
    }

    // ---- memory

    /**
     * The fence that says that the queue has left the device: the present one, which is replaced by another before the queue comes back.
     * Nothing happens until somebody waits for it. It fails if the queue did not leave.
     *
     * @return a fence; one that is signalled while the queue is off the device, and once it has ended
     */
    public Fence preemptFence() {
        return preemption.fence();
    }

    /**
     * Puts the preempt fence into a reservation as {@link io.ringfence.fence.Usage#BOOKKEEP}, and every later one too, until
     * {@link #unuses} or the end of the queue. To be called before a job is submitted that touches the memory. Waits for the lock of the
     * reservation; nothing happens if the queue uses it already, or has ended.
     *
     * @param memory what the jobs work on
     * @throws InterruptedException  if the thread is interrupted while it waits; the memory is not used then
     * @throws IllegalStateException inside a driver method or a callback, or if this thread holds the lock
     */
    public void uses(Reservation memory) throws InterruptedException {
        preemption.uses(memory);
    }

    /**
     * Takes the preempt fence out of a reservation: no job of the queue touches the memory any more. Waits for the lock of the
     * reservation; nothing happens if the queue does not use it.
     *
     * @param memory what it used
     * @throws InterruptedException  if the thread is interrupted while it waits; nothing has changed then
     * @throws IllegalStateException inside a driver method or a callback, or if this thread holds the lock
     */
    public void unuses(Reservation memory) throws InterruptedException {
        preemption.unuses(memory);
    }

    // ---- holding it back

    /**
     * Keeps the queue from handing jobs to its driver, as {@link JobQueue#freeze()}. What is on the device goes on.
     *
     * @return signalled when no {@code run} of the driver is in progress and none will begin
     */
    public Fence freeze() {
        return jobs.freeze();
    }

    /** Ends {@link #freeze()}. Never waits, may be called anywhere; nothing happens if the queue is not frozen. */
    public void thaw() {
        jobs.thaw();
    }

    // ---- the end

    /**
     * Refuses submissions from now on and lets what was submitted come to its end, which may take for ever. The queue can be preempted
     * meanwhile and comes back. Never waits; any number of times.
     *
     * @return a fence that is signalled when the device has let go of every job and the driver will not be called again
     */
    public Fence startClose() {
        return jobs.startClose();
    }

    /**
     * Cancels every job that has not reached the device, has the driver give up those that have, and closes. Does not wait for the
     * minimum run period, and does not bring a queue back that is off the device. Never waits.
     *
     * @return as {@link #startClose()}
     */
    public Fence kill() {
        return jobs.kill();
    }

    /**
     * Kills the queue, and answers {@link SubmitCode#BANNED} to whoever submits from now on.
     *
     * @param reason why; named by failures and errors
     * @return as {@link #startClose()}
     */
    public Fence ban(String reason) {
        return jobs.ban(reason);
    }

    /**
     * Closes and waits, as {@link JobQueue#close()} does: what has not come to its end within the bound of the options is given up.
     * Inside a driver method or a callback it only starts. Any number of times, from any thread.
     *
     * <p>A queue that is collected without having been closed is reported, and closed; but a job without an end does not come to one.
     */
    @Override
    public void close() {
        jobs.close();
    }

    // ---- diagnosis

    /**
     * Where the queue stands, in numbers: what counts as finished the device has let go of. Known as of the last look at the device,
     * which is taken when somebody wants room or the end.
     *
     * @return its counters and what its first job waits for
     */
    public QueueStatus status() {
        return jobs.status();
    }

    /**
     * Everything that is known of the queue, as {@link JobQueue#dump()}, and also whether it may run, what its preempt fence is, and
     * which reservations it uses. Any thread, while the queue goes on.
     *
     * @return some lines for people
     */
    public String dump() {
        return jobs.dump();
    }

    @Override
    public String toString() {
        return jobs.toString();
    }
}
