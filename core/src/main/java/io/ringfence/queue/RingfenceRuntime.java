package io.ringfence.queue;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;

import io.ringfence.driver.Driver;
import io.ringfence.driver.FailureDomain;
import io.ringfence.driver.LongRunningDriver;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Fences;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.UserCode;

import org.jspecify.annotations.Nullable;

/**
 * Owns the threads of its queues: one that is woken by interrupts of devices, one that watches for hangs, one that recovers devices,
 * and workers that take turns over from submitters. All are platform daemon threads, started before the first queue that needs them and
 * stopped after the last. All methods may be called by any thread.
 */
public final class RingfenceRuntime implements AutoCloseable {

    /** The largest number of workers. */
    public static final int MAX_WORKERS = 64;

    private static final int DEFAULT_WORKERS = 2;
    private static final AtomicLong IDS = new AtomicLong();

    private final Set<QueueCore<?>> queues = QueueCore.newSet();
    /** Those whose jobs come from other queues. */
    private final Set<QueueCore<?>> below = QueueCore.newSet();
    private final RuntimeThreads threads;
    private final RuntimeBean bean;
    /** Guards the opening of queues against the close; held over nobody's code. */
    private final Object lifecycle = new Object();
    private boolean closed;
    /** How many queues are being opened; guarded by {@link #lifecycle}. */
    private int opening;

    private RingfenceRuntime(String name, int workerCount) {
        threads = new RuntimeThreads(this, name, workerCount);
        bean = new RuntimeBean(this, name);
    }

    /**
     * Starts a runtime with two workers.
     *
     * @return a running runtime; close it
     */
    public static RingfenceRuntime start() {
        return start(DEFAULT_WORKERS);
    }

    /**
     * Starts a runtime.
     *
     * @param workers how many threads take over turns of drivers that block, and others; one more takes only those that do not
     * @return a running runtime; close it
     * @throws IllegalArgumentException unless {@code workers} is 1 to {@link #MAX_WORKERS}
     */
    public static RingfenceRuntime start(int workers) {
        if (workers < 1 || workers > MAX_WORKERS) {
            throw new IllegalArgumentException("workers " + workers + ": must be 1 to " + MAX_WORKERS);
        }
        Rehearsal.once();
        RingfenceRuntime runtime = new RingfenceRuntime("ringfence-" + IDS.incrementAndGet(), workers);
        runtime.threads.start();
        if (!Seam.ON) {
            runtime.bean.register();
        }
        return runtime;
    }

    /** A runtime without threads, for {@link Rehearsal}. */
    static RingfenceRuntime withoutThreads() {
        return new RingfenceRuntime("rehearsal", 0);
    }

    /**
     * Opens a queue whose jobs cost one credit each.
     *
     * @param driver  the device's ring; used by this queue only
     * @param options how the queue is set up
     * @param <P>     the payload of a job
     * @return an open queue; close it
     * @throws IllegalArgumentException if the credit limit exceeds what the driver can have in flight
     * @throws IllegalStateException    if this runtime is closed
     */
    public <P> JobQueue<P> openQueue(Driver<P> driver, QueueOptions options) {
        return openQueue(driver, options, PayloadTraits.plain());
    }

    /**
     * Opens a queue.
     *
     * @param driver  the device's ring; used by this queue only
     * @param options how the queue is set up
     * @param cost    what a job costs in credits; called by submitters before anything is claimed
     * @param <P>     the payload of a job
     * @return an open queue; close it
     * @throws IllegalArgumentException if the credit limit exceeds what the driver can have in flight
     * @throws IllegalStateException    if this runtime is closed
     */
    public <P> JobQueue<P> openQueue(Driver<P> driver, QueueOptions options, ToIntFunction<? super P> cost) {
        return openQueue(driver, options, PayloadTraits.<P>plain().withCost(cost));
    }

    /**
     * Opens a queue. If it is refused, the driver was not used and is still the caller's.
     *
     * @param driver  the device's ring; used by this queue only
     * @param options how the queue is set up
     * @param traits  what the queue has to know of its payloads
     * @param <P>     the payload of a job
     * @return an open queue; close it
     * @throws IllegalArgumentException if the credit limit exceeds what the driver can have in flight, or the driver is for
     *                                  {@linkplain #openLongRunningQueue jobs that may run for ever}
     * @throws IllegalStateException    if this runtime is closed
     */
    public <P> JobQueue<P> openQueue(Driver<P> driver, QueueOptions options, PayloadTraits<P> traits) {
        requireBounded(driver, options);
        return openQueue(null, driver, options, traits);
    }

    /** A fence that nobody can say will ever be signalled must not come into being. */
    static void requireBounded(Driver<?> driver, QueueOptions options) {
        if (driver instanceof LongRunningDriver<?>) {
            throw new IllegalArgumentException(
                    driver + " is a ring for jobs that may run for ever, which have no fences; queue "
                            + options.name() + " is to be opened by openLongRunningQueue");
        }
    }

    /**
     * Opens a queue for jobs that may run for ever, whose memory nothing is done for when it comes back to the device.
     *
     * @param driver  the device's ring; used by this queue only
     * @param options how the queue is set up; without a budget, and a timeout it names does not count
     * @param <P>     the payload of a job
     * @return an open queue; close it
     * @throws IllegalArgumentException if the options have a budget, or more credits than the driver can have in flight
     * @throws IllegalStateException    if this runtime is closed
     */
    public <P> LongRunningQueue<P> openLongRunningQueue(LongRunningDriver<P> driver, QueueOptions options) {
        return openLongRunningQueue(driver, options, PayloadTraits.plain(), LongRunningQueue.NOTHING_TO_BIND);
    }

    /**
     * Opens a queue for jobs that may run for ever. If it is refused, the driver was not used and is still the caller's.
     *
     * @param driver  the device's ring; used by this queue only
     * @param options how the queue is set up; without a budget, and a timeout it names does not count
     * @param traits  what the queue has to know of its payloads; limits of single jobs do not count
     * @param rebind  what has to be done before the queue is resumed, each time that it was taken off the device
     * @param <P>     the payload of a job
     * @return an open queue; close it
     * @throws IllegalArgumentException if the options have a budget, or more credits than the driver can have in flight
     * @throws IllegalStateException    if this runtime is closed
     */
    public <P> LongRunningQueue<P> openLongRunningQueue(LongRunningDriver<P> driver, QueueOptions options,
            PayloadTraits<P> traits, Rebind rebind) {
        return openLongRunningQueue(driver, options, traits, rebind, LongRunningQueue.BOUND);
    }

    /** With another bound for leaving the device and coming back. */
    <P> LongRunningQueue<P> openLongRunningQueue(LongRunningDriver<P> driver, QueueOptions options,
            PayloadTraits<P> traits, Rebind rebind, Duration bound) {
        return LongRunningQueue.over(
                openQueue(null, driver, LongRunningQueue.unbounded(options), traits.withoutLimit()), driver, rebind,
                bound);
    }

    /**
     * Opens a client: queues that are ended, banned and accounted for together.
     *
     * @param name what it is called in messages
     * @return a client without queues; close it
     */
    public Client openClient(String name) {
        return openClient(name, Integer.MAX_VALUE);
    }

    /**
     * Opens a client that is banned when its queues have hung too often together, whatever each of them is forgiven by itself.
     *
     * @param name      what it is called in messages
     * @param hangLimit how many guilty jobs it is forgiven, zero or more: with the next one it is banned
     * @return a client without queues; close it
     * @throws IllegalArgumentException if {@code hangLimit} is negative
     */
    public Client openClient(String name, int hangLimit) {
        if (hangLimit < 0) {
            throw new IllegalArgumentException("hangLimit " + hangLimit + " of client " + name + ": must be 0 or more");
        }
        return new Client(this, name, hangLimit);
    }

    <P> JobQueue<P> openQueue(@Nullable Client client, Driver<P> driver, QueueOptions options,
            PayloadTraits<P> traits) {
        return openQueue(client, driver, options, traits, false);
    }

    private <P> JobQueue<P> openQueue(@Nullable Client client, Driver<P> driver, QueueOptions options,
            PayloadTraits<P> traits, boolean isBelow) {
        Objects.requireNonNull(traits, "traits");
        int most = driver.maxInFlight();
        if (options.credits() > most) {
            throw new IllegalArgumentException("credits " + options.credits() + " of queue " + options.name()
                    + ": must be 1 to " + most + ", which is what its driver can have in flight");
        }
        beginOpening(options);
        try {
            return opened(client, driver, options, traits, isBelow);
        } finally {
            synchronized (lifecycle) {
                opening--;
            }
            stopIfLast();
        }
    }

    private <P> JobQueue<P> opened(@Nullable Client client, Driver<P> driver, QueueOptions options,
            PayloadTraits<P> traits, boolean isBelow) {
        QueueCore<P> core = new QueueCore<>(this, client, driver, options, traits);
        if (isBelow) {
            core.below();
        }
        JobQueue<P> queue = new JobQueue<>(core);
        FailureDomain domain = core.failureDomain();
        Recovery actor = domain == null ? null : threads.recovery().of(core, domain);
        if (actor != null) {
            core.recoveredBy(actor);
        }
        boolean opened = false;
        try {
            if (core.clock() != null || actor != null) {
                threads.startRecovery();
                threads.startWatching();
            }
            core.open();
            opened = true;
        } finally {
            if (!opened && actor != null) {
                actor.leave(core);
            }
        }
        if (actor != null) {
            actor.join(core);
        }
        boolean late;
        synchronized (lifecycle) {
            if (isBelow) {
                // Before it can be found among all: a close asks there who is to be closed last.
                below.add(core);
            }
            queues.add(core);
            late = closed;
        }
        if (late) {
            // Closed meanwhile, with all its queues.
            Fence _ = core.end().startClose();
        }
        HandleWatch.over(queue);
        return queue;
    }

    /** Keeps the threads until this is over: a queue that joins its domain while that recovers is let go by one of them. */
    private void beginOpening(QueueOptions options) {
        synchronized (lifecycle) {
            if (closed) {
                throw new IllegalStateException("the runtime is closed; queue " + options.name() + " was not opened");
            }
            opening++;
        }
    }

    /**
     * Opens a queue whose jobs come from other queues: closing the runtime ends those first.
     *
     * @param driver  as for {@link #openQueue(Driver, QueueOptions, PayloadTraits)}
     * @param options as there
     * @param traits  as there
     * @param <P>     the payload of a job
     * @return an open queue
     * @hidden
     */
    public <P> JobQueue<P> openBelow(Driver<P> driver, QueueOptions options, PayloadTraits<P> traits) {
        requireBounded(driver, options);
        return openQueue(null, driver, options, traits, true);
    }

    /**
     * Gives something to a worker.
     *
     * @param chain what is to be done
     * @return false if there is nobody who could: the caller has to
     * @hidden
     */
    @SuppressWarnings("exports")
    public boolean takesOver(Deferred chain) {
        return threads.handOver(chain);
    }

    /** Who recovers a queue that no domain has; nobody else knows of him yet. */
    Recovery recoveryOf(QueueCore<?> core) {
        Recovery alone = new Recovery(threads.recovery(), null, core.options().name());
        alone.join(core);
        return alone;
    }

    RuntimeThreads threads() {
        return threads;
    }

    /** A queue has ended. */
    void forget(QueueCore<?> core) {
        queues.remove(core);
        boolean _ = below.remove(core);
        stopIfLast();
    }

    /** Whoever comes last of the last queue's end, the end of the last opening, and the close stops the threads. */
    private void stopIfLast() {
        if (isLast()) {
            stopThreads();
        }
    }

    /** Whether nobody needs the threads any more. */
    private boolean isLast() {
        synchronized (lifecycle) {
            return closed && opening == 0 && queues.isEmpty();
        }
    }

    private void stopThreads() {
        if (!threads.areStoppedVolatile() && !Seam.ON) {
            bean.unregister();
        }
        threads.stop();
    }

    /**
     * Closes all queues, as {@link JobQueue#close()} does, then stops the threads. Refuses new queues from the
     * beginning. Inside a driver method or a callback it only starts closing the queues. If a device does not let go of
     * a job, its queue stays as it is and the threads go on until it does; so they do while a queue is being opened, which is
     * closed by whoever opens it. Any number of times; an interrupt is kept for the caller.
     */
    @Override
    public void close() {
        synchronized (lifecycle) {
            closed = true;
        }
        for (QueueCore<?> core : queues) {
            if (!below.contains(core)) {
                Fence _ = core.end().startClose();
            }
        }
        if (UserCode.inside()) {
            closeBelowLater();
            stopIfLast();
            return;
        }
        queues.stream().filter(core -> !below.contains(core)).forEach(core -> core.end().close());
        below.forEach(core -> core.end().close());
        if (!queues.isEmpty()) {
            QueueFaults.warn("the runtime's threads go on: " + dump());
            return;
        }
        if (!isLast()) {
            // Whoever opens a queue now closes it, and stops them then.
            return;
        }
        stopThreads();
        threads.join();
    }

    /** When the queues above have ended. */
    private void closeBelowLater() {
        List<Fence> above = queues.stream().filter(core -> !below.contains(core)).map(core -> core.end().fence())
                .toList();
        var _ = Fences.allOf(above).onDone(() -> below.forEach(core -> {
            Fence _ = core.end().startClose();
        }));
    }

    /**
     * Where all queues stand.
     *
     * @return a line for each queue that has not ended
     */
    public String describe() {
        StringBuilder text = new StringBuilder();
        for (QueueCore<?> core : queues) {
            text.append(core.describe()).append(System.lineSeparator());
        }
        return text.toString();
    }

    /**
     * Where all queues stand, in numbers.
     *
     * @return counters and what the first job waits for, of each queue that has not ended
     */
    public List<QueueStatus> status() {
        return queues.stream().map(QueueDump::status).toList();
    }

    /**
     * Everything that is known: of each queue who waits on which fence and since when, what is on the device, credits, turns;
     * budgets; and the sync objects and reservations of the process that hold fences which are not signalled. Also to be had from
     * outside the process, from {@link RingfenceMXBean}. Any thread, while everything goes on.
     *
     * @return some lines for people
     */
    public String dump() {
        StringBuilder text = new StringBuilder();
        Set<CreditBudget> budgets = new LinkedHashSet<>();
        for (QueueCore<?> core : queues) {
            text.append(core.dump()).append(System.lineSeparator());
            CreditBudget budget = core.options().budget();
            if (budget != null) {
                budgets.add(budget);
            }
        }
        for (CreditBudget budget : budgets) {
            budget.describe(text);
            text.append(System.lineSeparator());
        }
        return text.append(Fences.dump()).toString();
    }
}
