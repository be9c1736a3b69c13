package io.ringfence.queue;

import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;

import io.ringfence.driver.Driver;
import io.ringfence.driver.DriverLink;
import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.FenceIssuer;
import io.ringfence.fence.Timeline;
import io.ringfence.internal.ring.ClaimCursor;
import io.ringfence.internal.ring.Slots;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.timeline.Producer;
import io.ringfence.internal.timeline.TimelineState;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.StackRoom;
import io.ringfence.internal.turn.UserCode;

import org.jspecify.annotations.Nullable;

/** What a queue is made of: the cursors, the slots, the two turns, and how it ends. Kept alive by its runtime. */
final class QueueCore<P> implements Producer, DriverLink {

    static final Failure HOLE = new Failure.Cancelled("the slot carried no job");
    static final Failure BROKEN = new Failure.DeviceLost("the queue's own code failed; the log says how");
    static final Failure UNKNOWN = new Failure.Cancelled("the cause was lost: out of memory while it was recorded");

    private static final System.Logger LOG = System.getLogger("io.ringfence.queue");

    private static final VarHandle SLOTS;
    private static final VarHandle STOPPED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            SLOTS = lookup.findVarHandle(QueueCore.class, "storage", Storage.class);
            STOPPED = lookup.findVarHandle(QueueCore.class, "stopped", Failure.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What is allocated with the first job: an idle queue has no use for it. */
    private static final class Storage {
        final Slots slots;
        final long[] failureMarks;

        Storage(int capacity) {
            slots = new Slots(capacity);
            failureMarks = new long[capacity];
        }
    }

    private final QueueOptions options;
    private final Driver<P> driver;
    private final RingfenceRuntime runtime;
    private final boolean executesInOrder;
    private final TimelineState timelineState;
    private final Timeline timeline;
    private final ClaimCursor claim;
    private final IssueTurn<P> issue;
    private final CompletionTurn<P> completion;
    private final SubmitterLine line;
    private final FenceIssuer terminated;
    private final Deferred finisher = new Finisher();
    private volatile @Nullable Storage storage;
    private volatile boolean closing;
    /** Why no further job is run, once the queue is killed, broken, or without a device. */
    private volatile @Nullable Failure stopped;
    private volatile boolean broken;

    private volatile @Nullable Deadline deadline;

    /** The last hint that the driver was given. */
    private record Deadline(long seqno, long nanoTime) {
    }

    /** Set while this queue is in the list of those whose device raised its interrupt. */
    private final AtomicBoolean interrupted = new AtomicBoolean(true);
    /** The next queue in that list; whoever set {@link #interrupted} writes it. */
    @Nullable
    QueueCore<?> nextInterrupted;

    QueueCore(RingfenceRuntime runtime, Driver<P> driver, QueueOptions options) {
        this.runtime = runtime;
        this.driver = driver;
        this.options = options;
        executesInOrder = driver.executesInOrder();
        timelineState = new TimelineState(options.capacity());
        timeline = new Timeline(options.name(), timelineState);
        claim = new ClaimCursor(timelineState, options.capacity());
        issue = new IssueTurn<>(this, driver, options);
        completion = new CompletionTurn<>(this, driver, timelineState);
        line = new SubmitterLine(claim, timelineState, options.capacity());
        terminated = FenceIssuer.create("end of queue " + timeline);
    }

    /** Lets the driver be used; until then its interrupts are dropped and nobody polls it. */
    void open() {
        driver.open(this);
        timelineState.producer(this);
        interrupted.set(false);
    }

    QueueOptions options() {
        return options;
    }

    Timeline timeline() {
        return timeline;
    }

    TimelineState timelineState() {
        return timelineState;
    }

    ClaimCursor claim() {
        return claim;
    }

    IssueTurn<P> issue() {
        return issue;
    }

    CompletionTurn<P> completion() {
        return completion;
    }

    SubmitterLine line() {
        return line;
    }

    boolean executesInOrder() {
        return executesInOrder;
    }

    boolean failWithDependency() {
        return options.failWithDependency();
    }

    @Nullable
    Slots slotsAcquire() {
        Storage known = (Storage) SLOTS.getAcquire(this);
        return known == null ? null : known.slots;
    }

    /** The slots, allocated now if this is the first job. */
    Slots slots() {
        Slots known = slotsAcquire();
        if (known != null) {
            return known;
        }
        if (options.signalTimes()) {
            timelineState.keepTimes();
        }
        SLOTS.compareAndSet(this, (Storage) null, new Storage(options.capacity()));
        Storage made = storage;
        if (made == null) {
            throw new IllegalStateException("no slots");
        }
        return made.slots;
    }

    /** An array as long as the ring; allocated before any job could fail. */
    long[] failureMarks() {
        Storage made = storage;
        if (made == null) {
            throw new IllegalStateException("no slots");
        }
        return made.failureMarks;
    }

    long creditsReturnedVolatile() {
        // The counter is stored after the credits, so reading it first brings at least its credits.
        timelineState.signaledVolatile();
        return completion.creditsReturnedOpaque();
    }

    // ---- what goes wrong

    /** Whether the queue's own code broke, so that it can count on no news. */
    boolean brokenVolatile() {
        return broken;
    }

    @Nullable
    Failure stoppedVolatile() {
        return stopped;
    }

    /** Refuses to run any further job; the first cause stays. The caller brings news to the issue turn. */
    void stop(Failure cause) {
        STOPPED.compareAndSet(this, (Failure) null, cause);
    }

    /** The queue's own code broke: it fails what it holds and refuses what comes. Allocates nothing before that. */
    void poison(String where, Throwable thrown) {
        broken = true;
        stop(BROKEN);
        report(where, thrown);
    }

    /** A driver method broke that no single job can be blamed for. */
    Failure broken(String what, Throwable thrown) {
        report(what + " of the driver", thrown);
        try {
            return new Failure.DeviceLost("the driver's " + what + " threw " + thrown);
        } catch (Throwable _) {
            return BROKEN;
        }
    }

    /** Tells about something thrown that no fence can carry. */
    void report(String what, Throwable thrown) {
        try {
            LOG.log(Level.ERROR, "queue " + timeline + ": " + what + " failed", thrown);
        } catch (Throwable ignored) {
            // The logger is foreign code; there is nobody else to tell.
            return;
        }
    }

    // ---- threads

    boolean handOver(Deferred chain) {
        return runtime.handOver(chain);
    }

    @Override
    public void poll() {
        completion.poll();
    }

    @Override
    public void enableSignalling() {
        completion.news();
    }

    @Override
    public void hintDeadline(long seqno, long nanoTime) {
        Deadline known = deadline;
        // Up to here, everybody has been told of a moment that is as early.
        long told = known != null && nanoTime - known.nanoTime >= 0 ? known.seqno : 0;
        if (seqno <= told) {
            return;
        }
        int token = UserCode.enter();
        try {
            driver.hintDeadline(seqno, nanoTime);
        } catch (Throwable thrown) {
            report("hintDeadline", thrown);
        }
        Deferred.run(UserCode.exit(token));
        // Racing hints may displace each other: then somebody is told twice.
        deadline = new Deadline(tellWaiting(Math.max(issue.issuedVolatile(), told) + 1, seqno, nanoTime), nanoTime);
    }

    /**
     * Tells what waiting jobs wait for. Jobs run in order: what the ones before it wait for, a job waits for too.
     *
     * @return up to where all jobs were told; one that is not published yet ends that
     */
    private long tellWaiting(long from, long through, long nanoTime) {
        Slots slots = slotsAcquire();
        if (slots == null) {
            return from - 1;
        }
        long all = through;
        for (long seqno = from; seqno <= through; seqno++) {
            if (!slots.publishedAcquire(seqno)) {
                all = Math.min(all, seqno - 1);
            } else if (slots.extraPlain(seqno) instanceof JobDependencies dependencies) {
                dependencies.hintDeadline(nanoTime);
            }
        }
        return all;
    }

    @Override
    public String queueName() {
        return options.name();
    }

    @Override
    public void interrupt() {
        Seam.at(Site.INTERRUPT);
        if (!interrupted.get() && interrupted.compareAndSet(false, true)) {
            runtime.interrupted(this);
        }
    }

    /** The runtime's interrupt thread takes this queue from its list. */
    void harvest() {
        nextInterrupted = null;
        interrupted.set(false);
        completion.news();
    }

    // ---- the end

    boolean closingVolatile() {
        return closing;
    }

    /** Whether the queue is closed and everything claimed is finished. */
    boolean drained(long issued) {
        return claim.closedVolatile() && claim.claimedVolatile() == issued
                && timelineState.signaledVolatile() == issued;
    }

    /** Refuses submissions from now on; the returned fence is signalled when the driver will not be called again. */
    Fence startClose() {
        StackRoom.require(1);
        if (!closing) {
            closing = true;
        }
        claim.close();
        line.wakeFirst();
        issue.news();
        completion.news();
        return terminated.fence();
    }

    /** Cancels what has not reached the device. */
    void kill(String reason) {
        StackRoom.require(1);
        stop(new Failure.Cancelled(reason));
        issue.news();
    }

    /** What is to be done once both turns are parked for good. */
    Deferred finisher() {
        return finisher;
    }

    private final class Finisher extends Deferred {
        @Override
        protected @Nullable Deferred perform() {
            int token = UserCode.enter();
            try {
                driver.close();
            } catch (Throwable thrown) {
                report("close of the driver", thrown);
            }
            timelineState.producer(null);
            runtime.forget(QueueCore.this);
            // Inside, so that what hangs on the end comes afterwards and not on top of this.
            terminated.signalInside();
            return UserCode.exit(token);
        }
    }

    /** One line for people: the cursors and what the head waits for. */
    String describe() {
        long finished = timelineState.signaledVolatile();
        long issued = issue.issuedVolatile();
        long claimed = claim.claimedVolatile();
        StringBuilder text = new StringBuilder("queue ").append(timeline).append(": finished ").append(finished)
                .append(", issued ").append(issued).append(", claimed ").append(claimed);
        if (claim.closedVolatile()) {
            text.append(", closed");
        }
        if (line.length() != 0) {
            text.append(", ").append(line.length()).append(" submitters wait for room");
        }
        Failure why = stopped;
        if (why != null) {
            text.append(", stopped: ").append(why.message());
        }
        Slots slots = slotsAcquire();
        if (slots != null && issued < claimed && slots.publishedAcquire(issued + 1)
                && slots.extraPlain(issued + 1) instanceof JobDependencies named) {
            Fence fence = named.waitsFor();
            if (fence != null) {
                text.append(", seqno ").append(issued + 1).append(" waits for ").append(fence);
            }
        }
        if (issue.blockedVolatile()) {
            text.append(", seqno ").append(issued + 1).append(" waits for credits");
        }
        return text.toString();
    }
}
