package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.lang.ref.Cleaner;

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

/**
 * A queue, as its runtime keeps it alive: how it was set up, its timeline, and, once somebody has used it, its {@linkplain Workings
 * workings}. Whoever only looks does not make those: a queue without them has had no job and was not closed.
 */
final class QueueCore<P> implements Producer {

    private static final VarHandle WORKINGS;
    private static final VarHandle RECOVERY;
    private static final VarHandle INTERRUPTED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            WORKINGS = lookup.findVarHandle(QueueCore.class, "workings", Workings.class);
            RECOVERY = lookup.findVarHandle(QueueCore.class, "recovery", Recovery.class);
            INTERRUPTED = lookup.findVarHandle(QueueCore.class, "interrupted", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final QueueOptions options;
    private final Driver<P> driver;
    private final RingfenceRuntime runtime;
    /** As it was given, without what checks it: other drivers of its device know it. */
    private final Driver<P> device;
    private final PayloadTraits<P> traits;
    private final boolean executesInOrder;
    private final boolean mayBlock;
    private final int maxWaits;
    private final TimelineState timelineState;
    private final Timeline timeline;
    private final @Nullable Retirements<P> retirements;
    private final @Nullable Client client;
    private final @Nullable FailureDomain domain;
    private final @Nullable HangClock clock;
    private volatile @Nullable Workings<P> workings;
    private volatile @Nullable Recovery recovery;
    /** Of how many resets of its domain the queue knows; before it joins it, and then the recovery's thread. */
    private int resets;
    /** How often the ring was reset. Stored after {@code issued} went back. */
    private volatile int epoch;
    private volatile boolean open;
    private volatile boolean forgotten;
    private volatile boolean below;
    private volatile @Nullable Failure lost;
    private volatile @Nullable Preemption<P> preemption;
    private volatile Cleaner.@Nullable Cleanable watch;

    /** Set while this queue is in the list of those whose device raised its interrupt. */
    private volatile boolean interrupted = true;
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
        this.traits = traits;
        device = given;
        executesInOrder = driver.executesInOrder();
        mayBlock = driver.mayBlock();
        // A queue that runs jobs whatever became of their inputs cannot have a device that does not.
        int waits = driver.maxWaits();
        if (waits < 0) {
            throw new IllegalArgumentException("maxWaits " + waits + " of " + given + ": must be 0 or more");
        }
        maxWaits = options.failWithDependency() ? waits : 0;
        timelineState = new TimelineState(options.capacity());
        timeline = new Timeline(options.name(), timelineState);
        RetireHook<? super P> hook = traits.hook();
        retirements = hook == null ? null : new Retirements<>(hook, traits.executor(), this);
        domain = driver.failureDomain();
        clock = HangClock.of(this, domain != null, traits.limit() != null, driver::isExecuting);
    }

    /** Lets the driver be used; until then its interrupts are dropped and nobody polls it. */
    void open() {
        driver.open(new EpochLink(this, 0, null));
        open = true;
        Workings<P> used = workings;
        if (used != null && used.completion().pushed().anyVolatile()) {
            used.completion().news();
        }
        timelineState.producer(this);
        CreditBudget budget = options.budget();
        if (budget != null) {
            budget.join(this);
        }
        interrupted = false;
    }

    /** What it works with; made now if this is the first who has a use for that. */
    Workings<P> workings() {
        Workings<P> known = workings;
        return known != null ? known : makeWorkings();
    }

    @SuppressWarnings("unchecked") // nothing else is put there
    private Workings<P> makeWorkings() {
        Workings<P> made = new Workings<>(this, driver, traits);
        Failure before = lost;
        if (before != null) {
            made.faults().stop(before);
        }
        Seam.at(Site.FIRST_USE);
        Workings<P> other = (Workings<P>) WORKINGS.compareAndExchange(this, (Workings<?>) null, made);
        if (other != null) {
            return other;
        }
        Failure gone = lost;
        if (gone != null) {
            tellLost(made, gone);
        }
        return made;
    }

    /** The same if anybody had a use for it, else null: then there was no job, and nobody has closed the queue. */
    @Nullable
    Workings<P> workingsVolatile() {
        return workings;
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

    PayloadTraits<P> traits() {
        return traits;
    }

    TimelineState timelineState() {
        return timelineState;
    }

    ClaimCursor claim() {
        return workings().claim();
    }

    IssueTurn<P> issue() {
        return workings().issue();
    }

    CompletionTurn<P> completion() {
        return workings().completion();
    }

    SubmitterLine line() {
        return workings().line();
    }

    QueueFaults faults() {
        return workings().faults();
    }

    QueueEnd<P> end() {
        return workings().end();
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
        long last = claimed();
        if (seqno < 1 || seqno > last) {
            throw new IllegalArgumentException(
                    "seqno " + seqno + " of queue " + timeline + ": must be 1 to " + last + ", the last one submitted");
        }
        if (timelineState.signaledAcquire() >= seqno) {
            return false;
        }
        StackRoom.require(1);
        Workings<P> used = workings();
        used.prepareCancelling();
        used.issue().beWary();
        used.cancels().push(new CancelRequests.Request(seqno,
                new Failure.Cancelled("seqno " + seqno + " of queue " + timeline + " was cancelled")));
        used.issue().news();
        return true;
    }

    // ---- the end of a job

    /** Has something done when the last retire hook has returned, and the last job has gone back to where it came from. */
    @Nullable
    Deferred retiredThen(Deferred last) {
        ReturnLine<? super P> line = traits.returns();
        if (line != null) {
            return line.ended(last);
        }
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

    boolean mayBlock() {
        return mayBlock;
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
            QueueFaults.reportFor("queue ", timeline, "canWaitFor", thrown);
            return false;
        } finally {
            Deferred.run(UserCode.exit(token));
        }
    }

    /** Whether a job was handed to the device and will be completed by it, or is finished; any thread. */
    boolean isOnDevice(long seqno) {
        Workings<P> used = workings;
        if (used == null || seqno == 0) {
            return false;
        }
        IssueTurn<P> issue = used.issue();
        return issue.issuedVolatile() >= seqno && !issue.hasRefused(seqno);
    }

    /** The slots, or null if there was no job yet. */
    @Nullable
    Slots slotsAcquire() {
        Workings<P> used = workings;
        return used == null ? null : used.slotsAcquire();
    }

    /** The slots, allocated now if this is the first job. */
    Slots slots() {
        return workings().slots();
    }

    /** How many jobs have failed, holes not counted. Any thread. */
    long failedJobsOpaque() {
        Workings<P> used = workings;
        return used == null ? 0 : used.completion().settlement().failedJobsOpaque();
    }

    // ---- recovery

    @Nullable
    FailureDomain failureDomain() {
        return domain;
    }

    /** Who recovers this queue and others of its domain, and of how many resets it knows; before its driver is opened. */
    void recoveredBy(Recovery actor) {
        recovery = actor;
        resets = actor.resetsVolatile();
    }

    /** Who recovers this queue. One that no domain has is recovered alone, by what is made now. */
    Recovery recovery() {
        Recovery known = recovery;
        if (known != null) {
            return known;
        }
        Recovery made = runtime.recoveryOf(this);
        Recovery before = (Recovery) RECOVERY.compareAndExchange(this, (Recovery) null, made);
        return before == null ? made : before;
    }

    /** A turn has come to stand, or has ended for good. */
    void turnChanged() {
        Recovery actor = recovery;
        if (actor != null) {
            actor.turnChanged();
        }
    }

    /** Of how many resets of its domain the queue knows. */
    int resets() {
        return resets;
    }

    /** The recovery's thread. */
    void resets(int known) {
        resets = known;
    }

    Rewind<P> rewind() {
        return workings().rewind();
    }

    Freeze freeze() {
        return workings().freeze();
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
        Workings<P> used = workings;
        // If somebody is just making them, he looks whether the device is lost when they are in their place.
        if (used != null) {
            tellLost(used, gone);
        }
    }

    private void tellLost(Workings<P> used, Failure gone) {
        used.faults().stop(gone);
        try (var _ = new UserCall(runtime)) {
            used.completion().news();
            used.issue().news();
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
        return runtime.threads().handOver(chain);
    }

    @Override
    public void poll() {
        Workings<P> used = workings;
        if (used != null) {
            used.completion().poll();
        }
    }

    @Override
    public void enableSignalling() {
        completion().news();
    }

    @Override
    public void hintDeadline(long seqno, long nanoTime) {
        workings().hints().hint(seqno, nanoTime);
    }

    @Override
    public long claimed() {
        Workings<P> used = workings;
        return used == null ? 0 : used.claim().claimedVolatile();
    }

    /** The device has made progress that somebody asked for. Any thread. */
    void interrupt() {
        Seam.at(Site.INTERRUPT);
        if (!interrupted && INTERRUPTED.compareAndSet(this, false, true)) {
            runtime.threads().interrupted(this);
        }
    }

    /** The runtime's interrupt thread takes this queue from its list. */
    void harvest() {
        nextInterrupted = null;
        interrupted = false;
        Workings<P> used = workings;
        // Without a job there is nothing to be told of.
        if (used != null) {
            used.completion().news();
        }
    }

    // ---- the end

    boolean closingVolatile() {
        Workings<P> used = workings;
        return used != null && used.end().closingVolatile();
    }

    boolean killedVolatile() {
        Workings<P> used = workings;
        return used != null && used.end().killedVolatile();
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
            Recovery actor = recovery;
            if (actor != null) {
                actor.leave(this);
            }
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
