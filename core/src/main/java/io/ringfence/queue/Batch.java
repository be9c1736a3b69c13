package io.ringfence.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;

import io.ringfence.fence.FailureCursor;
import io.ringfence.fence.Fence;
import io.ringfence.fence.Reservation;
import io.ringfence.fence.SyncObject;
import io.ringfence.fence.Usage;
import io.ringfence.internal.turn.UserCode;
import io.ringfence.internal.waiting.Await;

import org.jspecify.annotations.Nullable;

/**
 * Several jobs that are submitted all or not at all, also to several queues; or one job that names more than fences.
 *
 * <pre>{@code
 * Batch batch = Batch.create();
 * Batch.Member upload = batch.add(copies, uploadOf(texture)).writes(memory);
 * Batch.Member draw = batch.add(graphics, drawing).after(upload).after(acquired, 7).signals(presented, 8);
 * Fence drawn = batch.commit().fence(draw);
 * }</pre>
 *
 * <p>A job may depend on whatever exists, and on jobs added to the batch before it. Places in the queues are claimed in the order
 * of addition, and none is claimed before {@code commit}: so every dependency points to an earlier claim, and queues and
 * dependencies never form a cycle, whatever else is submitted at the same time. Fences come into being by {@code commit} only.
 *
 * <p>Jobs of a batch in one queue stay together if they were added one after the other. Where there is no room for all, commit
 * waits holding no place in any queue and begins again; places that it had claimed already are then passed over.
 *
 * <p>Used by one thread, once.
 */
public final class Batch {

    /** What is done with a place where fences are left. */
    sealed interface Out {
        /** A fence is left in a sync object; point 0 replaces what it holds. */
        record InSyncObject(SyncObject object, long point) implements Out {
        }

        /** A fence is left in a reservation. */
        record InReservation(Reservation reservation, Usage usage) implements Out {
        }
    }

    private final List<Member> members = new ArrayList<>();
    private final Map<JobQueue<?>, Integer> counts = new LinkedHashMap<>();
    /** Stands for this batch where only that matters, without keeping its payloads. */
    private final Object identity = new Object();
    /** The jobs need each other while they run. */
    private final boolean together;
    private int size;
    private boolean committed;

    private Batch(boolean together) {
        this.together = together;
    }

    /**
     * Makes an empty batch.
     *
     * @return a new batch
     */
    public static Batch create() {
        return new Batch(false);
    }

    /**
     * Makes an empty batch whose jobs need each other while they run, for {@linkplain io.ringfence.scheduler.Gang gangs}: one for each
     * queue, of which none waits for another one. It is submitted as if all places were claimed in one moment: if anybody claims
     * one in such a queue meanwhile, it begins again.
     *
     * @return a new batch
     * @hidden
     */
    public static Batch together() {
        return new Batch(true);
    }

    /** One job of a batch, to which is added what it depends on and where it leaves its fence. */
    public final class Member {

        private final JobQueue<?> queue;
        private final Object payload;
        private final long terms;
        private final int index = members.size();
        final List<Fence> fences = new ArrayList<>();
        final List<Member> earlier = new ArrayList<>();
        /** Reservations to be waited for without leaving a fence there. */
        final List<Out.InReservation> waits = new ArrayList<>();
        final List<Out> outs = new ArrayList<>();
        /** Reservations that are used, and so waited for; in each the job's fence is left. */
        final List<Out.InReservation> uses = new ArrayList<>();

        private <P> Member(JobQueue<P> queue, P payload, long terms) {
            this.queue = queue;
            this.payload = payload;
            this.terms = terms;
        }

        JobQueue<?> queue() {
            return queue;
        }

        Object payload() {
            return payload;
        }

        long terms() {
            return terms;
        }

        int index() {
            return index;
        }

        Object identity() {
            return identity;
        }

        private Member changed() {
            requireOpen();
            return this;
        }

        /**
         * Runs the job after fences.
         *
         * @param dependencies any number, of any queue or issuer
         * @return this
         * @throws IllegalArgumentException if one is signalled only when the job is gone, such as its own queue's preempt fence
         * @throws IllegalStateException    if the batch was submitted
         */
        public Member after(Fence... dependencies) {
            changed();
            for (Fence dependency : dependencies) {
                for (Fence leaf : dependency.isGroupOfAll() ? dependency.leaves() : List.of(dependency)) {
                    if (!JobDependencies.settledOk(leaf)) {
                        JobDependencies.requirePossible(leaf, queue.core());
                    }
                }
            }
            fences.addAll(List.of(dependencies));
            return this;
        }

        /**
         * Runs the job after another one of this batch.
         *
         * @param member a job that was added before this one
         * @return this
         * @throws IllegalArgumentException if it is of another batch, or was not added before
         * @throws IllegalStateException    if the batch was submitted
         */
        public Member after(Member member) {
            changed();
            if (member.identity() != identity) {
                throw new IllegalArgumentException(
                        member + " belongs to another batch: name its fence when that is submitted");
            }
            if (member.index >= index) {
                throw new IllegalArgumentException(
                        this + " cannot depend on " + member + ": only on one that was added before");
            }
            if (together) {
                throw new IllegalArgumentException(this + " cannot depend on " + member
                        + ": they run together, so neither can wait for the end of the other");
            }
            earlier.add(member);
            return this;
        }

        /**
         * Runs the job after a point.
         *
         * @param timeline knows the outcome of the point
         * @param seqno    the point
         * @return this
         * @throws IllegalArgumentException if the point was not submitted
         * @throws IllegalStateException    if the batch was submitted
         */
        public Member after(FailureCursor timeline, long seqno) {
            return after(timeline.fence(seqno));
        }

        /**
         * Runs the job after what stands at a point of a sync object now.
         *
         * @param object the object
         * @param point  the point, 0 for everything the object holds
         * @return this
         * @throws io.ringfence.fence.NotSubmittedException if nobody has submitted the point yet
         * @throws IllegalStateException                    if the batch was submitted
         */
        public Member after(SyncObject object, long point) {
            return after(object.fence(point));
        }

        /**
         * Runs the job after what a reservation holds when the batch is submitted.
         *
         * @param reservation the reservation
         * @param upTo        which of its fences: those of this usage and of all that are listed before it
         * @return this
         * @throws IllegalStateException if the batch was submitted
         */
        public Member after(Reservation reservation, Usage upTo) {
            changed().waits.add(new Out.InReservation(reservation, upTo));
            return this;
        }

        /**
         * The job reads memory: it runs after those that write it, and later writers after it.
         *
         * @param memory what the memory is in use by
         * @return this
         * @throws IllegalStateException if the batch was submitted
         */
        public Member reads(Reservation memory) {
            changed().uses.add(new Out.InReservation(memory, Usage.of(false)));
            return this;
        }

        /**
         * The job writes memory: it runs after those that read and write it, and later ones after it.
         *
         * @param memory what the memory is in use by
         * @return this
         * @throws IllegalStateException if the batch was submitted
         */
        public Member writes(Reservation memory) {
            changed().uses.add(new Out.InReservation(memory, Usage.of(true)));
            return this;
        }

        /**
         * Leaves the job's fence in a sync object, in place of everything it holds.
         *
         * @param object the object
         * @return this
         * @throws IllegalStateException if the batch was submitted
         */
        public Member signals(SyncObject object) {
            changed().outs.add(new Out.InSyncObject(Objects.requireNonNull(object, "object"), 0));
            return this;
        }

        /**
         * Leaves the job's fence at a point of a sync object.
         *
         * @param object the object
         * @param point  the point: higher than the last when the batch is submitted
         * @return this
         * @throws IllegalArgumentException unless the point is 1 or more and higher than the last
         * @throws IllegalStateException    if the batch was submitted
         */
        public Member signals(SyncObject object, long point) {
            changed();
            long last = object.lastSubmitted();
            if (point < 1 || point <= last) {
                throw new IllegalArgumentException("point " + point + " of " + object + ": must be higher than " + last
                        + ", the last point submitted");
            }
            outs.add(new Out.InSyncObject(object, point));
            return this;
        }

        /**
         * Leaves the job's fence in a reservation without waiting for what is there.
         *
         * @param reservation the reservation
         * @param usage       what the fence is there for
         * @return this
         * @throws IllegalStateException if the batch was submitted
         */
        public Member signals(Reservation reservation, Usage usage) {
            changed().outs.add(new Out.InReservation(Objects.requireNonNull(reservation, "reservation"),
                    Objects.requireNonNull(usage, "usage")));
            return this;
        }

        @Override
        public String toString() {
            return "job " + index + " of a batch, on queue " + queue;
        }
    }

    void requireOpen() {
        if (committed) {
            throw new IllegalStateException("the batch was submitted before: a batch serves once");
        }
    }

    /**
     * Adds a job.
     *
     * @param queue   where it is to run
     * @param payload the job
     * @param <P>     the payload of a job
     * @return the job, to which is added what it depends on
     * @throws IllegalArgumentException if the job costs less than 1 credit or more than the queue's limit, or the batch would
     *                                  have more jobs for the queue than its ring has places
     * @throws IllegalStateException    if the batch was submitted
     */
    public <P> Member add(JobQueue<P> queue, P payload) {
        requireOpen();
        long terms = queue.submitter().terms(payload);
        int capacity = queue.options().capacity();
        int before = counts.getOrDefault(queue, 0);
        if (before == capacity) {
            throw new IllegalArgumentException("job " + (before + 1) + " of a batch for queue " + queue
                    + ": must be no more than its capacity, " + capacity);
        }
        if (together && before != 0) {
            throw new IllegalArgumentException("job " + (before + 1) + " for queue " + queue
                    + " of a batch whose jobs run together: must be the only one, for a queue runs one after the other");
        }
        Member member = new Member(queue, payload, terms);
        members.add(member);
        size++;
        counts.put(queue, before + 1);
        return member;
    }

    /**
     * How many jobs were added.
     *
     * @return how many
     */
    public int size() {
        return size;
    }

    /**
     * Submits all jobs; waits while there is no room for them, in each queue in the order in which submitters came, and for the
     * locks of the reservations that are used.
     *
     * @return their fences
     * @throws QueueClosedException     if one of the queues is closed; nothing was submitted
     * @throws IllegalArgumentException if a point of a sync object where a fence is to be left is not higher than the last any
     *                                  more; nothing was submitted. If another thread added it in this very moment, points of
     *                                  other objects that this batch added before are there and fail as cancelled
     * @throws InterruptedException     if the thread is interrupted while it waits; nothing was submitted
     * @throws IllegalStateException    inside a driver method or a callback, if this thread has locked one of the reservations
     *                                  itself, or if the batch is empty or was submitted
     */
    public Committed commit() throws InterruptedException {
        Committed done = commit(Long.MAX_VALUE);
        if (done == null) {
            throw new IllegalStateException("an unbounded wait ended");
        }
        return done;
    }

    /**
     * As {@link #commit()}, for at most the given time.
     *
     * @param timeout the longest wait; zero or less only looks
     * @return their fences
     * @throws TimeoutException     if the time was over first; nothing was submitted. The message tells where the queues stand
     * @throws InterruptedException if the thread is interrupted while it waits; nothing was submitted
     */
    public Committed commit(Duration timeout) throws InterruptedException, TimeoutException {
        Committed done = commit(Await.nanos(timeout));
        if (done == null) {
            StringBuilder queues = new StringBuilder();
            counts.keySet().forEach(queue -> queues.append("; ").append(queue.describe()));
            throw new TimeoutException("the batch could not be submitted within " + timeout + queues);
        }
        return done;
    }

    private @Nullable Committed commit(long nanos) throws InterruptedException {
        UserCode.refuseParking("commit of a batch of", members.size() + " jobs");
        return commitment().commit(nanos);
    }

    /**
     * Submits all jobs if that is possible at once. Never waits; allowed everywhere.
     *
     * @return their fences; null if there is no room in one of the queues, others wait for room there already, or the lock of a
     *         reservation is taken: nothing was submitted then
     * @throws QueueClosedException     if one of the queues is closed; nothing was submitted
     * @throws IllegalArgumentException as {@link #commit()}
     * @throws IllegalStateException    if the batch is empty or was submitted
     */
    public @Nullable Committed tryCommit() {
        return commitment().tryCommit();
    }

    private BatchCommit commitment() {
        requireOpen();
        if (members.isEmpty()) {
            throw new IllegalStateException("the batch is empty: add 1 job or more");
        }
        return new BatchCommit(this, members, counts);
    }

    /** Nothing can be added, and the jobs cannot be submitted again: their fences have escaped. */
    void spent() {
        committed = true;
        members.clear();
        counts.clear();
    }

    Object identity() {
        return identity;
    }

    boolean isTogether() {
        return together;
    }

    @Override
    public String toString() {
        return "batch of " + size + " jobs" + (committed ? ", submitted" : " for " + counts.keySet());
    }
}
