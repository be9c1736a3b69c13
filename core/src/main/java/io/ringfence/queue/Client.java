package io.ringfence.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

import io.ringfence.internal.seam.Site;
import io.ringfence.internal.seam.Seam;
import io.ringfence.driver.Driver;
import io.ringfence.driver.LongRunningDriver;
import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Fences;
import io.ringfence.internal.turn.Deferred;

import org.jspecify.annotations.Nullable;

/**
 * The queues of one user of a device, so that they can be ended, banned and accounted for together: the kernel's file handle. All
 * methods may be called by any thread.
 */
public final class Client implements AutoCloseable {

    private static final Consumer<QueueEnd<?>> CLOSE = QueueEnd::startClose;

    private final RingfenceRuntime runtime;
    private final String name;
    private final int hangLimit;
    private final Set<QueueCore<?>> queues = QueueCore.newSet();
    /** How it ends its queues, once it does; also one that is being opened just then. */
    private volatile @Nullable Consumer<QueueEnd<?>> ending;
    private volatile @Nullable String banned;
    /** Guards what follows, and which queues count as open; held over nobody's code. */
    private final Object accounts = new Object();
    private int opened;
    private long endedSubmitted;
    private long endedFailed;
    private int hangs;

    Client(RingfenceRuntime runtime, String name, int hangLimit) {
        this.runtime = runtime;
        this.hangLimit = hangLimit;
        this.name = Objects.requireNonNull(name, "name");
    }

    /**
     * What a client has used so far, its queues that have ended included.
     *
     * @param queues    how many queues were opened
     * @param open      how many of them have not ended
     * @param submitted how many places were claimed by its jobs, those included that a batch gave up
     * @param finished  how many of those are finished
     * @param failed    how many jobs failed
     * @param hangs     how many of those were guilty of a hang
     */
    public record Usage(int queues, int open, long submitted, long finished, long failed, int hangs) {
    }

    /**
     * The client's name.
     *
     * @return the name given when it was opened
     */
    public String name() {
        return name;
    }

    /**
     * Opens a queue whose jobs cost one credit each, as {@link RingfenceRuntime#openQueue(Driver, QueueOptions)}.
     *
     * @param driver  the device's ring; used by this queue only
     * @param options how the queue is set up
     * @param <P>     the payload of a job
     * @return an open queue; close it, or this client
     * @throws IllegalStateException if this client is closed or banned, or its runtime is closed
     */
    public <P> JobQueue<P> openQueue(Driver<P> driver, QueueOptions options) {
        return openQueue(driver, options, PayloadTraits.plain());
    }

    /**
     * Opens a queue, as {@link RingfenceRuntime#openQueue(Driver, QueueOptions, PayloadTraits)}.
     *
     * @param driver  the device's ring; used by this queue only
     * @param options how the queue is set up
     * @param traits  what the queue has to know of its payloads
     * @param <P>     the payload of a job
     * @return an open queue; close it, or this client
     * @throws IllegalStateException if this client is closed or banned, or its runtime is closed
     */
    public <P> JobQueue<P> openQueue(Driver<P> driver, QueueOptions options, PayloadTraits<P> traits) {
        RingfenceRuntime.requireBounded(driver, options);
        return open(driver, options, traits);
    }

    /**
     * Opens a queue for jobs that may run for ever, as {@link RingfenceRuntime#openLongRunningQueue(LongRunningDriver, QueueOptions)}.
     *
     * @param driver  the device's ring; used by this queue only
     * @param options how the queue is set up
     * @param <P>     the payload of a job
     * @return an open queue; close it, or this client
     * @throws IllegalArgumentException if the options have a budget, or more credits than the driver can have in flight
     * @throws IllegalStateException    if this client is closed or banned, or its runtime is closed
     */
    public <P> LongRunningQueue<P> openLongRunningQueue(LongRunningDriver<P> driver, QueueOptions options) {
        return openLongRunningQueue(driver, options, PayloadTraits.plain(), LongRunningQueue.NOTHING_TO_BIND);
    }

    /**
     * Opens a queue for jobs that may run for ever, as
     * {@link RingfenceRuntime#openLongRunningQueue(LongRunningDriver, QueueOptions, PayloadTraits, Rebind)}.
     *
     * @param driver  the device's ring; used by this queue only
     * @param options how the queue is set up; without a budget
     * @param traits  what the queue has to know of its payloads
     * @param rebind  what has to be done before the queue is resumed
     * @param <P>     the payload of a job
     * @return an open queue; close it, or this client
     * @throws IllegalArgumentException if the options have a budget, or more credits than the driver can have in flight
     * @throws IllegalStateException    if this client is closed or banned, or its runtime is closed
     */
    public <P> LongRunningQueue<P> openLongRunningQueue(LongRunningDriver<P> driver, QueueOptions options,
            PayloadTraits<P> traits, Rebind rebind) {
        return LongRunningQueue.over(open(driver, LongRunningQueue.unbounded(options), traits.withoutLimit()), driver,
                rebind, LongRunningQueue.BOUND);
    }

    private <P> JobQueue<P> open(Driver<P> driver, QueueOptions options, PayloadTraits<P> traits) {
        if (ending != null) {
            String why = banned;
            throw new IllegalStateException("client " + name + (why == null ? " is closed" : " is banned: " + why)
                    + "; queue " + options.name() + " was not opened");
        }
        Seam.at(Site.CLIENT);
        JobQueue<P> queue = runtime.openQueue(this, driver, options, traits);
        QueueCore<P> core = queue.core();
        synchronized (accounts) {
            queues.add(core);
            opened++;
        }
        Seam.at(Site.CLIENT);
        Consumer<QueueEnd<?>> end = ending;
        if (end != null) {
            end.accept(core.end());
        }
        if (core.isForgottenVolatile()) {
            forget(core);
        }
        return queue;
    }

    /** A queue has ended. */
    void forget(QueueCore<?> core) {
        synchronized (accounts) {
            if (queues.remove(core)) {
                endedSubmitted += core.claimed();
                endedFailed += core.failedJobsOpaque();
            }
        }
    }

    /**
     * What was used so far.
     *
     * @return the sum over all queues, read while they go on
     */
    public Usage usage() {
        synchronized (accounts) {
            long submitted = endedSubmitted;
            long finished = endedSubmitted;
            long failed = endedFailed;
            for (QueueCore<?> core : queues) {
                finished += core.timelineState().signaledVolatile();
                submitted += core.claimed();
                failed += core.failedJobsOpaque();
            }
            return new Usage(opened, queues.size(), submitted, finished, failed, hangs);
        }
    }

    /**
     * A job of it was guilty of a hang. Bans the client, on another thread, if it was one too many.
     *
     * @param what which
     * @hidden
     */
    public void guilty(String what) {
        boolean tooMany;
        synchronized (accounts) {
            hangs++;
            tooMany = hangs > hangLimit && banned == null;
        }
        if (tooMany) {
            runtime.threads().post(new Deferred() {
                @Override
                protected @Nullable Deferred perform() {
                    Fence _ = ban(
                            "its jobs hung more often than the " + hangLimit + " times that are forgiven; the last was "
                                    + what);
                    return null;
                }
            });
        }
    }

    // ---- the end

    /** First the word that those who open a queue look at after they have added it, then the queues. */
    private Fence end(Consumer<QueueEnd<?>> how) {
        // What was killed or banned stays so; a close after that adds nothing for those who open.
        synchronized (accounts) {
            if (ending == null || how != CLOSE) {
                ending = how;
            }
        }
        List<Fence> ends = new ArrayList<>();
        for (QueueCore<?> core : queues) {
            how.accept(core.end());
            ends.add(core.end().fence());
        }
        return Fences.allOf(ends);
    }

    /**
     * Closes all queues, as {@link JobQueue#startClose()} does, and refuses new ones. Never waits; any number of times.
     *
     * @return a fence that is signalled when all queues have ended
     */
    public Fence startClose() {
        return end(CLOSE);
    }

    /**
     * Kills all queues, as {@link JobQueue#kill()} does, and refuses new ones. Never waits; any number of times.
     *
     * @return a fence that is signalled when all queues have ended
     */
    public Fence kill() {
        Failure cause = new Failure.Cancelled("client " + name + " was killed");
        return end(end -> end.kill(cause));
    }

    /**
     * Bans all queues, as {@link JobQueue#ban} does, and refuses new ones.
     *
     * @param reason why; named by failures and errors
     * @return a fence that is signalled when all queues have ended
     */
    public Fence ban(String reason) {
        Objects.requireNonNull(reason, "reason");
        synchronized (accounts) {
            // The first reason stays, as it does in the queues.
            banned = banned == null ? reason : banned;
        }
        String why = "client " + name + ": " + reason;
        return end(end -> end.ban(why));
    }

    /** Refuses new queues and closes those that are open, one after the other, as {@link JobQueue#close()} does. */
    @Override
    public void close() {
        Fence _ = startClose();
        queues.forEach(core -> core.end().close());
    }

    /**
     * Where all queues of this client stand.
     *
     * @return some lines for people
     */
    public String dump() {
        StringBuilder text = new StringBuilder("client ").append(name).append(": ").append(usage());
        queues.forEach(core -> text.append(System.lineSeparator()).append(core.dump()));
        return text.toString();
    }

    @Override
    public String toString() {
        return "client " + name;
    }
}
