package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicBoolean;

import io.ringfence.driver.Driver;
import io.ringfence.driver.FailureDomain;
import io.ringfence.fence.Failure;
import io.ringfence.fence.Timeline;
import io.ringfence.internal.ring.ClaimCursor;
import io.ringfence.internal.ring.Slots;
import io.ringfence.internal.seam.Checked;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.timeline.Producer;
import io.ringfence.internal.timeline.TimelineState;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.StackRoom;
import io.ringfence.internal.turn.UserCode;

import org.jspecify.annotations.Nullable;

/** What a queue is made of: the cursors, the slots, the two turns, and how it ends. Kept alive by its runtime. */
final class QueueCore<P> implements Producer {

    private static final VarHandle SLOTS;

    static {
        try {
            SLOTS = MethodHandles.lookup().findVarHandle(QueueCore.class, "storage", Storage.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** What is allocated with the first job: an idle queue has no use for it. */
    private static final class Storage extends Slots {
        final long[] failureMarks;
        /** Made by the first who cancels a job. */
        volatile CancelRequests.@Nullable Request @Nullable [] cancelMarks;

        Storage(int capacity) {
            super(capacity);
            failureMarks = new long[capacity];
        }
    }

    private final QueueOptions options;
    private final Driver<P> driver;
    private final RingfenceRuntime runtime;
    private final boolean executesInOrder;
    /** As it was given, without what checks it: other drivers of its device know it. */
    private final Driver<P> device;
    private final int maxWaits;
    private final TimelineState timelineState;
    private final Timeline timeline;
    private final ClaimCursor claim;
    private final IssueTurn<P> issue;
    private final CompletionTurn<P> completion;
    private final SubmitterLine line;
    private final QueueFaults faults;
    private final DeadlineHints hints;
    private final QueueEnd<P> end;
    private final CancelRequests cancels = new CancelRequests();
    private final @Nullable Retirements<P> retirements;
    private final @Nullable Client client;
    private volatile @Nullable Storage storage;
    private volatile boolean open;
    /** How often the ring was reset. Stored after {@code issued} went back. */
    private volatile int epoch;
    private volatile @Nullable Failure lost;
    private final @Nullable HangClock clock;
    private final Rewind<P> rewind;
    private final Freeze freeze;
    private final @Nullable FailureDomain domain;
    private @Nullable Recovery recovery;
    private volatile boolean forgotten;
    private volatile boolean below;
    private volatile @Nullable Preemption<P> preemption;
    private volatile Cleaner.@Nullable Cleanable watch;

    /** Set while this queue is in the list of those whose device raised its interrupt. */
    private final AtomicBoolean interrupted = new AtomicBoolean(true);
    /** The next queue in that list; whoever set {@link #interrupted} writes it. */
    @Nullable
    QueueCore<?> nextInterrupted;

    QueueCore(RingfenceRuntime runtime, @Nullable Client client, Driver<P> given, QueueOptions options,
            PayloadTraits<P> traits) {
        this.runtime = runtime;
        this.client = client;
        Driver<P> driver = Checked.ON ? new CheckedRing<>(given, options) : given;
        this.driver = driver;
        this.options = options;
        device = given;
        executesInOrder = driver.executesInOrder();
        // A queue that runs jobs whatever became of their inputs cannot have a device that does not.
        int waits = driver.maxWaits();
        if (waits < 0) {
            throw new IllegalArgumentException("maxWaits " + waits + " of " + given + ": must be 0 or more");
        }
        maxWaits = options.failWithDependency() ? waits : 0;
        timelineState = new TimelineState(options.capacity());
        timeline = new Timeline(options.name(), timelineState);
        faults = new QueueFaults(timeline);
        RetireHook<? super P> hook = traits.hook();
        retirements = hook == null ? null : new Retirements<>(hook, traits.executor(), faults);
        claim = new ClaimCursor(timelineState, options.capacity());
        completion = new CompletionTurn<>(this, driver, timelineState);
        line = new SubmitterLine(claim, timelineState, options.capacity());
        hints = new DeadlineHints(this, driver);
        end = new QueueEnd<>(this, driver);
        rewind = new Rewind<>(this, driver, traits.repeatable());
        freeze = new Freeze(this);
        domain = driver.failureDomain();
        clock = HangClock.of(this, domain != null, traits.limit() != null, driver::isExecuting);
        issue = new IssueTurn<>(this, driver, options);
    }

    /** Lets the driver be used; until then its interrupts are dropped and nobody polls it. */
    void open() {
        driver.open(new EpochLink(this, 0, completion.pushed()));
        open = true;
        if (completion.pushed().anyVolatile()) {
            completion.news();
        }
        timelineState.producer(this);
        CreditBudget budget = options.budget();
        if (budget != null) {
            budget.join(this);
        }
        interrupted.set(false);
    }

    /** A set for any thread, with the queues in the order in which they were made. */
    static Set<QueueCore<?>> newSet() {
        return new ConcurrentSkipListSet<>(Comparator.comparingLong(core -> core.timeline.id()));
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

    QueueFaults faults() {
        return faults;
    }

    QueueEnd<P> end() {
        return end;
    }

    CancelRequests cancels() {
        return cancels;
    }

    RingfenceRuntime runtime() {
        return runtime;
    }

    @Nullable
    Client client() {
        return client;
    }

    // ---- payloads

    /** What stands in the slot of a job. */
    Object wrap(P payload) {
        return retirements == null ? payload : retirements.wrap(payload);
    }

    /** What stands in the slots of several jobs; null if the payloads do. */
    Object @Nullable [] wrapAll(P[] payloads, int from, int to) {
        Retirements<P> hooked = retirements;
        if (hooked == null) {
            return null;
        }
        Object[] wrapped = new Object[to - from];
        for (int i = from; i < to; i++) {
            wrapped[i - from] = hooked.wrap(payloads[i]);
        }
        return wrapped;
    }

    /** Whether payloads stand in the slots as they were given, and nobody waits for a hook. */
    boolean isHookless() {
        return retirements == null;
    }

    /** The payload that a slot's content stands for. */
    @SuppressWarnings("unchecked") // only payloads of this queue are published
    P payload(Object job) {
        return retirements != null && job instanceof Retirements.Retirement<?> retirement ? (P) retirement.payload()
                : (P) job;
    }

    // ---- cancelling

    /**
     * Asks for a job to be cancelled.
     *
     * @return false if it is finished
     */
    boolean cancel(long seqno) {
        long last = claim.claimedVolatile();
        if (seqno < 1 || seqno > last) {
            throw new IllegalArgumentException(
                    "seqno " + seqno + " of queue " + timeline + ": must be 1 to " + last + ", the last one submitted");
        }
        if (timelineState.signaledAcquire() >= seqno) {
            return false;
        }
        StackRoom.require(1);
        prepareCancelling();
        cancels.push(new CancelRequests.Request(seqno,
                new Failure.Cancelled("seqno " + seqno + " of queue " + timeline + " was cancelled")));
        issue.news();
        return true;
    }

    // ---- the end of a job

    /** Has something done when the last retire hook has returned. */
    @Nullable
    Deferred retiredThen(Deferred last) {
        return retirements == null ? last : retirements.finish(last);
    }

    /** Whether the calling thread is in the queue's retire hook, and so would wait for itself if it waited for the end. */
    boolean isInRetireHook() {
        return retirements != null && retirements.isInHook();
    }

    /** Finished jobs whose retire hook has not returned yet. */
    long retiring() {
        return retirements == null ? 0 : retirements.outstanding();
    }

    boolean executesInOrder() {
        return executesInOrder;
    }

    boolean failWithDependency() {
        return options.failWithDependency();
    }

    // ---- waiting on the device

    Driver<P> device() {
        return device;
    }

    int maxWaits() {
        return maxWaits;
    }

    /** Whether the device can hold back a job of this queue for one of another. Any thread. */
    boolean canWaitFor(QueueCore<?> producer) {
        if (producer == this) {
            return false;
        }
        int token = UserCode.enter();
        try {
            return driver.canWaitFor(producer.device);
        } catch (Throwable thrown) {
            faults.report("canWaitFor", thrown);
            return false;
        } finally {
            Deferred.run(UserCode.exit(token));
        }
    }

    /** Whether a job was handed to the device and will be completed by it, or is finished; any thread. */
    boolean isOnDevice(long seqno) {
        return seqno != 0 && issue.issuedVolatile() >= seqno && !issue.hasRefused(seqno);
    }

    @Nullable
    Slots slotsAcquire() {
        return (Storage) SLOTS.getAcquire(this);
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
        return made;
    }

    /** An array as long as the ring; allocated before any job could fail. */
    long[] failureMarks() {
        Storage made = storage;
        if (made == null) {
            throw new IllegalStateException("no slots");
        }
        return made.failureMarks;
    }

    /** The same for those who read it; null if there was no job yet. Any thread. */
    long @Nullable [] failureMarksOrNull() {
        Storage made = storage;
        return made == null ? null : made.failureMarks;
    }

    /** An array as long as the ring, for the issue turn; whoever cancels a job sees to it that there is one. */
    CancelRequests.@Nullable Request[] cancelMarks() {
        Storage made = storage;
        CancelRequests.@Nullable Request[] marks = made == null ? null : made.cancelMarks;
        if (marks == null) {
            throw new IllegalStateException("nothing was cancelled");
        }
        return marks;
    }

    private void prepareCancelling() {
        Storage made = storage;
        if (made != null && made.cancelMarks == null) {
            // Of two who do this at once, one makes the array that is used: the issue turn takes it when it needs it first.
            made.cancelMarks = new CancelRequests.Request[options.capacity()];
        }
    }

    long creditsReturnedVolatile() {
        // The counter is stored after the credits, so reading it first brings at least its credits.
        timelineState.signaledVolatile();
        return completion.settlement().creditsReturnedOpaque();
    }

    // ---- recovery

    @Nullable
    FailureDomain failureDomain() {
        return domain;
    }

    /** Who recovers this queue; set before anybody else knows of it. */
    void recoveredBy(Recovery actor) {
        recovery = actor;
    }

    Recovery recovery() {
        Recovery known = recovery;
        if (known == null) {
            throw new IllegalStateException("queue " + timeline + " is not open yet");
        }
        return known;
    }

    Rewind<P> rewind() {
        return rewind;
    }

    Freeze freeze() {
        return freeze;
    }

    /** The watchdog's clock, or null if nothing is taken to hang. */
    @Nullable
    HangClock clock() {
        return clock;
    }

    /** Its jobs come from other queues, which wait for all of them; before the first is submitted. */
    void below() {
        below = true;
    }

    boolean isBelowVolatile() {
        return below;
    }

    /** Why recovery has given the device up, or null. */
    @Nullable
    Failure lostVolatile() {
        return lost;
    }

    /** The device is gone. Any thread; what that leads to is done by others. */
    void lose(Failure gone) {
        lost = gone;
        faults.stop(gone);
        try (var _ = new UserCall(runtime)) {
            completion.news();
            issue.news();
        }
    }

    int epochVolatile() {
        return epoch;
    }

    /** The next epoch; recovery only, while both turns stand still, after {@code issued} went back. */
    int beginEpoch() {
        int next = epoch + 1;
        epoch = next;
        return next;
    }

    boolean isOpenVolatile() {
        return open;
    }

    /** How the queue leaves its device; before anybody else has it. */
    void preemptedBy(Preemption<P> how) {
        preemption = how;
    }

    /** How the queue leaves its device and comes back, or null if it is not long-running. */
    @Nullable
    Preemption<P> preemptionVolatile() {
        return preemption;
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
        hints.hint(seqno, nanoTime);
    }

    @Override
    public long claimed() {
        return claim.claimedVolatile();
    }

    /** The device has made progress that somebody asked for. Any thread. */
    void interrupt() {
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
        return end.closingVolatile();
    }

    boolean killedVolatile() {
        return end.killedVolatile();
    }

    /** Whether the queue is closed and everything claimed is finished. */
    boolean drained(long issued) {
        return claim.closedVolatile() && claim.claimedVolatile() == issued
                && timelineState.signaledVolatile() == issued;
    }

    Deferred finisher() {
        return end.finisher();
    }

    /** Whether {@link #forget()} has been called. */
    boolean isForgottenVolatile() {
        return forgotten;
    }

    /** Somebody watches over the handle until this queue has ended. */
    void watchedBy(Cleaner.Cleanable watching) {
        watch = watching;
        if (forgotten) {
            watching.clean();
        }
    }

    /** The queue has ended; nobody has to keep it any more. */
    void forget() {
        forgotten = true;
        try {
            Cleaner.Cleanable watching = watch;
            if (watching != null) {
                watching.clean();
            }
            CreditBudget budget = options.budget();
            if (budget != null) {
                budget.leave(this);
            }
        } finally {
            recovery().leave(this);
            if (client != null) {
                client.forget(this);
            }
            runtime.forget(this);
        }
    }

    String describe() {
        return QueueDump.line(this);
    }

    String dump() {
        return QueueDump.of(this);
    }
}
