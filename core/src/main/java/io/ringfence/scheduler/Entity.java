package io.ringfence.scheduler;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;

import io.ringfence.driver.Driver;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Outcome;
import io.ringfence.fence.PointFence;
import io.ringfence.fence.Timeline;
import io.ringfence.queue.Batch;
import io.ringfence.queue.Client;
import io.ringfence.queue.JobQueue;
import io.ringfence.queue.PayloadTraits;
import io.ringfence.queue.QueueOptions;
import io.ringfence.queue.RingfenceRuntime;

import org.jspecify.annotations.Nullable;

/**
 * A context that shares a ring of a device with others: a queue whose jobs a scheduler hands over. Everything that a
 * {@link JobQueue} promises holds: any thread may submit, jobs run in the order of submission, when the fences they name are
 * signalled, and each has a fence. A job that names a job of another entity on the same ring is handed over right behind it.
 *
 * <p>An entity that is collected without having been closed is reported, and closed.
 *
 * @param <P> the payload of a job
 */
public final class Entity<P> implements AutoCloseable {

    private final EntityCore<P> core;
    private final JobQueue<EntityJob<P>> queue;
    private final PayloadTraits<P> traits;
    private final RingfenceRuntime runtime;
    /** Whether jobs are handed over without waiting for those of it that are on the device. */
    private final boolean inOrder;

    private Entity(EntityCore<P> core, JobQueue<EntityJob<P>> queue, SchedulerCore<P> first, boolean inOrder) {
        this.core = core;
        this.queue = queue;
        this.inOrder = inOrder;
        traits = first.traits();
        runtime = first.runtime();
    }

    static <P> Entity<P> open(EntityOptions options, List<SchedulerCore<P>> candidates, @Nullable Client client) {
        QueueOptions given = options.queue();
        QueueOptions how =
                new QueueOptions(given.name(), given.capacity(), given.capacity(), given.failWithDependency(),
                        given.closeTimeout(), given.signalTimes(), null, QueueOptions.NO_TIMEOUT, given.hangLimit());
        requirePriority(options.priority(), candidates, how.name());
        EntityCore<P> core = new EntityCore<>(how.name(), options.priority(), how.capacity(), client);
        SchedulerCore<P> first = candidates.getFirst();
        boolean inOrder = candidates.stream().allMatch(SchedulerCore::executesInOrder);
        requireOneRuntime(first.runtime(), candidates, how.name());
        EntityRing<P> ring = new EntityRing<>(core, how.capacity(), inOrder);
        boolean opened = false;
        try {
            core.home().moveTo(candidates);
            PayloadTraits<EntityJob<P>> carried = first.traits().ofEntity(job -> job.payload);
            JobQueue<EntityJob<P>> queue = openQueue(first.runtime(), client, ring, how, carried);
            core.queue(queue);
            opened = true;
            closeIfLate(core, queue);
            return new Entity<>(core, queue, first, inOrder);
        } finally {
            if (!opened) {
                core.home().goesForGood();
            }
        }
    }

    private static <J> JobQueue<J> openQueue(RingfenceRuntime runtime, @Nullable Client client, Driver<J> ring,
            QueueOptions how, PayloadTraits<J> traits) {
        return client == null ? runtime.openQueue(ring, how, traits) : client.openQueue(ring, how, traits);
    }

    /** A scheduler that was closed meanwhile found no queue to close. */
    private static <P> void closeIfLate(EntityCore<P> core, JobQueue<EntityJob<P>> queue) {
        if (core.home().candidatesVolatile().stream().allMatch(SchedulerCore::isClosing)) {
            Fence _ = queue.startClose();
        }
    }

    private static <P> void requireOneRuntime(RingfenceRuntime runtime, List<SchedulerCore<P>> candidates,
            String name) {
        for (SchedulerCore<P> candidate : candidates) {
            if (candidate.runtime() != runtime) {
                throw new IllegalArgumentException(
                        candidate + ", where entity " + name + " may go: must be of the same runtime as the others");
            }
        }
    }

    private static <P> void requirePriority(Priority priority, List<SchedulerCore<P>> candidates, String name) {
        for (SchedulerCore<P> candidate : candidates) {
            if (!candidate.options().priorities().contains(priority)) {
                throw new IllegalArgumentException("priority " + priority + " of entity " + name + ": must be one of "
                        + candidate.options().priorities() + ", those of " + candidate);
            }
        }
    }

    /**
     * The entity's name.
     *
     * @return the name given in its options
     */
    public String name() {
        return core.name();
    }

    /**
     * The timeline whose points the ends of its jobs are.
     *
     * @return always the same timeline
     */
    public Timeline timeline() {
        return queue.timeline();
    }

    // ---- submission

    EntityJob<P> job(P payload) {
        int cost = traits.costOf(Objects.requireNonNull(payload, "payload"));
        int most = Integer.MAX_VALUE;
        for (SchedulerCore<P> candidate : core.home().candidatesVolatile()) {
            most = Math.min(most, candidate.options().credits());
        }
        if (cost < 1 || cost > most) {
            throw new IllegalArgumentException("cost " + cost + " of a job for " + core + ": must be 1 to " + most
                    + ", the credits of its scheduler");
        }
        return new EntityJob<>(core, payload, cost, traits);
    }

    PointFence submitted(PointFence fence) {
        core.submitted(fence.seqno());
        return fence;
    }

    /**
     * Submits a job; waits while the entity's ring is full.
     *
     * @param payload      the job
     * @param dependencies what it depends on; any number, of any queue or issuer
     * @return the fence of its end
     * @throws io.ringfence.queue.QueueClosedException if the entity is closed, killed or banned; nothing was submitted
     * @throws IllegalArgumentException                if the job costs less than 1 credit or more than its scheduler's limit
     * @throws InterruptedException                    if the thread is interrupted while it waits; nothing was submitted
     * @throws IllegalStateException                   inside a driver method or a callback, where nothing may wait
     */
    public PointFence submit(P payload, Fence... dependencies) throws InterruptedException {
        return submitted(queue.submit(job(payload), dependencies));
    }

    /**
     * As {@link #submit(Object, Fence...)}, but waits for room for at most the given time.
     *
     * @param payload      the job
     * @param timeout      the longest wait; zero or less only looks
     * @param dependencies what the job depends on
     * @return the fence of its end
     * @throws TimeoutException     if there was no room in time; nothing was submitted
     * @throws InterruptedException if the thread is interrupted while it waits; nothing was submitted
     */
    public PointFence submit(P payload, Duration timeout, Fence... dependencies)
            throws InterruptedException, TimeoutException {
        return submitted(queue.submit(job(payload), timeout, dependencies));
    }

    /**
     * Submits a job if there is room. Never waits; allowed everywhere.
     *
     * @param payload the job
     * @return its seqno on {@link #timeline()}, or a negative {@link io.ringfence.queue.SubmitCode}
     * @throws IllegalArgumentException if the job costs less than 1 credit or more than its scheduler's limit
     */
    public long trySubmit(P payload) {
        long seqno = queue.trySubmit(job(payload));
        if (seqno > 0) {
            core.submitted(seqno);
        }
        return seqno;
    }

    /**
     * Submits a job if there is room. Never waits; allowed everywhere.
     *
     * @param payload      the job
     * @param dependencies what it depends on
     * @return the fence of its end, or null if there is no room
     * @throws io.ringfence.queue.QueueClosedException if the entity is closed, killed or banned; nothing was submitted
     * @throws IllegalArgumentException                if the job costs less than 1 credit or more than its scheduler's limit
     */
    public @Nullable PointFence trySubmitFence(P payload, Fence... dependencies) {
        PointFence fence = queue.trySubmitFence(job(payload), dependencies);
        return fence == null ? null : submitted(fence);
    }

    /**
     * Adds a job to a batch, which submits jobs of several entities and queues together.
     *
     * @param batch   the batch
     * @param payload the job
     * @return its place in the batch
     * @throws IllegalArgumentException if the job costs less than 1 credit or more than its scheduler's limit
     */
    public Batch.Member addTo(Batch batch, P payload) {
        return addTo(batch, job(payload));
    }

    Batch.Member addTo(Batch batch, EntityJob<P> job) {
        return batch.add(queue, job);
    }

    EntityCore<P> core() {
        return core;
    }

    /**
     * The fence of a job's being scheduled: signalled when the job was handed to the device; failed if it never will be, or has
     * failed by the time of this call.
     *
     * @param job the fence of the end of a job of this entity
     * @return a fence
     * @throws IllegalArgumentException if it is not of this entity
     */
    public Fence scheduled(PointFence job) {
        if (job.timeline() != timeline()) {
            throw new IllegalArgumentException("job " + job + ": must be one of " + core);
        }
        return core.scheduled().of(job);
    }

    /**
     * Waits until everything that was submitted before is scheduled.
     *
     * @param timeout the longest wait
     * @return whether it is
     * @throws InterruptedException  if the thread is interrupted while it waits
     * @throws IllegalStateException inside a driver method or a callback, where nothing may wait
     */
    public boolean flush(Duration timeout) throws InterruptedException {
        long last = timeline().claimedVolatile();
        return last == 0 || core.scheduled().at(last).await(timeout) != Outcome.PENDING;
    }

    // ---- changes

    /**
     * The entity's priority.
     *
     * @return the priority that counts the next time that the entity is put in its place
     */
    public Priority priority() {
        return core.priority();
    }

    /**
     * Changes the priority. It counts from when the entity's next job is taken, or it has a job again.
     *
     * @param priority one that all its schedulers have
     * @throws IllegalArgumentException if one of them does not
     */
    public void setPriority(Priority priority) {
        requirePriority(Objects.requireNonNull(priority, "priority"), core.home().candidatesVolatile(), name());
        core.priority(priority);
    }

    /**
     * Changes where the entity may go: from when all its jobs are finished, so that they stay in order.
     *
     * @param candidates where, as for {@link Scheduler#openEntity(EntityOptions, List, Client)}
     * @throws IllegalArgumentException as there; nothing was changed
     * @throws IllegalStateException    if one of them is closed; nothing was changed
     * @throws StackOverflowError       if there is too little stack for that; nothing was changed
     */
    public void setCandidates(List<Scheduler<P>> candidates) {
        List<SchedulerCore<P>> changed = Scheduler.cores(candidates, name());
        requirePriority(core.priority(), changed, name());
        requireOneRuntime(runtime, changed, name());
        if (inOrder && !changed.stream().allMatch(SchedulerCore::executesInOrder)) {
            throw new IllegalArgumentException("candidates " + candidates + " of entity " + name()
                    + ": must all have devices that execute in order, as those that it was opened for");
        }
        core.home().moveTo(changed);
    }

    /**
     * Cancels one job, as {@link JobQueue#cancel(PointFence)} does.
     *
     * @param job the fence of its end
     * @return false if it is finished
     * @throws IllegalArgumentException if it is not of this entity
     */
    public boolean cancel(PointFence job) {
        return queue.cancel(job);
    }

    // ---- the end

    /**
     * Refuses jobs from now on and lets what was submitted finish.
     *
     * @return a fence that is signalled when all is finished
     */
    public Fence startClose() {
        return queue.startClose();
    }

    /**
     * Cancels every job that has not reached the device, asks the driver to give up those that have, and closes; as
     * {@link JobQueue#kill()}.
     *
     * @return a fence that is signalled when all is finished
     */
    public Fence kill() {
        return queue.kill();
    }

    /**
     * Kills it, and says why to whoever submits.
     *
     * @param reason why
     * @return as {@link #kill()}
     */
    public Fence ban(String reason) {
        return queue.ban(reason);
    }

    /** Closes and waits, as {@link JobQueue#close()} does. */
    @Override
    public void close() {
        queue.close();
    }

    /**
     * Where the entity stands. Any thread, any time; takes no lock and asks nobody.
     *
     * @return its counters
     */
    public EntityStatus status() {
        return core.statusOpaque(Standing.opaque(core), queue);
    }

    @Override
    public String toString() {
        return core.toString();
    }
}
