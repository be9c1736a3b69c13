package io.ringfence.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToIntFunction;

import io.ringfence.fence.Fence;
import io.ringfence.fence.FailureCursor;
import io.ringfence.fence.PointFence;
import io.ringfence.internal.ring.ClaimCursor;
import io.ringfence.internal.ring.Slots;
import io.ringfence.internal.seam.Seam;
import io.ringfence.internal.seam.Site;
import io.ringfence.internal.turn.StackRoom;
import io.ringfence.internal.turn.UserCode;

import org.jspecify.annotations.Nullable;

/**
 * The way of a job into the ring: everything that can fail is done first, then the place is claimed, then there are only
 * stores until the job is published and the issue turn has the news.
 */
final class Submitter<P> {

    private static final VarHandle SLOTS;

    static {
        try {
            SLOTS = MethodHandles.lookup().findVarHandle(Submitter.class, "slots", Slots.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final QueueCore<P> core;
    private final Workings<P> parts;
    private final ClaimCursor claim;
    private final SubmitterLine line;
    private final IssueTurn<P> issue;
    private final CompletionTurn<P> completion;
    /** Null if each job costs one credit. */
    private final @Nullable ToIntFunction<? super P> cost;
    private final @Nullable Function<? super P, @Nullable Duration> limit;
    private final int mostCredits;
    private final int highWater;
    private final long cadence;
    private final boolean hookless;
    /** Those of the workings, once there are any; who has them from here finds them in the workings too. */
    @SuppressWarnings("UnusedVariable") // read and written through SLOTS only
    private @Nullable Slots slots;

    Submitter(QueueCore<P> core) {
        this.core = core;
        parts = core.workings();
        claim = parts.claim();
        line = parts.line();
        issue = parts.issue();
        completion = parts.completion();
        PayloadTraits<P> traits = core.traits();
        cost = traits.cost();
        limit = traits.limit();
        mostCredits = core.options().mostCredits();
        int capacity = core.options().capacity();
        highWater = capacity - capacity / 4;
        cadence = Math.max(1, capacity / 16) - 1L;
        hookless = core.isHookless();
    }

    // ---- before the claim

    /** What a job costs and how long it may take, as {@link Slots#terms} has it; refuses what its queue could never run. */
    long terms(P payload) {
        int credits = credits(payload);
        return limit == null ? credits : Slots.terms(credits, limitMillis(payload, limit));
    }

    private long limitMillis(P payload, Function<? super P, @Nullable Duration> asked) {
        Duration longest = asked.apply(payload);
        if (longest == null) {
            return 0;
        }
        if (!longest.isPositive() || longest.compareTo(PayloadTraits.MAX_LIMIT) > 0) {
            throw new IllegalArgumentException("a limit of " + longest + " for a job of queue " + core.timeline()
                    + ": must be more than zero, and no more than " + PayloadTraits.MAX_LIMIT);
        }
        return longest.plusNanos(999_999).toMillis();
    }

    private int credits(P payload) {
        Objects.requireNonNull(payload, "payload");
        if (cost == null) {
            return 1;
        }
        int credits = cost.applyAsInt(payload);
        if (credits < 1 || credits > mostCredits) {
            throw new IllegalArgumentException("a job that costs " + credits + " credits on queue " + core.timeline()
                    + ": must be 1 to its limit, " + mostCredits);
        }
        return credits;
    }

    /** What stands in the slot of a job; as the core has it, but most jobs do without a look at that. */
    private Object wrap(P payload) {
        return hookless ? payload : core.wrap(payload);
    }

    private Slots slots() {
        Slots known = (Slots) SLOTS.getAcquire(this);
        if (known == null) {
            known = parts.slots();
            SLOTS.setRelease(this, known);
        }
        return known;
    }

    @Nullable
    JobDependencies named(Fence... fences) {
        return fences.length == 0 ? null : JobDependencies.of(fences, core);
    }

    /**
     * When the job is published, for whoever is refused is not to have told anybody. What is called here may be user code, but
     * nothing it throws gets here.
     */
    static void enableSignalling(@Nullable JobDependencies named) {
        if (named == null) {
            return;
        }
        try {
            named.enableSignalling();
        } catch (StackOverflowError | OutOfMemoryError noRoom) {
            // When the job comes to wait, it asks again.
            return;
        }
    }

    /** Whether a point need not be waited for, and cannot fail the job. */
    static boolean settledOk(FailureCursor cursor, long seqno) {
        return cursor.isOk(seqno);
    }

    /** Why nothing can be submitted any more. */
    long refusal() {
        return parts.end().bannedVolatile() == null ? SubmitCode.CLOSED : SubmitCode.BANNED;
    }

    QueueClosedException closed() {
        return new QueueClosedException(core.timeline().toString(), parts.end().bannedVolatile());
    }

    // ---- one job

    /**
     * Waits for room, at most so long.
     *
     * @return false if the time was over first
     */
    boolean submit(P payload, PointFence fence, long nanos, Fence... dependencies) throws InterruptedException {
        UserCode.refuseParking("submit to queue", core.timeline());
        long terms = terms(payload);
        JobDependencies named = named(dependencies);
        Object job = wrap(payload);
        Slots slots = slots();
        StackRoom.require(claim.claimedVolatile());
        long seqno = line.anyVolatile() ? ClaimCursor.FULL : claim.claim(1);
        if (seqno == ClaimCursor.FULL) {
            completion.poll();
            seqno = submitInLine(slots, job, named, fence, terms, nanos);
        } else if (seqno > 0) {
            fence.claimed(seqno);
            publish(slots, seqno, job, named, fence, terms);
        }
        if (seqno == ClaimCursor.CLOSED) {
            throw closed();
        }
        return seqno != ClaimCursor.FULL;
    }

    private long submitInLine(Slots slots, Object job, @Nullable JobDependencies named, PointFence fence, long terms,
            long nanos) throws InterruptedException {
        try {
            return line.claim(nanos, () -> {
                long seqno = claim.claim(1);
                if (seqno > 0) {
                    passPublication(slots, seqno, 1);
                    fence.claimed(seqno);
                    slots.publishRelease(seqno, job, named, fence, fence.isTold(), terms);
                }
                return seqno;
            });
        } finally {
            if (fence.seqno() != 0) {
                issue.news();
                enableSignalling(named);
                harvest(fence.seqno());
            }
        }
    }

    long trySubmit(P payload, @Nullable JobDependencies named, @Nullable PointFence fence) {
        long terms = terms(payload);
        Object job = wrap(payload);
        Slots slots = slots();
        if (named != null && claim.closedVolatile() || !line.lets(1)) {
            return claim.closedVolatile() ? refusal() : SubmitCode.FULL;
        }
        StackRoom.require(claim.claimedVolatile());
        long seqno = claim.claim(1);
        if (seqno == ClaimCursor.FULL) {
            completion.poll();
            seqno = claim.claim(1);
        }
        if (seqno > 0) {
            if (fence != null) {
                fence.claimed(seqno);
            }
            publish(slots, seqno, job, named, fence, terms);
        }
        return seqno == ClaimCursor.CLOSED ? refusal() : seqno;
    }

    /** From the claim to the stamp there are only stores. */
    private void publish(Slots slots, long seqno, Object job, @Nullable JobDependencies named,
            @Nullable PointFence fence, long terms) {
        passPublication(slots, seqno, 1);
        slots.publishRelease(seqno, job, named, fence, fence != null && fence.isTold(), terms);
        issue.news();
        enableSignalling(named);
        harvest(seqno);
    }

    /** Publishes holes if a probe throws: a claimed slot is always published. */
    private void passPublication(Slots slots, long first, int count) {
        if (Seam.ON) {
            try {
                Seam.at(Site.PUBLISH);
            } catch (Throwable thrown) {
                publishHoles(slots, first, count);
                issue.news();
                throw thrown;
            }
        }
    }

    static void publishHoles(Slots slots, long first, int count) {
        for (int i = 0; i < count; i++) {
            slots.publishRelease(first + i, null, null, null, false, 0);
        }
    }

    /** Completions are harvested by whoever waits; when nobody does, a producer looks before the ring is full. */
    private void harvest(long seqno) {
        if ((seqno & cadence) == 0) {
            harvestBehind(seqno);
        }
    }

    // ---- many at once

    /** One claim, one turn, as many as there is room for. */
    Bulk trySubmitAll(P[] payloads, int from, int to) {
        Objects.checkFromToIndex(from, to, payloads.length);
        int given = to - from;
        long[] terms = cost == null && limit == null ? null : new long[given];
        for (int i = 0; i < given; i++) {
            long agreed = terms(payloads[from + i]);
            if (terms != null) {
                terms[i] = agreed;
            }
        }
        Object[] wrapped = hookless ? null : core.wrapAll(payloads, from, to);
        Slots slots = slots();
        StackRoom.require(claim.claimedVolatile());
        if (!line.lets(given)) {
            return new Bulk(claim.closedVolatile() ? refusal() : SubmitCode.FULL, 0);
        }
        Bulk claimed = claimUpTo(given);
        if (claimed.count() != 0) {
            passPublication(slots, claimed.first(), claimed.count());
            if (wrapped == null) {
                slots.publishAllRelease(claimed.first(), payloads, from, claimed.count(), terms);
            } else {
                slots.publishAllRelease(claimed.first(), wrapped, 0, claimed.count(), terms);
            }
            issue.news();
            harvestBehind(claimed.last());
        }
        return claimed;
    }

    private void harvestBehind(long last) {
        if (claim.depth(last) >= highWater) {
            claim.refresh();
            if (claim.depth(last) >= highWater) {
                completion.poll();
            }
        }
    }

    /** The answer is made before anything is claimed, so that nothing has to be allocated afterwards. */
    private Bulk claimUpTo(int given) {
        boolean polled = false;
        int count = given;
        while (count > 0) {
            long next = claim.claimedVolatile() + 1;
            Bulk hoped = new Bulk(next, count);
            long first = claim.claimAt(next, count);
            if (first > 0) {
                return hoped;
            }
            if (first == ClaimCursor.CLOSED) {
                return new Bulk(refusal(), 0);
            }
            int room = claim.room();
            if (room < given && !polled) {
                polled = true;
                completion.poll();
                room = claim.room();
            }
            count = Math.min(given, room);
        }
        return new Bulk(given == 0 ? 0 : SubmitCode.FULL, 0);
    }
}
