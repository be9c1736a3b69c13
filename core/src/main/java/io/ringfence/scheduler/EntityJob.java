package io.ringfence.scheduler;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;

import io.ringfence.fence.Failure;
import io.ringfence.fence.Fence;
import io.ringfence.internal.seam.Seam;
import io.ringfence.queue.PayloadTraits;

import org.jspecify.annotations.Nullable;

/**
 * A job of an entity: the payload of the entity's own ring, and what the hardware ring refers to. It has two positions, one in each.
 *
 * @param <P> the user's payload
 */
final class EntityJob<P> {

    private static final VarHandle ABORTED;

    static {
        try {
            ABORTED = MethodHandles.lookup().findVarHandle(EntityJob.class, "aborted", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final EntityCore<P> entity;
    final P payload;
    /** Credits of the hardware ring. */
    final int cost;
    /** How long it may make no progress on the device; null for as long as others. */
    final @Nullable Duration limit;
    /** Whether a job that names it may be handed over right behind it. */
    final boolean pipelined;
    /** On the seam's clock, as all times here. */
    final long submitted;

    /** With which others it has to run, or null; by the submitter, before it is submitted. */
    @Nullable
    GangRun gang;

    // By the holder of the entity's issue turn, before it is offered or refused.
    /** Its position in the entity's ring. */
    long seqno;
    long readied;
    /** What it still has to wait for; null for nothing. */
    @Nullable
    Pipelined inputs;

    /** It was asked to be cancelled, or its entity ended; any thread. */
    @SuppressWarnings("UnusedVariable") // read and written through ABORTED too
    private volatile boolean aborted;
    /** The next in the list of those for whom that was asked; whoever set {@link #aborted} writes it. */
    @Nullable
    EntityJob<P> nextAbort;

    // The home's.
    /** Who has handed it over; null at a home where nobody has tried to. */
    @Nullable
    SchedulerTurn<P> turn;
    /** Whether it was asked what is to be prepared, and there was nothing more. */
    boolean prepared;
    /** What has to be prepared before it may go. */
    @Nullable
    Fence preparing;
    /** Its position on the hardware ring, 0 before it has one. */
    long hardwareSeqno;
    long scheduled;
    /** Its gang knows that nothing but the gang keeps it. */
    boolean gangReady;

    /** The device was given it and will say how it ends; by the holder of the hardware queue's issue turn, before it can come back. */
    boolean ran;

    // By the holder of the hardware queue's completion turn.
    long finished;
    @Nullable
    Failure failure;
    /** The next in the list of those that are finished. */
    @Nullable
    EntityJob<P> nextDone;

    EntityJob(EntityCore<P> entity, P payload, int cost, PayloadTraits<P> traits) {
        this.entity = entity;
        this.payload = payload;
        this.cost = cost;
        limit = traits.limitOf(payload);
        pipelined = traits.isPipelined(payload);
        submitted = Seam.nanoTime();
    }

    boolean isAbortedVolatile() {
        return aborted;
    }

    /** Asks for it to be cancelled; whether the caller is the first. */
    boolean aborts() {
        return ABORTED.compareAndSet(this, false, true);
    }

    @Override
    public String toString() {
        return "seqno " + seqno + " of " + entity;
    }
}
