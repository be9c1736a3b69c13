package io.ringfence.scheduler;

import java.util.List;
import java.util.Objects;

import io.ringfence.driver.Driver;
import io.ringfence.fence.Fence;
import io.ringfence.queue.Client;
import io.ringfence.queue.PayloadTraits;
import io.ringfence.queue.RingfenceRuntime;

import org.jspecify.annotations.Nullable;

/**
 * Shares one ring of a device among many entities: decides whose job goes next, as late as it can. Entities and schedulers are closed
 * in any order.
 *
 * <p>A job of an entity has two fences: <i>scheduled</i>, when it was handed to the device, and <i>finished</i>. Its payload stays
 * where it was submitted; the hardware ring holds references. The driver is used as by a queue, but {@link Driver#cancel} is called for
 * jobs only that had a place on the hardware ring.
 *
 * @param <P> the payload of a job
 */
public final class Scheduler<P> implements AutoCloseable {

    private final SchedulerCore<P> core;

    private Scheduler(SchedulerCore<P> core) {
        this.core = core;
    }

    /**
     * Opens a scheduler whose jobs cost one credit each.
     *
     * @param runtime whose threads it uses
     * @param driver  the device's ring; used by this scheduler only
     * @param options how it is set up
     * @param <P>     the payload of a job
     * @return an open scheduler; close it
     * @throws IllegalArgumentException if the credit limit exceeds what the driver can have in flight
     * @throws IllegalStateException    if the runtime is closed
     */
    public static <P> Scheduler<P> open(RingfenceRuntime runtime, Driver<P> driver, SchedulerOptions options) {
        return open(runtime, driver, options, PayloadTraits.plain(), null);
    }

    /**
     * Opens a scheduler. If it is refused, the driver was not used and is still the caller's.
     *
     * @param runtime whose threads it uses
     * @param driver  the device's ring; used by this scheduler only
     * @param options how it is set up
     * @param traits  what has to be known of payloads
     * @param prepare what jobs have to wait for besides what they name, or null
     * @param <P>     the payload of a job
     * @return an open scheduler; close it
     * @throws IllegalArgumentException if the credit limit exceeds what the driver can have in flight
     * @throws IllegalStateException    if the runtime is closed
     */
    public static <P> Scheduler<P> open(RingfenceRuntime runtime, Driver<P> driver, SchedulerOptions options,
            PayloadTraits<P> traits, @Nullable Prepare<? super P> prepare) {
        return new Scheduler<>(new SchedulerCore<>(runtime, driver, options, traits, prepare));
    }

    SchedulerCore<P> core() {
        return core;
    }

    /**
     * The scheduler's name.
     *
     * @return the name given in its options
     */
    public String name() {
        return core.options().name();
    }

    /**
     * How it was set up.
     *
     * @return its options
     */
    public SchedulerOptions options() {
        return core.options();
    }

    // ---- entities

    /**
     * Opens an entity of this scheduler.
     *
     * @param name     what it is called in messages
     * @param priority how urgent it is
     * @return an open entity; close it
     * @throws IllegalArgumentException if this scheduler does not have that priority
     * @throws IllegalStateException    if this scheduler is closed
     * @throws StackOverflowError       if there is too little stack for that; nothing was opened
     */
    public Entity<P> openEntity(String name, Priority priority) {
        return openEntity(EntityOptions.named(name).withPriority(priority));
    }

    /**
     * Opens an entity of this scheduler.
     *
     * @param options how it is set up
     * @return an open entity; close it
     * @throws IllegalArgumentException if this scheduler does not have that priority
     * @throws IllegalStateException    if this scheduler is closed
     * @throws StackOverflowError       if there is too little stack for that; nothing was opened
     */
    public Entity<P> openEntity(EntityOptions options) {
        return openEntity(options, List.of(this), null);
    }

    /**
     * Opens an entity that goes where there is least to do, of several schedulers: whenever it has a job and all its jobs before are
     * finished, so that its jobs stay in order.
     *
     * @param options    how it is set up
     * @param candidates where it may go, of one runtime and with equal traits; at least one
     * @param client     whom it belongs to, or null: ended, banned and accounted for with that client
     * @param <P>        the payload of a job
     * @return an open entity; close it
     * @throws IllegalArgumentException if there is no candidate, one is named twice, or one does not have that priority
     * @throws IllegalStateException    if one of the schedulers or the client is closed
     * @throws StackOverflowError       if there is too little stack for that; nothing was opened
     */
    public static <P> Entity<P> openEntity(EntityOptions options, List<Scheduler<P>> candidates,
            @Nullable Client client) {
        return Entity.open(options, cores(candidates, options.queue().name()), client);
    }

    static <P> List<SchedulerCore<P>> cores(List<Scheduler<P>> candidates, String name) {
        if (candidates.isEmpty() || candidates.stream().distinct().count() != candidates.size()) {
            throw new IllegalArgumentException("candidates " + candidates + " of entity " + name
                    + ": must be at least one scheduler, and none twice");
        }
        return candidates.stream().map(each -> Objects.requireNonNull(each, "candidate").core()).toList();
    }

    // ---- the device

    /**
     * Keeps jobs from the device until {@link #thaw()}, as {@link io.ringfence.queue.JobQueue#freeze()} does: the kernel's stop. Who
     * goes next is decided when it is over.
     *
     * @return signalled when no {@code run} of the driver is in progress and none will begin
     */
    public Fence freeze() {
        return core.freeze();
    }

    /** Ends {@link #freeze()}. */
    public void thaw() {
        core.thaw();
    }

    /**
     * Whether its device is there and it takes entities.
     *
     * @return false once it is closed or its device lost
     */
    public boolean isReady() {
        return core.isReady();
    }

    // ---- the end

    /**
     * Refuses entities from now on; those that can go nowhere else are closed. Of the others nothing more is handed over here, but for
     * jobs of gangs that stand before their device, and for one job of each at most by a decision that is being made meanwhile; they go
     * when what is on the device has come back. Never waits; any number of times.
     *
     * @return a fence that is signalled when no entity is here any more and the driver will not be called again
     */
    public Fence startClose() {
        return core.startClose();
    }

    /**
     * As {@link #startClose()}, and kills the entities that can go nowhere else, and what is on the device. Entities whose jobs wait for
     * fences of others end when those are signalled, however long that takes, and the scheduler not before them.
     *
     * @return as {@link #startClose()}
     */
    public Fence kill() {
        Fence end = core.startClose();
        core.kill();
        return end;
    }

    /**
     * Closes and waits, as {@link io.ringfence.queue.JobQueue#close()} does: for one entity after the other, at most twice the bound of
     * its options for each, then within the bounds of the hardware queue, 30 seconds at most. An entity that may go elsewhere is waited
     * for until it does.
     *
     * <p>So it does after {@link #kill()}: it waits for entities whose jobs wait for fences of others, and for the bounds if those are
     * not signalled. The scheduler then ends when they are.
     */
    @Override
    public void close() {
        Fence end = core.startClose();
        if (!end.isDone()) {
            core.close();
        }
    }

    /**
     * Where the scheduler stands. Any thread, any time; takes no lock and asks nobody.
     *
     * @return its counters
     */
    public SchedulerStatus status() {
        return core.status();
    }

    /**
     * Where the entities stand that may come here, in the order of the run queue: those first that have jobs for this device, the one whose
     * turn it is before the others; then those that have none, in the order in which they were opened. Any thread, any time; takes no lock,
     * asks nobody, and costs those at work nothing. What each entity is told to be was read one after the other, while the scheduler may have
     * gone on: the whole need never have been so at one moment.
     *
     * @return one for each
     */
    public List<EntityStatus> entities() {
        return core.entityStatuses();
    }

    @Override
    public String toString() {
        return core.toString();
    }
}
