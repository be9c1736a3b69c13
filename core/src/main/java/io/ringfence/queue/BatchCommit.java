package io.ringfence.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;

import io.ringfence.fence.Fence;
import io.ringfence.fence.PointFence;
import io.ringfence.fence.Reservation;
import io.ringfence.fence.ReservationLocks;
import io.ringfence.fence.SyncObject;
import io.ringfence.fence.Usage;
import io.ringfence.internal.ring.Slots;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.turn.Deferred;
import io.ringfence.internal.turn.StackRoom;
import io.ringfence.internal.turn.UserCode;
import io.ringfence.queue.Batch.Member;
import io.ringfence.queue.Batch.Out;
import io.ringfence.queue.SubmitterLine.Bound;

import org.jspecify.annotations.Nullable;

/**
 * Submits a batch. Everything that can fail is done first; then all places are claimed, in the order of addition; then all jobs
 * are published; only then any turn is entered. Whatever was claimed is published, as holes if the batch is not to be.
 */
final class BatchCommit {

    /** How often a batch that does not wait begins again because others came between its places. */
    private static final int TRIES = 8;

    private final Batch batch;
    private final Member[] members;
    private final Map<JobQueue<?>, Integer> counts;
    private final JobQueue<?>[] queues;
    private final Slots[] slots;
    /** How many fences are left in each. */
    private final Map<Reservation, Integer> reservations = new LinkedHashMap<>();
    private final PointFence[] fences;
    private final @Nullable JobDependencies[] named;
    private final Object[] jobs;
    private final long[] seqnos;
    /** The reservations where each job's fence is left. */
    private final Out.InReservation[][] lefts;
    private final Committed committed;
    /** Members for which the present attempt has claimed places. */
    private int claimed;
    private final BatchLines lines;
    /** What is to be done when the jobs are published. */
    private @Nullable Deferred arisen;
    /** The queue that the last attempt found without room, or with others who wait for it, or come between. */
    private @Nullable JobQueue<?> full;
    /** The last attempt failed only because somebody came between its places. */
    private boolean divided;

    BatchCommit(Batch batch, List<Member> added, Map<JobQueue<?>, Integer> counts) {
        this.batch = batch;
        this.counts = Map.copyOf(counts);
        members = added.toArray(new Member[0]);
        queues = counts.keySet().toArray(new JobQueue<?>[0]);
        slots = new Slots[added.size()];
        int size = members.length;
        fences = new PointFence[size];
        named = new JobDependencies[size];
        jobs = new Object[size];
        seqnos = new long[size];
        lefts = new Out.InReservation[size][];
        for (int i = 0; i < size; i++) {
            Member member = members[i];
            fences[i] = new PointFence(member.queue().timeline());
            slots[i] = member.queue().core().slots();
            jobs[i] = wrap(member.queue(), member.payload());
            lefts[i] = left(member);
            for (Out.InReservation left : lefts[i]) {
                reservations.merge(left.reservation(), 1, Integer::sum);
            }
        }
        committed = new Committed(batch.identity(), fences);
        lines = new BatchLines(queues, this.counts);
    }

    @SuppressWarnings("unchecked") // the batch paired each payload with a queue of its type
    private static <P> Object wrap(JobQueue<P> queue, Object payload) {
        return queue.core().wrap((P) payload);
    }

    private static Out.InReservation[] left(Member member) {
        List<Out.InReservation> left = new ArrayList<>(member.uses);
        for (Out out : member.outs) {
            if (out instanceof Out.InReservation reservation) {
                left.add(reservation);
            }
        }
        return left.toArray(new Out.InReservation[0]);
    }

    // ---- waiting

    @Nullable
    Committed tryCommit() {
        for (int tries = 1;; tries++) {
            poll();
            divided = false;
            ReservationLocks locks = ReservationLocks.tryLock(locked());
            try {
                if (locks != null && attempt(locks, null, false)) {
                    return committed;
                }
            } finally {
                workOff();
            }
            if (!divided || tries == TRIES) {
                return null;
            }
        }
    }

    /** Makes room that only has to be noticed. Callbacks may run here, so nothing is held yet. */
    private void poll() {
        for (JobQueue<?> queue : queues) {
            QueueCore<?> core = queue.core();
            if (core.claim().room() < counts.getOrDefault(queue, 0)) {
                core.completion().poll();
            }
        }
    }

    /** The first in some of the lines tries; it does not wait for locks, whose holders may stand behind it. */
    private BatchLines.@Nullable End tryInLine(@Nullable JobQueue<?> first, boolean inAll) {
        ReservationLocks locks = ReservationLocks.tryLock(locked());
        if (locks == null) {
            return BatchLines.End.LOCKS_TAKEN;
        }
        return attempt(locks, first, inAll) ? BatchLines.End.SUBMITTED : null;
    }

    private Reservation[] locked() {
        return reservations.keySet().toArray(new Reservation[0]);
    }

    /** Null if the time was over first. */
    @Nullable
    Committed commit(long nanos) throws InterruptedException {
        Bound bound = new Bound(nanos);
        try {
            for (;;) {
                poll();
                ReservationLocks locks = lock(bound.left());
                if (locks == null) {
                    return null;
                }
                if (attempt(locks, null, false)) {
                    return committed;
                }
                BatchLines.End end = lines.await(() -> full, bound, this::tryInLine);
                if (end == BatchLines.End.SUBMITTED) {
                    return committed;
                }
                if (end == BatchLines.End.TOO_LATE) {
                    return null;
                }
                // From the beginning, standing in no line: who has the locks may stand behind.
            }
        } finally {
            workOff();
        }
    }

    private @Nullable ReservationLocks lock(long nanos) throws InterruptedException {
        if (nanos == Long.MAX_VALUE) {
            return ReservationLocks.lock(locked());
        }
        try {
            return ReservationLocks.lock(Duration.ofNanos(nanos), locked());
        } catch (TimeoutException e) {
            return null;
        }
    }

    /** Turns to take and waiters to fire; without the locks and outside of the lines, for it may take a while. */
    private void workOff() {
        Deferred chain = Deferred.join(arisen, lines.takeTold());
        arisen = null;
        Deferred.run(chain);
        if (claimed == members.length) {
            claimed = 0;
            enableSignalling();
            harvest();
        }
    }

    // ---- one attempt

    /**
     * Submits everything or nothing, without waiting.
     *
     * @param locks  on all reservations where fences are left; released here
     * @param first  the queue in whose line this batch is the first, or null
     * @param inAll  whether it is the first in the lines of all queues
     * @return false if there is no room in {@link #full}, or others came between there
     */
    private boolean attempt(ReservationLocks locks, @Nullable JobQueue<?> first, boolean inAll) {
        full = null;
        divided = false;
        claimed = 0;
        boolean submitted = false;
        try (locks) {
            // A callback that ran meanwhile may have submitted it.
            batch.requireOpen();
            Reservation.Entry[][] entries = prepare(locks);
            StackRoom.require(1);
            if (hasRoom(first, inAll)) {
                boolean all = false;
                try {
                    all = claim();
                } finally {
                    if (!all) {
                        publishHoles(claimed, false);
                        claimed = 0;
                        arisen = news();
                    }
                }
                if (all) {
                    publish(locks, entries);
                    submitted = true;
                }
            }
        } finally {
            if (!submitted) {
                workOff();
            }
        }
        if (full != null && full.core().claim().closedVolatile()) {
            throw full.submitter().closed();
        }
        return submitted;
    }

    /** All that can fail and can be told before anything is claimed. */
    private Reservation.Entry[][] prepare(ReservationLocks locks) {
        reservations.forEach(locks::reserve);
        Map<Reservation, List<Integer>> before = new HashMap<>();
        Map<SyncObject, Long> points = new HashMap<>();
        Reservation.Entry[][] entries = new Reservation.Entry[members.length][];
        for (int i = 0; i < members.length; i++) {
            Member member = members[i];
            named[i] = member.queue().submitter().named(dependencies(member, before));
            member.outs.forEach(out -> requireHigher(out, points));
            entries[i] = new Reservation.Entry[lefts[i].length];
            for (int at = 0; at < lefts[i].length; at++) {
                Out.InReservation left = lefts[i][at];
                entries[i][at] = new Reservation.Entry(fences[i], left.usage());
                before.computeIfAbsent(left.reservation(), _ -> new ArrayList<>()).add(i);
            }
        }
        return entries;
    }

    private Fence[] dependencies(Member member, Map<Reservation, List<Integer>> before) {
        List<Fence> all = new ArrayList<>(member.fences);
        member.earlier.forEach(earlier -> all.add(fences[earlier.index()]));
        member.waits.forEach(wait -> addUsers(wait.reservation(), wait.usage(), before, all));
        member.uses.forEach(
                use -> addUsers(use.reservation(), Usage.waitedForBy(use.usage() == Usage.WRITE), before, all));
        return all.toArray(new Fence[0]);
    }

    /** Who uses a reservation: those that stand there, and earlier jobs of this batch that will. */
    private void addUsers(Reservation reservation, Usage upTo, Map<Reservation, List<Integer>> before, List<Fence> to) {
        to.addAll(reservation.fences(upTo));
        if (batch.isTogether()) {
            return;
        }
        for (int index : before.getOrDefault(reservation, List.of())) {
            for (Out.InReservation left : lefts[index]) {
                if (left.reservation() == reservation && left.usage().compareTo(upTo) <= 0) {
                    to.add(fences[index]);
                }
            }
        }
    }

    private static void requireHigher(Out out, Map<SyncObject, Long> points) {
        if (out instanceof Out.InSyncObject(SyncObject object, long point) && point != 0) {
            long last = points.computeIfAbsent(object, SyncObject::lastSubmitted);
            if (point <= last) {
                throw new IllegalArgumentException("point " + point + " of " + object + ": must be higher than " + last
                        + ", the last point submitted");
            }
            points.put(object, point);
        }
    }

    private boolean hasRoom(@Nullable JobQueue<?> first, boolean inAll) {
        for (JobQueue<?> queue : queues) {
            if (queue.core().claim().closedVolatile()) {
                throw queue.submitter().closed();
            }
        }
        for (JobQueue<?> queue : queues) {
            QueueCore<?> core = queue.core();
            int jobs = counts.getOrDefault(queue, 0);
            if (!inAll && queue != first && !core.line().lets(jobs)) {
                full = queue;
                return false;
            }
            if (core.claim().room() < jobs) {
                full = queue;
                return false;
            }
        }
        return true;
    }

    /**
     * Claims in the order of addition, the members of one queue that follow each other at once: for all, or until there is no
     * room in {@link #full}, or it is closed.
     *
     * @return whether all places are there, and nobody has come between those of jobs that run together
     */
    private boolean claim() {
        while (claimed < members.length) {
            int from = claimed;
            JobQueue<?> queue = members[from].queue();
            int to = from + 1;
            while (to < members.length && members[to].queue() == queue) {
                to++;
            }
            long seqno = queue.core().claim().claim(to - from);
            if (seqno < 0) {
                full = queue;
                return false;
            }
            for (int i = from; i < to; i++) {
                seqnos[i] = seqno + i - from;
            }
            claimed = to;
        }
        full = batch.isTogether() ? between() : null;
        divided = full != null;
        return !divided;
    }

    /**
     * A queue where somebody has claimed a place behind that of a job, or null. If there is none, all places might as well have been
     * claimed now: nobody stands behind one job of the batch and, directly or through others, before another one.
     */
    private @Nullable JobQueue<?> between() {
        for (int i = 0; i < members.length; i++) {
            Seam.at(Site.CLAIM);
            JobQueue<?> queue = members[i].queue();
            if (queue.core().claim().claimedVolatile() != seqnos[i]) {
                return queue;
            }
        }
        return null;
    }

    /** Leaves the fences where they are to be found, and publishes the jobs; if that breaks, holes that settle those fences. */
    private void publish(ReservationLocks locks, Reservation.Entry[][] entries) {
        for (int i = 0; i < members.length; i++) {
            fences[i].claimed(seqnos[i]);
        }
        // Who waits for a fence to be left somewhere is told when the jobs are published.
        int token = UserCode.enter();
        boolean left = false;
        try {
            Seam.at(Site.PUBLISH);
            leaveFences(locks, entries);
            left = true;
        } finally {
            batch.spent();
            if (left) {
                publishJobs();
            } else {
                publishHoles(members.length, true);
            }
            arisen = Deferred.join(news(), UserCode.exit(token));
        }
    }

    /** Without the locks: what is called here may be user code. */
    private void enableSignalling() {
        for (JobDependencies dependencies : named) {
            Submitter.enableSignalling(dependencies);
        }
    }

    private void leaveFences(ReservationLocks locks, Reservation.Entry[][] entries) {
        for (int i = 0; i < members.length; i++) {
            for (int at = 0; at < lefts[i].length; at++) {
                locks.add(lefts[i][at].reservation(), entries[i][at]);
            }
        }
        Set<SyncObject> replaced = new HashSet<>();
        forEachSyncObject((object, point, _) -> {
            if (point == 0) {
                replaced.add(object);
            }
        });
        // A point may be refused after all, and what is replaced could not be brought back: so that comes last. In one object,
        // the order is that of addition.
        forEachSyncObject((object, point, fence) -> {
            if (!replaced.contains(object)) {
                object.add(point, fence);
            }
        });
        forEachSyncObject((object, point, fence) -> {
            if (replaced.contains(object)) {
                leave(object, point, fence);
            }
        });
    }

    private static void leave(SyncObject object, long point, PointFence fence) {
        if (point == 0) {
            object.replace(fence);
        } else {
            object.add(point, fence);
        }
    }

    private interface Leaving {
        void leave(SyncObject object, long point, PointFence fence);
    }

    private void forEachSyncObject(Leaving leaving) {
        for (int i = 0; i < members.length; i++) {
            for (Out out : members[i].outs) {
                if (out instanceof Out.InSyncObject(SyncObject object, long point)) {
                    leaving.leave(object, point, fences[i]);
                }
            }
        }
    }

    private void publishJobs() {
        for (int i = 0; i < members.length; i++) {
            slots[i].publishRelease(seqnos[i], jobs[i], named[i], fences[i], fences[i].isTold(), members[i].terms());
        }
    }

    private void publishHoles(int count, boolean withFences) {
        for (int i = 0; i < count; i++) {
            // A fence that somebody has found is signalled after what its job depends on.
            slots[i].publishRelease(seqnos[i], null, withFences ? named[i] : null, withFences ? fences[i] : null, false,
                    0);
        }
    }

    /** The issue turns of all queues that are free, to be taken one after the other. Allocates nothing. */
    private @Nullable Deferred news() {
        Deferred chain = null;
        for (int i = queues.length - 1; i >= 0; i--) {
            IssueTurn<?> issue = queues[i].core().issue();
            if (issue.enter()) {
                issue.next(chain);
                chain = issue;
            }
        }
        return chain;
    }

    private void harvest() {
        for (JobQueue<?> queue : queues) {
            QueueCore<?> core = queue.core();
            if (core.claim().room() < queue.options().capacity() / 4) {
                core.completion().poll();
            }
        }
    }
}
